"""One file a command; results on stdout, progress and logs on stderr, a failure as one sentence and exit code 1."""

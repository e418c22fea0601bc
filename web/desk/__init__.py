"""The colleagues' desk: who waits, who has whom, what was graded and rated."""

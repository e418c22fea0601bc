"""The editor's door: documents, entries, gaps, drafts, rules and notices over REST."""

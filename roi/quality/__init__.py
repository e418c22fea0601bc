"""Whether the answers were right and the customers content."""

"""What a turn costs, written down before its answer leaves, and what models may still spend."""

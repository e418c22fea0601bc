"""From contacts to issues, and how each ended."""

"""The agent as this company wants it: its models, its tools, and its knowledge as it is now."""

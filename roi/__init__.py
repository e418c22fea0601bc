"""Keeps the books: prices, cost lines, the human baseline, ratios and their verdicts. May import agent's data."""

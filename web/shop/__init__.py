"""The demo company's order system: invented customers and orders in SQLite, and the tools that work on it."""

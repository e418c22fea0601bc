"""How the server is doing, and what it does beside answering."""

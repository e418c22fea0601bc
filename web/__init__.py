"""Puts everything together and shows it to people; it alone reads the environment. May import all."""

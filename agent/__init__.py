"""Decides what to answer: the turn, its budget and usage, routing, the model and the guard. May import knowledge."""

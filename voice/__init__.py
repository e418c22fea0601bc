"""Hears and speaks: turn-taking, speech to text, text to speech and the wires. May import agent's data."""

"""Calls whatever they come over: the agent with ears and a voice, rendering ahead, recordings."""

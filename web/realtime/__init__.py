"""The OpenAI Realtime protocol (GA names) over the agent, the ears and the voice; pure parts apart from the socket."""

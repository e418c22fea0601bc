"""The agent as a model, for whatever speaks OpenAI's chat completions."""

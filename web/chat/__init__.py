"""The widget's conversation on WS /chat: its messages, its socket, and what goes on when the line is lost."""

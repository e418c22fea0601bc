"""The doors through which calls come in; each turns one protocol into frames and back."""

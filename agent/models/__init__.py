"""Language models: what they are told, and how their answer streams back."""

"""What the customer means: language, courtesy, replies."""

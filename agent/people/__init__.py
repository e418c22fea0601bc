"""Minds the customer: mood, acknowledging, when a person takes over and what that person is told, hours, call-backs."""

"""Answers that are more than one: for the eye and the ear, by condition, step by step. All of it lies in the text."""

"""Customers drawn to meet people first, and both sides at the same mix of matters."""

"""Features, their order, their text and what is known about them outside a merge."""

"""Votes of a workshop: one ballot for each person, changed until it is over, seen once it is shown."""

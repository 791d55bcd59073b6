"""Boards of a workshop: notes in columns, put in order, grouped and merged by those who are there."""

"""What becomes of the groups of notes of a board: topics, and ideas that somebody has to answer (CHG-1)."""

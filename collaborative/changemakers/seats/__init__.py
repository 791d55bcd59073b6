"""Places at a workshop: who has one, who waits for one, and how each of them is told."""

"""The room of a workshop while it lasts: its parts, who is in it, and what is on the screens."""

"""Views of this room: pages to read, and the screens on which somebody answers."""

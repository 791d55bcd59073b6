"""How much a file may hold, and how it is refused."""

MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_IN_A_CELL = 1_000_000  # characters
MOST_UNPACKED = 512 * 1024 * 1024  # bytes of a workbook, which is packed
MOST_IN_MEMORY = 64 * 1024 * 1024  # bytes of the parts of a workbook that are read whole
MOST_PARTS = 2_000


class Unreadable(Exception):
    """The message says what is wrong with the file, to the person who brought it."""


def trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]

"""Answers that are signed (LNG-1): the address of a film, and nothing else."""

import re

from collaborative.contributions.models import Contribution, Edition

ADDRESS = re.compile(r"https?://\S{4,}")


def film_in(contribution: Contribution, text: str) -> str:
    """The address of the film that is the whole of a signed answer; else ""."""
    whole = text.strip()
    return whole if contribution.edition == Edition.BSL and ADDRESS.fullmatch(whole) else ""

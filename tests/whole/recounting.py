"""What both recounts share: when a shown figure is right, and when a hidden one had to be hidden."""

from collections.abc import Iterable

from tests.whole.rawcount import Raw

K = 5
HIDDEN = "hidden"
SECOND, ISLANDS = "fair-tastes-of-work", "same-door-on-every-island"
STANCES = {"for": "for", "against": "against", "mixed": "mixed", "neither": "none"}


def true(shown: int | None, exact: int, what: str) -> None:
    """A figure is the true one, or hidden; a small one is hidden."""
    if shown is not None:
        assert shown == exact, f"{what}: {shown} is shown, {exact} counted"
        assert not 0 < shown < K, f"{what}: {shown} is shown and small"


def adds_up(total: int | None, parts: Iterable[int | None], what: str) -> None:
    """Printed parts leave room for the hidden ones: at least two, and together not a small number."""
    listed = list(parts)
    if total is None:
        return
    rest = total - sum(part or 0 for part in listed)
    hidden = sum(part is None for part in listed)
    assert rest >= 0, f"{what}: parts are more than {total}"
    if not hidden:
        assert rest == 0, f"{what}: {rest} of {total} stands nowhere"
    else:
        assert hidden >= 2, f"{what}: one hidden part of {total} is no secret"
        assert rest == 0 or rest >= K, f"{what}: hidden parts are {rest} together"


def paths_of(raw: Raw) -> set[tuple[str, str | None]]:
    return {(theme, decision) for _group, theme, decision, _stance in raw.mentions} | {
        (theme, decision) for decision, theme in raw.tone
    }

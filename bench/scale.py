"""Pages of figures with few and with many contributions behind them, made anew each time (promise 7)."""

from collections.abc import Iterator

from bench.effort import Effort
from bench.figure import MOST, Figure, ratio_of
from bench.site import Lab

PAGES = {
    "how views shaped decisions": "/flow/",
    "decision": "/decisions/decision-4/",
    "sentence of the plan": "/model/clauses/O4/",
}
GOAL = 1.5
# A request that says who asks is never answered out of the page cache.
ANEW = {"Authorization": "Bench"}


def figures(lab: Lab, effort: Effort) -> Iterator[Figure]:
    """The time of each page on the larger site as a multiple of its time on the smaller one."""
    for name, contributions in (("few", effort.few), ("many", effort.many)):
        print(f"  making a site with {contributions:,} contributions", flush=True)
        lab.copy("demo", name)
        lab.manage("load_scale", "--contributions", str(contributions), database=name)
    with lab.server("few") as few, lab.server("many") as many:
        for name, path in PAGES.items():
            for server in (few, many):
                server.page(path, ANEW)  # the first view reads templates and settings
            pairs = [(many.seconds(path, ANEW), few.seconds(path, ANEW)) for _view in range(effort.views)]
            value, measured, floor = ratio_of(pairs)
            yield Figure(
                name=f"{name}, {effort.many:,} contributions against {effort.few:,}",
                value=value,
                unit="×",
                goal=GOAL,
                side=MOST,
                measured=measured * 1000,
                floor=floor * 1000,
                per="ms",
                samples=len(pairs),
            )

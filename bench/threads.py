"""The page of a thread with many comments, against that of one with few in the same database (promise 7)."""

import json
from collections.abc import Iterator

from bench.effort import Effort
from bench.figure import MOST, Figure, ratio_of
from bench.scale import ANEW
from bench.site import Lab, run

FEW = 50
GOAL, GOAL_QUERIES, GOAL_KB = 1.2, 12, 100.0
DATABASE = "threads"


def figures(lab: Lab, effort: Effort) -> Iterator[Figure]:
    lab.manage("migrate", "--verbosity=0", database=DATABASE)
    environment = {**lab.environment, "DATABASE_URL": lab.url(DATABASE)}
    made = json.loads(run(environment, "-m", "bench.threads_world", str(FEW), str(effort.many)))
    few, many = (f"/comments/{number}/" for number in made["threads"])
    with lab.server(DATABASE) as server:
        for way, headers in (("stranger", ANEW), ("signed in", {"Cookie": made["cookie"]})):
            for path in (few, many):
                server.page(path, headers)  # the first view reads templates and settings
            pairs = [
                (server.seconds(many, headers), server.seconds(few, headers)) for _view in range(effort.views)
            ]
            value, measured, floor = ratio_of(pairs)
            yield Figure(
                name=f"thread, {way}, {effort.many:,} comments against {FEW}",
                value=value,
                unit="×",
                goal=GOAL,
                side=MOST,
                measured=measured * 1000,
                floor=floor * 1000,
                per="ms",
                samples=len(pairs),
            )
            yield Figure(
                name=f"thread, {way}, {effort.many:,} comments, queries",
                value=made["queries"][way][1],
                unit="queries",
                goal=GOAL_QUERIES,
                side=MOST,
                floor=made["queries"][way][0],
                per="queries",
            )
        yield Figure(
            name=f"thread, {effort.many:,} comments, the page",
            value=len(server.page(many, ANEW)) / 1000,
            unit="kB",
            goal=GOAL_KB,
            side=MOST,
        )

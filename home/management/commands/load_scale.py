"""Add made-up responses in any number, to measure how the site does with many, and cut a release."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from collaborative.flow.actions import cut_release
from home import scale


class Command(BaseCommand):
    help = __doc__ or ""
    told = 0  # tenths of the way that were reported

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contributions", type=int, required=True, metavar="N", help="how many to add")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same rows")
        parser.add_argument("--yes", action="store_true", help="also where this is not a demonstration site")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["contributions"]
        if wanted < 1:
            raise CommandError("--contributions must be 1 or more.")
        if not (settings.DEMO or options["yes"]):
            raise CommandError(
                "This is not a demonstration site: made-up answers would stand among real ones for good. "
                "Nothing was changed. To do it all the same: --yes"
            )
        try:
            made = scale.fill(wanted, options["seed"], lambda done: self._progress(done, wanted))
        except scale.NoGround as lacking:
            raise CommandError(f"{lacking} Load the demonstration set first: manage.py load_demo") from None
        listed = ", ".join(f"{n:,} {name}" for name, n in made.rows.items())
        self.stdout.write(f"Made in {made.seconds:.0f} s: {listed}.")
        release = cut_release(reason=f"{wanted} made-up contributions")
        self.stdout.write(f"The figures are those of release {release.number}.")

    def _progress(self, done: int, wanted: int) -> None:
        tenth = done * 10 // wanted
        if tenth > self.told:
            self.told = tenth
            self.stdout.write(f"  {done:,} of {wanted:,}")
            self.stdout.flush()

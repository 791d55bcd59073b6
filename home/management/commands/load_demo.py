"""Lay the demonstration set in an empty database, or take it away again with --clear."""

import logging
import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from collaborative.consultations.demo import SECOND, demo_code
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from home import demo, demo_clear
from home.models import DemoSet
from home.tree import lay_out

SHOWN = (14, 20, 167)  # respondents whose receipt codes are shown: one of them under 16


def _keep(name: str, text: str) -> None:
    """Write a file that this user alone can read, beside the database."""
    kept = Path(settings.VAR_DIR) / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clear", action="store_true", help="remove exactly what was loaded")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clear"]:
            self._clear()
        else:
            self._load()

    def _load(self) -> None:
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # a line for every page hides what matters
        if DemoSet.objects.exists():
            raise CommandError("The demonstration set is loaded already. To begin anew: load_demo --clear")
        if User.objects.exists() or Engagement.objects.exists():
            raise CommandError(
                "This database holds something else: the demonstration set goes into an empty one only. "
                "Nothing was changed."
            )
        password, made_now = self._password()
        with transaction.atomic():
            lay_out(with_standing_pages=False)
            before, pages = demo_clear.every_key(), demo_clear.page_rows()
            codes = demo.load(password, self._say, self._progress)
            made = demo_clear.made_since(before)
            made |= {f"{label}:before": sorted(keys) for label, keys in before.items()}
            made[demo_clear.PAGE_ROWS] = [pages]
            DemoSet.objects.create(loaded_at=timezone.now(), made=made)
        lay_out()
        self._say("done")
        if made_now:
            self.stdout.write(f"\n  Password of every demonstration login, shown once: {password}")
        lines = [
            f"Class code, good until tomorrow:    {codes['class']}",
            f"The page of its teacher:            {codes['teacher']}",
            f"Workshop code, good until tomorrow: {codes['workshop']}",
            f"Receipt codes to try:               {', '.join(demo_code(SECOND, n) for n in SHOWN)}",
        ]
        _keep("demo_codes", "\n".join(lines))
        for line in lines:
            self.stdout.write(f"  {line}")

    def _password(self) -> tuple[str, bool]:
        """The password from DEMO_PASSWORD, or one made at random; kept readable by this user alone."""
        given = os.environ.get("DEMO_PASSWORD", "")
        if given:
            return given, False
        password = secrets.token_urlsafe(9)
        _keep("demo_password", password)
        return password, True

    def _clear(self) -> None:
        row = DemoSet.objects.order_by("-pk").first()
        if row is None:
            raise CommandError("The demonstration set is not loaded here. Nothing was changed.")
        others = demo_clear.strangers(row.made)
        if others:
            listed = ", ".join(f"{label} {n}" for label, n in sorted(others.items()))
            raise CommandError(
                f"This database holds more than the demonstration set ({listed}). Nothing was removed."
            )
        gone = demo_clear.clear(row)
        lay_out()
        self.stdout.write(f"Removed the demonstration set: {gone} rows.")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  · {text}")
        self.stdout.flush()

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r    {done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()

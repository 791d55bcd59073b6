"""Make the pages that every site has. Safe to run again: it adds only what is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from home.tree import lay_out


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        home = lay_out()
        self.stdout.write(f"The site begins at “{home.title}”; its pages stand.")

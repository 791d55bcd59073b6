"""Releases: what the public saw, when, and under which policy. Nothing here knows what the figures mean."""

from typing import Any

from django.conf import settings
from django.db import models

from collaborative.appendonly import AppendOnly


class ReleaseQuerySet(models.QuerySet["Release"]):
    def current(self) -> "Release | None":
        """The newest release, or None before the first one is cut."""
        return self.order_by("-number").first()


class Release(AppendOnly):
    """One cut of every public figure: every public count comes from the newest one, never from live rows."""

    may_change = ("cut_by",)

    number = models.PositiveIntegerField(unique=True)
    cut_at = models.DateTimeField()
    cut_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=200)
    policy = models.JSONField()  # figures.suppression.Policy.as_dict()
    content_hash = models.CharField(max_length=64)

    objects = ReleaseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Release {self.number}"


class TableQuerySet(models.QuerySet["Table"]):
    def now(self, key: str) -> "Table | None":
        """The table of that key in the newest release (one query), or None."""
        newest = Release.objects.order_by("-number").values("pk")[:1]
        return self.filter(release=models.Subquery(newest), key=key).select_related("release").first()

    def now_many(self, keys: list[str]) -> "dict[str, Table]":
        """Tables of the newest release by key, in one query."""
        newest = Release.objects.order_by("-number").values("pk")[:1]
        return self._by_key(self.filter(release=models.Subquery(newest), key__in=keys)) if keys else {}

    def beside(self, table: "Table", keys: list[str]) -> "dict[str, Table]":
        """Tables of the release that this one belongs to, by key, in one query."""
        return self._by_key(self.filter(release_id=table.release_id, key__in=keys)) if keys else {}

    def _by_key(self, rows: "TableQuerySet") -> "dict[str, Table]":
        return {table.key: table for table in rows.select_related("release")}


class Table(AppendOnly):
    """One suppressed table of a release, as JSON. `key` says which: "flow", "clause.P3", "theme.<slug>"."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="tables")
    key = models.CharField(max_length=120)
    content = models.JSONField()

    objects = TableQuerySet.as_manager()

    class Meta:
        # Serves `now(key)`.
        constraints = [
            models.UniqueConstraint(fields=["release", "key"], name="one_table_per_key_and_release")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.release_id}"

    def get(self, name: str, default: Any = None) -> Any:
        return self.content.get(name, default)

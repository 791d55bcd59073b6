from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class OutcomesConfig(AppConfig):
    name = "collaborative.outcomes"
    label = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import pagecache  # not before the models are there
        from collaborative.outcomes import anchors, letters, models
        from collaborative.threads.anchors import register

        register("clause", anchors.clause, anchors.clauses)
        register("decision", anchors.decision, anchors.decisions)
        letters.register()
        # Every row of these is public; pages move the epoch when they are published.
        pagecache.watch(
            models.Assessment,
            models.EvidenceRecord,
            models.Seat,
            models.DecisionIndexPage,
            models.RecommendationIndexPage,
        )
        post_migrate.connect(lay_workflow, sender=self, dispatch_uid="board approval")


def lay_workflow(using: str, **kwargs: Any) -> None:
    """The board's workflow stands after every migrate, whatever somebody did to it in the admin."""
    from collaborative.outcomes.actions import ensure_workflow
    from collaborative.outcomes.models import ModelPage

    if ModelPage._meta.db_table in connections[using].introspection.table_names():
        ensure_workflow()

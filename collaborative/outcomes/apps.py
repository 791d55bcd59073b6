from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "collaborative.outcomes"
    label = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import pagecache  # not before the models are there
        from collaborative.outcomes import models

        # Every row of these is public; pages move the epoch when they are published.
        pagecache.watch(
            models.Assessment,
            models.EvidenceRecord,
            models.Seat,
            models.DecisionIndexPage,
            models.RecommendationIndexPage,
        )

from django.apps import AppConfig
from django.core import checks


class ModerationConfig(AppConfig):
    name = "collaborative.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import pagecache  # models cannot be imported before the apps are ready
        from collaborative.moderation.checks import somebody_for_safety
        from collaborative.moderation.models import Contact, HouseRule

        pagecache.watch(HouseRule, Contact)
        checks.register(somebody_for_safety, checks.Tags.database)  # type: ignore[call-overload]

from django.apps import AppConfig
from django.core import checks


class ModerationConfig(AppConfig):
    name = "collaborative.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import pagecache  # models cannot be imported before the apps are ready
        from collaborative.contributions import holds
        from collaborative.moderation.actions.cases import keeps
        from collaborative.moderation.checks import ALL
        from collaborative.moderation.models import Contact, HouseRule, SafetySettings

        pagecache.watch(HouseRule, Contact, SafetySettings)
        holds.register(keeps)
        for check in ALL:
            checks.register(check, checks.Tags.database)  # type: ignore[call-overload]

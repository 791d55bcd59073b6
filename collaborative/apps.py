from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class CollaborativeConfig(AppConfig):
    name = "collaborative"
    label = "collaborative"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import appendonly  # models cannot be imported before the apps are ready

        # SQLite drops triggers without a word when a migration remakes a table, so they are laid
        # again after every migrate, for every append-only table of every room.
        post_migrate.connect(appendonly.after_migrate, sender=self, dispatch_uid="appendonly")
        checks.register(checks.Tags.database)(appendonly.check_triggers)

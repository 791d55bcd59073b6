from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "collaborative.threads"
    label = "threads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.contributions import (
            followers,
        )  # models cannot be imported before the apps are ready
        from collaborative.contributions.models import Contribution
        from collaborative.live import registry
        from collaborative.threads.actions import following
        from collaborative.threads.live import Threads

        followers.register(Contribution.Kind.COMMENT, following.follow)
        registry.register("thread", Threads())

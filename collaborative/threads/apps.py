from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "collaborative.threads"
    label = "threads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import outbox  # models cannot be imported before the apps are ready
        from collaborative.contributions import followers
        from collaborative.contributions.models import Contribution
        from collaborative.live import registry
        from collaborative.threads import letters
        from collaborative.threads.actions import following, mailing
        from collaborative.threads.live import Threads

        followers.register(Contribution.Kind.COMMENT, following.follow)
        registry.register("thread", Threads())
        outbox.register(mailing.REPLY, letters.reply)
        outbox.register(mailing.DIGEST, letters.digest)
        outbox.register(mailing.CONFIRM, letters.confirmation)

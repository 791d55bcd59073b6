from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "collaborative.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.people.roles import ensure_roles

        post_migrate.connect(ensure_roles, sender=self, dispatch_uid="roles")

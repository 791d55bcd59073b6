from django.apps import AppConfig
from django.core import checks


class ContributionsConfig(AppConfig):
    name = "collaborative.contributions"
    label = "contributions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.contributions import files

        checks.register(files.out_of_reach)

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "collaborative.engagements"
    label = "engagements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.engagements import codes_registry, views  # not before the models are there

        codes_registry.register("session", views.open_session)

from django.apps import AppConfig


class ChangemakersConfig(AppConfig):
    name = "collaborative.changemakers"
    label = "changemakers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.changemakers import anchors  # models cannot be imported before the apps are ready
        from collaborative.changemakers.seats import letters as of_places
        from collaborative.threads.anchors import register

        register("stage", anchors.stage, anchors.stages)
        of_places.register()

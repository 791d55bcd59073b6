from django.apps import AppConfig


class ChangemakersConfig(AppConfig):
    name = "collaborative.changemakers"
    label = "changemakers"
    default_auto_field = "django.db.models.BigAutoField"

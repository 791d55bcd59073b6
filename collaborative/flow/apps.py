from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "collaborative.flow"
    label = "flow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.consultations.exports.tables import add_shape
        from collaborative.consultations.models import Export
        from collaborative.engagements.codes_registry import register
        from collaborative.flow import notes
        from collaborative.flow.receipt_views import open_receipt

        register("receipt", open_receipt)
        add_shape(Export.Shape.NOTES.value, notes.extra())

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "collaborative.consultations"
    label = "consultations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import pagecache  # models cannot be imported before the apps are ready
        from collaborative.consultations import anchors
        from collaborative.consultations.models import ConsultationIndexPage, ConsultationPage
        from collaborative.consultations.views import respond
        from collaborative.engagements import codes_registry
        from collaborative.threads.anchors import register

        register("question", anchors.question, anchors.questions)
        codes_registry.register("draft", lambda request, text: respond.resume_redirect(text, request))
        codes_registry.register("class", respond.open_class)
        pagecache.watch(ConsultationIndexPage, ConsultationPage)

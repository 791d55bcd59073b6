from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "collaborative.consultations"
    label = "consultations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative import outbox, pagecache  # models cannot be imported before the apps are ready
        from collaborative.consultations import anchors, copies
        from collaborative.consultations import letters as of_feedback
        from collaborative.consultations.classes import actions as classes
        from collaborative.consultations.classes import letters
        from collaborative.consultations.classes.views import open_reading
        from collaborative.consultations.models import ConsultationIndexPage, ConsultationPage
        from collaborative.consultations.views import respond
        from collaborative.engagements import codes_registry
        from collaborative.threads.anchors import register

        register("question", anchors.question, anchors.questions)
        codes_registry.register("draft", lambda request, text: respond.resume_redirect(text, request))
        codes_registry.register("class", respond.open_class)
        codes_registry.register("class-after", open_reading)
        outbox.register(classes.ASKED, letters.asked)
        outbox.register(classes.APPROVED, letters.approved)
        outbox.register(classes.REFUSED, letters.refused)
        outbox.register(classes.STOPPED, letters.stopped)
        outbox.register(copies.COPY, copies.letter, copies.forget)
        outbox.register(of_feedback.KIND, of_feedback.feedback)
        pagecache.watch(ConsultationIndexPage, ConsultationPage)

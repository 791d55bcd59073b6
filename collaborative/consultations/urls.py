"""The addresses of this room, and of the page that takes a code (its room has no addresses of its own)."""

from django.urls import path

from collaborative.consultations.classes import views as classes
from collaborative.consultations.views import feedback, files, pages, respond
from collaborative.engagements.views import join

urlpatterns = [
    path("join/", join, name="join"),
    path("class/<str:token>/", classes.lead, name="class_lead"),
    path("class/<str:token>/numbers/", classes.numbers, name="class_numbers"),
    path("class/<str:token>/sheet/", classes.sheet, name="class_sheet"),
    path("consultations/", pages.index, name="consultations"),
    path("consultations/letters/stop/<str:token>/", feedback.stop, name="feedback_stop"),
    path("consultations/<slug:slug>/", pages.consultation, name="consultation"),
    path("consultations/<slug:slug>/respond/", respond.start, name="respond"),
    path("consultations/<slug:slug>/respond/<slug:step>/", respond.step, name="respond_step"),
    path("consultations/<slug:slug>/class/", classes.ask, name="class_ask"),
    path("consultations/<slug:slug>/class/asked/", classes.asked, name="class_asked"),
    path("consultations/<slug:slug>/paper/", pages.paper, name="consultation_paper"),
    path("consultations/<slug:slug>/responses/", pages.responses, name="consultation_responses"),
    path("consultations/<slug:slug>/responses/data.csv", pages.responses_csv, name="responses_csv"),
    path("consultations/<slug:slug>/responses/<str:reference>/file/", files.published, name="response_file"),
    path("consultations/<slug:slug>/feedback/", feedback.feedback, name="consultation_feedback"),
]

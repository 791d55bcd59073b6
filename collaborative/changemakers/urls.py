"""The addresses of this room. Lists and workshops are pages of the tree."""

from django.urls import path

from collaborative.changemakers import views

urlpatterns = [
    path("changemakers/<slug:slug>/calendar.ics", views.calendar, name="session_calendar"),
]

"""The addresses of this room. Lists and workshops are pages of the tree."""

from django.urls import include, path

from collaborative.changemakers import views
from collaborative.changemakers.seats import views as seats

urlpatterns = [
    path("changemakers/<slug:slug>/calendar.ics", views.calendar, name="session_calendar"),
    path("changemakers/<slug:slug>/register/", seats.register, name="place_register"),
    path("changemakers/<slug:slug>/register/sent/", seats.sent, name="place_sent"),
    path("changemakers/<slug:slug>/place/<slug:token>/", seats.place, name="place"),
    path("changemakers/<slug:slug>/place/<slug:token>/calendar.ics", seats.calendar, name="place_calendar"),
    path("changemakers/<slug:slug>/write-up/", include("collaborative.changemakers.writeup.urls")),
    path("changemakers/<slug:slug>/", include("collaborative.changemakers.room.urls")),
]

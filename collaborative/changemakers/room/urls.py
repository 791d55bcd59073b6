"""The addresses of a room, below the workshop that it belongs to."""

from django.urls import include, path

from collaborative.changemakers.room import kinds
from collaborative.changemakers.room.views import console, joining, live

urlpatterns = [
    path("live/", live.live, name="room_live"),
    path("live/join/", joining.join, name="room_join"),
    path("live/finish/", joining.finish, name="room_finish"),
    path("live/note/", live.note, name="room_note"),
    path("facilitate/", console.facilitate, name="room_console"),
    path("facilitate/told/<int:pk>/", console.hear, name="room_hear"),
    path("facilitate/sheet/", console.sheet, name="room_sheet"),
    path("projector/", console.projector, name="room_projector"),
    path("", include(kinds.urlpatterns())),
]

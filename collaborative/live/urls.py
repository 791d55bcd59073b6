from django.urls import path

from collaborative.live.views import catch_up

urlpatterns = [path("live/catch-up/", catch_up, name="live_catch_up")]

"""The public addresses of this room; those of its staff screens stand in wagtail_hooks.py."""

from django.urls import path

from collaborative.moderation.views import files, public

urlpatterns = [
    path("files/<str:token>/", files.download, name="file_download"),
    path("help/", public.help_page, name="help"),
    path("help/wrong/", public.wrong, name="help_wrong"),
    path("help/wrong/sent/", public.wrong_sent, name="help_wrong_sent"),
    path("house-rules/figures/", public.figures, name="moderation_figures"),
    path("house-rules/", public.house_rules, name="house_rules"),
]

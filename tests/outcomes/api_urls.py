"""Wagtail's own API beside the site, for the test that publishes through it."""

from django.urls import path
from wagtail.api.v3.urls import api

from collaborative.urls import urlpatterns as site

urlpatterns = [path("wagtail-api/", api.urls), *site]

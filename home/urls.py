"""The addresses of this room that are not pages of the tree."""

from django.urls import path

from home import views
from home.feeds import WhatIsNew

urlpatterns = [
    path("search/", views.search_page, name="search"),
    path("news/", views.news, name="news"),
    path("feed/", WhatIsNew(), name="feed"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]

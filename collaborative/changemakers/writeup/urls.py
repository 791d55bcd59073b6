"""Below changemakers/<slug>/write-up/."""

from django.urls import path

from collaborative.changemakers.writeup import views

urlpatterns = [
    path("", views.published, name="write_up"),
    path("versions/<int:number>/", views.published, name="write_up_version"),
    path("yours/", views.yours, name="write_up_yours"),
    path("code/", views.with_code, name="write_up_code"),
    path("from/<slug:token>/", views.with_link, name="write_up_link"),
]

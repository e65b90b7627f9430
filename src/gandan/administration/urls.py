from __future__ import annotations

from django.urls import path

from gandan.administration.views import home

app_name = "administration"
urlpatterns = [
    path("quan-tri/", home.home, name="home"),
]

from __future__ import annotations

from django.urls import path

from gandan.ui import views

app_name = "ui"
urlpatterns = [
    path("hien-thi/", views.set_preferences, name="preferences"),
    path("ui/", views.components, name="components"),
]

from __future__ import annotations

from django.urls import path

from gandan.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("thu-tuc/", views.procedure_list, name="list"),
    path("thu-tuc/goi-y/", views.suggestions, name="suggestions"),
    path("thu-tuc/<str:code>/", views.procedure_page, name="procedure"),
    path("thu-tuc/<str:code>/vi-sao-ngay/", views.why, name="why"),
]

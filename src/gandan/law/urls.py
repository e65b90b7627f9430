from __future__ import annotations

from django.urls import path

from gandan.law import views

app_name = "law"
urlpatterns = [
    path("luat/", views.parameters, name="parameters"),
    path("luat/bieu-mau/", views.legal_forms, name="legal_forms"),
    path("luat/<str:key>/", views.parameter, name="parameter"),
]

from __future__ import annotations

from django.urls import path, re_path

from gandan.organization import views

app_name = "organization"
urlpatterns = [
    path("don-vi/", views.places, name="places"),
    re_path(r"^don-vi/(?P<code>[0-9]{5})/$", views.commune, name="commune"),
    path("don-vi/bo-phan/<str:code>/", views.unit, name="unit"),
    path("don-vi/bo-phan/<str:code>/lich/<int:year>/", views.calendar, name="calendar"),
]

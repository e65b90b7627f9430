from __future__ import annotations

from django.urls import path

from gandan.portal.views import calls, home, track, watch, work

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("viec-hom-nay/", work.work, name="work"),
    path("goi-dien/", calls.calls, name="calls"),
    path("canh-bao/", watch.watch, name="watch"),
    path("t/<slug:secret>", track.exchange, name="exchange"),
    path("tra-cuu/", track.track, name="track"),
    path("tra-cuu/xong/", track.forget, name="forget"),
    path("tra-cuu/ho-so/<slug:page>/", track.dossier, name="followed"),
]

from __future__ import annotations

from django.urls import path

from gandan.portal.views import calls, deciding, digest, home, leading, substitutes, track, watch, work

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("viec-hom-nay/", work.work, name="work"),
    path("goi-dien/", calls.calls, name="calls"),
    path("canh-bao/", watch.watch, name="watch"),
    path("dieu-hanh/", leading.morning, name="morning"),
    path("dieu-hanh/ky-duyet/", deciding.decide, name="decide"),
    path("dieu-hanh/khoi-luong/", leading.load, name="load"),
    path("dieu-hanh/vang-mat/", substitutes.substitutes, name="substitutes"),
    path("dieu-hanh/thu-buoi-sang/", digest.digest, name="digest"),
    path("t/<slug:secret>", track.exchange, name="exchange"),
    path("tra-cuu/", track.track, name="track"),
    path("tra-cuu/xong/", track.forget, name="forget"),
    path("tra-cuu/ho-so/<slug:page>/", track.dossier, name="followed"),
    path("tra-cuu/ho-so/<slug:page>/ai-da-xem/", track.lookers, name="lookers"),
]

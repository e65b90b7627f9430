from __future__ import annotations

from django.urls import include, path

from gandan.administration import places_urls, procedures_urls
from gandan.administration.views import access, conflicts, home, interests, looks, mergers

app_name = "administration"
urlpatterns = [
    path("quan-tri/", home.home, name="home"),
    path("quan-tri/thu-tuc/", include(procedures_urls.urlpatterns)),
    path("quan-tri/", include(places_urls.urlpatterns)),
    path("quan-tri/sap-nhap/", mergers.mergers, name="mergers"),
    path("quan-tri/sap-nhap/xa-phuong/", mergers.prepare_communes, name="merge_communes"),
    path("quan-tri/sap-nhap/bo-phan/<slug:commune>/", mergers.prepare_units, name="merge_units"),
    path("quan-tri/sap-nhap/<uuid:merger_id>/", mergers.merger, name="merger"),
    path("quan-tri/<slug:commune>/ai-da-xem/", looks.who_looked, name="who_looked"),
    path("quan-tri/<slug:commune>/ai-da-xem/tep.csv", looks.who_looked_file, name="who_looked_file"),
    path("quan-tri/<slug:commune>/ra-soat-quyen/", access.access_review, name="access_review"),
    path(
        "quan-tri/<slug:commune>/ra-soat-quyen/<uuid:review_id>/",
        access.access_review_report,
        name="access_review_report",
    ),
    path("nguoi-than-va-loi-ich/", interests.interests, name="interests"),
    path("nguoi-than-va-loi-ich/<uuid:declaration_id>/thoi/", interests.withdraw, name="withdraw_interest"),
    path("xung-dot-loi-ich/", conflicts.conflicts, name="conflicts"),
    path("xung-dot-loi-ich/bao-cao/", conflicts.report, name="report_conflict"),
    path("xung-dot-loi-ich/<uuid:report_id>/", conflicts.conflict, name="conflict"),
    path("xung-dot-loi-ich/<uuid:report_id>/quyet-dinh/", conflicts.decide, name="decide_conflict"),
    path("xung-dot-loi-ich/<uuid:report_id>/thong-bao/", conflicts.notify, name="notify_decision"),
]

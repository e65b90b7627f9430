from __future__ import annotations

from django.urls import path

from gandan.dossiers.views import acts, conflicts, dossier, intake, opinions, papers

app_name = "dossiers"
urlpatterns = [
    path("tiep-nhan/", intake.intake, name="intake"),
    path("tiep-nhan/tep/", intake.upload, name="intake_file"),
    path("tiep-nhan/xong/<uuid:dossier_id>/", intake.done, name="intake_done"),
    path("tiep-nhan/phieu-huong-dan/<uuid:contact_id>.pdf", intake.guidance, name="guidance"),
    path("tim-ho-so/", dossier.search, name="search"),
    path("y-kien/", opinions.opinions, name="opinions"),
    path("ho-so/<uuid:dossier_id>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:dossier_id>/vi-sao/", dossier.why, name="why"),
    path("ho-so/<uuid:dossier_id>/xung-dot/", conflicts.conflict, name="conflict"),
    path("ho-so/<uuid:dossier_id>/so-dinh-danh/", dossier.identity, name="identity"),
    path("ho-so/<uuid:dossier_id>/tep/<uuid:file_id>/", dossier.file, name="file"),
    path("ho-so/<uuid:dossier_id>/giay/<slug:kind>.pdf", papers.paper, name="paper"),
    path("ho-so/<uuid:dossier_id>/lam/<slug:step>/", acts.act, name="act"),
]

"""URLs below /quan-tri/thu-tuc/: procedures and internal workflows."""

from __future__ import annotations

from django.urls import path

from gandan.administration.views import procedure_drafts as drafts
from gandan.administration.views import procedures, workflows

D, W = "du-thao/<uuid:draft_id>", "quy-trinh/du-thao/<uuid:draft_id>"

urlpatterns = [
    path("", procedures.procedure_list, name="procedures"),
    path("nhap/", drafts.bring, name="procedure_bring"),
    path(f"{D}/", drafts.draft, name="procedure_draft"),
    path(f"{D}/xem-thu/<slug:view>/", drafts.preview, name="procedure_preview"),
    path(f"{D}/tep.<slug:form>", drafts.draft_file, name="procedure_draft_file"),
    path(f"{D}/cong-bo/", drafts.publish, name="procedure_publish"),
    path(f"{D}/xac-nhan/", drafts.confirm, name="procedure_confirm"),
    path(f"{D}/bo/", drafts.drop, name="procedure_drop"),
    path(f"{D}/so-sanh-lai/", drafts.rebase, name="procedure_rebase"),
    path(f"{D}/sua/<slug:slug>/", drafts.part, name="procedure_part"),
    path(f"{D}/sua/<slug:slug>/<slug:key>/", drafts.part, name="procedure_part"),
    path(f"{D}/sua/<slug:slug>/<slug:key>/xep/", drafts.arrange, name="procedure_arrange"),
    path("quy-trinh/", workflows.workflow_list, name="workflows"),
    path(f"{W}/", workflows.draft, name="workflow_draft"),
    path(f"{W}/tep.<slug:form>", workflows.draft_file, name="workflow_draft_file"),
    path(f"{W}/nhap/", workflows.bring, name="workflow_bring"),
    path(f"{W}/cong-bo/", workflows.publish, name="workflow_publish"),
    path(f"{W}/bo/", workflows.drop, name="workflow_drop"),
    path(f"{W}/buoc/<slug:number>/", workflows.step, name="workflow_step"),
    path(f"{W}/buoc/<slug:number>/xep/", workflows.arrange, name="workflow_arrange"),
    path("quy-trinh/<uuid:workflow_id>/<slug:how>/", workflows.finish, name="workflow_finish"),
    path("<str:code>/", procedures.procedure, name="procedure"),
    path("<str:code>/soan/", drafts.begin, name="procedure_begin"),
    path("<str:code>/so-sanh/", procedures.compare, name="procedure_compare"),
    path("<str:code>/quy-trinh/", workflows.procedure_workflows, name="procedure_workflows"),
    path("<str:code>/quy-trinh/soan/", workflows.begin, name="workflow_begin"),
    path("<str:code>/phien-ban/<int:number>.<slug:form>", procedures.version_file, name="version_file"),
    path("<str:code>/phien-ban/<int:number>/ho-so/", procedures.dossiers, name="version_dossiers"),
    path("<str:code>/phien-ban/<int:number>/thu-hoi/", procedures.withdraw, name="version_withdraw"),
]

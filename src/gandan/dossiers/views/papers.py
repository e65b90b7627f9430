"""`/ho-so/<uuid>/giay/<kind>.pdf`: a paper of the dossier, shown in the browser and ready to print."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandan.accounts.actions import record_look
from gandan.documents.errors import MissingGlyphError
from gandan.dossiers.papers import pdf_of
from gandan.dossiers.permissions import dossier_for, sees_contact_details
from gandan.dossiers.queries import sheet_of
from gandan.dossiers.views.door import StaffRequest, show, staff_page


@staff_page
@require_safe
def paper(request: StaffRequest, dossier_id: UUID, kind: str) -> HttpResponse:
    """The paper as PDF; what only the one-stop may see is left out for everybody else."""
    found, at = dossier_for(request.officer, dossier_id), timezone.now()
    contact = sees_contact_details(request.officer, found)
    try:
        pdf = pdf_of(kind, found, sheet_of(found), contact=contact)
    except MissingGlyphError as error:
        return show(request, "dossiers/not_allowed.html", {"reason": cannot_print(error)}, status=422)
    record_look(user=request.user, subject_kind="dossier", subject_id=found.id, page=f"paper:{kind}", at=at)
    name = f"{kind}-{found.code}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def cannot_print(error: MissingGlyphError) -> str:
    return _("The receipt cannot print these letters: %(letters)s.") % {"letters": error.characters}

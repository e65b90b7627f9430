"""Who opened whose dossier (báo cáo ai đã xem): for the director of the centre. Each view of it is recorded too."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from gandan.accounts.actions import record_look
from gandan.accounts.queries import looks_of
from gandan.administration.competence import require_role
from gandan.administration.forms.looks import asked_from
from gandan.administration.looks import SUBJECT_KIND, Asked, looks_for, report_id, seen_of
from gandan.administration.rules import rule
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.organization.models import Role
from gandan.ui.paging import take_page
from gandan.ui.spreadsheets import csv_response

DIRECTORS = frozenset({Role.CENTRE_DIRECTOR})
ORDER = ("-at", "-id")
MOST_IN_A_FILE = 5000
AT_ONCE = 500


@staff_page
@require_safe
def who_looked(request: StaffRequest, commune: str) -> HttpResponse:
    """`/quan-tri/<commune>/ai-da-xem/`: views of dossiers, newest first, with the facts that stand out."""
    require_role(request.officer, commune, DIRECTORS)
    now = timezone.now()
    form, asked = asked_from(request.GET, commune, now.astimezone(VIETNAM).date())
    opened = list(looks_of(report_id(commune))[:5])
    record(request, commune, "who-looked")
    page = take_page(request, looks_for(asked), order=ORDER)
    context = {
        "commune": commune,
        "form": form,
        "asked": asked,
        "page": page,
        "rows": seen_of(page.rows, asked),
        "opened": opened,
        "rule": rule("look.many_a_day", asked.last, commune=commune),
        "query": request.GET.urlencode(),
    }
    return show(request, "administration/who_looked.html", context)


@staff_page
@require_safe
def who_looked_file(request: StaffRequest, commune: str) -> HttpResponseBase:
    """The same as a file for a spreadsheet, 5,000 rows at most; no cell of it can become a formula."""
    require_role(request.officer, commune, DIRECTORS)
    _form, asked = asked_from(request.GET, commune, timezone.now().astimezone(VIETNAM).date())
    record(request, commune, "who-looked-file")
    head = [
        _("Moment"),
        _("Officer"),
        _("Officer’s code"),
        _("Dossier"),
        pgettext("look", "What"),
        _("Facts"),
    ]
    name = f"ai-da-xem-{commune}-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}"
    return csv_response(name, head, list(cells(asked)))


def cells(asked: Asked) -> Iterator[list[str]]:
    looks = list(looks_for(asked).order_by(*ORDER)[:MOST_IN_A_FILE])
    for start in range(0, len(looks), AT_ONCE):
        for one in seen_of(looks[start : start + AT_ONCE], asked):
            at = one.look.at.astimezone(VIETNAM)
            user = one.officer
            yield [
                f"{at:%Y-%m-%d %H:%M:%S}",
                user.full_name,
                user.code,
                one.code,
                one.page,
                "; ".join(one.facts),
            ]


def record(request: StaffRequest, commune: str, page: str) -> None:
    """Who reads the record of looks is recorded like everybody."""
    record_look(
        user=request.user,
        subject_kind=SUBJECT_KIND,
        subject_id=report_id(commune),
        page=page,
        at=timezone.now(),
    )

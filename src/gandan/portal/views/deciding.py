"""Several proposals in one go (ký, duyệt nhiều hồ sơ): read each, tick it, decide; a report of what came of each.

One form, no script needed: "read" opens the summary of a row and keeps what is ticked; only what was read has a
box to tick, and the server asks again whether it was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gandan.accounts.actions import record_look
from gandan.dossiers import leading, words
from gandan.dossiers.actions.batch import Chosen, Decided, decide_several, read_by
from gandan.dossiers.errors import NotFound
from gandan.dossiers.models import Answer, Desk, Dossier, DossierPaper, Remark, StepRun
from gandan.dossiers.permissions import dossier_for, objection
from gandan.dossiers.progress import TimeLeft, legal_time_left
from gandan.dossiers.queries import wards_of
from gandan.dossiers.views.acts import dossier_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.ledger.ids import new_id
from gandan.organization.permissions import Officer
from gandan.portal.views.leading import require_leader
from gandan.ui.paging import take_page

SIZE = 20
ACT_AT = {Desk.SIGNATURE: "approve", Desk.CHECK: "check"}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a leader reads before deciding: the proposal, its reason, who proposed and who agreed, the papers."""

    proposal: str
    opinion: str
    proposer: str
    steps: list[StepRun]
    papers: list[DossierPaper]


@dataclass(frozen=True, slots=True)
class Row:
    dossier: Dossier
    url: str
    name: str
    left: TimeLeft | None
    act: str
    why_not: str
    is_read: bool
    is_ticked: bool
    summary: Summary | None
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report."""

    code: str
    matter: str
    url: str
    done: bool
    words: str


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: StaffRequest) -> HttpResponse:
    """`/dieu-hanh/ky-duyet/`: the list; POST `xem` reads one summary, POST `quyet` decides what is ticked."""
    require_leader(request.officer)
    at, sent = timezone.now(), request.POST
    if "quyet" in sent:
        return report(request, sent, at)
    opened = ids_in(sent.getlist("mo"))
    if "xem" in sent:
        opened = [*opened, *read_summary(request, sent["xem"], at)]
    return show(request, "portal/decide.html", page_of(request, sent, opened, at))


def read_summary(request: StaffRequest, wanted: str, at: datetime) -> list[UUID]:
    """Records that the leader reads the summary of this dossier, if it is theirs to see."""
    for one in ids_in([wanted]):
        found = dossier_for(request.officer, one, people=False)
        record_look(user=request.user, subject_kind="dossier", subject_id=found.pk, page="summary", at=at)
        return [one]
    raise NotFound


def ids_in(texts: Iterable[str]) -> list[UUID]:
    """The ids among these texts; what is none of ours is passed over."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def page_of(request: StaffRequest, sent: QueryDict, opened: Sequence[UUID], at: datetime) -> dict[str, Any]:
    chosen = leading.at_own_desk(request.officer).select_related(
        "owner", "version", "unit_competent", "proposed_by"
    )
    page = take_page(request, chosen, order=("act_by", "id"), size=SIZE)
    read = read_by(request.officer, page.rows)
    ticked = set(ids_in(sent.getlist("chon")))
    summaries = summaries_of([one for one in page.rows if one.pk in opened and one.pk in read])
    return {
        "rows": [
            row_of(
                one,
                request.officer,
                at,
                sent,
                is_read=one.pk in read,
                is_ticked=one.pk in ticked,
                summary=summaries.get(one.pk),
            )
            for one in page.rows
        ],
        "page": page,
        "opened": opened[-1] if opened else None,
        "here": request.get_full_path(),
    }


def row_of(
    dossier: Dossier,
    officer: Officer,
    at: datetime,
    sent: QueryDict,
    *,
    is_read: bool,
    is_ticked: bool,
    summary: Summary | None,
) -> Row:
    act = ACT_AT[Desk(dossier.desk)]
    why_not = objection(act, officer, dossier, at)
    kept = ids_in([sent.get(f"ma-{dossier.pk}", "")])
    return Row(
        dossier=dossier,
        url=dossier_url(dossier.pk),
        name=words.shown_name(dossier.owner),
        left=legal_time_left(dossier, at),
        act=act,
        why_not=why_not,
        is_read=is_read and not why_not,
        is_ticked=is_ticked,
        summary=summary,
        request_id=kept[0] if kept else new_id(),
    )


def summaries_of(dossiers: Sequence[Dossier]) -> dict[UUID, Summary]:
    """The summaries of the dossiers that are open on the page. Three queries for all of them."""
    ids = [one.pk for one in dossiers]
    if not ids:
        return {}
    papers = by_dossier(
        DossierPaper.objects.filter(dossier__in=ids).exclude(answer=Answer.MISSING).order_by("position")
    )
    steps = by_dossier(
        StepRun.objects.filter(dossier__in=ids, ended_at__isnull=False)
        .select_related("ended_by")
        .order_by("number")
    )
    remarks = by_dossier(Remark.objects.filter(dossier__in=ids, act="propose").order_by("at"))
    return {
        one.pk: Summary(
            proposal=one.get_result_kind_display(),
            opinion=remarks[one.pk][-1].text if remarks.get(one.pk) else "",
            proposer=one.proposed_by.full_name if one.proposed_by else "",
            steps=steps.get(one.pk, []),
            papers=papers.get(one.pk, []),
        )
        for one in dossiers
    }


def by_dossier(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.dossier_id, []).append(row)
    return found


def report(request: StaffRequest, sent: QueryDict, at: datetime) -> HttpResponse:
    """Decides each ticked dossier by itself, and says what came of each."""
    chosen = [one for key in ids_in(sent.getlist("chon")) for one in chosen_in(sent, key)]
    decided = decide_several(officer=request.officer, chosen=chosen[:SIZE], at=at)
    lines = lines_of(request.officer, decided)
    done = sum(line.done for line in lines)
    context = {"lines": lines, "done": done, "failed": len(lines) - done}
    return show(request, "portal/decided.html", context)


def chosen_in(sent: QueryDict, key: UUID) -> list[Chosen]:
    """What the form says of one ticked dossier; nothing where a part of it is missing or none of ours."""
    request_id, seen = ids_in([sent.get(f"ma-{key}", "")]), sent.get(f"ban-{key}", "")
    desk = sent.get(f"buoc-{key}", "")
    if not request_id or not (seen.isascii() and seen.isdigit() and len(seen) < 9) or desk not in ACT_AT:
        return []
    return [Chosen(key, request_id[0], int(seen), Desk(desk))]


def lines_of(officer: Officer, decided: Sequence[Decided]) -> list[Line]:
    """The report by dossier. Of one that the officer may not see nothing is told but the reason. One query."""
    here = Dossier.objects.filter(
        pk__in=[one.dossier_id for one in decided], commune_id__in=wards_of(officer)
    )
    known = here.select_related("version").in_bulk()
    return [line_of(one, known.get(one.dossier_id)) for one in decided]


def line_of(one: Decided, dossier: Dossier | None) -> Line:
    done = one.dossier
    act = "approve" if done and done.desk == Desk.STAMP else "check"
    return Line(
        code=dossier.shown_code if dossier else "",
        matter=dossier.version.short_name if dossier else "",
        url=dossier_url(dossier.pk) if dossier else "",
        done=done is not None,
        words=words.after(act, done) if done else one.why_not,
    )

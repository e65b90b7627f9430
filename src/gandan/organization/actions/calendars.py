"""Acts on the working calendar: confirm a year, set a day off or a make-up day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import Mark
from gandan.law import cache
from gandan.law.bases import CELL, cleaned_basis, record
from gandan.law.loading import content_of
from gandan.law.permissions import Acting, require_change
from gandan.law.rows import Origin, Scope
from gandan.ledger import actions as ledger
from gandan.ledger.ids import new_id
from gandan.organization.errors import CalendarNotConfirmed, Refused
from gandan.organization.models import Holiday
from gandan.organization.queries import CALENDAR

LONGEST_NAME = 120


def confirm_calendar(year: int, *, document: str, officer: Acting, at: datetime, request_id: UUID) -> int:
    """Confirms the nation's days of `year` as they stand, on the document that the legal officer has read.

    Returns the number of days. Days that the document changes are set by `set_day` first. Raises
    NotCompetent and BasisMissing of the law, CalendarNotConfirmed without a day left to confirm.
    """
    content = {"year": year, "document": document}
    with ledger.act(
        name="confirm-calendar", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return int(evidence.outcome["days"])
        require_change(officer, Scope.NATIONAL, "")
        basis = cleaned_basis(document)
        rows = list(
            Holiday.objects.in_force()
            .filter(day__year=year, scope=Scope.NATIONAL)
            .exclude(mark=Mark.CONFIRMED.value)
        )
        if not rows:
            raise CalendarNotConfirmed(_("There is no day of %(year)d left to confirm.") % {"year": year})
        for row in rows:
            _confirm(row, basis, officer.code, at)
        cache.changed(CALENDAR)
        record(
            evidence,
            chain=CELL,
            act="confirm-calendar",
            subject_kind="calendar",
            subject_id=new_id(),
            document=basis,
            body={"year": year, "days": len(rows)},
        )
        evidence.done(days=len(rows))
    return len(rows)


def _confirm(row: Holiday, basis: str, by: str, at: datetime) -> None:
    content = content_of(row) | {
        "mark": Mark.CONFIRMED.value,
        "confirmed_by": by,
        "confirmed_document": basis,
    }
    confirmed = Holiday(**content, origin=Origin.LOCAL, recorded_at=at)
    Holiday.objects.all().mark_superseded(row, confirmed)
    confirmed.save()


def set_day(
    day: date,
    *,
    name: str,
    works: bool,
    document: str,
    officer: Acting,
    at: datetime,
    request_id: UUID,
    scope: Scope = Scope.NATIONAL,
    scope_code: str = "",
) -> Holiday:
    """Enters a day off or a make-up day on its document, in the place of the row of that day and scope.

    Raises NotCompetent and BasisMissing of the law, Refused for a day without a name.
    """
    content = {
        "day": day,
        "name": name,
        "works": works,
        "document": document,
        "scope": scope,
        "code": scope_code,
    }
    with ledger.act(
        name="set-day", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return Holiday.objects.get(pk=str(evidence.outcome["row"]))
        require_change(officer, scope, scope_code)
        new = proposed_day(
            day,
            name=name,
            works=works,
            document=cleaned_basis(document),
            by=officer.code,
            at=at,
            scope=scope,
            scope_code=scope_code,
        )
        old = Holiday.objects.in_force().filter(day=day, scope=scope, scope_code=scope_code).first()
        if old:
            new.shipped_id = old.shipped_id
            Holiday.objects.all().mark_superseded(old, new)
        new.save()
        cache.changed(CALENDAR)
        facts: dict[str, Json] = {"day": day, "works": int(works), "scope": str(scope), "row": new.pk}
        record(
            evidence,
            chain=scope_code if scope == Scope.COMMUNE else CELL,
            act="set-day",
            subject_kind="calendar",
            subject_id=new.pk,
            document=new.document,
            body=facts | ({"place": scope_code} if scope_code else {}),
        )
        evidence.done(row=str(new.pk))
    return new


def proposed_day(
    day: date,
    *,
    name: str,
    works: bool,
    document: str,
    by: str,
    at: datetime,
    scope: Scope = Scope.NATIONAL,
    scope_code: str = "",
) -> Holiday:
    """The row that `set_day` would store, not stored: also for a dry run."""
    called = " ".join(name.split())
    if not called:
        raise Refused(_("Give the day a name, as the document says it."), field="name")
    if len(called) > LONGEST_NAME:
        raise Refused(_("The name of a day has at most 120 characters."), field="name")
    return Holiday(
        day=day,
        name=called,
        works=works,
        document=document,
        mark=Mark.CONFIRMED.value,
        scope=scope,
        scope_code=scope_code,
        origin=Origin.LOCAL,
        recorded_at=at,
        confirmed_by=by,
        confirmed_document=document,
    )

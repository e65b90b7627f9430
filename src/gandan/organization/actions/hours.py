"""Setting office hours: of one unit or of all units of a commune, for every working day or for one weekday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import Mark
from gandan.law import cache
from gandan.law.bases import cleaned_basis, record
from gandan.law.loading import content_of
from gandan.law.rows import Origin, Scope
from gandan.ledger import actions as ledger
from gandan.organization.errors import ImpossibleHours
from gandan.organization.models import Commune, OfficeHoursQuerySet, OfficeHoursRow, Province, Unit
from gandan.organization.permissions import Officer, require_administration
from gandan.organization.queries import CALENDAR

Span = tuple[time, time]
MOST_SPANS = 4


def set_office_hours(
    spans: Sequence[Span],
    *,
    place: Unit | Commune,
    valid_from: date,
    document: str,
    officer: Officer,
    at: datetime,
    request_id: UUID,
    weekday: int | None = None,
    reception_only: bool = False,
) -> list[OfficeHoursRow]:
    """Sets the office hours of `place` from a day on: of every working day, or of one weekday (0 = Monday).

    `reception_only`: people are received on that weekday, but it does not become a working day (Saturday).
    Later rows of that place and weekday are replaced, earlier ones end on the day before. Without spans the
    hours of that place and weekday end, and the wider ones hold again.
    Raises ImpossibleHours, NotCompetent, and BasisMissing of the law.
    """
    content = {
        "spans": [[opens.isoformat(), closes.isoformat()] for opens, closes in spans],
        "place": str(place.pk),
        "from": valid_from,
        "document": document,
        "weekday": "" if weekday is None else weekday,
        "reception": reception_only,
    }
    with ledger.act(
        name="set-hours", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            keys = str(evidence.outcome["rows"]).split()
            return list(OfficeHoursRow.objects.filter(pk__in=keys).order_by("opens"))
        require_administration(officer, _administered(place))
        new = proposed_hours(
            spans,
            place=place,
            valid_from=valid_from,
            document=cleaned_basis(document),
            by=officer.code,
            at=at,
            weekday=weekday,
            reception_only=reception_only,
        )
        ended = _replace(place, new, valid_from, weekday, reception_only=reception_only, at=at)
        if not new and not ended:
            raise ImpossibleHours(_("There are no such hours of this place that could end."), field="spans")
        OfficeHoursRow.objects.bulk_create(new)
        cache.changed(CALENDAR)
        _record(evidence, place, new or ended, valid_from, cleaned_basis(document), ends=not new)
        evidence.done(rows=" ".join(str(row.pk) for row in new))
    return new


def proposed_hours(
    spans: Sequence[Span],
    *,
    place: Unit | Commune,
    valid_from: date,
    document: str,
    by: str,
    at: datetime,
    weekday: int | None = None,
    reception_only: bool = False,
) -> list[OfficeHoursRow]:
    """The rows that `set_office_hours` would store, not stored: also for a dry run. ImpossibleHours."""
    ordered = _checked(spans, weekday, reception_only=reception_only)
    unit = place if isinstance(place, Unit) else None
    commune = place.commune_id if isinstance(place, Unit) else place.pk
    return [
        OfficeHoursRow(
            unit=unit,
            scope=Scope.COMMUNE if commune else Scope.PROVINCE,
            scope_code=commune or (unit.province_id if unit else "") or "",
            weekday=weekday,
            reception_only=reception_only,
            opens=opens,
            closes=closes,
            valid_from=valid_from,
            document=document,
            mark=Mark.CONFIRMED.value,
            confirmed_by=by,
            confirmed_document=document,
            origin=Origin.LOCAL,
            recorded_at=at,
        )
        for opens, closes in ordered
    ]


def _checked(spans: Sequence[Span], weekday: int | None, *, reception_only: bool) -> list[Span]:
    """The spans in order; ImpossibleHours if they contradict themselves."""
    ordered = sorted(spans)
    if len(ordered) > MOST_SPANS:
        raise ImpossibleHours(_("A day has at most four spans of office hours."), field="spans")
    if any(opens >= closes for opens, closes in ordered):
        raise ImpossibleHours(_("Each span of office hours closes after it opens."), field="spans")
    if any(first[1] > second[0] for first, second in pairwise(ordered)):
        raise ImpossibleHours(_("Spans of office hours do not overlap."), field="spans")
    if weekday is not None and not 0 <= weekday <= 6:
        raise ImpossibleHours(_("A week has seven days."), field="weekday")
    if reception_only and weekday is None:
        raise ImpossibleHours(_("Reception outside working days needs its weekday."), field="weekday")
    return ordered


def _administered(place: Unit | Commune) -> Commune | Province:
    return place.administered_place if isinstance(place, Unit) else place


def _replace(
    place: Unit | Commune,
    new: list[OfficeHoursRow],
    valid_from: date,
    weekday: int | None,
    *,
    reception_only: bool,
    at: datetime,
) -> list[OfficeHoursRow]:
    """Ends the rows in force of the place and weekday before `valid_from`; those that begin later are superseded."""
    ended = []
    for old in rows_of(place).filter(weekday=weekday, reception_only=reception_only):
        if old.valid_from >= valid_from:
            if not new:
                raise ImpossibleHours(
                    _("Other hours are entered from %(day)s. Enter the hours that hold instead.")
                    % {"day": f"{old.valid_from:%d/%m/%Y}"},
                    field="valid_from",
                )
            OfficeHoursRow.objects.all().mark_superseded(old, new[0])
        elif old.valid_to is None or old.valid_to >= valid_from:
            ended.append(_close(old, valid_from - timedelta(days=1), at))
    return ended


def rows_of(place: Unit | Commune) -> OfficeHoursQuerySet:
    """The rows in force that were entered for this unit, or for all units of this commune."""
    rows = OfficeHoursRow.objects.in_force()
    if isinstance(place, Unit):
        return rows.filter(unit=place)
    return rows.filter(unit=None, scope=Scope.COMMUNE, scope_code=place.pk)


def ended_by(
    place: Unit | Commune, valid_from: date, weekday: int | None, *, reception_only: bool
) -> dict[UUID, date]:
    """For a dry run: the last day of each row that hours from `valid_from` would end, by its id."""
    rows = rows_of(place).filter(weekday=weekday, reception_only=reception_only)
    return {row.pk: valid_from - timedelta(days=1) for row in rows}


def _close(old: OfficeHoursRow, last: date, at: datetime) -> OfficeHoursRow:
    """A row that ends on that day takes the place of `old`."""
    content = content_of(old) | {
        "valid_to": last,
        "confirmed_by": old.confirmed_by,
        "confirmed_document": old.confirmed_document,
    }
    closed = OfficeHoursRow(**content, origin=old.origin, recorded_at=at)
    OfficeHoursRow.objects.all().mark_superseded(old, closed)
    closed.save()
    return closed


def _record(
    evidence: ledger.Act,
    place: Unit | Commune,
    rows: list[OfficeHoursRow],
    valid_from: date,
    document: str,
    *,
    ends: bool,
) -> None:
    row = rows[0]
    facts: dict[str, Json] = {
        "place": place.code,
        "from": valid_from,
        "row": row.pk,
        "reception": int(row.reception_only),
    }
    if row.weekday is not None:
        facts["weekday"] = row.weekday
    spans: list[Json] = [] if ends else [f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in rows]
    record(
        evidence,
        chain=_chain(place),
        act="set-hours",
        subject_kind="hours",
        subject_id=row.pk,
        document=document,
        body=facts | {"spans": spans},
    )


def _chain(place: Unit | Commune) -> str:
    return place.chain if isinstance(place, Unit) else place.pk

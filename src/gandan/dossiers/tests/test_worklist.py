"""The work list's compiled statements say what the queries say from which they were made."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Count, F, Q

from gandan.calculus.calendars import working_time
from gandan.dossiers import queries, worklist
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.queries import DONE, NOT_OURS, READY, TO_DO, WAITING, Bounds, Counts
from gandan.dossiers.tests.factories import MONDAY, Ward, bring_to, make_dossier, make_ward
from gandan.dossiers.worklist import Wanted
from gandan.ledger import prepared
from gandan.organization.models import Role
from gandan.organization.permissions import Officer
from gandan.organization.queries import calendar_of

NOW = MONDAY + timedelta(hours=2)
ROLES = (Role.COUNTER_OFFICER, Role.SPECIALIST, Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR)


@pytest.fixture
def filled(ward: Ward) -> Ward:
    """A ward with a dossier at each desk, twice, at moments on every side of the bounds; a stranger beside it."""
    others = make_ward("14758", "Hàm Rồng")
    make_dossier(others)
    desks = (Desk.TRANSFER, Desk.APPRAISAL, Desk.SIGNATURE, Desk.RETURN, Desk.CLOSED)
    moments = (
        timedelta(hours=-3),
        timedelta(hours=1),
        timedelta(hours=5),
        timedelta(days=2),
        timedelta(days=9),
    )
    for number, desk in enumerate(desks * 2):
        made = bring_to(ward, make_dossier(ward), desk)
        Dossier.objects.filter(pk=made.pk).update(act_by=NOW + moments[number * 3 % 5])
    return ward


def limits_at(at: datetime) -> Bounds:
    return queries.bounds(at, working_time(calendar_of(None)))


def counts_by_orm(officer: Officer, scope: str, limits: Bounds) -> Counts:
    to_do = ~Q(desk__in=NOT_OURS)
    seen = queries.work_of(officer, scope).exclude(desk=Desk.CLOSED)
    return Counts(
        **seen.aggregate(
            to_do=Count("pk", filter=to_do),
            late=Count("pk", filter=to_do & Q(act_by__lt=limits.now)),
            soon=Count("pk", filter=to_do & Q(act_by__gte=limits.now, act_by__lte=limits.soon)),
            today=Count("pk", filter=to_do & Q(act_by__gt=limits.soon, act_by__lt=limits.today)),
            waiting=Count("pk", filter=Q(desk=Desk.WAITING)),
            ready=Count("pk", filter=Q(desk=Desk.RETURN)),
            warned=Count("pk", filter=to_do & Q(due_at__lte=limits.warned)),
            reminded=Count("pk", filter=Q(reminded_step__gt=0, reminded_step=F("step_number"))),
        )
    )


@pytest.mark.parametrize("scope", ["mine", "team", "ward"])
def test_figures_are_those_of_the_orm(filled: Ward, scope: str) -> None:
    days = [limits_at(NOW + timedelta(days=number)) for number in (0, 1, 5)]
    cases = [(filled.officer(role), limits) for role in ROLES for limits in days]

    found = [worklist.counts(officer, scope, limits) for officer, limits in cases]

    assert found == [counts_by_orm(officer, scope, limits) for officer, limits in cases]
    assert any(figures.to_do for figures in found)


@pytest.mark.parametrize("scope", ["mine", "team", "ward"])
@pytest.mark.parametrize("which", [TO_DO, WAITING, READY, DONE])
def test_rows_are_those_of_the_orm_and_each_officers_own(filled: Ward, which: str, scope: str) -> None:
    limits = limits_at(NOW)

    for role in ROLES:
        for when in ("", "tre", "sap-tre", "hom-nay", "tuan-nay", "sau") if which == TO_DO else ("",):
            officer, asked = filled.officer(role), Wanted(which, scope, when)
            rows, _calls = worklist.rows_of(officer, asked, limits, None, 50)
            meant = worklist.choose(officer, asked, limits, []).values_list("id", flat=True)
            assert [row.id for row in rows] == list(meant)


def test_row_has_what_the_whole_dossier_has(filled: Ward) -> None:
    officer = filled.officer(Role.CENTRE_DIRECTOR)

    rows, calls = worklist.rows_of(officer, Wanted(TO_DO, "ward", ""), limits_at(NOW), None, 50)

    for row in rows:
        whole = Dossier.objects.get(pk=row.pk)
        assert {name: getattr(row, name) for name in worklist.OWN} == {
            name: getattr(whole, name) for name in worklist.OWN
        }
        assert (row.owner.name, row.version.short_name, row.unit_competent.name) == (
            whole.owner.name,
            whole.version.short_name,
            whole.unit_competent.name,
        )
        assert (row.assignee and row.assignee.full_name) == (whole.assignee and whole.assignee.full_name)
    assert calls == worklist.count_calls(officer, NOW) == queries.calls_waiting(officer, NOW).count()


def test_second_request_brings_its_own_values(filled: Ward) -> None:
    asked = Wanted(TO_DO, "ward", "")
    stranger = make_ward("00160", "Bạch Mai")
    here = filled.officer(Role.CENTRE_DIRECTOR)
    worklist.rows_of(here, asked, limits_at(NOW), None, 50)

    rows, _calls = worklist.rows_of(stranger.officer(Role.CENTRE_DIRECTOR), asked, limits_at(NOW), None, 50)

    assert rows == []


@pytest.mark.parametrize("cursor", [["x", str(uuid4())], [NOW.isoformat(), "x"], [None, None], [1, 2]])
def test_cursor_of_somebody_elses_making_is_refused(ward: Ward, cursor: list[object]) -> None:
    with pytest.raises(ValueError, match=r"no moment|badly formed"):
        worklist.read_cursor(cursor)


def test_statements_are_forgotten_when_they_become_many(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 1)
    monkeypatch.setattr(prepared, "_statements", {})

    for scope in ("mine", "team"):
        worklist.counts(ward.officer(Role.SPECIALIST), scope, limits_at(NOW))

    assert len(prepared._statements) == 1

"""Who replaces whom: rights for the days alone, no circle, no chain, nobody for themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gandan.accounts.models import User
from gandan.law.errors import BasisMissing
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.absence import actions
from gandan.organization.absence.models import Absence, Manner, Substitution
from gandan.organization.absence.queries import gaps
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty, Role, UnitKind
from gandan.organization.permissions import officer_of
from gandan.organization.tests.factories import make_commune, make_officer, make_unit

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
LAST = TODAY + timedelta(days=4)


@pytest.fixture
def staff(db: None) -> dict[str, User]:
    """A chairman, two deputies, a head and a specialist of one department, and a stranger of another ward."""
    committee = make_unit(UnitKind.PEOPLE_COMMITTEE)
    department = make_unit(UnitKind.DEPARTMENT)
    away = make_unit(UnitKind.DEPARTMENT, commune=make_commune("14758"))
    return {
        "chairman": make_officer(Role.SIGNING_LEADER, committee),
        "deputy": make_officer(Role.SIGNING_LEADER, committee),
        "head": make_officer(Role.HEAD_OF_DEPARTMENT, department),
        "specialist": make_officer(Role.SPECIALIST, department),
        "other": make_officer(Role.SPECIALIST, department),
        "stranger": make_officer(Role.SPECIALIST, away),
        "administrator": make_officer(Role.ADMINISTRATOR, committee),
    }


def duty_of(user: User) -> Duty:
    return Duty.objects.select_related("user", "unit__commune__province").get(user=user)


def arrange(staff: dict[str, User], absent: str, by_whom: str, **changes: Any) -> Substitution:
    given = {
        "duty": duty_of(staff[absent]),
        "by_whom": staff[by_whom],
        "manner": Manner.NONE if absent in ("specialist", "other") else Manner.FOR,
        "valid_from": TODAY,
        "valid_to": LAST,
        "document": "Quyết định mẫu 01/QĐ",
        "officer": officer_of(staff["chairman"], TODAY),
        "at": NOON,
        "request_id": new_id(),
    }
    return actions.substitute(**{**given, **changes})


def test_substitute_has_the_duty_on_its_days_marked_as_such(staff: dict[str, User]) -> None:
    arrange(staff, "head", "specialist")

    days = [TODAY - timedelta(days=1), TODAY, LAST, LAST + timedelta(days=1)]
    held = [officer_of(staff["specialist"], day).roles for day in days]
    marked = {d.role: d.instead_of for d in officer_of(staff["specialist"], TODAY).held}

    both = {Role.SPECIALIST, Role.HEAD_OF_DEPARTMENT}
    assert held == [{Role.SPECIALIST}, both, both, {Role.SPECIALIST}]
    assert marked == {Role.SPECIALIST: "", Role.HEAD_OF_DEPARTMENT: staff["head"].code}


def test_substitute_is_found_in_one_query(staff: dict[str, User]) -> None:
    arrange(staff, "head", "specialist")
    officer_of(staff["specialist"], TODAY)

    with CaptureQueriesContext(connection) as queries:
        officer_of(staff["specialist"], TODAY)

    assert len(queries) == 1


def test_whose_work_of_a_role_is_done(staff: dict[str, User]) -> None:
    arrange(staff, "specialist", "other", officer=officer_of(staff["head"], TODAY))
    officer = officer_of(staff["other"], TODAY)

    own, both = frozenset({staff["other"].pk}), frozenset({staff["other"].pk, staff["specialist"].pk})
    assert officer.stands_for(frozenset({Role.SPECIALIST})) == both
    assert officer.stands_for(frozenset({Role.SIGNING_LEADER})) == own
    assert officer.instead_of(frozenset({Role.SPECIALIST}), "19975") == ""  # their own duty comes first


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("chairman", "deputy"), ("deputy", "chairman")),  # A → B → A
        (("head", "specialist"), ("specialist", "other")),  # A → B → C
        (("specialist", "other"), ("head", "specialist")),  # B → C, then A → B
    ],
)
def test_circle_and_chain_are_refused(
    staff: dict[str, User], first: tuple[str, str], second: tuple[str, str]
) -> None:
    administrator = officer_of(staff["administrator"], TODAY)
    arrange(staff, *first, officer=administrator)

    with pytest.raises(Refused):
        arrange(staff, *second, officer=administrator)
    later = {"valid_from": LAST + timedelta(days=1), "valid_to": LAST + timedelta(days=2)}
    arrange(staff, *second, officer=administrator, **later)

    assert Substitution.objects.count() == 2


@pytest.mark.parametrize(
    ("absent", "by_whom", "changes"),
    [
        ("head", "head", {}),
        ("head", "stranger", {}),
        ("administrator", "head", {}),
        ("head", "specialist", {"manner": Manner.NONE}),
        ("specialist", "other", {"manner": Manner.FOR}),
        ("head", "specialist", {"valid_to": TODAY - timedelta(days=1)}),
        ("head", "specialist", {"valid_from": LAST + timedelta(days=1)}),
        ("head", "specialist", {"valid_from": date(2025, 1, 1)}),
    ],
)
def test_impossible_substitution_is_refused(
    staff: dict[str, User], absent: str, by_whom: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        arrange(staff, absent, by_whom, **changes)

    assert not Substitution.objects.exists()


def test_duty_is_replaced_once_on_a_day(staff: dict[str, User]) -> None:
    arrange(staff, "head", "specialist")

    with pytest.raises(Refused):
        arrange(staff, "head", "other", valid_from=LAST, valid_to=LAST + timedelta(days=9))


def test_who_is_away_replaces_nobody_and_who_replaces_is_not_away(staff: dict[str, User]) -> None:
    report(staff, "other", by="other")
    arrange(staff, "head", "specialist")

    with pytest.raises(Refused):
        arrange(staff, "specialist", "other")
    with pytest.raises(Refused):
        report(staff, "specialist", by="head")


def report(staff: dict[str, User], who: str, *, by: str) -> Absence:
    return actions.record_absence(
        user=staff[who],
        valid_from=TODAY,
        valid_to=LAST,
        officer=officer_of(staff[by], TODAY),
        at=NOON,
        request_id=new_id(),
    )


def test_nobody_makes_themselves_a_substitute(staff: dict[str, User]) -> None:
    with pytest.raises(Refused):
        arrange(staff, "chairman", "deputy", officer=officer_of(staff["deputy"], TODAY))


@pytest.mark.parametrize(
    ("by", "allowed"),
    [("chairman", True), ("head", True), ("administrator", True), ("other", False), ("stranger", False)],
)
def test_who_may_arrange_it(staff: dict[str, User], by: str, allowed: bool) -> None:
    officer = officer_of(staff[by], TODAY)

    if allowed:
        arrange(staff, "head", "specialist", officer=officer)
    else:
        with pytest.raises(NotCompetent):
            arrange(staff, "head", "specialist", officer=officer)

    assert Substitution.objects.exists() is allowed


@pytest.mark.parametrize("by", ["director", "office_head"])
def test_nobody_below_lends_out_the_signature(staff: dict[str, User], by: str) -> None:
    committee = duty_of(staff["chairman"]).unit
    role = Role.CENTRE_DIRECTOR if by == "director" else Role.HEAD_OF_DEPARTMENT
    below = make_officer(role, committee)

    with pytest.raises(NotCompetent):
        arrange(staff, "chairman", "deputy", officer=officer_of(below, TODAY))

    assert not Substitution.objects.exists()


def test_substitute_arranges_no_further_substitutes(staff: dict[str, User]) -> None:
    arrange(staff, "head", "specialist")

    with pytest.raises(NotCompetent):
        arrange(staff, "other", "head", officer=officer_of(staff["specialist"], TODAY), valid_from=LAST)


def test_basis_is_owed(staff: dict[str, User]) -> None:
    with pytest.raises(BasisMissing):
        arrange(staff, "head", "specialist", document=" ")

    assert not Substitution.objects.exists()


def test_cut_short_ends_at_once_and_names_both(staff: dict[str, User]) -> None:
    made = arrange(staff, "head", "specialist")
    end = {
        "substitution_id": made.pk,
        "document": "Quyết định mẫu 02/QĐ",
        "officer": officer_of(staff["head"], TODAY),
        "at": NOON + timedelta(hours=1),
        "request_id": new_id(),
    }

    actions.end_substitution(**end)
    actions.end_substitution(**end)  # a repeat adds nothing

    assert officer_of(staff["specialist"], TODAY).roles == {Role.SPECIALIST}
    facts = [(e.act, e.facts["replaced"], e.facts["substitute"]) for e in Event.objects.order_by("seq")]
    codes = (staff["head"].code, staff["specialist"].code)
    assert facts == [("substitute", *codes), ("end-substitution", *codes)]
    with pytest.raises(Refused):
        actions.end_substitution(**{**end, "request_id": new_id()})


def test_repeat_makes_one(staff: dict[str, User]) -> None:
    request_id = new_id()

    made = [arrange(staff, "head", "specialist", request_id=request_id) for _ in range(2)]

    assert made[0].pk == made[1].pk
    assert Substitution.objects.count() == Event.objects.count() == 1


def test_gap_is_an_absence_that_nobody_fills(staff: dict[str, User]) -> None:
    absence = report(staff, "head", by="head")
    report(staff, "other", by="head")

    before = {gap.duty.user_id for gap in gaps(["19975"], TODAY)}
    arrange(staff, "head", "specialist")
    after = {gap.duty.user_id for gap in gaps(["19975"], TODAY)}
    actions.end_absence(
        absence_id=absence.pk, officer=officer_of(staff["head"], TODAY), at=NOON, request_id=new_id()
    )

    assert before == {staff["head"].pk, staff["other"].pk}
    assert after == {staff["other"].pk}
    assert gaps(["19975"], LAST + timedelta(days=1)) == []
    assert gaps(["14758"], TODAY) == []

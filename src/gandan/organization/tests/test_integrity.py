"""Declarations, reports, decisions: what is kept, sealed, refused, recorded. All people are invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.law.actions import load_shipped
from gandan.law.models import ReferenceVersion
from gandan.ledger.errors import RequestConflict
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.errors import Refused
from gandan.organization.integrity import queries
from gandan.organization.integrity.actions import (
    decide_conflict,
    declare,
    notify_decision,
    report_conflict,
    withdraw_declaration,
)
from gandan.organization.integrity.errors import AlreadyDecided, NoSuchRecord
from gandan.organization.integrity.models import ConflictReport, Declaration, Measure, Tie
from gandan.organization.integrity.terms import readings_of
from gandan.organization.loading import load_days
from gandan.organization.models import Role, UnitKind
from gandan.organization.permissions import Officer, officer_of
from gandan.organization.tests.factories import make_officer, make_unit

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=VIETNAM)
BROTHER, NUMBER = "Nguyễn Văn Kín", "046190004711"


@pytest.fixture(autouse=True)
def reference(db: None) -> None:
    load_shipped(timezone.now())
    load_days(timezone.now())


def officer(user: User) -> Officer:
    return officer_of(user, MONDAY.date())


@pytest.fixture
def clerk() -> User:
    return make_officer(Role.SPECIALIST, make_unit(UnitKind.DEPARTMENT))


@pytest.fixture
def leader() -> User:
    return make_officer(Role.SIGNING_LEADER, make_unit(UnitKind.PEOPLE_COMMITTEE))


def declared(user: User, **changes: Any) -> Declaration:
    wanted = {
        "tie": Tie.SIBLING,
        "name": BROTHER,
        "number": NUMBER,
        "since": date(2026, 1, 1),
        "request_id": new_id(),
    }
    return declare(officer=officer(user), at=MONDAY, **{**wanted, **changes})


def reported(by: User, about: User, **changes: Any) -> ConflictReport:
    wanted = {
        "commune": "19975",
        "concerned": about,
        "case": 8,
        "known_at": MONDAY,
        "situation": f"{BROTHER} nộp hồ sơ",
        "effect": "Thẩm định hồ sơ",
        "proposal": Measure.SUPERVISE,
        "request_id": new_id(),
        "at": MONDAY,
    }
    return report_conflict(officer=officer(by), **{**wanted, **changes})


def decided(
    by: User, report: ConflictReport, measure: Measure = Measure.MOVE, **changes: Any
) -> ConflictReport:
    wanted = {"basis": "Theo báo cáo", "request_id": new_id(), "at": MONDAY}
    return decide_conflict(officer=officer(by), report_id=report.pk, measure=measure, **{**wanted, **changes})


def raw(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return "\n".join(str(row) for row in cursor.fetchall())


# ---- declarations ------------------------------------------------------------------------------------------


def test_declaration_is_sealed_in_its_row_and_read_by_its_owner_alone(clerk: User, leader: User) -> None:
    declared(clerk)

    own = queries.own_declarations(clerk.pk)
    stored = raw("organization_declaration")
    assert [(one.name, one.number) for one in own] == [(BROTHER, NUMBER)]
    assert [word for word in (BROTHER, NUMBER) if word in stored] == []
    assert queries.own_declarations(leader.pk) == []


def test_sealed_name_opens_in_no_other_row(clerk: User) -> None:
    first, second = declared(clerk), declared(clerk, tie=Tie.PARENT)
    Declaration.objects.filter(pk=second.pk).update(name_sealed=first.name_sealed)

    assert sorted(one.name for one in queries.own_declarations(clerk.pk)) == ["", BROTHER]


def test_event_of_a_declaration_says_no_more_than_its_kind(clerk: User) -> None:
    declaration = declared(clerk)

    event = Event.objects.about(declaration.pk).get()

    assert (event.chain, event.act, event.subject_kind) == ("19975", "declare-interest", "declaration")
    assert event.facts.keys() == {"kind", "content_hash"}


def test_declaration_sent_twice_is_one(clerk: User) -> None:
    request_id = new_id()

    first, again = (declared(clerk, request_id=request_id) for _time in range(2))

    assert first.pk == again.pk
    with pytest.raises(RequestConflict):
        declared(clerk, request_id=request_id, name="Người khác")


def test_same_tie_is_declared_once_at_a_time(clerk: User) -> None:
    first = declared(clerk)
    with pytest.raises(Refused):
        declared(clerk, number="046 190 004 711")
    withdraw_declaration(
        officer=officer(clerk), declaration_id=first.pk, until=MONDAY.date(), request_id=new_id(), at=MONDAY
    )

    declared(clerk)

    assert Declaration.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"number": ""}, "number"),
        ({"since": MONDAY.date() + timedelta(days=1)}, "since"),
    ],
)
def test_declaration_that_cannot_be_used_is_told_where(
    clerk: User, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        declared(clerk, **changes)

    assert refused.value.field == field
    assert not Declaration.objects.exists()


def test_nobody_withdraws_what_another_declared(clerk: User, leader: User) -> None:
    declaration = declared(clerk)

    with pytest.raises(NoSuchRecord):
        withdraw_declaration(
            officer=officer(leader),
            declaration_id=declaration.pk,
            until=MONDAY.date(),
            request_id=new_id(),
            at=MONDAY,
        )


@pytest.mark.parametrize("until", [date(2025, 12, 31), MONDAY.date() + timedelta(days=1)])
def test_last_day_lies_between_first_day_and_today(clerk: User, until: date) -> None:
    declaration = declared(clerk)

    with pytest.raises(Refused):
        withdraw_declaration(
            officer=officer(clerk), declaration_id=declaration.pk, until=until, request_id=new_id(), at=MONDAY
        )


# ---- reports and decisions ---------------------------------------------------------------------------------


def test_report_is_due_five_working_days_after_it_became_known_with_each_day_told(
    clerk: User, leader: User
) -> None:
    report = decided(leader, reported(clerk, clerk))

    friday_after = datetime(2026, 11, 16, 17, 0, tzinfo=VIETNAM)
    due = {"report": report.report_by, "decide": report.decide_by, "notify": report.notify_by}
    readings = readings_of(report.readings, due)
    assert due == dict.fromkeys(due, friday_after)
    days = [step.rule for step in readings["decide"].steps if step.rule == "working_day"]
    assert (len(days), list(readings)) == (5, ["report", "decide", "notify"])
    assert readings["report"].steps[1].source.article == "Điều 30"


def test_report_without_a_published_calendar_is_taken_without_a_date(clerk: User) -> None:
    later = datetime(2031, 3, 3, 8, 0, tzinfo=VIETNAM)

    report = report_conflict(
        officer=officer_of(clerk, later.date()),
        commune="19975",
        concerned=clerk,
        case=8,
        known_at=later,
        situation="Mẫu",
        effect="Mẫu",
        proposal=Measure.SUPERVISE,
        request_id=new_id(),
        at=later,
    )

    assert (report.report_by, report.decide_by) == (None, None)
    assert "late" not in Event.objects.about(report.pk).get().facts


@pytest.mark.parametrize(("days", "late"), [(7, 0), (8, 1)])
def test_late_report_is_taken_and_recorded_as_late(clerk: User, days: int, late: int) -> None:
    report = reported(clerk, clerk, at=MONDAY + timedelta(days=days))

    assert Event.objects.about(report.pk).get().facts["late"] == late


def test_words_of_a_report_are_sealed_and_stand_in_no_event(clerk: User, leader: User) -> None:
    report = decided(leader, reported(clerk, clerk), basis=f"Vì {BROTHER}")

    texts = [raw(table) for table in ("organization_conflictreport", "ledger_event", "ledger_request")]
    assert queries.words_of(report)["situation"] == f"{BROTHER} nộp hồ sơ"
    assert [text for text in texts if BROTHER in text] == []


def test_colleague_who_noticed_it_reports_and_stays_unnamed(clerk: User, leader: User) -> None:
    colleague = make_officer(Role.COUNTER_OFFICER, make_unit())
    report = reported(colleague, clerk)

    facts = Event.objects.about(report.pk).get().facts
    assert (facts["own"], facts["case"], facts["about_dossier"]) == (0, 8, 0)
    assert list(queries.reports_for(officer(clerk))) == []  # nothing before the decision is made known

    notify_decision(
        officer=officer(leader), report_id=decided(leader, report).pk, request_id=new_id(), at=MONDAY
    )

    assert [one.pk for one in queries.reports_for(officer(clerk))] == [report.pk]


def test_stranger_reads_no_report(clerk: User) -> None:
    reported(clerk, clerk)
    stranger = make_officer(Role.HEAD_OF_DEPARTMENT, make_unit(UnitKind.DEPARTMENT))

    assert list(queries.reports_for(officer(stranger))) == []


@pytest.mark.parametrize(
    "changes",
    [{"situation": " "}, {"effect": ""}, {"known_at": MONDAY + timedelta(minutes=1)}, {"effect": "a" * 2001}],
)
def test_report_needs_its_four_contents(clerk: User, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        reported(clerk, clerk, **changes)

    assert not ConflictReport.objects.exists()


def test_head_decides_on_nobody_s_behalf_but_others(leader: User, clerk: User) -> None:
    own = reported(clerk, leader)

    with pytest.raises(NoSuchRecord):
        decided(leader, own)
    with pytest.raises(NoSuchRecord):
        decided(clerk, own)


def test_database_keeps_people_from_deciding_on_their_own_conflict(leader: User, clerk: User) -> None:
    own = reported(clerk, leader)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConflictReport.objects.filter(pk=own.pk).update(
            measure=Measure.NONE, decided_at=MONDAY, decided_by=leader
        )


def test_second_decision_is_told_that_another_came_first(clerk: User, leader: User) -> None:
    report = decided(leader, reported(clerk, clerk))
    director = make_officer(Role.CENTRE_DIRECTOR, make_unit())

    with pytest.raises(AlreadyDecided):
        decided(director, report)


def test_decision_sent_twice_is_one(clerk: User, leader: User) -> None:
    report, request_id = reported(clerk, clerk), new_id()

    for _time in range(2):
        decided(leader, report, request_id=request_id)

    assert [event.act for event in Event.objects.about(report.pk)] == ["report-conflict", "decide-conflict"]


def test_supervision_names_somebody_else(clerk: User, leader: User) -> None:
    report = reported(clerk, clerk)

    with pytest.raises(Refused) as nobody:
        decided(leader, report, Measure.SUPERVISE)
    with pytest.raises(Refused) as oneself:
        decided(leader, report, Measure.SUPERVISE, supervisor=clerk)

    assert [error.value.field for error in (nobody, oneself)] == ["supervisor", "supervisor"]


def test_what_is_not_decided_is_not_made_known(clerk: User, leader: User) -> None:
    report = reported(clerk, clerk)

    with pytest.raises(Refused):
        notify_decision(officer=officer(leader), report_id=report.pk, request_id=new_id(), at=MONDAY)


def test_ties_cost_no_query_when_warm(
    clerk: User, leader: User, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gandan.law.cache.CHECK_SECONDS", float("inf"))
    declared(clerk)
    queries.ties_of(clerk.pk)

    with django_assert_num_queries(0):
        assert len(queries.ties_of(clerk.pk)) == 1
        assert queries.ties_of(leader.pk) == ()


def test_installation_without_declarations_reads_them_once(
    clerk: User, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReferenceVersion.objects.all().delete()  # as after a restore without it: absent is a version, too
    monkeypatch.setattr("gandan.law.cache.CHECK_SECONDS", float("inf"))
    queries.ties_of(clerk.pk)

    with django_assert_num_queries(0):
        assert queries.ties_of(clerk.pk) == ()

"""The overdue watch: at which moment which warning, once; calls that become due; a reminder once a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from gandan.calculus.calendars import working_time
from gandan.dossiers import desks
from gandan.dossiers.actions import extend, remind, supplement
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.actions.watch import Watched, watch
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.models import Desk, Dossier, OverdueWarning
from gandan.dossiers.tests.factories import (
    MONDAY,
    Ward,
    asked,
    bring_to,
    local,
    make_dossier,
    make_intake,
)
from gandan.law.queries import value_at
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.actions import queue
from gandan.notifications.models import Channel, Message, MessageState
from gandan.organization.models import Role
from gandan.organization.queries import calendar_of

DUE = local("2026-11-18 17:00")  # a Wednesday: seven working days after Monday 9


def warned(dossier: Dossier) -> list[tuple[str, Any]]:
    return list(
        OverdueWarning.objects.filter(dossier=dossier).order_by("at").values_list("threshold", "law_row")
    )


@pytest.fixture
def dossier(ward: Ward) -> Dossier:
    made = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    assert made.due_at == DUE
    return made


def test_each_threshold_warns_once_by_its_row(ward: Ward, dossier: Dossier) -> None:
    moments = [
        "2026-11-16 15:00",
        "2026-11-16 17:00",
        "2026-11-17 09:00",
        "2026-11-18 14:00",
        "2026-11-18 17:01",
    ]

    found = [watch(local(moment)).warnings for moment in moments for _twice in range(2)]

    keys = ("watch.first_warning", "apology.before", "watch.last_warning")
    first, apology, last = (value_at(key, DUE.date()).pk for key in keys)
    assert found == [0, 0, 1, 0, 1, 0, 1, 0, 1, 0]
    assert warned(dossier) == [("first", first), ("apology", apology), ("last", last), ("late", None)]


def test_warning_says_at_whose_desk_it_lay(ward: Ward, dossier: Dossier) -> None:
    watch(local("2026-11-18 17:01"))

    (warning,) = dossier.warnings.all()
    assert (warning.desk, warning.assignee, warning.unit, warning.due_at) == (
        Desk.APPRAISAL,
        ward.people[Role.SPECIALIST],
        ward.department,
        DUE,
    )


def test_another_date_is_warned_of_anew(ward: Ward, dossier: Dossier) -> None:
    watch(local("2026-11-17 09:00"))
    later = local("2026-11-25 17:00")
    extend.apologise_and_extend(
        officer=ward.officer(Role.HEAD_OF_DEPARTMENT),
        reason="Xác minh",
        new_due_at=later,
        **asked(dossier, local("2026-11-17 10:00")),
    )

    watch(local("2026-11-24 09:00"))

    found = OverdueWarning.objects.filter(dossier=dossier).values_list("due_at", "threshold")
    assert sorted(found) == [
        (DUE, "apology"),
        (DUE, "first"),
        (later, "first"),
    ]  # one apology is all there is


def test_who_waits_for_the_person_is_not_warned_of(ward: Ward, dossier: Dossier) -> None:
    supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST),
        items=[MissingPaper("Tờ khai", "Chưa ký")],
        **asked(dossier, local("2026-11-10 09:00")),
    )

    watch(local("2026-11-18 17:01"))

    assert warned(dossier) == []


@pytest.mark.parametrize(
    "due",
    [
        "2026-11-10 17:00",
        "2026-11-11 17:00",
        "2026-11-13 09:00",
        "2026-11-16 17:00",
        "2026-11-23 17:00",
        "2026-11-25 17:00",
    ],
)
def test_apology_day_is_that_of_the_deadline_asked_the_other_way_round(
    ward: Ward, dossier: Dossier, due: str
) -> None:
    dossier.due_at = local(due)
    by = desks.apology_by(dossier)
    calendar = working_time(calendar_of(None))

    days = [local("2026-11-02 09:00") + timedelta(days=number) for number in range(25)]
    spans = {day.date(): desks.apology_span(calendar, 1, day) for day in days}

    assert [day for day, span in spans.items() if span and span[0] < dossier.due_at <= span[1]] == [by.date()]


def test_two_rounds_at_once_warn_once(ward: Ward, dossier: Dossier) -> None:
    at = local("2026-11-18 17:01")
    watch(at)
    again = OverdueWarning(
        dossier=dossier, commune=ward.commune, threshold="late", due_at=DUE, desk=dossier.desk, at=at
    )

    OverdueWarning.objects.bulk_create([again], ignore_conflicts=True)

    assert dossier.warnings.count() == 1


# ---- calls -------------------------------------------------------------------------------------------------


def topics(dossier: Dossier) -> list[str]:
    waiting = Message.objects.filter(subject_id=dossier.pk, channel=Channel.CALL, state=MessageState.WAITING)
    return list(waiting.order_by("queued_at").values_list("topic", flat=True))


def test_person_is_called_before_the_time_for_papers_ends(ward: Ward, dossier: Dossier) -> None:
    at = local("2026-11-10 09:00")
    supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST),
        items=[MissingPaper("Tờ khai", "Chưa ký")],
        **asked(dossier, at),
    )
    ends = Dossier.objects.get(pk=dossier.pk).act_by
    assert ends is not None

    calls = [
        watch(ends - timedelta(days=4)).calls,
        *(watch(ends - timedelta(days=2)).calls for _ in range(2)),
    ]

    assert calls == [0, 1, 0]
    assert topics(dossier) == ["supplement", "supplement_expiring"]


def test_uncollected_result_is_called_about_again_after_as_long(ward: Ward, dossier: Dossier) -> None:
    bring_to(ward, dossier, Desk.RETURN)
    days = value_at("result.remind_after", MONDAY.date()).amount
    first = MONDAY + timedelta(days=days)

    before = watch(first - timedelta(hours=1)).calls
    calls = [watch(first + timedelta(minutes=number)).calls for number in range(2)]
    Message.objects.filter(topic="uncollected").update(state=MessageState.SENT, sent_at=first)
    later = [
        watch(first + timedelta(days=days - 1)).calls,
        watch(first + timedelta(days=days, hours=1)).calls,
    ]

    assert (before, calls, later) == (0, [1, 0], [0, 1])


def test_letter_that_could_not_leave_goes_to_the_telephone(ward: Ward, dossier: Dossier) -> None:
    facts = {"subject_kind": "dossier", "subject_id": dossier.pk, "facts": {}, "channel": Channel.EMAIL}
    old = queue(topic="ready", at=local("2026-11-12 08:00"), **facts)
    new = queue(topic="ready", at=local("2026-11-12 12:00"), **facts)

    found = watch(local("2026-11-13 10:00"))

    channels = {one.pk: one.channel for one in Message.objects.filter(pk__in=[old.pk, new.pk])}
    assert found == Watched(warnings=0, calls=1)
    assert channels == {old.pk: Channel.CALL, new.pk: Channel.EMAIL}


def test_who_collects_by_post_is_not_called_to_come(ward: Ward) -> None:
    posted = bring_to(ward, make_dossier(ward, return_way="post"), Desk.RETURN)

    watch(MONDAY + timedelta(days=30))

    assert "uncollected" not in topics(posted)


# ---- reminders ---------------------------------------------------------------------------------------------


def nudge(ward: Ward, dossier: Dossier, role: Role, at: datetime) -> Dossier:
    return remind.remind(officer=ward.officer(role), **asked(dossier, at))


def test_reminder_is_recorded_and_changes_nothing_of_the_dossier(ward: Ward, dossier: Dossier) -> None:
    before = Dossier.objects.get(pk=dossier.pk)

    nudge(ward, dossier, Role.HEAD_OF_DEPARTMENT, MONDAY + timedelta(hours=1))

    after = Dossier.objects.get(pk=dossier.pk)
    event = Event.objects.filter(subject_id=dossier.pk, act="remind").get()
    assert (after.revision, after.changed_at, after.reminded_step) == (
        before.revision,
        before.changed_at,
        before.step_number,
    )
    assert event.facts["reminded"] == ward.people[Role.SPECIALIST].code


def test_reminder_comes_once_a_day_whoever_sends_it(ward: Ward, dossier: Dossier) -> None:
    nudge(ward, dossier, Role.HEAD_OF_DEPARTMENT, MONDAY + timedelta(hours=1))

    with pytest.raises(NotAllowed):
        nudge(ward, dossier, Role.COUNTER_OFFICER, MONDAY + timedelta(hours=9))
    nudge(ward, dossier, Role.COUNTER_OFFICER, MONDAY + timedelta(days=1))

    assert Event.objects.filter(subject_id=dossier.pk, act="remind").count() == 2


def test_other_desk_may_be_reminded_on_the_same_day(ward: Ward, dossier: Dossier) -> None:
    nudge(ward, dossier, Role.COUNTER_OFFICER, MONDAY + timedelta(hours=1))
    moved = bring_to(ward, dossier, Desk.CHECK, at=MONDAY + timedelta(hours=2))

    nudge(ward, moved, Role.COUNTER_OFFICER, MONDAY + timedelta(hours=3))

    assert Event.objects.filter(subject_id=dossier.pk, act="remind").count() == 2


def test_nobody_reminds_themselves_and_a_repeat_is_one(ward: Ward, dossier: Dossier) -> None:
    with pytest.raises(NotAllowed):
        nudge(ward, dossier, Role.SPECIALIST, MONDAY + timedelta(hours=1))

    request = {**asked(dossier, MONDAY + timedelta(hours=1)), "request_id": new_id()}
    for _twice in range(2):
        remind.remind(officer=ward.officer(Role.HEAD_OF_DEPARTMENT), **request)

    assert Event.objects.filter(subject_id=dossier.pk, act="remind").count() == 1


def test_intake_by_mail_and_phone_is_told_by_mail(ward: Ward) -> None:
    from dataclasses import replace

    owner = replace(make_intake().owner, email="mau@hop-thu.example")
    ready = bring_to(ward, make_dossier(ward, owner=owner), Desk.RETURN)

    watch(MONDAY + timedelta(days=8))

    last = Message.objects.filter(subject_id=ready.pk, topic="uncollected").get()
    assert last.channel == Channel.EMAIL

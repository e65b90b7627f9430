"""Reviews of access: kept, ended, complete, due again. All people are invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.law.actions import load_shipped
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.errors import NotCompetent
from gandan.organization.models import Duty, Role, UnitKind
from gandan.organization.permissions import officer_of
from gandan.organization.reviews.actions import Line, ReviewRefused, review_access
from gandan.organization.reviews.models import AccessReview, Verdict
from gandan.organization.reviews.queries import standing_of
from gandan.organization.tests.factories import make_officer, make_unit

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=VIETNAM)
KEEP, END = Verdict.KEEP, Verdict.END


@pytest.fixture(autouse=True)
def reference(db: None) -> None:
    load_shipped(timezone.now())


@pytest.fixture
def director() -> User:
    return make_officer(Role.CENTRE_DIRECTOR, make_unit())


@pytest.fixture
def administrator() -> User:
    return make_officer(Role.ADMINISTRATOR, make_unit(UnitKind.PEOPLE_COMMITTEE))


@pytest.fixture
def clerk() -> User:
    return make_officer(Role.COUNTER_OFFICER, make_unit())


def duty_of(user: User) -> Duty:
    return Duty.objects.get(user=user)


def reviewed(by: User, *lines: Line, at: datetime = MONDAY) -> AccessReview:
    return review_access(
        officer=officer_of(by, at.date()), commune="19975", lines=lines, request_id=new_id(), at=at
    )


def line(user: User, verdict: Verdict = KEEP, reason: str = "") -> Line:
    return Line(duty_of(user).pk, verdict, reason)


def test_two_people_complete_a_review_each_looking_at_the_other(
    director: User, administrator: User, clerk: User
) -> None:
    first = reviewed(director, line(clerk), line(administrator))
    second = reviewed(administrator, line(director))

    assert (first.pk, second.completed_at) == (second.pk, MONDAY)
    facts = [event.facts for event in Event.objects.about(first.pk)]
    assert [(one["kept"], one["ended"], one["complete"]) for one in facts] == [(2, [], 0), (1, [], 1)]


def test_ended_duty_holds_until_the_end_of_the_day(director: User, clerk: User) -> None:
    reviewed(director, line(clerk, END, "Đã chuyển công tác"))

    assert officer_of(clerk, MONDAY.date()).roles == {Role.COUNTER_OFFICER}
    assert officer_of(clerk, MONDAY.date() + timedelta(days=1)).roles == frozenset()
    event = Event.objects.get(act="end-duty")
    assert event.subject_id == duty_of(clerk).pk
    assert "chuyển công tác" not in event.body


@pytest.mark.parametrize("reason", ["", "   ", "a" * 201])
def test_duty_does_not_end_without_a_reason_of_reasonable_length(
    director: User, clerk: User, reason: str
) -> None:
    with pytest.raises(ReviewRefused) as refused:
        reviewed(director, line(clerk, END, reason))

    assert refused.value.duty == duty_of(clerk).pk
    assert duty_of(clerk).valid_to is None


def test_nobody_reviews_their_own_duty(director: User) -> None:
    with pytest.raises(ReviewRefused):
        reviewed(director, line(director))


def test_last_administrator_stays(director: User, administrator: User) -> None:
    with pytest.raises(ReviewRefused):
        reviewed(director, line(administrator, END, "Mẫu"))


def test_duty_is_reviewed_once_in_a_review(director: User, administrator: User, clerk: User) -> None:
    reviewed(director, line(clerk))

    with pytest.raises(ReviewRefused):
        reviewed(administrator, line(clerk, END, "Mẫu"))


def test_duty_of_another_ward_is_none_of_ours(director: User, clerk: User) -> None:
    with pytest.raises(ReviewRefused):
        reviewed(director, Line(new_id(), KEEP))


def test_reviewing_is_for_director_and_administrator(clerk: User, director: User) -> None:
    with pytest.raises(NotCompetent):
        reviewed(clerk, line(director))


def test_review_that_chooses_nothing_is_none(director: User) -> None:
    with pytest.raises(ReviewRefused):
        reviewed(director)

    assert not AccessReview.objects.exists()


@pytest.mark.parametrize(
    ("on", "is_due"), [(date(2026, 11, 10), False), (date(2027, 5, 9), False), (date(2027, 5, 10), True)]
)
def test_next_review_is_due_after_the_months_of_the_dated_rule(
    director: User, administrator: User, on: date, is_due: bool
) -> None:
    never = standing_of("19975", MONDAY.date())
    reviewed(director, line(administrator))
    reviewed(administrator, line(director))

    standing = standing_of("19975", on)

    assert (never.is_due, never.last, never.rule.mark) == (True, None, "not found")
    assert (standing.is_due, standing.wanted_by) == (is_due, date(2027, 5, 9))

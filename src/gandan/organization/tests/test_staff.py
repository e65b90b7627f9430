"""Staff: entering people, giving and ending duties; each an act of a competent administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gandan.accounts.models import User
from gandan.law.errors import BasisMissing
from gandan.law.models import Basis
from gandan.ledger.actions import verify_all
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions.staff import (
    DutyWish,
    PersonWish,
    add_person,
    change_person,
    end_duty,
    give_duty,
)
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty, Role, Unit, UnitKind
from gandan.organization.permissions import Officer, officer_of, operator
from gandan.organization.tests.factories import (
    acting,
    make_commune,
    make_officer,
    make_province_unit,
    make_unit,
)
from gandan.organization.tests.factories import (
    give_duty as held_duty,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
WARD = acting(Role.ADMINISTRATOR, commune="19975")
HUE = acting(Role.ADMINISTRATOR, province="46")


def by(officer: Officer = WARD, document: str = "QĐ 12/QĐ-UBND") -> dict[str, Any]:
    return {"officer": officer, "at": NOON, "request_id": new_id(), "document": document}


def counter(unit: Unit | None = None, **further: Any) -> DutyWish:
    values = {"role": Role.COUNTER_OFFICER, "valid_from": TODAY} | further
    return DutyWish(unit or make_unit(), **values)


def test_person_is_entered_with_a_duty_and_without_a_password(db: None) -> None:
    user = add_person(
        PersonWish("  Nguyễn Thị   Lan Mẫu", phone="0000 123 456"), counter(post="Quầy 1"), **by()
    )

    assert (user.full_name, user.code, user.username) == ("Nguyễn Thị Lan Mẫu", "19975-CB-01", "mau.ntl")
    assert not user.has_usable_password()
    assert officer_of(user, TODAY).roles_in("19975") == {Role.COUNTER_OFFICER}
    assert Duty.objects.get().post == "Quầy 1"


def test_events_bear_codes_and_no_names(db: None) -> None:
    add_person(PersonWish("Nguyễn Thị Mẫu"), counter(post="Quầy 1"), **by(document="QĐ bổ nhiệm bà Mẫu"))

    events = list(Event.objects.order_by("seq"))
    assert [event.act for event in events] == ["add-person", "give-duty"]
    assert {event.chain for event in events} == {"19975"}
    assert (events[1].facts["person"], events[1].facts["role"]) == ("19975-CB-01", "counter_officer")
    assert not any(word in event.body for event in events for word in ("Mẫu", "mau", "Quầy"))
    assert Basis.objects.count() == 2
    assert verify_all() == []


def test_codes_and_user_names_go_on(db: None) -> None:
    make_officer(username="mau.nt")
    User.objects.create_user("x9", None, full_name="Mẫu", code="19975-CB-09")

    user = add_person(PersonWish("Nguyễn Thị Mẫu"), counter(), **by())

    assert (user.code, user.username) == ("19975-CB-10", "mau.nt2")


def test_repeat_enters_nobody_twice(db: None) -> None:
    asked, duty = by(), counter()

    first = add_person(PersonWish("Nguyễn Thị Mẫu"), duty, **asked)
    again = add_person(PersonWish("Nguyễn Thị Mẫu"), duty, **asked)

    assert (first.pk, User.objects.count(), Duty.objects.count()) == (again.pk, 1, 1)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (PersonWish(""), "full_name"),
        (PersonWish("12345"), "full_name"),
        (PersonWish("=HYPERLINK(1)"), "full_name"),
        (PersonWish("Mẫu\x07"), "full_name"),
        (PersonWish("M" * 121), "full_name"),
        (PersonWish("Mẫu", "Chữ hoa"), "username"),
        (PersonWish("Mẫu", "ab"), "username"),
        (PersonWish("Mẫu", "có.dấu"), "username"),
        (PersonWish("Mẫu", phone="gọi sau"), "phone"),
    ],
)
def test_person_that_cannot_be_is_refused_with_its_field(db: None, person: PersonWish, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        add_person(person, counter(), **by())

    assert refusal.value.field == field
    assert (User.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("further", "field"),
    [
        ({"valid_from": date(1999, 1, 1)}, "valid_from"),
        ({"valid_from": date(2101, 1, 1)}, "valid_from"),
        ({"valid_to": date(2026, 11, 20)}, "valid_to"),
        ({"post": "@SUM(1)"}, "post"),
        ({"fields": "x" * 201}, "fields"),
    ],
)
def test_duty_that_cannot_be_is_refused_with_its_field(db: None, further: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        add_person(PersonWish("Mẫu"), counter(**further), **by())

    assert refusal.value.field == field


def test_duty_in_a_closed_unit_is_refused(db: None) -> None:
    unit = make_unit(UnitKind.BRANCH)
    unit.closed_on = TODAY
    unit.save()

    with pytest.raises(Refused) as refusal:
        add_person(PersonWish("Mẫu"), counter(unit), **by())

    assert refusal.value.field == "unit"


@pytest.mark.parametrize(
    "officer",
    [
        acting(Role.ADMINISTRATOR, commune="14758"),
        acting(Role.ADMINISTRATOR, province="38"),
        acting(Role.CENTRE_DIRECTOR, commune="19975"),
        acting(Role.LEGAL_OFFICER, province="46"),
    ],
)
def test_others_enter_nobody(db: None, officer: Officer) -> None:
    with pytest.raises(NotCompetent):
        add_person(PersonWish("Mẫu"), counter(), **by(officer))


def test_administrator_of_a_ward_gives_no_duty_in_the_province(db: None) -> None:
    person = make_officer()

    with pytest.raises(NotCompetent):
        give_duty(person, counter(make_province_unit(), role=Role.LEGAL_OFFICER), **by())

    assert give_duty(person, counter(make_province_unit()), **by(HUE)).unit.chain == "cell"


@pytest.mark.parametrize("document", ["", " \n "])
def test_without_a_basis_nobody_is_entered(db: None, document: str) -> None:
    with pytest.raises(BasisMissing):
        add_person(PersonWish("Mẫu"), counter(), **by(document=document))


def test_several_duties_are_held_at_once(db: None) -> None:
    person = make_officer()

    give_duty(person, counter(make_unit(UnitKind.DEPARTMENT), role=Role.SPECIALIST), **by())

    assert officer_of(person, TODAY).roles_in("19975") == {Role.COUNTER_OFFICER, Role.SPECIALIST}


@pytest.mark.parametrize(
    ("held_until", "valid_from", "valid_to", "fits"),
    [
        (None, date(2027, 1, 1), None, False),
        (date(2026, 12, 31), date(2026, 12, 31), None, False),
        (date(2026, 12, 31), date(2027, 1, 1), None, True),
        (None, date(2025, 1, 1), date(2025, 6, 30), True),
        (None, date(2025, 1, 1), date(2025, 7, 1), False),
    ],
)
def test_same_duty_is_not_held_twice_on_a_day(
    db: None, held_until: date | None, valid_from: date, valid_to: date | None, *, fits: bool
) -> None:
    person = make_officer(valid_to=held_until)  # from 1/7/2025 on
    wish = counter(valid_from=valid_from, valid_to=valid_to)

    if fits:
        give_duty(person, wish, **by())
    else:
        with pytest.raises(Refused, match="01/07/2025"):
            give_duty(person, wish, **by())

    assert Duty.objects.count() == 1 + fits


def test_own_duty_is_seen_in_the_event(db: None) -> None:
    person = make_officer(Role.ADMINISTRATOR)
    own = officer_of(person, TODAY)

    give_duty(person, counter(), **by(own))
    give_duty(make_officer(Role.CLERK), counter(), **by(own))

    assert [event.facts["own"] for event in Event.objects.order_by("seq")] == [1, 0]


def test_duty_ends_after_its_last_day(db: None) -> None:
    person = make_officer()

    end_duty(Duty.objects.get(), last_day=TODAY, **by())

    assert officer_of(person, TODAY).roles_in("19975") == {Role.COUNTER_OFFICER}
    assert officer_of(person, date(2026, 11, 22)).held == ()
    assert Event.objects.get().facts["until"] == "2026-11-21"


@pytest.mark.parametrize("last_day", [date(2025, 6, 30), date(2027, 1, 1)])
def test_duty_does_not_end_before_it_starts_or_after_it_ended(db: None, last_day: date) -> None:
    make_officer(valid_to=date(2026, 12, 31))

    with pytest.raises(Refused) as refusal:
        end_duty(Duty.objects.get(), last_day=last_day, **by())

    assert refusal.value.field == "last_day"


def test_last_administrator_of_a_ward_stays_unless_the_province_says_so(db: None) -> None:
    make_officer(Role.ADMINISTRATOR)
    duty = Duty.objects.get()

    with pytest.raises(Refused):
        end_duty(duty, last_day=TODAY, **by())

    end_duty(duty, last_day=TODAY, **by(HUE))
    assert Duty.objects.get().valid_to == TODAY


def test_administrator_goes_when_another_is_there(db: None) -> None:
    first, _second = make_officer(Role.ADMINISTRATOR), make_officer(Role.ADMINISTRATOR)

    end_duty(first.duties.get(), last_day=TODAY, **by())

    assert first.duties.get().valid_to == TODAY


def test_name_is_changed_and_the_user_name_stays(db: None) -> None:
    person = make_officer(username="lan")

    change_person(person, PersonWish("Nguyễn Thị Mẫu", "another", "0000 1234"), **by())

    person.refresh_from_db()
    assert (person.full_name, person.username, person.phone) == ("Nguyễn Thị Mẫu", "lan", "0000 1234")
    assert Event.objects.get().facts["changed"] == ["full_name", "phone"]


def test_nothing_changed_is_nothing_recorded(db: None) -> None:
    person = make_officer(full_name="Mẫu")

    change_person(person, PersonWish("Mẫu"), **by())

    assert Event.objects.count() == 0


def test_person_with_a_duty_elsewhere_is_changed_by_the_province_alone(db: None) -> None:
    person = make_officer()
    held_duty(person, Role.CLERK, make_unit(commune=make_commune("19960")))

    with pytest.raises(NotCompetent):
        change_person(person, PersonWish("Mẫu Mới"), **by())

    assert change_person(person, PersonWish("Mẫu Mới"), **by(HUE)).full_name == "Mẫu Mới"
    assert Event.objects.get().chain == "cell"


def test_operator_enters_the_first_administrator(db: None) -> None:
    user = add_person(PersonWish("Mẫu"), counter(role=Role.ADMINISTRATOR), **by(operator()))

    assert Event.objects.first().actor == "may-chu"  # type: ignore[union-attr]
    assert officer_of(user, TODAY).administers(make_commune())

"""Who opened whose dossier: which facts stand out, the filters, the file, and that reading it is recorded."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from gandan.accounts.models import Look, User
from gandan.administration.looks import Asked
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.conftest import ward as ward  # the fixture of the dossiers' tests
from gandan.dossiers.tests.factories import Ward, bring_to, make_dossier, make_ward
from gandan.dossiers.tests.pages import NOW, client_of, queries_of
from gandan.law.actions import set_parameter
from gandan.law.rows import Scope
from gandan.ledger.ids import new_id
from gandan.organization.integrity.actions import declare
from gandan.organization.integrity.models import Tie
from gandan.organization.models import Role

URL = "/quan-tri/19975/ai-da-xem/"
OUTSIDE, IDLE, TIED, NUMBER = (
    "ngoài giờ làm việc",
    "chưa làm việc gì trên hồ sơ này",
    "đã kê khai quan hệ với một bên của hồ sơ",
    "xem trọn số định danh",
)


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW):
        yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def look(user: User, dossier: Dossier, moment: str = "2026-11-09 09:00", page: str = "dossier") -> Look:
    return Look.objects.create(
        user=user, subject_kind="dossier", subject_id=dossier.pk, page=page, at=at(moment)
    )


def rows(ward: Ward, query: str = "") -> list[Any]:
    return client_of(ward, Role.CENTRE_DIRECTOR).get(URL + query).context["rows"]


def facts(ward: Ward, query: str = "") -> list[list[str]]:
    return [row.facts for row in rows(ward, query)]


@pytest.fixture
def dossier(ward: Ward) -> Dossier:
    """At the specialist's desk: counter officer, head and specialist have worked on it."""
    return bring_to(ward, make_dossier(ward), Desk.CHECK)


def test_look_of_who_works_on_it_in_office_hours_stands_out_by_nothing(ward: Ward, dossier: Dossier) -> None:
    for role in (Role.COUNTER_OFFICER, Role.SPECIALIST, Role.HEAD_OF_DEPARTMENT):
        look(ward.people[role], dossier)

    assert facts(ward) == [[], [], []]


@pytest.mark.parametrize(
    ("moment", "outside"),
    [
        ("2026-11-09 07:29", True),
        ("2026-11-09 07:30", False),
        ("2026-11-09 11:30", True),
        ("2026-11-08 09:00", True),  # Sunday
        ("2026-11-06 16:59", False),
        ("2026-11-06 17:00", True),
    ],
)
def test_look_outside_office_hours_is_told(ward: Ward, dossier: Dossier, moment: str, outside: bool) -> None:
    look(ward.people[Role.SPECIALIST], dossier, moment)

    assert facts(ward) == [[OUTSIDE] if outside else []]
    assert len(rows(ward, "?ly_do=ngoai-gio")) == int(outside)


def test_look_of_who_never_worked_on_it_is_told(ward: Ward, dossier: Dossier) -> None:
    look(ward.people[Role.INSPECTOR], dossier)
    look(ward.people[Role.SPECIALIST], dossier)

    assert sorted(facts(ward)) == [[], [IDLE]]
    assert facts(ward, "?ly_do=chua-xu-ly") == [[IDLE]]


def test_look_at_the_dossier_of_a_declared_relative_is_told_without_the_name(
    ward: Ward, dossier: Dossier
) -> None:
    declare(
        officer=ward.officer(Role.INSPECTOR),
        tie=Tie.SIBLING,
        name="Nguyễn Văn Kín",
        number="046188000001",
        since=date(2026, 1, 1),
        request_id=new_id(),
        at=NOW,
    )
    look(ward.people[Role.INSPECTOR], dossier)
    look(ward.people[Role.SPECIALIST], dossier)

    page = client_of(ward, Role.CENTRE_DIRECTOR).get(f"{URL}?ly_do=quan-he")

    assert [row.facts for row in page.context["rows"]] == [[IDLE, TIED]]
    assert "Kín" not in page.text


def test_look_at_the_whole_number_is_told(ward: Ward, dossier: Dossier) -> None:
    look(ward.people[Role.SPECIALIST], dossier, page="identity")
    look(ward.people[Role.SPECIALIST], dossier)

    assert facts(ward, "?ly_do=so-dinh-danh") == [[NUMBER]]


def test_many_dossiers_in_a_day_are_told_by_the_dated_rule(ward: Ward) -> None:
    set_parameter(
        "look.many_a_day",
        3,
        scope=Scope.COMMUNE,
        scope_code="19975",
        valid_from=date(2026, 1, 1),
        document="Thông báo mẫu",
        officer=ward.officer(Role.ADMINISTRATOR),
        at=NOW,
        request_id=new_id(),
    )
    dossiers = [make_dossier(ward) for _number in range(3)]
    for one in dossiers:
        look(ward.people[Role.COUNTER_OFFICER], one)
        look(ward.people[Role.COUNTER_OFFICER], one)  # twice the same is one
    look(ward.people[Role.COUNTER_OFFICER], dossiers[0], "2026-11-06 09:00")

    told = facts(ward, "?ly_do=nhieu")

    assert told == [["đã mở 3 hồ sơ khác nhau trong ngày"]] * 6


def test_other_ward_s_dossiers_are_not_shown_even_of_staff_who_serve_both(ward: Ward) -> None:
    other = make_ward("14758", "Hàm Rồng")
    elsewhere = make_dossier(other)
    look(ward.people[Role.SPECIALIST], elsewhere)

    assert rows(ward) == []


@pytest.mark.parametrize(
    "query", ["?can_bo=19975-inspector", "?ho_so={code}", "?tu=2026-11-09&den=2026-11-09"]
)
def test_filters_leave_the_rest_out(ward: Ward, dossier: Dossier, query: str) -> None:
    wanted = look(ward.people[Role.INSPECTOR], dossier)
    look(ward.people[Role.SPECIALIST], make_dossier(ward), "2026-11-06 09:00")

    assert [row.look.pk for row in rows(ward, query.format(code=dossier.code.lower()))] == [wanted.pk]


def test_period_is_a_week_and_a_month_at_most(ward: Ward, dossier: Dossier) -> None:
    look(ward.people[Role.SPECIALIST], dossier, "2026-11-02 09:00")
    client = client_of(ward, Role.CENTRE_DIRECTOR)

    week = client.get(URL).context["asked"]
    year = client.get(f"{URL}?tu=2026-01-01&den=2026-11-09").context["asked"]

    assert (week.first, week.last) == (date(2026, 11, 3), date(2026, 11, 9))
    assert (year.first, year.last) == (date(2026, 10, 10), date(2026, 11, 9))
    assert rows(ward) == []


def test_pages_follow_each_other_without_gap_or_repeat(ward: Ward, dossier: Dossier) -> None:
    made = {look(ward.people[Role.SPECIALIST], dossier, f"2026-11-09 08:{n:02d}").pk for n in range(25)}
    client = client_of(ward, Role.CENTRE_DIRECTOR)

    first = client.get(URL).context["page"]
    second = client.get(first.next_url).context["page"]

    shown = [row.pk for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(shown), set(shown)) == (20, 25, made)


@pytest.mark.parametrize("count", [1, 3])
def test_report_asks_as_often_for_one_as_for_three(ward: Ward, dossier: Dossier, count: int) -> None:
    for role in list(ward.people)[:count]:
        look(ward.people[role], dossier)

    _response, queries = queries_of(client_of(ward, Role.CENTRE_DIRECTOR), URL)

    assert queries == 14


def test_reading_the_report_is_recorded_and_shown_to_the_next_reader(ward: Ward) -> None:
    client = client_of(ward, Role.CENTRE_DIRECTOR)
    client.get(URL)
    b"".join(client.get(f"{URL}tep.csv").streaming_content)

    opened = client.get(URL).context["opened"]

    assert [(one.page, one.user) for one in opened] == [
        ("who-looked-file", ward.people[Role.CENTRE_DIRECTOR]),
        ("who-looked", ward.people[Role.CENTRE_DIRECTOR]),
    ]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SIGNING_LEADER, Role.INSPECTOR, Role.SPECIALIST])
def test_report_is_for_the_director_alone(ward: Ward, role: Role) -> None:
    assert [client_of(ward, role).get(url).status_code for url in (URL, f"{URL}tep.csv")] == [403, 403]
    assert not Look.objects.filter(subject_kind="who-looked").exists()


# ---- the file ----------------------------------------------------------------------------------------------


def table_of(ward: Ward) -> list[list[str]]:
    answer = client_of(ward, Role.CENTRE_DIRECTOR).get(f"{URL}tep.csv")
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_file_holds_the_same_rows(ward: Ward, dossier: Dossier) -> None:
    look(ward.people[Role.INSPECTOR], dossier, "2026-11-08 09:00")

    head, row = table_of(ward)

    assert head == ["Thời điểm", "Cán bộ", "Mã cán bộ", "Hồ sơ", "Việc", "Điều đáng chú ý"]
    assert row[0] == "2026-11-08 09:00:00"
    assert row[2:4] == ["19975-inspector", dossier.code]
    assert row[5] == f"{OUTSIDE}; {IDLE}"


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1", "\u200b=1"])
def test_no_cell_of_the_file_becomes_a_formula(ward: Ward, dossier: Dossier, name: str) -> None:
    user = ward.people[Role.INSPECTOR]
    User.objects.filter(pk=user.pk).update(full_name=name)
    look(user, dossier)

    cells = [cell for row in table_of(ward) for cell in row]

    assert f"'{name}" in cells
    assert [cell for cell in cells if cell.strip(" \u200b").startswith(("=", "+", "-", "@", "＝"))] == []


def test_hostile_parameters_fall_back(ward: Ward) -> None:
    client = client_of(ward, Role.CENTRE_DIRECTOR)
    values = ("\0", "9999-12-31", "0001-01-01", "²", "a" * 501)

    answers = {
        client.get(URL, {name: value}).status_code
        for name in ("tu", "den", "can_bo", "ho_so", "ly_do", "after")
        for value in values
    }

    assert answers <= {200, 400}  # NUL is refused at the door


def test_period_without_a_calendar_tells_of_no_hours(ward: Ward) -> None:
    assert Asked("19975", date(2031, 3, 3), date(2031, 3, 4)).office_hours is None

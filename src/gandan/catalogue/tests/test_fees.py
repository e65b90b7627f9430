"""Fees: by answers, channel, day, province and quantity."""

from __future__ import annotations

from datetime import date

import pytest

from gandan.catalogue.fees import open_reliefs, rules_for, scaled, total_of
from gandan.catalogue.queries import fees_for, sheet_of
from gandan.catalogue.tests.factories import BIRTH, COPIES, STAY, make_version

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
SCALE = {
    "by": "pages",
    "times": "copies",
    "steps": [{"up_to": 2, "amount": 2000}, {"amount": 1000}],
    "cap": 200000,
}


@pytest.mark.parametrize(
    ("pages", "price"),
    [(0, 0), (1, 2000), (2, 4000), (3, 5000), (5, 7000), (198, 200000), (199, 200000), (1000, 200000)],
)
def test_pages_are_priced_in_steps_up_to_the_cap(pages, price):
    assert scaled(SCALE, pages) == price


def test_certified_copies_by_pages_and_copies():
    lines = fees_for(make_version(COPIES), {}, "counter", TODAY, {"pages": 5, "copies": 3})

    assert [(line.amount, line.kind) for line in lines] == [(21000, "fixed")]


def test_certified_copies_without_numbers_tell_the_price_of_one():
    (line,) = fees_for(make_version(COPIES), {}, "counter", TODAY)

    assert (line.amount, line.unit_amount, line.per) == (None, 2000, "trang")


def test_numbers_may_come_with_the_answers():
    lines = fees_for(make_version(COPIES), {"pages": "2", "copies": 1}, "counter", TODAY)

    assert total_of(lines) == 4000


@pytest.mark.parametrize(("channel", "amount"), [("counter", 15000), ("post", 15000), ("online", 7000)])
def test_residence_fee_by_channel(channel, amount):
    lines = fees_for(make_version(STAY), {"residence_by_list": "no"}, channel, TODAY)

    assert [line.amount for line in lines] == [amount]


def test_residence_fee_by_list_counts_persons():
    lines = fees_for(make_version(STAY), {"residence_by_list": "yes"}, "counter", TODAY, {"persons": 4})

    assert [line.amount for line in lines] == [40000]


def test_birth_without_an_answer_is_not_called_free():
    lines = fees_for(make_version(BIRTH), {}, "counter", TODAY)

    assert [(line.key, line.amount, line.conditional) for line in lines] == [
        ("on_time", None, True),
        ("late", None, True),
    ]
    assert total_of(lines) is None


def test_late_birth_is_set_by_the_province():
    lines = fees_for(make_version(BIRTH), {"registered_late": "late"}, "counter", TODAY)

    assert [(line.kind, line.amount) for line in lines] == [("by_province", None)]


def test_a_province_with_its_own_fee():
    answers = {"registered_late": "late"}

    lines = fees_for(make_version(BIRTH), answers, "counter", TODAY, province="01")

    assert [(line.kind, line.amount, line.mark) for line in lines] == [("fixed", 5000, "read-2nd")]


@pytest.mark.parametrize(
    ("on", "amount", "kind"),
    [
        (date(2026, 8, 14), 16000, "fixed"),
        (date(2026, 8, 15), 0, "free"),
        (date(2027, 2, 28), 0, "free"),
        (date(2027, 3, 1), 16000, "fixed"),
    ],
)
def test_relief_of_digital_citizens_on_its_days(on, amount, kind):
    version = make_version("2.000635")

    lines = fees_for(version, {"digital_citizen": "yes"}, "online", on, {"copies": 2})

    assert [(line.amount, line.kind) for line in lines] == [(amount, kind)]


def test_relief_holds_online_only():
    version = make_version("2.000635")

    lines = fees_for(version, {"digital_citizen": "yes"}, "counter", TODAY, {"copies": 2})

    assert [line.amount for line in lines] == [16000]


def test_relief_names_its_basis():
    version = make_version("1.004222")

    (line,) = fees_for(version, {"fee_exempt_group": "yes"}, "counter", TODAY)

    assert (line.amount, line.why) == (0, "Miễn lệ phí cư trú theo diện")


def test_reliefs_stay_open_until_answered():
    version = make_version("1.004222")

    rules = rules_for(sheet_of(version).fees, channel="online", on=TODAY)
    asked = [rule.key for rule in open_reliefs(rules, {})]
    answered = open_reliefs(rules, {"fee_exempt_group": "no", "digital_citizen": "no"})

    assert (asked, answered) == (["digital_citizen_residence", "residence_exempt"], [])


def test_a_blank_cell_is_unknown():
    (line,) = fees_for(make_version("1.003583"), {}, "counter", TODAY)

    assert (line.kind, line.amount) == ("unknown", None)
    assert line.label == "Cổng hiện “Miễn phí” nhưng ô số để trống: cần kiểm tra"

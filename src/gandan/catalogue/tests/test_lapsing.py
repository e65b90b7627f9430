"""The same-day rule of civil status after its law has ended: it stays, and says that it needs checking."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from gandan.calculus.rules import Mark
from gandan.catalogue.deadline import answered, asked, parser
from gandan.catalogue.expected import explained, mark_on
from gandan.catalogue.lapsing import rule_on, shipped_law_holds
from gandan.catalogue.queries import case_for
from gandan.catalogue.tests.factories import AT, COPIES, make_version
from gandan.law.actions import load_shipped as load_law
from gandan.organization.loading import load_days

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LAST, AFTER = date(2027, 2, 28), date(2027, 3, 1)
MARRIAGE = "1.000894"  # same day by Luật Hộ tịch 2014 alone


@pytest.fixture
def case(db):
    load_law(AT)
    load_days(AT)
    return case_for(make_version(MARRIAGE), {})


def test_limit_needs_checking_from_the_day_after_the_law(case):
    before = mark_on(case, LAST)

    assert before != Mark.NOT_FOUND
    assert mark_on(case, AFTER) == Mark.NOT_FOUND


def test_date_is_the_same_and_its_step_says_that_it_is_not_certain(case):
    reading = explained(case.rule(), datetime(2027, 3, 2, 9, 0, tzinfo=VIETNAM))

    uncertain = {step.source_text: step.mark for step in reading.steps if "60/2014" in step.source_text}
    assert reading.due == datetime(2027, 3, 2, 17, 0, tzinfo=VIETNAM)
    assert set(uncertain.values()) == {"not found"}


def test_same_day_of_another_law_goes_on(db):
    load_law(AT)
    copies = case_for(make_version(COPIES), {})

    assert mark_on(copies, AFTER) == mark_on(copies, LAST) == "read"


def test_command_without_a_database_says_the_same():
    question = asked(parser().parse_args(["--procedure", MARRIAGE, "--received", "2027-03-02T09:00"]))

    marks = {step.source.mark for step in answered(question).steps if "60/2014" in step.source.document}
    assert marks == {Mark.NOT_FOUND}


def test_once_the_law_has_a_row_for_that_day_the_limit_is_sure_again(case):
    rule = case.rule()

    assert rule_on(rule, AFTER, lambda key, on: True) == rule
    assert rule_on(rule, AFTER, shipped_law_holds).source.mark == Mark.NOT_FOUND

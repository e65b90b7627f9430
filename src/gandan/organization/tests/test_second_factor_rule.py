"""Who must have a second factor, from which day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gandan.accounts.tests.factories import PASSWORD
from gandan.organization.checks import second_factor_rule_is_sound, somebody_needs_a_second_factor
from gandan.organization.models import Role
from gandan.organization.permissions import second_factor_from
from gandan.organization.tests.factories import give_duty, make_officer, make_unit

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rule(settings: Any) -> None:
    settings.GANDAN_SECOND_FACTOR_ROLES = ["administrator", "signing_leader"]
    settings.GANDAN_SECOND_FACTOR_FROM = date(2026, 12, 1)
    settings.GANDAN_SECOND_FACTOR_GRACE_DAYS = 14


def test_rule_holds_from_its_day_for_who_has_the_role_long_since(db):
    assert second_factor_from(make_officer(Role.ADMINISTRATOR), TODAY) == date(2026, 12, 1)


def test_rule_gives_days_of_grace_to_who_gets_the_role_later():
    leader = make_officer(Role.SIGNING_LEADER, valid_from=date(2026, 11, 25))

    assert second_factor_from(leader, TODAY) == date(2026, 12, 9)


def test_rule_asks_nothing_of_other_roles_and_of_who_left_the_role():
    counter = make_officer()
    former = make_officer(Role.ADMINISTRATOR, valid_to=date(2026, 11, 1))

    assert [second_factor_from(user, TODAY) for user in (counter, former)] == [None, None]


def test_rule_counts_from_the_earliest_of_several_duties():
    leader = make_officer(Role.SIGNING_LEADER, valid_from=date(2026, 11, 25))
    give_duty(leader, Role.ADMINISTRATOR, make_unit(), valid_from=date(2026, 10, 1))

    assert second_factor_from(leader, TODAY) == date(2026, 12, 1)


def test_without_a_rule_nobody_is_asked_and_no_query_runs(settings, django_assert_num_queries):
    administrator = make_officer(Role.ADMINISTRATOR)
    settings.GANDAN_SECOND_FACTOR_ROLES = []

    with django_assert_num_queries(0):
        assert second_factor_from(administrator, TODAY) is None


def test_administrator_without_one_is_led_to_set_it_up(settings):
    settings.GANDAN_SECOND_FACTOR_FROM = timezone.localdate()
    administrator = make_officer(Role.ADMINISTRATOR, username="quantri")
    administrator.set_password(PASSWORD)
    administrator.save()

    response = Client().post("/dang-nhap/", {"username": "quantri", "password": PASSWORD})

    assert response.headers["Location"] == "/dang-nhap/bao-ve/"


@pytest.mark.parametrize(
    ("roles", "since", "found"),
    [
        (["administrator"], TODAY, []),
        ([], None, []),
        (["administrator", "boss"], TODAY, ["organization.E001"]),
        (["administrator"], None, ["organization.E002"]),
    ],
)
def test_rule_that_protects_nobody_is_an_error(settings, roles, since, found):
    settings.GANDAN_SECOND_FACTOR_ROLES, settings.GANDAN_SECOND_FACTOR_FROM = roles, since

    assert [message.id for message in second_factor_rule_is_sound(None)] == found


@pytest.mark.parametrize(("roles", "found"), [(["administrator"], []), ([], ["organization.W001"])])
def test_administrators_without_a_second_factor_are_told_before_deployment(settings, roles, found):
    settings.GANDAN_SECOND_FACTOR_ROLES = roles

    assert [message.id for message in somebody_needs_a_second_factor(None)] == found

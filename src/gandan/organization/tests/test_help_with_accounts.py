"""What an administrator does for another's account."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import IntegrityError, transaction
from django.test import Client

from gandan.accounts.actions import (
    activate,
    deactivate,
    issue_one_time_link,
    release_identity,
    require_new_password,
    reset_factors,
)
from gandan.accounts.actions.helping import hash_of
from gandan.accounts.errors import NotCompetent
from gandan.accounts.models import AuthenticatorApp, OneTimeLink, Passkey, ProviderIdentity, Session, User
from gandan.ledger.errors import RequestConflict
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Role
from gandan.organization.tests.factories import give_duty, make_commune, make_officer, make_unit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ACTS = (issue_one_time_link, require_new_password, deactivate, activate, reset_factors, release_identity)


@pytest.fixture
def people() -> tuple[User, User]:
    """Lan at the counter, and the administrator of her ward."""
    return make_officer(username="lan"), make_officer(Role.ADMINISTRATOR, username="quantri")


def given(people: tuple[User, User], **other) -> dict:
    lan, administrator = people
    return {
        "person": lan,
        "by": administrator,
        "chain": "19975",
        "request_id": new_id(),
        "at": AT,
        **other,
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_link_is_issued_and_stands_in_the_ledger(people):
    lan, administrator = people

    link = issue_one_time_link(**given(people))

    row = OneTimeLink.objects.get()
    assert (row.user, row.issued_by, row.hashed) == (lan, administrator, hash_of(link.token))
    assert link.expires_at == AT + timedelta(hours=24)
    event = Event.objects.get()
    assert (event.chain, event.act, event.actor, event.subject_id) == (
        "19975",
        "issue-link",
        administrator.code,
        lan.pk,
    )
    assert link.token not in event.body
    assert set(event.facts) == {"link", "expires_at"}


def test_link_issued_twice_by_one_request_is_one_link(people):
    once = given(people)

    assert issue_one_time_link(**once) == issue_one_time_link(**once)
    assert (OneTimeLink.objects.count(), Event.objects.count()) == (1, 1)


def test_link_by_the_same_request_for_somebody_else_is_refused(people):
    once = given(people)
    issue_one_time_link(**once)

    with pytest.raises(RequestConflict):
        issue_one_time_link(**{**once, "person": make_officer()})


def test_later_link_closes_the_earlier_one(people):
    first, second = issue_one_time_link(**given(people)), issue_one_time_link(**given(people))

    open_ones = [link.hashed for link in OneTimeLink.objects.all() if link.is_open(AT)]
    assert open_ones == [hash_of(second.token)]
    assert first.token != second.token


def test_link_is_not_issued_for_a_closed_account(people):
    deactivate(**given(people))
    people[0].refresh_from_db()

    with pytest.raises(NotCompetent):
        issue_one_time_link(**given(people))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_help_for_oneself_is_refused(people, act):
    administrator = people[1]

    with pytest.raises(NotCompetent):
        act(**given(people, person=administrator))

    assert Event.objects.count() == 0


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_help_by_a_colleague_without_the_role_is_refused(people, act):
    with pytest.raises(NotCompetent):
        act(**given(people, by=make_officer(Role.CENTRE_DIRECTOR)))

    assert Event.objects.count() == 0


def test_help_by_the_administrator_of_another_ward_is_refused(people):
    stranger = make_officer(Role.ADMINISTRATOR, make_unit(commune=make_commune("14758")))

    with pytest.raises(NotCompetent):
        deactivate(**given(people, by=stranger))


def test_help_for_somebody_with_a_duty_in_another_ward_too_is_refused(people):
    give_duty(people[0], Role.SPECIALIST, make_unit(commune=make_commune("14758")))

    with pytest.raises(NotCompetent):
        issue_one_time_link(**given(people))


def test_help_for_somebody_who_left_is_the_last_wards(people):
    lan = make_officer(valid_to=date(2026, 10, 1))

    deactivate(**given(people, person=lan))

    lan.refresh_from_db()
    assert not lan.is_active


def test_officer_who_leaves_is_signed_out_at_once(people):
    lan = people[0]
    browser = signed_in(lan)
    assert browser.get("/doi-mat-khau/").status_code == 200

    deactivate(**given(people))

    assert browser.get("/doi-mat-khau/").status_code == 302
    assert (Session.objects.filter(user=lan).count(), User.objects.get(pk=lan.pk).is_active) == (0, False)
    assert Event.objects.get().facts == {"sessions_ended": 1}


def test_closed_account_is_opened_again(people):
    deactivate(**given(people))

    activate(**given(people))

    assert User.objects.get(pk=people[0].pk).is_active


def test_new_password_is_demanded_and_sessions_end(people):
    browser = signed_in(people[0])

    require_new_password(**given(people))

    assert User.objects.get(pk=people[0].pk).must_change_password
    assert SESSION_KEY not in browser.session


def test_factors_are_taken_away_with_the_sessions(people):
    lan = people[0]
    AuthenticatorApp.objects.create(user=lan, secret="x", added_at=AT, last_step=0)
    Passkey.objects.create(user=lan, credential="a", public_key="b", name="c", added_at=AT)
    signed_in(lan)

    reset_factors(**given(people))

    assert Event.objects.get().facts == {"apps": 1, "passkeys": 1, "sessions_ended": 1}
    assert (Passkey.objects.count(), AuthenticatorApp.objects.count()) == (0, 0)


def test_identity_is_released(people):
    ProviderIdentity.objects.create(user=people[0], issuer="https://a", subject="1", bound_at=AT)

    release_identity(**given(people))

    assert ProviderIdentity.objects.count() == 0


def test_repeat_does_nothing_more(people):
    once = given(people)
    require_new_password(**once)
    signed_in(people[0])

    require_new_password(**once)

    assert (Session.objects.count(), Event.objects.count()) == (1, 1)


def test_database_refuses_a_link_of_ones_own(people):
    lan = people[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        OneTimeLink.objects.create(user=lan, hashed="h", issued_by=lan, issued_at=AT, expires_at=AT)

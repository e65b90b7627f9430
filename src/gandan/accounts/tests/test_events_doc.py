"""docs/events.md says what every act on an account writes: its name and its facts. Nothing more, nothing less."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from gandan.accounts import actions, competence, passkeys, totp
from gandan.accounts.actions import factors, signing_in
from gandan.accounts.models import OneTimeLink, Passkey, User
from gandan.accounts.oidc import Person
from gandan.accounts.passkeys import Made, Site
from gandan.accounts.tests.factories import make_user
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[4] / "docs" / "events.md").read_text(encoding="utf-8")
SECTION = PAGE.split("\n### On an account")[1].split("\n### ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("| `")
]
FACTS = {
    name.strip("`"): (
        set(re.findall(r"(?<!\*)`([a-z_]+)`", facts)),
        set(re.findall(r"\*`([a-z_]+)`", facts)),
    )
    for name, _vietnamese, facts in ROWS
}
SITE = Site("localhost", "http://localhost")


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """One of each act."""
    lan, administrator, at = make_user(username="lan"), make_user(), timezone.now()
    monkeypatch.setattr(competence.known, "administers", lambda _by, _person, _on: True)
    made = Made("credential", "key", 0, "internal", backed_up=False)
    monkeypatch.setattr(passkeys, "made", lambda *_given: made)

    def own(act: Callable[..., object], **given: object) -> object:
        return act(person=lan, request_id=new_id(), at=at, **given)

    secret = totp.new_secret()
    own(factors.add_app, secret=secret, code=totp.code_of(secret, totp.step_of(at)))
    own(factors.add_passkey, name="Máy quầy 2", answer="{}", challenge="c", site=SITE)
    own(factors.renew_reserve_codes)
    own(factors.remove_passkey, key=Passkey.objects.get())
    own(factors.remove_app)
    own(factors.choose_password, password="mot mat khau moi 2026")
    signing_in.person_at_provider(issuer="https://a.example", told=Person("p-1", "lan", strong=False), at=at)
    for name in ("issue_one_time_link", "require_new_password", "reset_factors", "release_identity"):
        getattr(actions, name)(person=lan, by=administrator, chain="19975", request_id=new_id(), at=at)
    link = OneTimeLink.objects.select_related("user").get()
    factors.choose_password_by_link(
        link=link, password="mot mat khau nua 2026", request_id=uuid4(), at=at + timedelta(minutes=1)
    )
    for name in ("deactivate", "activate"):
        getattr(actions, name)(person=lan, by=administrator, chain="19975", request_id=new_id(), at=at)
    return list(Event.objects.all())


def test_every_act_is_documented_and_driven(story):
    assert {event.act for event in story} == set(FACTS)


def test_every_act_writes_the_facts_of_its_row(story):
    for event in story:
        always, sometimes = FACTS[event.act]
        assert always <= set(event.facts) <= always | sometimes, event.act


def test_every_fact_is_explained():
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE.split("\n### Facts", 1)[1], re.M))

    assert {name for pair in FACTS.values() for names in pair for name in names} - explained == set()


def test_no_event_names_anybody_or_holds_a_key(story):
    lan = User.objects.get(username="lan")
    for event in story:
        for word in (lan.full_name, lan.username, "Máy quầy 2", "credential", "p-1", "a.example"):
            assert word not in event.body, event.act

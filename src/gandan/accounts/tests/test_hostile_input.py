"""Nothing that is typed or sent makes the pages of signing in fall over: every field × hostile values."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from gandan.accounts import competence
from gandan.accounts.actions import issue_one_time_link
from gandan.accounts.models import Passkey, User
from gandan.accounts.tests.factories import PASSWORD, make_user
from gandan.accounts.tests.test_provider import BACK, START, process, there
from gandan.accounts.tests.test_second_step import give_app

pytestmark = pytest.mark.django_db
__all__ = ["process", "there"]  # fixtures
VALUES = (
    "",
    "\0",
    "a-\0b",
    "a" * 5000,
    "a" * 30_000,
    "ß" * 200,
    "\U0001d160" * 180,
    "9" * 5000,
    "²²²²²²",
    "٣٣٣٣٣٣",
    "-1",
    "'\"><script>{{ 7 }}%s%(a)s",
    "a\r\nSet-Cookie: x=1",
    "\u202e\u200b\ufeff",
    "[" * 5000,
    str(uuid4()),
    "AAAA:BBBB",
    ":",
)
ANSWERS = (
    *VALUES,
    "null",
    "[]",
    "1",
    "{}",
    '{"id": 1}',
    '{"id": null, "rawId": [], "response": 7, "type": {}}',
    json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}),
    json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": None}),
    json.dumps({"id": "YQ", "rawId": "!!", "type": "x", "response": {"clientDataJSON": "\u0000"}}),
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "oA",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": 7,
            },
        }
    ),
    '{"id": "YQ", "response": {"clientDataJSON": ' + '{"a":' * 2000 + "1" + "}" * 2000 + "}}",
)


@pytest.fixture
def lan() -> User:
    return make_user(username="lan")


def signed_in(lan: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
    return client


def falls(client: Client, method: str, url: str, data: dict[str, str]) -> str:
    client.raise_request_exception = False
    status = getattr(client, method)(url, data).status_code
    return f"{url} {data}"[:200] if status >= 500 else ""


def faults(client: Client, url: str, base: dict[str, str], values: tuple[str, ...] = VALUES) -> list[str]:
    found = (falls(client, "post", url, {**base, name: value}) for name in base for value in values)
    return [fault for fault in found if fault]


def test_sign_in_and_passkey_survive_any_answer(lan):
    client = Client(HTTP_HOST="localhost")
    Passkey.objects.create(user=lan, credential="YQ", public_key="YQ", name="x", added_at=timezone.now())

    found = []
    for answer in ANSWERS:
        client.post("/dang-nhap/khoa/")
        found.append(falls(client, "post", "/dang-nhap/khoa/xong/", {"answer": answer, "next": answer}))

    assert [fault for fault in found if fault] == []


def test_second_step_survives_any_code_and_answer(lan):
    give_app(lan)
    client = signed_in(lan)

    found = faults(client, "/dang-nhap/buoc-hai/", {"code": "000000"})
    for answer in ANSWERS:
        client.post("/dang-nhap/khoa/")
        found.append(falls(client, "post", "/dang-nhap/buoc-hai/", {"answer": answer}))

    assert [fault for fault in found if fault] == []


def test_own_account_survives_any_field(lan):
    client = signed_in(lan)
    once = {"request_id": str(uuid4())}

    found = faults(client, "/tai-khoan/xac-nhan/", {"password": "a", "next": "/"})
    found += faults(client, "/tai-khoan/ung-dung/", {**once, "sealed": "a", "code": "000000"})
    found += faults(client, "/tai-khoan/ung-dung/bo/", once)
    found += faults(client, "/tai-khoan/ma-du-phong/", once)
    found += faults(
        client, "/doi-mat-khau/", {**once, "old_password": "a", "new_password1": "a", "new_password2": "a"}
    )
    key = Passkey.objects.create(user=lan, credential="a", public_key="a", name="x", added_at=timezone.now())
    found += faults(client, f"/tai-khoan/khoa/{key.pk}/", {"name": "a"})
    for answer in ANSWERS:
        client.post("/tai-khoan/khoa/moi/bat-dau/")
        typed = {"request_id": str(uuid4()), "name": "a", "answer": answer}
        found.append(falls(client, "post", "/tai-khoan/khoa/moi/", typed))
    found += [falls(client, "get", "/tai-khoan/thiet-bi/", {"after": value}) for value in VALUES]

    assert [fault for fault in found if fault] == []


def test_link_survives_any_password(lan, monkeypatch):
    monkeypatch.setattr(competence.known, "administers", lambda _by, _person, _on: True)
    link = issue_one_time_link(
        person=lan, by=make_user(), chain="cell", request_id=uuid4(), at=timezone.now()
    )
    client = Client()
    client.get(f"/m/{link.token}")
    base = {"request_id": str(uuid4()), "new_password1": "a", "new_password2": "b"}

    assert faults(client, "/dang-nhap/mat-khau-moi/", base) == []


def test_answer_of_the_provider_survives_any_parameter(lan, there):
    client = Client()
    found = []
    for name in ("state", "code", "iss", "error"):
        for value in VALUES[1:]:
            location = client.get(START).headers["Location"]
            state = dict(parse_qsl(urlsplit(location).query))["state"]
            asked = {"state": state, "code": "a", name: value}
            found.append(falls(client, "get", f"{BACK}?{urlencode(asked)}", {}))

    assert [fault for fault in found if fault] == []


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": 7},
        {"sub": ""},
        {"sub": "a\0b"},
        {"sub": "ß"},
        {"aud": 7},
        {"aud": []},
        {"aud": [7]},
        {"exp": "soon"},
        {"exp": -1},
        {"iat": []},
        {"nonce": 7},
        {"azp": []},
        {"preferred_username": ["lan"]},
        {"preferred_username": "a\0b"},
        {"preferred_username": "a" * 5000},
        {"amr": "mfa"},
        {"amr": [7, None]},
        {"acr": {}},
    ],
    ids=str,
)
def test_claims_of_odd_kinds_open_nothing_and_fall_over_nothing(lan, there, claims: dict[str, Any]):
    there.tell(claims=claims)
    client = Client()
    client.raise_request_exception = False
    location = client.get(START).headers["Location"]
    _status, back = there.ask("GET", location)

    response = client.get(f"{BACK}?{urlsplit(back).query}")

    is_sound = set(claims) & {"amr", "acr"}
    assert response.status_code in ({302} if is_sound else {400, 403})

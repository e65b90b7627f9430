"""Sign-in by the province's provider, against a real one in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from gandan.accounts import fetching, oidc
from gandan.accounts.models import ProviderIdentity, SignIn, User
from gandan.accounts.tests.factories import make_user
from gandan.accounts.tests.provider import CLIENT, SECRET
from gandan.environment import Provider
from gandan.ledger.models import Event

pytestmark = pytest.mark.django_db
SRC = Path(__file__).resolve().parents[3]
START, BACK = "/dang-nhap/tinh/", "/dang-nhap/tinh/xong/"


@dataclass
class There:
    """The provider's process, seen from the test."""

    issuer: str

    def ask(self, method: str, url: str, body: str = "") -> tuple[int, str]:
        """Status, and where to go on."""
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, response.headers.get("Location", "")

    def tell(self, **told: Any) -> None:
        assert self.ask("POST", f"{self.issuer}/told", json.dumps(told))[0] == 200


@pytest.fixture(scope="module")
def process() -> Iterator[str]:
    running = subprocess.Popen(
        [sys.executable, "-m", "gandan.accounts.tests.provider"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=SRC,
    )
    assert running.stdout is not None
    with running.stdout:
        yield running.stdout.readline().strip()
    running.terminate()
    running.wait()


@pytest.fixture
def there(process: str, settings: Any) -> There:
    oidc.forget()
    settings.OIDC = Provider(
        issuer=process,
        client_id=CLIENT,
        client_secret=SECRET,
        claim="preferred_username",
        scope="openid profile",
        name="tài khoản thử",
        strong=frozenset({"mfa"}),
    )
    provider = There(process)
    provider.tell()
    return provider


@pytest.fixture
def lan(db: None) -> User:
    user = make_user(username="lan")
    user.set_unusable_password()
    user.save()
    return user


def go(client: Client, there: There, next_url: str = "/doi-mat-khau/") -> str:
    """From our page to the provider and back: the address of the answer, not yet opened."""
    to_provider = client.get(f"{START}?{urlencode({'next': next_url})}")
    assert to_provider.status_code == 302
    status, back = there.ask("GET", to_provider.headers["Location"])
    assert status == 302
    parts = urlsplit(back)
    assert parts.path == BACK
    return f"{parts.path}?{parts.query}"


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_sign_in_by_the_provider_opens_the_page_that_was_wanted(client, there, lan):
    response = client.get(go(client, there))

    assert (response.status_code, response.headers["Location"]) == (302, "/doi-mat-khau/")
    assert client.session[SESSION_KEY] == str(lan.pk)
    assert SignIn.objects.get().method == "provider"


def test_request_to_the_provider_uses_pkce_state_and_nonce(client, there, lan):
    asked = dict(parse_qsl(urlsplit(client.get(START).headers["Location"]).query))
    again = dict(parse_qsl(urlsplit(client.get(START).headers["Location"]).query))

    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert all(len(asked[name]) >= 32 for name in ("state", "nonce", "code_challenge"))
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


def test_first_sign_in_binds_the_account_as_an_act(client, there, lan):
    client.get(go(client, there))

    identity = ProviderIdentity.objects.get()
    assert (identity.user, identity.issuer, identity.subject) == (lan, there.issuer, "p-0001")
    assert Event.objects.get().act == "bind-identity"
    assert "p-0001" not in Event.objects.get().body


def test_later_sign_in_goes_by_the_subject_not_by_the_name(client, there, lan):
    client.get(go(client, there))
    client.post("/dang-xuat/")
    there.tell(claims={"preferred_username": "ten-khac"})

    client.get(go(client, there))

    assert client.session[SESSION_KEY] == str(lan.pk)


def test_name_given_to_somebody_else_there_opens_nothing(client, there, lan):
    client.get(go(client, there))
    client.post("/dang-xuat/")
    there.tell(claims={"sub": "p-0002"})

    response = client.get(go(client, there))

    assert (response.status_code, is_in(client)) == (403, False)


def test_person_without_an_account_gets_none(client, there):
    response = client.get(go(client, there))

    assert (response.status_code, is_in(client), User.objects.count()) == (403, False, 0)
    assert "chưa có tài khoản nào ở đây" in response.text


def test_closed_account_stays_closed(client, there, lan):
    User.objects.update(is_active=False)

    assert client.get(go(client, there)).status_code == 403
    assert not is_in(client)


FORGED = {
    "made for another client": {"claims": {"aud": "khac"}},
    "made for several, by another": {"claims": {"aud": [CLIENT, "khac"], "azp": "khac"}},
    "made for several, by nobody": {"claims": {"aud": [CLIENT, "khac"]}},
    "by another issuer": {"claims": {"iss": "https://khac.example"}},
    "with another nonce": {"claims": {"nonce": "khac"}},
    "without nonce": {"leave_out": ["nonce"]},
    "without subject": {"leave_out": ["sub"]},
    "with a subject without end": {"claims": {"sub": "9" * 300}},
    "without end": {"leave_out": ["exp"]},
    "expired": {"shift": {"exp": -90}},
    "of the future": {"shift": {"iat": 600}},
    "not valid yet": {"shift": {"nbf": 600}},
    "signed by another key": {"sign": "other"},
    "signed by a key that nobody knows": {"sign": "unknown"},
    "not signed": {"sign": "none"},
    "signed with the public key as a secret": {"sign": "hs256"},
}


@pytest.mark.parametrize("told", FORGED.values(), ids=FORGED)
def test_token_is_refused(client, there, lan, told):
    there.tell(**told)

    response = client.get(go(client, there))

    assert (response.status_code, is_in(client)) == (400, False)
    assert ProviderIdentity.objects.count() == 0


@pytest.mark.parametrize("shift", [{"exp": -30}, {"iat": 30}, {"nbf": 30}])
def test_clocks_may_differ_by_half_a_minute(client, there, lan, shift):
    there.tell(shift=shift)

    client.get(go(client, there))

    assert is_in(client)


def test_changed_key_is_found_at_once(client, there, lan):
    client.get(go(client, there))
    client.post("/dang-xuat/")
    there.tell(rotate=True)

    client.get(go(client, there))

    assert is_in(client)


def test_unknown_keys_do_not_make_us_ask_again_and_again(client, there, lan, monkeypatch):
    asked = []
    ask = oidc.ask
    monkeypatch.setattr(
        oidc, "ask", lambda provider, url, **more: asked.append(url) or ask(provider, url, **more)
    )
    there.tell(sign="unknown")

    for _time in range(3):
        client.get(go(client, there))

    assert [url for url in asked if url.endswith("/jwks")] == [f"{there.issuer}/jwks"] * 2


def test_answer_counts_once(client, there, lan):
    answer = go(client, there)
    cookie = client.cookies["gandan_provider"].value
    client.get(answer)
    client.post("/dang-xuat/")
    client.cookies["gandan_provider"] = cookie

    response = client.get(answer)

    assert (response.status_code, is_in(client)) == (400, False)


def test_code_of_another_attempt_is_refused_by_the_provider(client, there, lan):
    spent = dict(parse_qsl(urlsplit(go(client, there)).query))
    fresh = dict(parse_qsl(urlsplit(go(client, there)).query))

    response = client.get(f"{BACK}?{urlencode({**fresh, 'code': spent['code']})}")

    assert (response.status_code, is_in(client)) == (400, False)


def test_answer_in_another_browser_is_refused(client, there, lan):
    answer = go(client, there)
    stranger = Client()

    assert stranger.get(answer).status_code == 400
    assert not is_in(stranger)


def test_answer_to_another_attempt_is_refused(client, there, lan):
    first = go(client, there)
    go(client, there)

    assert client.get(first).status_code == 400
    assert not is_in(client)


def test_answer_of_another_issuer_is_refused(client, there, lan):
    answer = dict(parse_qsl(urlsplit(go(client, there)).query))

    response = client.get(f"{BACK}?{urlencode({**answer, 'iss': 'https://khac.example'})}")

    assert (response.status_code, is_in(client)) == (400, False)


def test_answer_after_ten_minutes_is_too_late(client, there, lan):
    answer = go(client, there)

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(answer).status_code == 400


def test_cookie_that_somebody_wrote_is_refused(client, there, lan):
    answer = go(client, there)
    client.cookies["gandan_provider"] = "e30:1:1"

    assert client.get(answer).status_code == 400


def test_refusal_of_the_provider_is_said(client, there, lan, caplog):
    there.tell(error="access_denied")

    response = client.get(go(client, there))

    assert response.status_code == 400
    assert "đã dừng" in response.text
    assert "reason=access_denied" in caplog.text


def test_words_of_the_answer_do_not_reach_the_log(client, there, lan, caplog):
    there.tell(error="access_denied\nNguyen Van Mau")

    client.get(go(client, there))

    assert "reason=other" in caplog.text
    assert "Nguyen" not in caplog.text


def test_redirect_of_the_token_is_not_followed(client, there, lan):
    there.tell(redirect_token=f"{there.issuer}/jwks")

    assert client.get(go(client, there)).status_code == 503


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://khac.example"},
        {"authorization_endpoint": "http://khac.example/"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "file:///etc/passwd"},
    ],
)
def test_description_that_is_not_sound_is_no_provider(client, there, about):
    there.tell(about=about)

    assert client.get(START).status_code == 503


@pytest.fixture
def silent(settings: Any, there: There) -> None:
    settings.OIDC = replace(settings.OIDC, issuer="http://127.0.0.1:9")


def test_silent_provider_is_said_and_the_password_stays(client, silent):
    lan = make_user(username="hoa")

    response = client.get(START)

    assert response.status_code == 503
    assert "chưa liên lạc được với tài khoản thử" in response.text
    typed = {"username": "hoa", "password": "mot mat khau de thu 2026"}
    assert client.post("/dang-nhap/", typed).status_code == 302
    assert client.session[SESSION_KEY] == str(lan.pk)


def test_silent_provider_is_not_asked_by_everybody(client, silent, monkeypatch):
    client.get(START)
    asked = []
    monkeypatch.setattr(fetching, "fetch", lambda *_given: asked.append("!"))

    assert client.get(START).status_code == 503
    assert asked == []


def test_silent_provider_is_asked_again_after_a_while(client, silent, there, settings, monkeypatch):
    client.get(START)
    kept = oidc.kept_of(settings.OIDC)
    kept.silent_at = time.monotonic() - oidc.SILENT_SECONDS
    settings.OIDC = replace(settings.OIDC, issuer=there.issuer)

    assert client.get(START).status_code == 302


def test_password_is_refused_where_only_the_provider_signs_in(client, there, settings):
    settings.GANDAN_LOCAL_SIGN_IN = False
    make_user(username="hoa")

    response = client.post("/dang-nhap/", {"username": "hoa", "password": "mot mat khau de thu 2026"})

    assert (response.status_code, is_in(client)) == (200, False)
    assert "Mật khẩu" not in response.text


def test_claim_may_come_from_userinfo(client, there, lan):
    there.tell(leave_out=["preferred_username"], userinfo={"preferred_username": "lan"})

    client.get(go(client, there))

    assert is_in(client)


def test_userinfo_of_somebody_else_is_refused(client, there, lan):
    there.tell(leave_out=["preferred_username"], userinfo={"preferred_username": "lan", "sub": "p-0009"})

    assert client.get(go(client, there)).status_code == 400


@pytest.mark.parametrize(("verified", "status"), [(True, 302), (False, 403), ("true", 403)])
def test_address_of_mail_counts_only_when_it_is_verified(client, there, settings, verified, status):
    make_user(username="lan@mau.example")
    settings.OIDC = replace(settings.OIDC, claim="email")
    there.tell(claims={"email": "lan@mau.example", "email_verified": verified})

    assert client.get(go(client, there)).status_code == status


def test_sign_out_says_that_the_provider_goes_on(client, there, lan):
    client.get(go(client, there))

    out = client.post("/dang-xuat/")
    page = client.get(out.headers["Location"])

    assert (out.headers["Location"], is_in(client)) == ("/dang-xuat/xong/", False)
    link = page.context["url"]
    assert link.startswith(f"{there.issuer}/logout?")
    assert parse_qs(urlsplit(link).query) == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": ["http://testserver/"],
    }


def test_sign_out_of_a_silent_provider_is_a_page_too(client, silent):
    assert client.get("/dang-xuat/xong/").status_code == 200


def test_proof_anew_wants_a_fresh_sign_in_there(client, there, lan):
    client.get(go(client, there))
    asked = dict(parse_qsl(urlsplit(client.get(START).headers["Location"]).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    there.tell(shift={"auth_time": -3600})

    assert client.get(go(client, there)).status_code == 400

"""The second step: app, reserve codes, who must have one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from gandan.accounts import competence, totp
from gandan.accounts.actions.factors import add_app, remove_app, renew_reserve_codes, take_try
from gandan.accounts.actions.signing_in import check_code
from gandan.accounts.devices import Device
from gandan.accounts.errors import FactorNeeded, Resting, WrongCode
from gandan.accounts.models import AuthenticatorApp, Method, Passkey, RecoveryCode, SignIn, User
from gandan.accounts.tests.factories import PASSWORD, make_user
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = Device("a" * 64, "Chrome", "10.0.0.1"), Device("b" * 64, "Chrome", "203.0.113.9")
RIGHT = {"username": "lan", "password": PASSWORD}


@pytest.fixture
def lan() -> User:
    return make_user(username="lan")


def give_app(person: User) -> str:
    """Sets an app up a day ago; returns its secret."""
    secret, then = totp.new_secret(), timezone.now() - timedelta(days=1)
    code = totp.code_of(secret, totp.step_of(then))
    add_app(person=person, secret=secret, code=code, request_id=new_id(), at=then)
    return secret


def shown(secret: str, **later: int) -> str:
    return totp.code_of(secret, totp.step_of(timezone.now() + timedelta(**later)))


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_password_alone_lets_nobody_in_who_has_an_app(client, lan):
    give_app(lan)

    response = client.post("/dang-nhap/", {**RIGHT, "next": "/tai-khoan/"})

    assert (response.headers["Location"], is_in(client)) == ("/dang-nhap/buoc-hai/", False)
    assert client.get("/tai-khoan/").headers["Location"] == "/dang-nhap/?next=/tai-khoan/"
    assert client.get("/tai-khoan/ung-dung/").status_code == 302


def test_code_of_the_app_leads_to_the_page_that_was_wanted(client, lan):
    secret = give_app(lan)
    client.post("/dang-nhap/", {**RIGHT, "next": "/tai-khoan/"})

    response = client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)})

    assert (response.headers["Location"], is_in(client)) == ("/tai-khoan/", True)
    assert SignIn.objects.get().method == Method.APP


def test_key_of_the_session_is_a_new_one_after_each_step(client, lan):
    secret = give_app(lan)
    client.post("/dang-nhap/", RIGHT)
    first = client.cookies["sessionid"].value
    client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)})

    assert client.cookies["sessionid"].value != first


def test_code_is_taken_once(client, lan):
    secret = give_app(lan)
    code = shown(secret)
    for browser in (client, Client()):
        browser.post("/dang-nhap/", RIGHT)
        response = browser.post("/dang-nhap/buoc-hai/", {"code": code})

    assert response.status_code == 200
    assert "đã dùng rồi" in response.text
    assert not is_in(browser)


def test_code_of_setting_up_is_not_taken_again(lan):
    secret, at = totp.new_secret(), timezone.now()
    code = totp.code_of(secret, totp.step_of(at))
    add_app(person=lan, secret=secret, code=code, request_id=new_id(), at=at)

    with pytest.raises(WrongCode):
        check_code(person=lan, code=code, device=HERE, at=at)


def test_earlier_code_is_not_taken_after_a_later_one(lan):
    secret, at = give_app(lan), timezone.now()
    check_code(person=lan, code=shown(secret, seconds=30), device=HERE, at=at)

    with pytest.raises(WrongCode):
        check_code(person=lan, code=shown(secret), device=HERE, at=at)


def test_wrong_code_stands_in_the_history_of_its_owner(client, lan):
    give_app(lan)
    client.post("/dang-nhap/", RIGHT)

    client.post("/dang-nhap/buoc-hai/", {"code": "abc"})

    row = SignIn.objects.get()
    assert (row.user, row.code_wrong, row.session) == (lan, True, None)


def test_codes_rest_after_five_wrong_ones(client, lan):
    secret = give_app(lan)
    client.post("/dang-nhap/", RIGHT)
    for _try in range(5):
        assert client.post("/dang-nhap/buoc-hai/", {"code": "000000"}).status_code == 200

    assert client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)}).status_code == 429
    assert not is_in(client)


def test_codes_open_again_after_a_quarter_of_an_hour(lan):
    secret, at = give_app(lan), timezone.now()
    for _try in range(5):
        with pytest.raises(WrongCode):
            check_code(person=lan, code="000000", device=HERE, at=at)
    with pytest.raises(Resting):
        check_code(person=lan, code=shown(secret), device=HERE, at=at + timedelta(minutes=14))

    found = check_code(person=lan, code=shown(secret, minutes=16), device=HERE, at=at + timedelta(minutes=16))

    assert found == Method.APP


def test_guesser_with_the_password_has_ten_codes_from_anywhere(lan):
    give_app(lan)
    at = timezone.now()
    for number in range(10):
        place = Device("", "", f"203.0.113.{number}")
        with pytest.raises(WrongCode):
            check_code(person=lan, code="000000", device=place, at=at)

    with pytest.raises(Resting):
        check_code(person=lan, code="000000", device=ELSEWHERE, at=at)


def test_step_is_over_after_a_quarter_of_an_hour(client, lan):
    secret = give_app(lan)
    client.post("/dang-nhap/", RIGHT)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        response = client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)})

        assert response.headers["Location"] == "/dang-nhap/"
    assert not is_in(client)


def test_account_that_was_closed_between_the_steps_stays_out(client, lan):
    secret = give_app(lan)
    client.post("/dang-nhap/", RIGHT)
    User.objects.update(is_active=False)

    client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)})

    assert not is_in(client)


# ---- setting up ------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client: Client, lan: User) -> Client:
    client.post("/dang-nhap/", RIGHT)
    return client


def test_app_is_set_up_with_its_first_code(signed_in, lan):
    page = signed_in.get("/tai-khoan/ung-dung/")
    secret = page.context["secret"].replace(" ", "")
    typed = {name: page.context["form"][name].value() for name in ("request_id", "sealed")}

    response = signed_in.post("/tai-khoan/ung-dung/", {**typed, "code": shown(secret)})

    assert response.headers["Location"] == "/tai-khoan/ma-du-phong/"
    app = AuthenticatorApp.objects.get(user=lan)
    assert secret not in app.secret
    assert [event.act for event in Event.objects.all()] == ["add-app"]


def test_app_is_not_set_up_with_a_wrong_code_and_the_secret_stays(signed_in):
    page = signed_in.get("/tai-khoan/ung-dung/")
    typed = {name: page.context["form"][name].value() for name in ("request_id", "sealed")}

    again = signed_in.post("/tai-khoan/ung-dung/", {**typed, "code": "000000"})

    assert AuthenticatorApp.objects.count() == 0
    assert again.context["secret"] == page.context["secret"]


def test_secret_that_was_sealed_for_another_is_not_taken(signed_in, lan):
    hoa = make_user(username="hoa")
    other = Client()
    other.post("/dang-nhap/", {"username": hoa.username, "password": PASSWORD})
    page = other.get("/tai-khoan/ung-dung/")
    secret, sealed = page.context["secret"].replace(" ", ""), page.context["form"]["sealed"].value()

    signed_in.post(
        "/tai-khoan/ung-dung/", {"request_id": str(new_id()), "sealed": sealed, "code": shown(secret)}
    )

    assert AuthenticatorApp.objects.count() == 0


def test_setting_up_rests_after_ten_tries(lan):
    at = timezone.now()
    for _try in range(10):
        take_try(lan, at)

    with pytest.raises(Resting):
        take_try(lan, at)


def test_setting_up_asks_who_it_is_when_the_sign_in_is_long_ago(signed_in):
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        asked = signed_in.get("/tai-khoan/ung-dung/")
        assert asked.headers["Location"] == "/tai-khoan/xac-nhan/?next=%2Ftai-khoan%2Fung-dung%2F"

        wrong = signed_in.post("/tai-khoan/xac-nhan/", {"password": "sai roi"})
        assert wrong.status_code == 200
        assert signed_in.get("/tai-khoan/ung-dung/").status_code == 302

        signed_in.post("/tai-khoan/xac-nhan/", {"password": PASSWORD, "next": "/tai-khoan/ung-dung/"})
        assert signed_in.get("/tai-khoan/ung-dung/").status_code == 200


def test_who_has_an_app_is_asked_for_its_code_not_for_the_password(signed_in, lan):
    secret = give_app(lan)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        signed_in.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
        assert signed_in.get("/tai-khoan/ung-dung/").status_code == 302

        signed_in.post("/tai-khoan/xac-nhan/", {"code": shown(secret)})
        assert signed_in.get("/tai-khoan/ung-dung/").status_code == 200


# ---- reserve codes ---------------------------------------------------------------------------------------------


def test_reserve_codes_are_shown_once_and_kept_as_hashes(signed_in, lan):
    give_app(lan)

    page = signed_in.post("/tai-khoan/ma-du-phong/", {"request_id": str(new_id())})

    codes = page.context["codes"]
    assert (len(codes), len(set(codes)), RecoveryCode.objects.count()) == (10, 10, 10)
    stored = set(RecoveryCode.objects.values_list("hashed", flat=True))
    assert not stored & set(codes)
    assert signed_in.get("/tai-khoan/ma-du-phong/").context["codes"] == []
    assert not any(code in event.body for event in Event.objects.all() for code in codes)


def test_reserve_codes_of_a_repeated_request_are_the_same(lan):
    give_app(lan)
    once = {"person": lan, "request_id": new_id(), "at": timezone.now()}

    assert renew_reserve_codes(**once) == renew_reserve_codes(**once)


def test_new_reserve_codes_end_the_old_ones(lan):
    give_app(lan)
    old, *_others = renew_reserve_codes(person=lan, request_id=new_id(), at=timezone.now())
    renew_reserve_codes(person=lan, request_id=new_id(), at=timezone.now())

    with pytest.raises(WrongCode):
        check_code(person=lan, code=old, device=HERE, at=timezone.now())


def test_reserve_code_opens_the_second_step_once(client, lan):
    give_app(lan)
    first, *_others = renew_reserve_codes(person=lan, request_id=new_id(), at=timezone.now())
    client.post("/dang-nhap/", RIGHT)

    client.post("/dang-nhap/buoc-hai/", {"code": first.upper().replace("-", " ")})

    assert is_in(client)
    assert SignIn.objects.get().method == Method.RECOVERY
    with pytest.raises(WrongCode):
        check_code(person=lan, code=first, device=HERE, at=timezone.now())


def test_reserve_code_of_another_opens_nothing(lan):
    hoa = make_user()
    give_app(hoa)
    first, *_others = renew_reserve_codes(person=hoa, request_id=new_id(), at=timezone.now())

    with pytest.raises(WrongCode):
        check_code(person=lan, code=first, device=HERE, at=timezone.now())


def test_reserve_codes_without_a_factor_are_not_made(signed_in):
    response = signed_in.post("/tai-khoan/ma-du-phong/", {"request_id": str(new_id())})

    assert (response.status_code, RecoveryCode.objects.count()) == (302, 0)


# ---- who must have one -----------------------------------------------------------------------------------------


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> dict[str, date]:
    """The rule asks for a second factor from the day under "since"."""
    said: dict[str, date] = {}
    monkeypatch.setattr(competence.known, "second_factor_from", lambda _user, _on: said.get("since"))
    return said


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_during_grace_the_sign_in_says_from_when(client, lan, rule):
    rule["since"] = in_days(3)

    client.post("/dang-nhap/", RIGHT)

    assert is_in(client)
    assert "bước thứ hai để đăng nhập" in client.get("/tai-khoan/").text


def test_from_the_day_on_nobody_comes_in_without_setting_one_up(client, lan, rule):
    rule["since"] = in_days(0)

    response = client.post("/dang-nhap/", {**RIGHT, "next": "/tai-khoan/thiet-bi/"})

    assert (response.headers["Location"], is_in(client)) == ("/dang-nhap/bao-ve/", False)
    assert client.get("/dang-nhap/bao-ve/").status_code == 200
    assert client.get("/viec-hom-nay/").status_code == 302
    assert client.get("/tai-khoan/").status_code == 302
    assert client.get("/tai-khoan/ma-du-phong/").status_code == 302


def test_setting_the_app_up_lets_in_and_leads_to_the_reserve_codes(client, lan, rule):
    rule["since"] = in_days(0)
    client.post("/dang-nhap/", RIGHT)
    page = client.get("/tai-khoan/ung-dung/")
    secret = page.context["secret"].replace(" ", "")
    typed = {name: page.context["form"][name].value() for name in ("request_id", "sealed")}

    response = client.post("/tai-khoan/ung-dung/", {**typed, "code": shown(secret)})

    assert (response.headers["Location"], is_in(client)) == ("/tai-khoan/ma-du-phong/", True)
    assert client.get("/tai-khoan/ma-du-phong/").status_code == 200


def test_last_factor_stays_when_the_rule_asks_for_one(lan, rule):
    rule["since"] = in_days(0)
    give_app(lan)

    with pytest.raises(FactorNeeded):
        remove_app(person=lan, request_id=new_id(), at=timezone.now())

    assert AuthenticatorApp.objects.exists()


def test_last_but_one_factor_goes(lan, rule):
    rule["since"] = in_days(0)
    give_app(lan)
    Passkey.objects.create(user=lan, credential="a", public_key="b", name="c", added_at=timezone.now())

    remove_app(person=lan, request_id=new_id(), at=timezone.now())

    assert not AuthenticatorApp.objects.exists()


def test_without_a_rule_the_last_factor_goes_with_its_reserve_codes(lan):
    give_app(lan)
    renew_reserve_codes(person=lan, request_id=new_id(), at=timezone.now())

    remove_app(person=lan, request_id=new_id(), at=timezone.now())

    assert (AuthenticatorApp.objects.count(), RecoveryCode.objects.count()) == (0, 0)


def test_refusal_to_take_the_last_one_away_is_said_on_the_page(client, lan, rule):
    client.post("/dang-nhap/", RIGHT)
    give_app(lan)
    rule["since"] = in_days(0)

    client.post("/tai-khoan/ung-dung/bo/", {"request_id": str(new_id())})

    assert "cần lớp bảo vệ thứ hai" in client.get("/tai-khoan/").text
    assert AuthenticatorApp.objects.exists()


def test_app_is_shown_and_taken_away(client, lan):
    client.post("/dang-nhap/", RIGHT)
    give_app(lan)
    assert "Gỡ ứng dụng" in client.get("/tai-khoan/").text

    client.post("/tai-khoan/ung-dung/bo/", {"request_id": str(new_id())})

    assert not AuthenticatorApp.objects.exists()

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from gandan.accounts.actions import record_look
from gandan.accounts.models import Tries
from gandan.accounts.queries import looks_of
from gandan.accounts.tests.factories import PASSWORD, make_user
from gandan.ledger.ids import new_id

pytestmark = pytest.mark.django_db
RIGHT = {"username": "lan", "password": PASSWORD}
WRONG = {"username": "lan", "password": "sai roi"}


def sign_in(client: Client, typed: dict[str, str]):
    return client.post("/dang-nhap/", typed)


def test_sign_in_with_the_right_password_opens_the_days_work(client):
    make_user(username="lan")

    response = sign_in(client, RIGHT)

    assert (response.status_code, response.headers["Location"]) == (302, "/viec-hom-nay/")


def test_sign_in_never_tells_whether_the_account_exists(client):
    make_user(username="lan")

    known = sign_in(client, WRONG).context["form"].non_field_errors()
    unknown = sign_in(client, {**WRONG, "username": "khongcoai"}).context["form"].non_field_errors()

    assert known == unknown
    assert known == [
        "Tên đăng nhập hoặc mật khẩu chưa đúng. Xin gõ lại cả hai. "
        "Sau năm lần sai, việc đăng nhập tạm nghỉ 15 phút."
    ]


def test_sign_in_of_an_inactive_account_is_the_same_answer(client):
    user = make_user(username="lan")
    user.is_active = False
    user.save(update_fields=["is_active"])

    assert (
        sign_in(client, RIGHT).context["form"].non_field_errors().get_json_data()[0]["code"]
        == "invalid_login"
    )


@pytest.mark.parametrize("username", ["lan", "khongcoai"])
def test_sign_in_rests_after_five_wrong_tries(client, username):
    make_user(username="lan")
    for _try in range(4):
        assert sign_in(client, {**WRONG, "username": username}).status_code == 200

    fifth = sign_in(client, {**WRONG, "username": username})

    assert fifth.status_code == 429
    assert "Tạm nghỉ đăng nhập 15 phút" in fifth.content.decode()


def test_sign_in_with_the_right_password_rests_too_and_opens_again(client):
    make_user(username="lan")
    for _try in range(5):
        sign_in(client, WRONG)
    assert sign_in(client, RIGHT).status_code == 429

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, RIGHT).status_code == 302


def test_sign_in_of_a_colleague_is_not_locked_by_anothers_slips(client):
    make_user(username="lan")
    make_user(username="hoa")
    for _try in range(5):
        sign_in(client, WRONG)

    assert sign_in(client, {"username": "hoa", "password": PASSWORD}).status_code == 302


def test_sign_in_does_not_follow_a_foreign_address(client):
    make_user(username="lan")

    response = sign_in(client, {**RIGHT, "next": "https://example.com/"})

    assert response.headers["Location"] == "/viec-hom-nay/"


def test_sign_out_needs_a_post(client):
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_change_password_takes_the_new_one(client):
    user = make_user()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    new = "hai mat khau khac nhau 2026"

    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post("/doi-mat-khau/", {**typed, "request_id": str(new_id())})

    user.refresh_from_db()
    assert user.check_password(new)


def test_change_password_of_a_stranger_leads_to_sign_in(client):
    assert client.get("/doi-mat-khau/").headers["Location"] == "/dang-nhap/?next=/doi-mat-khau/"


def test_looks_of_lists_who_looked_the_latest_first(django_assert_num_queries):
    lan, hoa, subject = make_user(), make_user(), uuid4()
    at = timezone.now()
    record_look(user=lan, subject_kind="dossier", subject_id=subject, page="dossier", at=at)
    record_look(
        user=hoa, subject_kind="dossier", subject_id=subject, page="print", at=at + timedelta(minutes=1)
    )
    record_look(user=hoa, subject_kind="dossier", subject_id=uuid4(), page="print", at=at)

    with django_assert_num_queries(1):
        found = [(look.user.full_name, look.page) for look in looks_of(subject)]

    assert found == [(hoa.full_name, "print"), (lan.full_name, "dossier")]


def test_name_longer_than_any_accounts_is_a_wrong_one(client):
    response = sign_in(client, {**WRONG, "username": "a" * 300})

    assert response.status_code == 200
    assert Tries.objects.count() == 0


def test_session_ends_with_the_browser(client):
    make_user(username="lan")

    sign_in(client, RIGHT)

    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")


def test_unknown_name_costs_the_time_of_a_password(client, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode", lambda *a: hashed.append(a) or "x"
    )

    sign_in(client, {**WRONG, "username": "khongcoai"})

    assert len(hashed) == 1

"""No input makes the server fall over: every field and parameter of the house × hostile values.

What matters most shows on PostgreSQL alone, which refuses NUL, numbers and texts that are too large.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gandan.calculus.rules import VIETNAM
from gandan.dossiers.forms.acts import ACT_FORMS
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.permissions import RULES
from gandan.dossiers.tests.factories import (
    BIRTH,
    MONDAY,
    Ward,
    bring_to,
    load_reference,
    make_dossier,
    make_ward,
)
from gandan.dossiers.tests.pages import client_of
from gandan.dossiers.views.acts import act_url
from gandan.ledger.ids import new_id
from gandan.organization.models import Role
from gandan.organization.permissions import officer_of


def cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


HOSTILE = (
    "\0",
    "a-\0b",
    "a" * 501,
    "ß" * 200,
    "\U0001d160" * 180,
    "9" * 30,
    "9" * 5000,
    "-1",
    "2147483648",
    "9999-12-31",
    "9999-12-31T23:59",
    "0001-01-01",
    "31/12/9999",
    "²",
    "٣٣٣",
    "'\"><script>{{ 7 }}%s%(a)s",
    "a\r\nb",
    "\u202e\u200b\ufeff",
)
# For the long forms: what once made one of them fall.
WORST = ("a" * 501, "\U0001d160" * 180, "9" * 5000, "9999-12-31", "0001-01-01", "²")
CURSORS = (
    "[" * 20000,
    cursor([["a"], {"b": 1}]),
    cursor(["9999-12-31T23:59:59+23:00", 1]),
    cursor(["0001-01-01T00:00:00+07:00", str(new_id())]),
    cursor(["2026-11-09T08:00:00Z", "\0"]),
    cursor([9**99, 9**99]),
    cursor([None, None]),
    base64.urlsafe_b64encode(b"[" * 5000).decode(),
)
PUBLIC = {
    "/thu-tuc/": ("q", "linh-vuc"),
    "/thu-tuc/goi-y/": ("q", "xa"),
    f"/thu-tuc/{BIRTH}/": ("late", "channel", "q", "days"),
    f"/thu-tuc/{BIRTH}/vi-sao-ngay/": ("case", "received"),
    "/luat/": ("q", "on", "check"),
    "/luat/bieu-mau/": ("on",),
    "/don-vi/": ("q",),
    "/dang-nhap/": ("next",),
    "/tra-cuu/": ("xong",),
}
PATHS = (
    "/thu-tuc/{}/",
    "/luat/{}/",
    "/don-vi/{}/",
    "/don-vi/bo-phan/{}/",
    "/don-vi/bo-phan/a/lich/{}/",
    "/t/{}",
    "/tra-cuu/ho-so/{}/",
)
COOKIES = (
    "gandan_theme",
    "gandan_language",
    "gandan_intake",
    "theo-doi",
    "messages",
    "sessionid",
    "csrftoken",
)


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def falls(client: Client, method: str, url: str, data: Mapping[str, Any] | None = None) -> str:
    """What went wrong on the server; '' when it answered."""
    client.raise_request_exception = False
    with_trace = getattr(client, method)(url, dict(data or {}))
    if with_trace.status_code < 500:
        return ""
    kind = with_trace.exc_info[0].__name__ if getattr(with_trace, "exc_info", None) else ""
    return f"{method} {url} {kind}"


def of_parameters(client: Client, url: str, names: tuple[str, ...], values: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for value in values:
            fault = falls(client, "get", url, {name: value})
            if fault:
                yield f"{fault} {name}={value[:12]!r}"


def of_fields(client: Client, url: str, base: Mapping[str, Any]) -> Iterator[str]:
    for name in base:
        for value in HOSTILE:
            fault = falls(client, "post", url, {**base, name: value})
            if fault:
                yield f"{fault} {name}={value[:12]!r}"


def test_public_pages_survive_any_parameter(ward: Ward, client: Client) -> None:
    faults = [fault for url, names in PUBLIC.items() for fault in of_parameters(client, url, names, HOSTILE)]

    assert faults == []


def test_pages_survive_any_path(ward: Ward, client: Client) -> None:
    from urllib.parse import quote

    urls = [path.format(quote(value, safe="")) for path in PATHS for value in HOSTILE]

    assert [fault for url in urls if (fault := falls(client, "get", url))] == []


def test_pages_survive_any_cookie(ward: Ward, client: Client) -> None:
    faults = []
    for name in COOKIES:
        for value in ("\\000", "a" * 3000, "W10", '"\\"', "ß", "e30:1:1"):
            client.cookies[name] = value
            faults += [falls(client, "get", url) for url in ("/", "/tra-cuu/", "/dang-nhap/", "/tiep-nhan/")]
            del client.cookies[name]

    assert [fault for fault in faults if fault] == []


def test_public_forms_survive_any_field(ward: Ward, client: Client) -> None:
    code, word = (
        {"code": "19975-261109-0001", "word": "ABCDEFGH"},
        {"username": "mau", "password": "mau-mau-mau"},
    )
    forms = {
        "/tra-cuu/": code,
        "/dang-nhap/": {**word, "next": "/"},
        "/hien-thi/": {"next": "/", "theme": "dark"},
    }

    assert [fault for url, base in forms.items() for fault in of_fields(client, url, base)] == []


def test_lists_of_staff_survive_any_parameter(ward: Ward) -> None:
    counter = client_of(ward, Role.COUNTER_OFFICER)
    values = {"xem": HOSTILE, "cua": HOSTILE, "khi": HOSTILE, "after": (*HOSTILE, *CURSORS)}
    faults = [
        f for name, given in values.items() for f in of_parameters(counter, "/viec-hom-nay/", (name,), given)
    ]
    faults += of_parameters(counter, "/tiep-nhan/", ("cung-nguoi", "thu-tuc"), HOSTILE)
    faults += of_parameters(counter, "/viec-hom-nay/?xem=xong", ("after",), CURSORS)

    assert faults == []


def test_search_survives_any_words(ward: Ward) -> None:
    assert list(of_fields(client_of(ward, Role.COUNTER_OFFICER), "/tim-ho-so/", {"q": ""})) == []


def intake_form() -> dict[str, str]:
    fields = {
        "request_id": str(new_id()),
        "step": "accept",
        "procedure": BIRTH,
        "unit": "",
        "find": "",
        "scan": "",
    }
    fields |= {
        "agent_scan": "",
        "drop": "",
        "contact_slip": "",
        "channel": "counter",
        "return_way": "counter",
    }
    fields |= {"sets": "1", "official_code": "", "needs_interpreter": "", "print": ""}
    person = {
        "kind": "1",
        "number": "",
        "name": "Mẫu",
        "born": "1980",
        "sex": "",
        "address": "",
        "phone": "",
        "email": "",
    }
    fields |= {f"{who}-{name}": value for who in ("owner", "agent") for name, value in person.items()}
    return fields


def answered_form(counter: Client) -> dict[str, str]:
    """The intake as it can be accepted: each question and paper of the page answered."""
    fields = intake_form()
    for _round in range(4):
        sheet = counter.post("/tiep-nhan/", {**fields, "step": ""}).context["sheet"]
        for bound in sheet.asked:
            choices = [value for value, _label in getattr(bound.field, "choices", ()) if value]
            fields.setdefault(bound.html_name, str(choices[0]) if choices else "1")
        for paper in sheet.papers:
            fields |= {f"{paper.prefix}-answer": "handed_in", f"{paper.prefix}-reason": "mẫu"}
            fields |= {f"{paper.prefix}-{name}": "1" for name in ("originals", "certified", "copies")}
            fields |= {f"{paper.prefix}-source": "", f"{paper.prefix}-files": ""}
        for fee in sheet.fees:
            fields |= {f"{fee.prefix}-paid": "on", f"{fee.prefix}-amount": "1"}
    return fields


def test_intake_survives_any_field(ward: Ward) -> None:
    counter = client_of(ward, Role.COUNTER_OFFICER)
    base = answered_form(counter)

    faults = []
    for name in base:
        for value in WORST:
            fault = falls(counter, "post", "/tiep-nhan/", {**base, "request_id": str(new_id()), name: value})
            faults += [f"{fault} {name}={value[:12]!r}"] if fault else []

    assert faults == []
    assert Dossier.objects.exists()  # or the form was never taken, and little was tried


def test_uploads_survive_any_name(ward: Ward) -> None:
    counter = client_of(ward, Role.COUNTER_OFFICER)
    names = [
        *HOSTILE[2:5],
        "../../etc/passwd",
        "con.pdf",
        "a\u202egpj.exe",
        "x" * 3000 + ".pdf",
        'a"b;c.pdf',
    ]

    faults = [
        falls(
            counter,
            "post",
            "/tiep-nhan/tep/",
            {"key": value[:90], "file": SimpleUploadedFile(value, b"%PDF-1.7")},
        )
        for value in names
    ]

    assert [fault for fault in faults if fault] == []


DESK_OF = {act: min(rule.desks, key=lambda desk: desk != Desk.APPRAISAL) for act, rule in RULES.items()}
SOUND = {
    "new_date": "2027-01-29",
    "new_time": "10:00",
    "complete": "1",
    "result": "granted",
    "how": "call",
    "way": "counter",
    "reason": "mẫu",
    "opinion": "mẫu",
    "other_1": "mẫu",
    "other_why_1": "mẫu",
}


@pytest.mark.parametrize(
    ("act", "desk"),
    [
        ("refuse", Desk.RECEPTION),
        ("transfer", Desk.TRANSFER),
        ("request-supplement", Desk.TRANSFER),
        ("assign", Desk.ASSIGNMENT),
        ("extend", Desk.ASSIGNMENT),
        ("withdraw", Desk.ASSIGNMENT),
        ("propose", Desk.APPRAISAL),
        ("send-back", Desk.CHECK),
        ("number-and-stamp", Desk.STAMP),
        ("notify-early", Desk.RETURN),
        ("return", Desk.RETURN),
    ],
)
def test_acts_survive_any_field(act: str, desk: Desk, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = MONDAY.replace(hour=9)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    role = next(r for r in Role if r in RULES[act].roles and r in ward.people)
    clerk = client_of(ward, role)
    dossier = ready(ward, desk)
    form = ACT_FORMS[act](dossier=dossier, officer=officer_of(ward.people[role], moment.date()), at=moment)
    base = {name: SOUND.get(name, str(form[name].value() or "")) for name in form.fields}

    faults = []
    for name in base:
        for value in WORST:
            if Dossier.objects.get(pk=dossier.pk).desk != desk or name == "reason":
                dossier = ready(ward, desk)
            typed = {**base, "request_id": str(new_id()), "seen": "", name: value}
            fault = falls(clerk, "post", act_url(dossier.pk, act), typed)
            faults += [f"{fault} {name}={value[:12]!r}"] if fault else []

    assert faults == []


def ready(ward: Ward, desk: Desk, at: datetime = MONDAY) -> Dossier:
    if desk == Desk.RECEPTION:
        return make_dossier(ward, at=at.astimezone(VIETNAM), accept=False)
    return bring_to(ward, make_dossier(ward, at=at), desk)

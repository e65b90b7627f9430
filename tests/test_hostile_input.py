"""No input makes the server fall over: every field and parameter of the house × hostile values.

What matters most shows on PostgreSQL alone, which refuses NUL, numbers and texts that are too large.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.actions import forward
from gandan.dossiers.actions.consult import consult
from gandan.dossiers.forms.acts import ACT_FORMS
from gandan.dossiers.models import AnswerWay, Desk, Dossier
from gandan.dossiers.rules import RULES
from gandan.dossiers.tests.factories import (
    BIRTH,
    MONDAY,
    Ward,
    asked,
    bring_to,
    load_reference,
    make_dossier,
    make_ward,
)
from gandan.dossiers.tests.pages import client_of
from gandan.dossiers.tests.province import administrator, make_body
from gandan.dossiers.views.acts import act_url
from gandan.law.models import Parameter
from gandan.ledger.ids import new_id
from gandan.organization.integrity.models import ConflictReport, Declaration
from gandan.organization.models import Duty, Role
from gandan.organization.permissions import officer_of
from gandan.ui.hostile_input import CURSORS, HOSTILE, falls, of_fields, of_parameters

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


# For the long forms: what once made one of them fall.
WORST = ("a" * 501, "\U0001d160" * 180, "9" * 5000, "9999-12-31", "0001-01-01", "²")
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
    "/m/{}",
    "/tra-cuu/ho-so/{}/",
)
COOKIES = (
    "gandan_theme",
    "gandan_language",
    "gandan_intake",
    "gandan_device",
    "gandan_provider",
    "theo-doi",
    "messages",
    "sessionid",
    "csrftoken",
)


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


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
        "/dang-nhap/khoa/xong/": {"answer": "{}", "next": "/"},
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
    for url in ("/canh-bao/", "/goi-dien/"):
        faults += of_parameters(counter, url, ("xem", "after"), (*HOSTILE, *CURSORS))
    faults += of_parameters(counter, "/viec-hom-nay/?xem=xong", ("after",), CURSORS)

    assert faults == []


def test_leaders_pages_survive_any_parameter_and_field(ward: Ward) -> None:
    leader = client_of(ward, Role.SIGNING_LEADER)
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    client_of(ward, Role.SIGNING_LEADER).get(f"/ho-so/{dossier.pk}/")
    key = str(dossier.pk)
    ticked = {
        "quyet": "1",
        "chon": key,
        f"ma-{key}": str(new_id()),
        f"ban-{key}": "1",
        f"buoc-{key}": "signature",
    }
    away = {
        "what": "absence",
        "request_id": str(new_id()),
        "person": "x",
        "first": "2026-11-09",
        "last": "2026-11-10",
    }
    instead = {
        "what": "substitute",
        "request_id": str(new_id()),
        "duty": "x",
        "substitute": "x",
        "document": "x",
    }
    instead |= {"valid_from": "2026-11-09", "valid_to": "2026-11-10", "manner": "for"}
    ended = {"what": "end-substitution", "request_id": str(new_id()), "row": str(new_id()), "document": "x"}

    faults = [*of_parameters(leader, "/dieu-hanh/ky-duyet/", ("after",), (*HOSTILE, *CURSORS))]
    faults += of_parameters(leader, "/dieu-hanh/", ("after",), (*HOSTILE, *CURSORS))
    faults += of_parameters(leader, "/dieu-hanh/vang-mat/", ("nhiem-vu",), HOSTILE)
    faults += of_fields(leader, "/dieu-hanh/ky-duyet/", ticked)
    faults += of_fields(leader, "/dieu-hanh/ky-duyet/", {"xem": key, "mo": key})
    for form in (away, instead, ended):
        faults += of_fields(leader, "/dieu-hanh/vang-mat/", form)
    faults += of_fields(leader, "/dieu-hanh/thu-buoi-sang/", {"is_on": "on", "email": "a@hop-thu.example"})

    assert faults == []


def test_pages_of_interests_and_reviews_survive_any_field(ward: Ward) -> None:
    clerk, director = client_of(ward, Role.SPECIALIST), client_of(ward, Role.CENTRE_DIRECTOR)
    declared = {"tie": "sibling", "name": "Mẫu", "number": "046188000099", "since": "2026-01-01"}
    reported = {
        "dossier": "",
        "concerned": ward.people[Role.SPECIALIST].code,
        "case": "8",
        "situation": "mẫu",
        "known_on": "2026-11-09",
        "known_time": "08:00",
        "effect": "mẫu",
        "proposal": "supervise",
    }
    decided = {"measure": "move", "basis": "mẫu", "supervisor": "", "starts": "2026-11-09", "ends": ""}
    clerk.post("/nguoi-than-va-loi-ich/", {**declared, "request_id": str(new_id())})
    clerk.post("/xung-dot-loi-ich/bao-cao/", {**reported, "request_id": str(new_id())})
    row, report = Declaration.objects.get(), ConflictReport.objects.get()
    duty = Duty.objects.get(user=ward.people[Role.CLERK]).pk

    faults = list(of_parameters(clerk, "/xung-dot-loi-ich/bao-cao/", ("ho-so", "can-bo"), HOSTILE))
    faults += of_parameters(clerk, "/xung-dot-loi-ich/", ("after",), (*HOSTILE, *CURSORS))
    for page in ("", "tep.csv"):
        names = ("tu", "den", "can_bo", "ho_so", "ly_do", "after")
        faults += of_parameters(director, f"/quan-tri/19975/ai-da-xem/{page}", names, (*HOSTILE, *CURSORS))
    forms = (
        (clerk, "/nguoi-than-va-loi-ich/", declared),
        (clerk, f"/nguoi-than-va-loi-ich/{row.pk}/thoi/", {"until": "2026-11-09"}),
        (clerk, "/xung-dot-loi-ich/bao-cao/", reported),
        (director, f"/xung-dot-loi-ich/{report.pk}/quyet-dinh/", decided),
        (director, f"/xung-dot-loi-ich/{report.pk}/thong-bao/", {}),
        (director, "/quan-tri/19975/ra-soat-quyen/", {f"verdict_{duty}": "end", f"reason_{duty}": "mẫu"}),
    )
    for client, url, form in forms:
        faults += of_fields(client, url, {**form, "request_id": str(new_id())})

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
    "outcome": "call_back",
    "next_date": "2026-11-12",
    "way": "counter",
    "reason": "mẫu",
    "opinion": "mẫu",
    "other_1": "mẫu",
    "other_why_1": "mẫu",
    "question": "mẫu",
    "body": "Sở mẫu",
    "days": "3",
    "answer": "mẫu",
    "starts_at": "2026-11-12T08:00",
    "what": "mẫu",
    "presence": "not_asked",
    "content": "mẫu",
    "conclusion": "mẫu",
    "basis": "mẫu",
}
SOUND_OF = {"receive-opinion": {"opinion": "1", "outcome": "came", "came_at": "2026-11-09T08:30"}}


@pytest.mark.parametrize(
    ("act", "desk"),
    [
        ("refuse", Desk.RECEPTION),
        ("transfer", Desk.TRANSFER),
        ("request-supplement", Desk.TRANSFER),
        ("assign", Desk.ASSIGNMENT),
        ("extend", Desk.ASSIGNMENT),
        ("withdraw", Desk.ASSIGNMENT),
        ("stop", Desk.ASSIGNMENT),
        ("consult", Desk.APPRAISAL),
        ("receive-opinion", Desk.APPRAISAL),
        ("plan-visit", Desk.APPRAISAL),
        ("verify-on-site", Desk.APPRAISAL),
        ("correct", Desk.RETURN),
        ("reopen", Desk.RETURN),
        ("propose", Desk.APPRAISAL),
        ("send-back", Desk.CHECK),
        ("number-and-stamp", Desk.STAMP),
        ("notify-early", Desk.RETURN),
        ("return", Desk.RETURN),
        ("remind", Desk.ASSIGNMENT),
        ("record-call", Desk.RETURN),
    ],
)
def test_acts_survive_any_field(act: str, desk: Desk, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = MONDAY.replace(hour=9)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    role = next(r for r in Role if r in RULES[act].roles and r in ward.people)
    clerk = client_of(ward, role)
    dossier = ready(ward, desk, act=act)
    form = ACT_FORMS[act](dossier=dossier, officer=officer_of(ward.people[role], moment.date()), at=moment)
    base = {name: SOUND.get(name, str(form[name].value() or "")) for name in form.fields}
    base |= SOUND_OF.get(act, {})

    faults = []
    for name in base:
        for value in WORST:
            if Dossier.objects.get(pk=dossier.pk).revision != dossier.revision:
                dossier = ready(ward, desk, act=act)
            typed = {**base, "request_id": str(new_id()), "seen": str(dossier.revision), name: value}
            fault = falls(clerk, "post", act_url(dossier.pk, act), typed)
            faults += [f"{fault} {name}={value[:12]!r}"] if fault else []

    assert faults == []


def test_acts_of_two_bodies_survive_any_field(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = MONDAY.replace(hour=9)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    body, faults = make_body(ward), []
    counter, specialist = client_of(ward, Role.COUNTER_OFFICER), Client()
    specialist.force_login(body.people[Role.SPECIALIST], backend=MODEL_BACKEND)
    head = Client()
    head.force_login(body.people[Role.HEAD_OF_DEPARTMENT], backend=MODEL_BACKEND)
    forms: tuple[tuple[Client, str, dict[str, str]], ...] = (
        (
            counter,
            "forward",
            {"body": str(body.unit.pk), "task": "mẫu", "limit": "", "paper": "on", "whole": ""},
        ),
        (specialist, "ask-back", {"reason": "mẫu"}),
        (head, "return-phase", {"outcome": "refusal", "number": "1", "opinion": "mẫu"}),
    )
    for client, act, base in forms:
        for name in base:
            for value in WORST:
                dossier = make_dossier(ward)
                if act != "forward":
                    forward.forward(
                        officer=ward.officer(Role.COUNTER_OFFICER),
                        body=body.unit,
                        task="mẫu",
                        **asked(dossier, MONDAY),
                    )
                    forward.take_over(officer=body.officer(Role.SPECIALIST), **asked(dossier, MONDAY))
                typed = {**base, "request_id": str(new_id()), "seen": "", name: value}
                fault = falls(client, "post", act_url(dossier.pk, act), typed)
                faults += [f"{fault} {name}={value[:12]!r}"] if fault else []

    assert faults == []


def of_fresh_fields(client: Client, url: str, base: Mapping[str, object]) -> Iterator[str]:
    """As `of_fields`, each time under a request of its own, so that what is valid reaches the act."""
    for name in base:
        for value in HOSTILE:
            fault = falls(client, "post", url, {**base, "request_id": str(new_id()), name: value})
            if fault:
                yield f"{fault} {name}={value[:12]!r}"


def administration_forms(ward: Ward) -> dict[str, dict[str, object]]:
    """Every form of the administration of a place and of the law, as its page sends it."""
    person, duty = ward.people[Role.CLERK], ward.people[Role.SPECIALIST].duties.get()
    basis, day = {"document": "mẫu"}, {"valid_from": "2026-11-09"}
    unit = {"name": "Mẫu", "address": "", "phone": "", "official_code": ""}
    given = {
        "unit": str(ward.centre.pk),
        "role": "specialist",
        "post": "",
        "fields_of_work": "",
        "valid_to": "",
    }
    look = {"after": "", "looked": "0", "moved": "0"}
    off = {"day": "2026-11-12", "works": "0", "name": "Mẫu", "step": "look"}
    hours = {"unit": "", "weekday": "", "reception_only": "", "opens_1": "07:00", "closes_1": "11:00"}
    row = Parameter.objects.filter(key="supplement.close_after").latest("recorded_at")
    place, law = "/quan-tri/19975/", "/quan-tri/luat/supplement.close_after/"
    return {
        f"{place}don-vi/them/": {
            **unit,
            **basis,
            "kind": "point",
            "parent": str(ward.centre.pk),
            "opened_on": "2026-11-09",
        },
        f"{place}don-vi/{ward.centre.pk}/": {**unit, **basis},
        f"{place}don-vi/{ward.department.pk}/dong/": {**basis, "last_day": "2020-01-01", "end_duties": ""},
        f"{place}can-bo/them/": {**given, **basis, **day, "full_name": "Mẫu", "username": "", "phone": ""},
        f"{place}can-bo/nhap/": {**basis, "seen": "x", "content": "eA=="},
        f"{place}can-bo/{person.pk}/": {**basis, "full_name": "Mẫu", "phone": ""},
        f"{place}can-bo/{person.pk}/giao-viec/": {**given, **basis, **day},
        f"{place}can-bo/{person.pk}/lien-ket/": {"request_id": ""},
        f"{place}can-bo/{person.pk}/thoi-viec/": {
            **basis,
            "last_day": "2020-01-01",
            "seen": "x",
            "successor": "",
        },
        f"{place}viec/{duty.pk}/thoi/": {**basis, "last_day": "2020-01-01"},
        f"{place}gio-lam-viec/dat/": {**hours, **basis, **day, **look, "step": "look"},
        f"{place}dat-ngay/": {**off, **basis, **look},
        f"{place}gia-tri/result.remind_after/": {
            **basis,
            **day,
            **look,
            "value": "5",
            "article": "",
            "step": "look",
        },
        "/quan-tri/lich/dat-ngay/": {**off, **basis, **look},
        "/quan-tri/lich/2028/xac-nhan/": {"document": ""},
        f"{law}moi/": {**basis, **day, **look, "value": "5", "article": "", "step": "enter"},
        f"{law}xac-nhan/{row.pk}/": {"document": ""},
        "/quan-tri/tinh-lai/": {**basis, "agreed": "on", "after": "", "done": "0"},
    }


def test_pages_of_administration_survive_any_field_and_parameter(ward: Ward) -> None:
    make_dossier(ward)
    person = User.objects.get(pk=administrator(ward).user_id)
    Duty.objects.create(
        user=person, unit=person.duties.get().unit, role=Role.LEGAL_OFFICER, valid_from=MONDAY.date()
    )
    client = Client()
    client.force_login(person, backend=MODEL_BACKEND)

    faults = [
        fault
        for url, base in administration_forms(ward).items()
        for fault in of_fresh_fields(client, url, base)
    ]
    lists = {"can-bo/": ("q", "left", "after"), "thay-doi/": ("after",), "dat-ngay/": ("ngay",)}
    for url, names in lists.items():
        faults += of_parameters(client, f"/quan-tri/19975/{url}", names, (*HOSTILE, *CURSORS))
    faults += of_parameters(client, "/quan-tri/luat/", ("q", "on", "check"), HOSTILE)
    faults += of_parameters(client, "/quan-tri/tinh-lai/", ("xa", "after", "looked"), (*HOSTILE, *CURSORS))
    faults += [
        fault
        for path in ("19975/gia-tri/{}/", "luat/{}/", "luat/{}/moi/", "lich/{}/", "{}/can-bo/")
        for value in HOSTILE
        if (fault := falls(client, "get", f"/quan-tri/{path.format(quote(value, safe=''))}"))
    ]

    assert faults == []


def test_pages_of_mergers_survive_any_field(ward: Ward) -> None:
    make_ward("19969", "Thanh Thủy")
    client = Client()
    client.force_login(User.objects.get(pk=administrator(ward).user_id), backend=MODEL_BACKEND)
    typed = {"document": "mẫu", "effective_on": MONDAY.date().isoformat(), "ending": "", "step": "look"}
    communes = {"sources": "19975", "successor": "99901", "new_kind": "xã", "new_name": "Mẫu"}
    units = {"units": str(ward.department.pk), "into": str(ward.centre.pk)}

    faults = [
        fault
        for url, base in (("xa-phuong/", communes), ("bo-phan/19975/", units))
        for fault in of_fields(
            client, f"/quan-tri/sap-nhap/{url}", {**typed, **base, "request_id": str(new_id())}
        )
    ]

    assert faults == []


def ready(ward: Ward, desk: Desk, at: datetime = MONDAY, act: str = "") -> Dossier:
    if act == "receive-opinion":
        dossier = bring_to(ward, make_dossier(ward, at=at), desk)
        asks = {"body": "Sở mẫu", "question": "mẫu", "days": 3, "answer_way": AnswerWay.PAPER}
        return consult(officer=ward.officer(Role.SPECIALIST), **asks, **asked(dossier, at))
    if desk == Desk.RECEPTION:
        return make_dossier(ward, at=at.astimezone(VIETNAM), accept=False)
    return bring_to(ward, make_dossier(ward, at=at), desk)

"""Who may see what: every URL of the house × everybody who may come (style.md §3, issue 2 item 10).

A new URL without a row here fails. "None such" and "not yours" are the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pypdfium2 import PdfDocument

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.actions import workflows
from gandan.catalogue.models import Draft
from gandan.catalogue.queries import version_at, workflow_for
from gandan.catalogue.workflow_content import workflow_content
from gandan.documents.actions import store_upload
from gandan.dossiers.actions import forward, guide
from gandan.dossiers.models import Answer, Dossier
from gandan.dossiers.tests.factories import (
    BIRTH,
    OPENED,
    Ward,
    asked,
    load_reference,
    make_dossier,
    make_intake,
    make_ward,
)
from gandan.dossiers.tests.province import Body, make_body
from gandan.dossiers.tracking import secret_of
from gandan.law.models import Parameter
from gandan.ledger.ids import new_id
from gandan.notifications.models import Message
from gandan.organization.integrity import actions as integrity
from gandan.organization.integrity.models import Measure, Tie
from gandan.organization.models import Duty, Role, Unit
from gandan.organization.permissions import officer_of
from gandan.organization.reviews.actions import Line, review_access
from gandan.organization.reviews.models import Verdict
from gandan.portal.followed import page_id

STAFF = tuple(role.value for role in Role)
CAST = ("anonymous", "citizen", *STAFF, "other_ward", "other_body", "no_duty")

# Whose work is the dossier: they open it. Everybody else is told that there is no such dossier.
READERS = (
    "counter_officer",
    "specialist",
    "head_of_department",
    "clerk",
    "signing_leader",
    "centre_director",
    "inspector",
    "legal_officer",
    "police_officer",
    "tax_officer",
)
SIGN_IN = 302


def public(status: int = 200) -> dict[str, int]:
    return dict.fromkeys(CAST, status)


def staff(status: int = 200, **others: int) -> dict[str, int]:
    """For signed-in staff with a duty today; the rest is sent to sign in, or told whom to ask."""
    return {**dict.fromkeys(CAST, status), "anonymous": SIGN_IN, "citizen": SIGN_IN, "no_duty": 403, **others}


def signed_in(status: int = 200) -> dict[str, int]:
    """For everybody with an account, with or without a duty: it is about the own account alone."""
    return {**public(status), "anonymous": SIGN_IN, "citizen": SIGN_IN}


def readers(status: int = 200, **others: int) -> dict[str, int]:
    """For the readers of the ward; 404 for the other ward and for roles that read no dossier."""
    return {**staff(404), **dict.fromkeys(READERS, status), **others}


def leaders() -> dict[str, int]:
    """For heads of departments, leaders who sign and the centre's director."""
    return staff(403, head_of_department=200, signing_leader=200, centre_director=200)


@dataclass(frozen=True)
class Row:
    """One URL by its name, how it is asked for, and the status for everybody of the cast."""

    name: str
    url: str
    expected: dict[str, int]
    method: str = "get"


ROWS = (
    # citizens and everybody
    Row("portal:home", "/", public()),
    Row("portal:exchange", "/t/{secret}", public(302)),
    Row("portal:exchange", "/t/aaaaaaaaaaaaaaaaaaaaaaaaaa", public(404)),
    Row("portal:track", "/tra-cuu/", public()),
    Row("portal:forget", "/tra-cuu/xong/", public(302), "post"),
    Row("portal:forget", "/tra-cuu/xong/", public(405)),
    Row("portal:followed", "/tra-cuu/ho-so/{page}/", {**public(404), "citizen": 200}),
    Row("portal:lookers", "/tra-cuu/ho-so/{page}/ai-da-xem/", {**public(404), "citizen": 200}),
    Row("catalogue:list", "/thu-tuc/", public()),
    Row("catalogue:suggestions", "/thu-tuc/goi-y/?q=khai", public()),
    Row("catalogue:procedure", "/thu-tuc/1.001193/", public()),
    Row("catalogue:procedure", "/thu-tuc/9.999999/", public(404)),
    Row("catalogue:why", "/thu-tuc/1.001193/vi-sao-ngay/", public()),
    Row("law:parameters", "/luat/", public()),
    Row("law:legal_forms", "/luat/bieu-mau/", public()),
    Row("law:parameter", "/luat/supplement.close_after/", public()),
    Row("organization:places", "/don-vi/", public()),
    Row("organization:commune", "/don-vi/19975/", public()),
    Row("organization:unit", "/don-vi/bo-phan/{unit}/", public()),
    Row("organization:calendar", "/don-vi/bo-phan/{unit}/lich/2026/", public()),
    Row("ui:preferences", "/hien-thi/", public(302), "post"),
    Row("ui:components", "/ui/", public(404)),
    # machines that watch
    Row("operations:healthz", "/healthz", public()),
    Row("operations:metrics", "/metrics", public(404)),
    # signing in and out
    Row("accounts:sign_in", "/dang-nhap/", {**public(302), "anonymous": 200, "citizen": 200}),
    Row("accounts:sign_out", "/dang-xuat/", public(405)),
    Row("accounts:passkey_options", "/dang-nhap/khoa/", public(404), "post"),  # 127.0.0.1 has no passkeys
    Row("accounts:passkey_options", "/dang-nhap/khoa/", public(405)),
    Row("accounts:passkey_sign_in", "/dang-nhap/khoa/xong/", public(400), "post"),
    Row("accounts:code", "/dang-nhap/buoc-hai/", public(302)),
    Row("accounts:setup", "/dang-nhap/bao-ve/", public(302)),
    Row("accounts:new_password", "/dang-nhap/mat-khau-moi/", public(404)),
    Row("accounts:provider", "/dang-nhap/tinh/", public(404)),
    Row("accounts:provider_back", "/dang-nhap/tinh/xong/", public(404)),
    Row("accounts:one_time_link", "/m/aaaaaaaaaaaaaaaaaaaaaaaaaa", public(404)),
    Row("accounts:signed_out", "/dang-xuat/xong/", public()),
    # one's own account
    Row("accounts:change_password", "/doi-mat-khau/", signed_in()),
    Row("accounts:account", "/tai-khoan/", signed_in()),
    Row("accounts:devices", "/tai-khoan/thiet-bi/", signed_in()),
    Row("accounts:end_others", "/tai-khoan/thiet-bi/con-lai/ket-thuc/", signed_in(302), "post"),
    Row("accounts:was_me", "/tai-khoan/thiet-bi/la-toi/", signed_in(302), "post"),
    Row("accounts:end_device", "/tai-khoan/thiet-bi/{nothing}/ket-thuc/", signed_in(302), "post"),
    Row("accounts:confirm", "/tai-khoan/xac-nhan/", signed_in()),
    # these ask who it is once more, unless it was shown a moment ago
    Row("accounts:new_passkey", "/tai-khoan/khoa/moi/", signed_in(302)),
    Row("accounts:new_passkey_options", "/tai-khoan/khoa/moi/bat-dau/", signed_in(302), "post"),
    Row("accounts:passkey", "/tai-khoan/khoa/{nothing}/", signed_in(302)),
    Row("accounts:remove_passkey", "/tai-khoan/khoa/{nothing}/bo/", signed_in(302), "post"),
    Row("accounts:new_app", "/tai-khoan/ung-dung/", signed_in(302)),
    Row("accounts:remove_app", "/tai-khoan/ung-dung/bo/", signed_in(302)),
    Row("accounts:reserve_codes", "/tai-khoan/ma-du-phong/", signed_in(302)),
    # staff
    Row("portal:work", "/viec-hom-nay/", staff()),
    Row("portal:watch", "/canh-bao/", staff()),
    Row("portal:calls", "/goi-dien/", staff(403, counter_officer=200, centre_director=200, other_ward=200)),
    Row("portal:morning", "/dieu-hanh/", leaders()),
    Row("portal:decide", "/dieu-hanh/ky-duyet/", leaders()),
    Row("portal:load", "/dieu-hanh/khoi-luong/", staff()),
    Row("portal:substitutes", "/dieu-hanh/vang-mat/", staff()),
    Row("portal:digest", "/dieu-hanh/thu-buoi-sang/", leaders()),
    # procedures and workflows: nobody of this ward publishes procedures, since a unit of the province is open
    *(
        Row(
            f"administration:{name}",
            f"/quan-tri/thu-tuc/{url}",
            staff(403, administrator=200, legal_officer=200),
        )
        for name, url in (
            ("procedures", ""),
            ("procedures", "?q=khai"),
            ("procedure", "1.001193/"),
            ("procedure_compare", "1.001193/so-sanh/?a=1&b=kem"),
            ("procedure_workflows", "1.001193/quy-trinh/"),
            ("version_file", "1.001193/phien-ban/1.yaml"),
            ("version_dossiers", "1.001193/phien-ban/1/ho-so/"),
            ("workflows", "quy-trinh/"),
        )
    ),
    Row(
        "administration:procedure",
        "/quan-tri/thu-tuc/9.999999/",
        staff(403, administrator=404, legal_officer=404),
    ),
    *(
        Row(f"administration:{name}", f"/quan-tri/thu-tuc/{url}", staff(403), method)
        for name, url, method in (
            ("procedure_bring", "nhap/", "get"),
            ("procedure_begin", "1.001193/soan/", "post"),
            ("procedure_draft", "du-thao/{nothing}/", "get"),
            ("procedure_preview", "du-thao/{nothing}/xem-thu/dan/", "get"),
            ("procedure_draft_file", "du-thao/{nothing}/tep.yaml", "get"),
            ("procedure_publish", "du-thao/{nothing}/cong-bo/", "get"),
            ("procedure_publish", "du-thao/{nothing}/cong-bo/", "post"),
            ("procedure_confirm", "du-thao/{nothing}/xac-nhan/", "get"),
            ("procedure_drop", "du-thao/{nothing}/bo/", "post"),
            ("procedure_rebase", "du-thao/{nothing}/so-sanh-lai/", "post"),
            ("procedure_part", "du-thao/{nothing}/sua/chung/", "get"),
            ("procedure_part", "du-thao/{nothing}/sua/phi/them/", "get"),
            ("procedure_arrange", "du-thao/{nothing}/sua/phi/fee/xep/", "post"),
            ("version_withdraw", "1.001193/phien-ban/1/thu-hoi/", "get"),
        )
    ),
    *(
        Row(
            f"administration:{name}",
            f"/quan-tri/thu-tuc/quy-trinh/{url}",
            staff(403, administrator=200, legal_officer=404),
        )
        for name, url in (
            ("workflow_draft", "du-thao/{workflow_draft}/"),
            ("workflow_draft_file", "du-thao/{workflow_draft}/tep.json"),
            ("workflow_bring", "du-thao/{workflow_draft}/nhap/"),
            ("workflow_publish", "du-thao/{workflow_draft}/cong-bo/"),
            ("workflow_step", "du-thao/{workflow_draft}/buoc/1/"),
        )
    ),
    *(
        Row(
            f"administration:{name}",
            f"/quan-tri/thu-tuc/{url}",
            staff(403, administrator=404, legal_officer=404),
            method,
        )
        for name, url, method in (
            ("workflow_begin", "1.001193/quy-trinh/soan/", "post"),
            ("workflow_arrange", "quy-trinh/du-thao/{nothing}/buoc/1/xep/", "post"),
            ("workflow_drop", "quy-trinh/du-thao/{nothing}/bo/", "post"),
            ("workflow_finish", "quy-trinh/{nothing}/thoi/", "get"),
            ("workflow_draft", "quy-trinh/du-thao/{nothing}/", "get"),
        )
    ),
    # a place: for its administrator alone (the province's, of whom there is none here, opens it too)
    *(
        Row(f"administration:{name}", f"/quan-tri/19975/{url}", staff(403, administrator=200))
        for name, url in (
            ("place", ""),
            ("units", "don-vi/"),
            ("add_unit", "don-vi/them/"),
            ("unit", "don-vi/{unit_id}/"),
            ("close_unit", "don-vi/{unit_id}/dong/"),
            ("staff", "can-bo/"),
            ("staff", "can-bo/?q=mau&left=on"),
            ("add_person", "can-bo/them/"),
            ("staff_template", "can-bo/mau.xlsx"),
            ("staff_export", "can-bo/danh-sach.xlsx"),
            ("staff_import", "can-bo/nhap/"),
            ("person", "can-bo/{person}/"),
            ("give_duty", "can-bo/{person}/giao-viec/"),
            ("leaving", "can-bo/{person}/thoi-viec/"),
            ("end_duty", "viec/{duty}/thoi/"),
            ("hours", "gio-lam-viec/"),
            ("set_hours", "gio-lam-viec/dat/"),
            ("local_day", "dat-ngay/"),
            ("local_values", "gia-tri/"),
            ("local_value", "gia-tri/result.remind_after/"),
            ("roles", "vai-tro/"),
            ("changes", "thay-doi/"),
        )
    ),
    *(
        Row(f"administration:{name}", f"/quan-tri/19975/{url}", staff(403, administrator=404))
        for name, url in (
            ("unit", "don-vi/{nothing}/"),
            ("close_unit", "don-vi/{nothing}/dong/"),
            ("person", "can-bo/{nothing}/"),
            ("person", "can-bo/{stranger}/"),
            ("give_duty", "can-bo/{nothing}/giao-viec/"),
            ("leaving", "can-bo/{stranger}/thoi-viec/"),
            ("end_duty", "viec/{nothing}/thoi/"),
            ("local_value", "gia-tri/no.such/"),
        )
    ),
    # asks who it is once more
    Row(
        "administration:sign_in", "/quan-tri/19975/can-bo/{person}/dang-nhap/", staff(403, administrator=302)
    ),
    Row(
        "administration:sign_in",
        "/quan-tri/19975/can-bo/{stranger}/dang-nhap/",
        staff(403, administrator=404),
    ),
    Row(
        "administration:sign_in_link",
        "/quan-tri/19975/can-bo/{person}/lien-ket/",
        staff(403, administrator=302),
        "asked",
    ),
    Row(
        "administration:sign_in_link",
        "/quan-tri/19975/can-bo/{stranger}/lien-ket/",
        staff(403, administrator=404),
        "asked",
    ),
    *(
        Row(f"administration:{name}", f"/quan-tri/{place}/{url}", staff(403))
        for place in ("46", "14758")
        for name, url in (
            ("place", ""),
            ("staff", "can-bo/"),
            ("staff_export", "can-bo/danh-sach.xlsx"),
            ("changes", "thay-doi/"),
        )
    ),
    Row("administration:place", "/quan-tri/99999/", staff(404)),
    Row(
        "administration:sign_in_slips",
        "/quan-tri/19975/can-bo/phieu-dang-nhap/",
        staff(403, administrator=302),
    ),
    # law and calendar: read by administrators and legal officers; changed by nobody of this ward, as above
    *(
        Row(f"administration:{name}", f"/quan-tri/{url}", staff(403, administrator=200, legal_officer=200))
        for name, url in (
            ("parameters", "luat/?q=bo+sung&check=on"),
            ("parameter", "luat/supplement.close_after/"),
            ("calendar", "lich/2026/"),
        )
    ),
    Row("administration:this_year", "/quan-tri/lich/", staff(302)),
    Row(
        "administration:parameter",
        "/quan-tri/luat/no.such/",
        staff(403, administrator=404, legal_officer=404),
    ),
    *(
        Row(f"administration:{name}", f"/quan-tri/{url}", staff(403))
        for name, url in (
            ("national_value", "luat/supplement.close_after/moi/"),
            ("confirm_parameter", "luat/supplement.close_after/xac-nhan/{law_row}/"),
            ("national_day", "lich/dat-ngay/"),
            ("confirm_calendar", "lich/2028/xac-nhan/"),
        )
    ),
    Row("administration:recalculate", "/quan-tri/tinh-lai/", staff(403, administrator=200)),
    Row("administration:mergers", "/quan-tri/sap-nhap/", staff(403, administrator=200)),
    Row("administration:merge_communes", "/quan-tri/sap-nhap/xa-phuong/", staff(403)),
    Row("administration:merge_units", "/quan-tri/sap-nhap/bo-phan/19975/", staff(403, administrator=200)),
    Row("administration:merger", "/quan-tri/sap-nhap/{nothing}/", staff(403, administrator=404)),
    Row(
        "administration:home",
        "/quan-tri/",
        staff(403, administrator=200, centre_director=200, signing_leader=200, legal_officer=200),
    ),
    Row("administration:who_looked", "/quan-tri/19975/ai-da-xem/", staff(403, centre_director=200)),
    Row(
        "administration:who_looked_file", "/quan-tri/19975/ai-da-xem/tep.csv", staff(403, centre_director=200)
    ),
    Row(
        "administration:access_review",
        "/quan-tri/19975/ra-soat-quyen/",
        staff(403, centre_director=200, administrator=200),
    ),
    Row(
        "administration:access_review_report",
        "/quan-tri/19975/ra-soat-quyen/{review}/",
        staff(403, centre_director=200, administrator=200),
    ),
    # conflicts of interest: the specialist declared and reported, the heads of the ward decide
    Row("administration:interests", "/nguoi-than-va-loi-ich/", staff()),
    Row(
        "administration:withdraw_interest",
        "/nguoi-than-va-loi-ich/{declaration}/thoi/",
        staff(404, specialist=200),
    ),
    Row("administration:conflicts", "/xung-dot-loi-ich/", staff()),
    Row("administration:report_conflict", "/xung-dot-loi-ich/bao-cao/", staff()),
    Row("administration:report_conflict", "/xung-dot-loi-ich/bao-cao/?ho-so={dossier}", readers()),
    Row(
        "administration:conflict",
        "/xung-dot-loi-ich/{report}/",
        staff(404, specialist=200, signing_leader=200, centre_director=200),
    ),
    Row(
        "administration:decide_conflict",
        "/xung-dot-loi-ich/{report}/quyet-dinh/",
        staff(404, specialist=403, signing_leader=422, centre_director=422),
        "post",
    ),
    Row(
        "administration:notify_decision",
        "/xung-dot-loi-ich/{report}/thong-bao/",
        staff(404, specialist=403, signing_leader=422, centre_director=422),
        "post",
    ),
    Row("dossiers:search", "/tim-ho-so/", staff(), "post"),
    Row("dossiers:intake", "/tiep-nhan/", staff(403, counter_officer=200, other_ward=200)),
    Row("dossiers:intake_file", "/tiep-nhan/tep/", staff(403, counter_officer=200, other_ward=200), "post"),
    Row("dossiers:intake_done", "/tiep-nhan/xong/{dossier}/", readers()),
    Row(
        "dossiers:guidance",
        "/tiep-nhan/phieu-huong-dan/{contact}.pdf",
        staff(404, counter_officer=200),
    ),
    Row("dossiers:dossier", "/ho-so/{dossier}/", readers()),
    Row("dossiers:dossier", "/ho-so/{nothing}/", staff(404)),
    Row("dossiers:opinions", "/y-kien/", staff()),
    Row("dossiers:why", "/ho-so/{dossier}/vi-sao/", readers()),
    Row("dossiers:conflict", "/ho-so/{dossier}/xung-dot/", readers()),
    Row("dossiers:identity", "/ho-so/{dossier}/so-dinh-danh/", readers(), "post"),
    Row("dossiers:file", "/ho-so/{dossier}/tep/{file}/", readers()),
    Row("dossiers:paper", "/ho-so/{dossier}/giay/giay-hen.pdf", readers()),
    Row("dossiers:act", "/ho-so/{dossier}/lam/chuyen/", readers(403, counter_officer=200)),
    Row("dossiers:act", "/ho-so/{dossier}/lam/ky/", readers(403)),
    # forwarded to a body of the province: it opens what its part needs
    Row("dossiers:dossier", "/ho-so/{forwarded}/", readers(other_body=200)),
    Row("dossiers:why", "/ho-so/{forwarded}/vi-sao/", readers(other_body=200)),
    Row("dossiers:identity", "/ho-so/{forwarded}/so-dinh-danh/", readers(other_body=200), "post"),
    Row("dossiers:file", "/ho-so/{forwarded}/tep/{forwarded_file}/", readers(other_body=200)),
    Row("dossiers:paper", "/ho-so/{forwarded}/giay/giay-hen.pdf", readers()),
    Row("dossiers:intake_done", "/tiep-nhan/xong/{forwarded}/", readers()),
    Row("dossiers:act", "/ho-so/{forwarded}/lam/nhan-lien-thong/", readers(403, other_body=200)),
    Row("dossiers:act", "/ho-so/{forwarded}/lam/tra-phan-viec/", readers(403, other_body=403)),
    Row(
        "dossiers:act",
        "/ho-so/{forwarded}/lam/rut/",
        readers(403, counter_officer=200, other_body=403),
    ),
    Row("dossiers:act", "/ho-so/{dossier}/lam/khong-co/", staff(404)),
    Row(
        "dossiers:act",
        "/ho-so/{dossier}/lam/goi-dien/",
        readers(403, counter_officer=200, centre_director=200),
    ),
)


@dataclass
class Stage:
    """The ward with one dossier, and a browser for everybody of the cast."""

    ward: Ward
    dossier: Dossier
    clients: dict[str, Client]
    places: dict[str, str]


@pytest.fixture
def stage(db: None) -> Stage:
    load_reference(timezone.now())
    ward, other = make_ward(), make_ward("14758", "Hàm Rồng")
    for unit in (ward.committee, ward.centre, ward.department):
        unit.code = unit.code.replace(".", "-").lower()  # as `open_commune` writes it: it stands in URLs
        unit.save(update_fields=["code"])
    dossier = dossier_with_scan(ward)
    clients = {role.value: browser_of(somebody(ward, role)) for role in Role}
    clients["other_ward"] = browser_of(other.people[Role.COUNTER_OFFICER])
    clients["no_duty"] = browser_of(
        User.objects.create_user("khong-viec", None, full_name="Mẫu", code="CB-0")
    )
    body = make_body(ward)
    clients["other_body"] = browser_of(body.people[Role.SPECIALIST])
    clients["anonymous"], clients["citizen"] = Client(), Client()
    clients["citizen"].get(f"/t/{secret_of(dossier.pk)}")
    return Stage(ward, dossier, clients, {**places_of(ward, dossier), **forwarded_to(ward, body)})


def forwarded_to(ward: Ward, body: Body) -> dict[str, str]:
    """A further dossier, passed on to the body untouched."""
    dossier, officer = dossier_with_scan(ward), officer_of(ward.people[Role.COUNTER_OFFICER])
    forward.forward(officer=officer, body=body.unit, task="Mẫu", **asked(dossier, timezone.now()))
    return {"forwarded": str(dossier.pk), "forwarded_file": str(dossier.files.get().pk)}


def dossier_with_scan(ward: Ward) -> Dossier:
    """A birth registration taken in just now, with a scan on its first paper."""
    at = timezone.now().astimezone(VIETNAM)
    image = SimpleUploadedFile("mau.png", PIXEL, "image/png")
    scan = store_upload(image, by=ward.people[Role.COUNTER_OFFICER], at=at)
    intake = make_intake(BIRTH)
    first, *rest = intake.papers
    papers = (first.__class__(first.key, first.name, Answer.HANDED_IN, 1, files=(scan.pk,)), *rest)
    return make_dossier(ward, at=at, code=BIRTH, papers=papers)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000003a7e9b55"
    "0000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082"
)


def somebody(ward: Ward, role: Role) -> User:
    """The member of staff with this role; those whom the ward lacks are given a duty in its committee."""
    if role not in ward.people:
        user = User.objects.create_user(f"mau-{role}", None, full_name=f"Mẫu {role}", code=f"19975-{role}")
        Duty.objects.create(user=user, unit=ward.committee, role=role, valid_from=OPENED)
        ward.people[role] = user
    return ward.people[role]


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def places_of(ward: Ward, dossier: Dossier) -> dict[str, str]:
    """What stands in the URLs."""
    contact = guide.contact(
        officer=officer_of(ward.people[Role.COUNTER_OFFICER]),
        unit=ward.centre,
        request_id=new_id(),
        at=timezone.now(),
        version=dossier.version,
        guide=True,
    )
    message = Message.objects.create(
        subject_kind="dossier", subject_id=dossier.pk, topic="ready", channel="call", queued_at=timezone.now()
    )
    return {
        "dossier": str(dossier.pk),
        "nothing": str(UUID(int=0)),
        "secret": secret_of(dossier.pk),
        "page": page_id(dossier.pk),
        "file": str(dossier.files.get().pk),
        "contact": str(contact.pk),
        "message": str(message.pk),
        **of_integrity(ward),
        **of_administration(ward),
        "workflow_draft": str(workflow_draft_of(ward).pk),
        "unit": ward.centre.code,
    }


def of_administration(ward: Ward) -> dict[str, str]:
    """A unit, an officer of the ward with a duty, somebody of another ward, a value of the law."""
    stranger = User.objects.create_user("nguoi-la", None, full_name="Mẫu", code="CB-X")
    elsewhere = Unit.objects.filter(commune="14758").first()
    Duty.objects.create(user=stranger, unit=elsewhere, role=Role.CLERK, valid_from=OPENED)
    clerk = ward.people[Role.CLERK]
    return {
        "unit_id": str(ward.department.pk),
        "person": str(clerk.pk),
        "stranger": str(stranger.pk),
        "duty": str(clerk.duties.get().pk),
        "law_row": str(Parameter.objects.filter(key="supplement.close_after").latest("recorded_at").pk),
    }


def workflow_draft_of(ward: Ward) -> Draft:
    """A draft of a workflow of the ward's own."""
    at, version = timezone.now(), version_at(BIRTH, timezone.now())
    return workflows.begin_workflow(
        workflow_content(workflow_for(version.procedure, ward.commune, at), BIRTH),
        province=ward.commune.province_id,
        commune=ward.commune,
        base=None,
        officer=officer_of(ward.people[Role.ADMINISTRATOR]),
        at=at,
        request_id=new_id(),
    )


def of_integrity(ward: Ward) -> dict[str, str]:
    """What the specialist declared and reported, and a review of one duty."""
    at, officer = timezone.now(), officer_of(ward.people[Role.SPECIALIST])
    declaration = integrity.declare(
        officer=officer,
        tie=Tie.SIBLING,
        name="Nguyễn Văn Mẫu",
        number="046188000099",
        since=OPENED,
        request_id=new_id(),
        at=at,
    )
    report = integrity.report_conflict(
        officer=officer,
        commune="19975",
        concerned=ward.people[Role.SPECIALIST],
        case=8,
        known_at=at,
        situation="Mẫu",
        effect="Mẫu",
        proposal=Measure.SUPERVISE,
        request_id=new_id(),
        at=at,
    )
    review = review_access(
        officer=officer_of(ward.people[Role.CENTRE_DIRECTOR]),
        commune="19975",
        lines=[Line(Duty.objects.get(user=ward.people[Role.CLERK]).pk, Verdict.KEEP)],
        request_id=new_id(),
        at=at,
    )
    return {"declaration": str(declaration.pk), "report": str(report.pk), "review": str(review.pk)}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, space)
        else:
            yield f"{prefix}{pattern.name}"


def status_of(client: Client, method: str, url: str) -> int:
    # "asked": a post that carries its request, as the button of the page sends it
    response = (
        client.post(url, {"request_id": new_id()}) if method == "asked" else getattr(client, method)(url)
    )
    if response.streaming:
        b"".join(response.streaming_content)  # or the file would stay open
    return int(response.status_code)


def test_every_url_has_its_row() -> None:
    known = set(names(get_resolver().url_patterns))

    assert {row.name for row in ROWS} == known


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.url}")
def test_every_url_answers_everybody_as_written(row: Row, stage: Stage) -> None:
    url = row.url.format(**stage.places)

    answers = {who: status_of(stage.clients[who], row.method, url) for who in CAST}

    assert answers == row.expected


def test_not_yours_reads_like_none_such(stage: Stage) -> None:
    stranger = stage.clients["other_ward"]

    not_yours = stranger.get(f"/ho-so/{stage.dossier.pk}/")
    none_such = stranger.get(f"/ho-so/{UUID(int=0)}/")

    assert without_token(not_yours.text, stage.dossier.pk) == without_token(none_such.text, UUID(int=0))


def without_token(page: str, dossier_id: UUID) -> str:
    """The page without what differs from one answer to the next: the form token, and the address asked for."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page).replace(str(dossier_id), "")


def test_every_page_and_paper_of_sample_data_is_marked(stage: Stage, settings: Any) -> None:
    settings.GANDAN_DEMO = True

    answers = {
        row.url: stage.clients[who].get(row.url.format(**stage.places))
        for row in ROWS
        for who in ("counter_officer", "citizen")
        if row.method == "get" and row.expected[who] == 200
    }

    unmarked = [url for url, answer in answers.items() if not is_marked(answer)]
    assert unmarked == [
        "/thu-tuc/goi-y/?q=khai",
        "/healthz",
        "/ho-so/{dossier}/tep/{file}/",
        "/ho-so/{forwarded}/tep/{forwarded_file}/",
    ]  # a fragment, an answer to machines, and scans


def is_marked(answer: Any) -> bool:
    """True if the page or the paper says that it is a sample."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers["Content-Type"] == "application/pdf":
        return all("MẪU" in page.get_textpage().get_text_range() for page in PdfDocument(BytesIO(content)))
    return "DỮ LIỆU MẪU".encode() in content

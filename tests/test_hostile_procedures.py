"""No input makes the pages about procedures and workflows fall over: fields, parameters, files."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gandan.dossiers.tests.factories import BIRTH, Ward, load_reference, make_ward
from gandan.ledger.ids import new_id
from gandan.organization.models import Role, UnitKind
from gandan.organization.tests.factories import make_officer, make_province_unit
from gandan.ui.hostile_input import CURSORS, HOSTILE, falls, of_fields, of_parameters

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def test_pages_of_procedures_survive_any_field(ward: Ward) -> None:
    client, base = province_client(), "/quan-tri/thu-tuc/"
    for url, names in PROCEDURE_PARAMETERS.items():
        assert list(of_parameters(client, base + url, names, (*HOSTILE, *CURSORS))) == []
    draft = client.post(f"{base}{BIRTH}/soan/", {"request_id": str(new_id())})["Location"]
    forms = {f"{draft}{url}": fields for url, fields in DRAFT_FORMS.items()}
    workflow = client.post(f"{base}{BIRTH}/quy-trinh/soan/", {"noi": "46", "request_id": str(new_id())})[
        "Location"
    ]
    forms |= {f"{workflow}{url}": fields for url, fields in WORKFLOW_FORMS.items()}
    forms |= {f"{base}nhap/": {"text": "schema: gandan-procedure-1\ncode: 1.001193\n", "request_id": ""}}
    forms |= {f"{base}{BIRTH}/soan/": {"request_id": "", "from": "kem"}}

    faults = [fault for url, fields in forms.items() for fault in of_fields(client, url, fields)]
    faults += of_parameters(client, f"{draft}xem-thu/ngay/", ("received",), HOSTILE)
    faults += of_parameters(client, f"{draft}xem-thu/quay/", ("channel", "q-by_proxy", "procedure"), HOSTILE)
    faults += of_parameters(client, workflow, ("received",), HOSTILE)
    faults += [
        falls(client, "get", f"{draft}{page}") for page in ("", "xem-thu/dan/", "cong-bo/", "tep.yaml")
    ]
    faults += [falls(client, "get", f"{workflow}{page}") for page in ("", "cong-bo/", "tep.json")]

    assert [fault for fault in faults if fault] == []


def test_files_brought_in_survive_any_content(ward: Ward) -> None:
    client = province_client()
    values = [value.encode() for value in HOSTILE] + [b"\xff" * 9, b"[" * 9000, b"{" * 9000, b"- " * 9000]
    lines = [b"schema: gandan-procedure-1\ncode: 1.001193\n" + name + b": " for name in FILE_NAMES]

    faults = [
        falls(client, "post", "/quan-tri/thu-tuc/nhap/", {"file": SimpleUploadedFile("mau.yaml", raw)})
        for raw in [*values, *(line + value for line in lines for value in values)]
    ]

    assert [fault for fault in faults if fault] == []


def province_client() -> Client:
    """The province's administrator."""
    client = Client()
    unit = make_province_unit(UnitKind.PROVINCE_OFFICE)
    client.force_login(make_officer(Role.ADMINISTRATOR, unit), backend=MODEL_BACKEND)
    return client


FILE_NAMES = (b"name", b"legal", b"immediate", b"online", b"cases", b"papers", b"fees", b"questions", b"mark")
PROCEDURE_PARAMETERS = {
    "": ("q",),
    f"{BIRTH}/so-sanh/": ("a", "b"),
    f"{BIRTH}/quy-trinh/": ("noi",),
    f"{BIRTH}/phien-ban/1/ho-so/": ("after",),
    "quy-trinh/": ("noi", "q"),
}
CONDITION = {"when-1": "by_proxy=yes", "when-1-number": "", "when-2": "", "when-join": "all"}
DRAFT_FORMS: dict[str, dict[str, str]] = {
    "sua/chung/": {
        "seen": "1",
        "name": "Mẫu",
        "everyday_name": "",
        "level": "Mẫu",
        "decides": "Mẫu",
        "legal": "Mẫu",
        "source_url": "",
        "online": "",
    },
    "sua/truong-hop/them/": {
        **CONDITION,
        "seen": "1",
        "label": "Mẫu",
        "amount": "1",
        "unit": "day",
        "end_time": "",
        "cut_off": "",
        "max_extensions": "1",
    },
    "sua/giay-to/them/": {
        **CONDITION,
        "seen": "1",
        "name": "Mẫu",
        "original": "1",
        "copy": "0",
        "how": "submit",
    },
    "sua/phi/them/": {
        "seen": "1",
        "label": "Mẫu",
        "kind": "fixed",
        "amount": "1",
        "valid_from": "",
        "valid_to": "",
        "province": "",
    },
    "sua/cau-hoi/them/": {
        "seen": "1",
        "text": "Mẫu?",
        "kind": "choice",
        "choices": "a\nb",
        "audience": "anyone",
    },
    "sua/giay-to/declaration/xep/": {"seen": "1", "do": "len"},
    "so-sanh-lai/": {"seen": "1"},
    "xac-nhan/": {"seen": "1", "document": "Mẫu", "whole": "on", "request_id": ""},
    "cong-bo/": {"seen": "1", "starts_on": "2020-01-01", "document": "Mẫu", "request_id": ""},
    "bo/": {"seen": "x"},
}
WORKFLOW_FORMS: dict[str, dict[str, str]] = {
    "": {"seen": "1", "name": "Mẫu"},
    "buoc/them/": {
        "seen": "1",
        "work": "Mẫu",
        "role": "clerk",
        "unit_code": "",
        "time": "0,5",
        "unit": "working_day",
        "phase": "commune",
    },
    "buoc/1/xep/": {"seen": "1", "do": "len"},
    "nhap/": {"seen": "1", "text": "schema: gandan-workflow-1\nprocedure: 1.001193\n"},
    "cong-bo/": {"seen": "1", "starts_on": "2020-01-01", "document": "Mẫu", "request_id": ""},
    "bo/": {"seen": "x"},
}

"""Papers with invented people only; each factory takes the fields that a test is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gandan.documents.papers import (
    Component,
    FormIdentity,
    LedgerHead,
    Letterhead,
    Party,
    Receipt,
    Tracking,
)
from gandan.ui.words import LEGAL_ZONE

MONDAY = datetime(2026, 11, 23, 9, 15, tzinfo=LEGAL_ZONE)
CODE = "000.19.45.H57-261123-0012"
TRACKING = Tracking(
    url="https://gandan.example/t/" + "A" * 22, address="gandan.example/tra-cuu", code="7KQ4-M2XF"
)


def make_form(title: str = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", **given: Any) -> FormIdentity:
    known = {"circular": "Thông tư 03/2025/TT-VPCP", "number": "01", "mark": "read-2nd"}
    return FormIdentity(title=title, **{**known, **given})


def make_head(**given: Any) -> Letterhead:
    known: dict[str, Any] = {
        "form": make_form(),
        "parent": "Ủy ban nhân dân phường Mẫu",
        "office": "Trung tâm Phục vụ hành chính công",
        "place": "Mẫu",
        "issued_at": MONDAY,
        "number": "152/TTPVHCC",
        "official_code": CODE,
        "ledger": LedgerHead(chain="19975", seq=1204, digest="5f3a9c" * 8),
        "tracking": TRACKING,
    }
    return Letterhead(**{**known, **given})


def make_party(name: str = "Nguyễn Thị Hường", **given: Any) -> Party:
    known = {"address": "12 đường Mẫu", "phone": "0900 000 012", "identity_number": "046000000012"}
    return Party(name=name, **{**known, **given})


def make_receipt(**given: Any) -> Receipt:
    known: dict[str, Any] = {
        "head": make_head(),
        "received_at_office": "Trung tâm Phục vụ hành chính công phường Mẫu, quầy số 3",
        "submitter": make_party(),
        "procedure": "Đăng ký khai sinh",
        "components": (
            Component(name="Tờ khai đăng ký khai sinh", originals=1),
            Component(name="Giấy chứng nhận kết hôn của cha, mẹ", note="lấy từ cơ sở dữ liệu"),
        ),
        "time_limit": "trong ngày làm việc",
        "received_at": MONDAY,
        "due_at": MONDAY.replace(hour=17, minute=0),
        "return_way": "Quầy trả kết quả của Trung tâm",
        "fees": "Miễn phí",
        "officer": "Trần Văn Bảo",
        "notes": ("Ông/bà mang theo giấy này khi nhận kết quả.",),
    }
    return Receipt(**{**known, **given})

from __future__ import annotations

import pytest

from gandan.documents.papers import COPY_GIVEN, COPY_KEPT, Component, render_receipt
from gandan.documents.tests.factories import CODE, TRACKING, make_form, make_head, make_party, make_receipt
from gandan.documents.tests.reading import fonts_of, page_sizes, pages_of, qr_codes, words_of

NAMES = [
    "Nguyễn Thị Hường",
    "Y",
    "Y Bhiêu Niê",
    "H'Hen Kđăm Ênuôl",
    "Công Tằng Tôn Nữ Thị Quỳnh Như Nguyệt Ánh Hoàng Phương Thảo Uyên",
]


@pytest.mark.parametrize("name", NAMES)
def test_receipt_gives_the_name_back_letter_by_letter(name: str) -> None:
    pdf = render_receipt(make_receipt(submitter=make_party(name)))

    assert f"Tiếp nhận hồ sơ của: {name} Địa chỉ" in words_of(pdf)


def test_receipt_says_every_field_of_the_form() -> None:
    words = words_of(render_receipt(make_receipt(register_book="01/2026", register_number="3107")))

    missing = [
        field
        for field in (
            "ỦY BAN NHÂN DÂN PHƯỜNG MẪU",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Số: 152/TTPVHCC",
            "Mẫu, ngày 23 tháng 11 năm 2026",
            f"Mã hồ sơ: {CODE}",
            COPY_GIVEN,
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            "Số định danh cá nhân: 046000000012",
            "Số lượng hồ sơ: 1 bộ",
            "Thời gian nhận hồ sơ: 09 giờ 15 phút, thứ Hai ngày 23/11/2026",
            "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, thứ Hai ngày 23/11/2026",
            "Phí, lệ phí: Miễn phí",
            "Quyển số: 01/2026, Số thứ tự: 3107",
            "NGƯỜI NỘP HỒ SƠ",
            "NGƯỜI TIẾP NHẬN HỒ SƠ",
            "Mẫu số 01, Thông tư 03/2025/TT-VPCP",
            "Sổ ghi 19975/1204 · 5f3a 9c5f 3a9c 5f3a 9c5f 3a9c 5f3a 9c5f",
        )
        if field not in words
    ]
    assert missing == []


def test_receipt_is_one_a5_page_with_all_fonts_embedded() -> None:
    pdf = render_receipt(make_receipt())

    assert page_sizes(pdf) == [(148, 210)]
    faces = ["Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"]
    assert fonts_of(pdf) == dict.fromkeys(faces, True)


def test_receipt_qr_reads_back_as_the_tracking_address() -> None:
    pdf = render_receipt(make_receipt())

    assert qr_codes(pdf) == [TRACKING.url]
    assert "gandan.example/tra-cuu Mã tra cứu: 7KQ4-M2XF" in words_of(pdf)


def test_receipt_names_the_owner_when_someone_else_hands_in() -> None:
    words = words_of(render_receipt(make_receipt(owner=make_party("Lê Văn Chủ", address="Thôn Mẫu"))))

    assert "Chủ hồ sơ: Lê Văn Chủ Địa chỉ chủ hồ sơ: Thôn Mẫu" in words


def test_receipt_without_official_code_calls_itself_an_internal_slip() -> None:
    words = words_of(render_receipt(make_receipt(head=make_head(official_code="", internal_code="NB-0012"))))

    assert "Phiếu nội bộ – mã nội bộ: NB-0012" in words
    assert "Mã hồ sơ" not in words


def test_receipt_has_both_copies_counting_their_own_pages() -> None:
    pages = pages_of(render_receipt(make_receipt(copies=(COPY_KEPT, COPY_GIVEN))))

    assert [COPY_KEPT in pages[0], COPY_GIVEN in pages[1], len(pages)] == [True, True, 2]
    assert ["Trang 1/1" in page for page in pages] == [True, True]


def test_receipt_with_forty_components_repeats_the_table_head_and_numbers_its_pages() -> None:
    components = tuple(Component(name=f"Giấy tờ thứ {n} với một tên dài", copies=1) for n in range(1, 41))

    pages = pages_of(render_receipt(make_receipt(components=components)))

    assert [f"Trang {n}/{len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
    assert ["STT Tên giấy tờ" in page for page in pages if "Giấy tờ thứ" in page] == [True, True]
    assert "Giấy tờ thứ 40 với" in pages[1]


@pytest.mark.parametrize(
    ("mark", "is_draft"),
    [
        ("read", False),
        ("read-2nd", False),
        ("confirmed", False),
        ("derived", True),
        ("recalled", True),
        ("not found", True),
    ],
)
def test_receipt_bears_the_draft_mark_unless_its_layout_is_settled(mark: str, is_draft: bool) -> None:
    words = words_of(render_receipt(make_receipt(head=make_head(form=make_form(mark=mark)))))

    assert ("BẢN NHÁP: bố cục cần cán bộ pháp chế xác nhận" in words) is is_draft


def test_receipt_of_the_demo_is_marked_as_sample_on_every_page() -> None:
    components = tuple(Component(name=f"Giấy tờ {n}") for n in range(60))

    pages = pages_of(render_receipt(make_receipt(head=make_head(is_sample=True), components=components)))

    # The watermark stands aslant, so that its letters come back in an order of their own.
    assert [set("DỮ LIỆU MẪU") <= set(page) for page in pages] == [True] * len(pages)
    assert len(pages) > 1


def test_same_receipt_gives_the_same_bytes() -> None:
    assert render_receipt(make_receipt()) == render_receipt(make_receipt())

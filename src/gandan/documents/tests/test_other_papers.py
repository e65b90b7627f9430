from __future__ import annotations

from datetime import date, timedelta

import pytest

from gandan.documents import papers
from gandan.documents.tests.factories import MONDAY, make_form, make_head, make_party
from gandan.documents.tests.reading import page_sizes, words_of

CONTACT = {"contact": "Trần Văn Bảo", "contact_phone": "0234 000 111", "officer": "Trần Văn Bảo"}


def certification() -> papers.Certification:
    return papers.Certification(
        head=make_head(),
        received_at_office="Trung tâm",
        submitter=make_party(),
        procedure="Chứng thực bản sao từ bản chính",
        lines=(
            papers.CertificationLine(name="Bằng tốt nghiệp", pages=1, copies=5, fee=10_000),
            papers.CertificationLine(name="Hợp đồng", pages=8, copies=2, fee=20_000),
        ),
        received_at=MONDAY,
        due_at=MONDAY + timedelta(days=1),
        return_way="Quầy trả kết quả",
        book="02/2026",
        book_number="4410",
        officer="Trần Văn Bảo",
    )


def supplement_request() -> papers.SupplementRequest:
    return papers.SupplementRequest(
        head=make_head(form=make_form("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", number="02")),
        office="Trung tâm",
        party=make_party(),
        procedure="Đăng ký kết hôn",
        missing=(papers.MissingPaper(name="Tờ khai", reason="mục nơi cư trú còn trống", originals=1),),
        reason="Hồ sơ chưa đủ thành phần.",
        answer_by=date(2026, 12, 8),
        **CONTACT,
    )


def refusal() -> papers.Refusal:
    return papers.Refusal(
        head=make_head(form=make_form("Phiếu từ chối tiếp nhận giải quyết hồ sơ", number="03")),
        office="Trung tâm",
        party=make_party(),
        procedure="Chuyển mục đích sử dụng đất",
        reasons=(
            papers.Reason(text="Thiếu giấy ủy quyền.", basis="Điều 17"),
            papers.Reason(text="Sai nơi nộp."),
        ),
        where_next="Nộp tại phường nơi có đất.",
        **CONTACT,
    )


def extension() -> papers.Extension:
    return papers.Extension(
        head=make_head(
            form=make_form("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", number="04")
        ),
        party=make_party(),
        procedure="Cấp giấy phép",
        received_at=MONDAY,
        due_at=MONDAY + timedelta(days=7),
        cause="cơ quan được hỏi chưa trả lời.",
        new_due_at=MONDAY + timedelta(days=10),
        return_place="Trung tâm",
        sent_to=("Như trên;", "Lưu: VT."),
        signer_title="KT. Chủ tịch\nPhó Chủ tịch",
        signer="Phạm Quốc Mẫu",
    )


def stop_notice() -> papers.StopNotice:
    return papers.StopNotice(
        head=make_head(form=make_form("Thông báo dừng giải quyết hồ sơ", number="05", mark="derived")),
        party=make_party(),
        procedure="Đăng ký hộ kinh doanh",
        received_at=MONDAY,
        requested_at=MONDAY,
        stopped_at=MONDAY + timedelta(hours=1),
        reason="người nộp đổi địa điểm",
        returned=("Giấy ủy quyền",),
        signer_title="Giám đốc",
        signer="Phạm Quốc Mẫu",
    )


def guidance_slip() -> papers.GuidanceSlip:
    form = make_form("Phiếu hướng dẫn hoàn thiện hồ sơ", circular="", number="", mark="confirmed")
    return papers.GuidanceSlip(
        head=make_head(form=form, has_dossier=False, official_code="", number="", ledger=None, tracking=None),
        office="Trung tâm",
        procedure="Đăng ký khai sinh",
        papers=(
            papers.GuidedPaper(name="Tờ khai", form="bản chính", state="còn thiếu", how="Điền tại quầy."),
            papers.GuidedPaper(name="Giấy chứng nhận kết hôn", state="không phải nộp"),
        ),
        fees="Miễn phí",
        **CONTACT,
    )


def control_sheet() -> papers.ControlSheet:
    return papers.ControlSheet(
        head=make_head(form=make_form("Phiếu kiểm soát quá trình giải quyết hồ sơ", number="06")),
        party=make_party(),
        procedure="Đăng ký khai sinh",
        received_at=MONDAY,
        due_at=MONDAY + timedelta(days=1),
        handovers=(papers.Handover(giver="Trung tâm", taker="Phòng Văn hóa", at=MONDAY, outcome="Đúng hạn"),),
        blank_rows=2,
    )


PAPERS = {
    "certification": (
        lambda: papers.render_certification(certification()),
        [
            "1 Bằng tốt nghiệp 1 5 10.000 đ 2 Hợp đồng 8 2 20.000 đ Tổng lệ phí 30.000 đ",
            "Quyển số: 02/2026, Số thứ tự: 4410",
        ],
    ),
    "supplement": (
        lambda: papers.render_supplement_request(supplement_request()),
        [
            "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
            "1 Tờ khai Lý do: mục nơi cư trú còn trống 1",
            "chậm nhất: thứ Ba ngày 08/12/2026",
            "liên hệ: Trần Văn Bảo, điện thoại 0234 000 111.",
        ],
    ),
    "refusal": (
        lambda: papers.render_refusal(refusal()),
        [
            "không tiếp nhận hồ sơ này",
            "1. Thiếu giấy ủy quyền. (Căn cứ: Điều 17) 2. Sai nơi nộp.",
            "Ông/bà có thể làm gì tiếp: Nộp tại phường nơi có đất.",
        ],
    ),
    "extension": (
        lambda: papers.render_extension(extension()),
        [
            "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
            "Lý do: cơ quan được hỏi chưa trả lời.",
            "Chúng tôi xin lỗi ông/bà",
            "09 giờ 15 phút, thứ Năm ngày 03/12/2026",
            "KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        ],
    ),
    "stop": (
        lambda: papers.render_stop_notice(stop_notice()),
        [
            "BẢN NHÁP",
            "dừng giải quyết từ 10 giờ 15 phút, thứ Hai ngày 23/11/2026",
            "Giấy tờ trả lại: 1. Giấy ủy quyền",
        ],
    ),
    "guidance": (
        lambda: papers.render_guidance_slip(guidance_slip()),
        [
            "PHIẾU HƯỚNG DẪN HOÀN THIỆN HỒ SƠ",
            "1 Tờ khai Điền tại quầy. bản chính còn thiếu",
            "Phí, lệ phí: Miễn phí",
        ],
    ),
    "control sheet": (
        lambda: papers.render_control_sheet(control_sheet()),
        ["1. Giao: Trung tâm 2. Nhận: Phòng Văn hóa 09 giờ 15 phút, thứ Hai ngày 23/11/2026", "Đúng hạn"],
    ),
}


@pytest.mark.parametrize("name", PAPERS)
def test_paper_is_one_a5_page_and_says_what_it_must(name: str) -> None:
    render, sentences = PAPERS[name]

    pdf = render()

    words = words_of(pdf)
    assert page_sizes(pdf) == [(148, 210)]
    assert [sentence for sentence in sentences if sentence not in words] == []


def test_guidance_slip_has_no_dossier_code_or_form_number() -> None:
    words = words_of(papers.render_guidance_slip(guidance_slip()))

    assert [word for word in ("Mã hồ sơ", "Phiếu nội bộ", "Mẫu số", "Sổ ghi") if word in words] == []


def test_ledger_head_refuses_less_than_128_bits() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        papers.LedgerHead(chain="19975", seq=1, digest="5f3a")

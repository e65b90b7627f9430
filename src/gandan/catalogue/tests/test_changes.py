"""Two contents compared, in the words of a clerk; and what must be put right before publishing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from django.utils.translation import override

from gandan.catalogue.changes import How, changes, pieces_of
from gandan.catalogue.content import CaseContent, FeeContent, PaperContent, QuestionContent
from gandan.catalogue.content_words import condition_words
from gandan.catalogue.models import ProcedureVersion
from gandan.catalogue.problems import problems_of
from gandan.catalogue.stored import content_of
from gandan.catalogue.tests.factories import BIRTH, COPIES, load, make_version

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def vietnamese():
    with override("vi"):
        yield


@pytest.fixture
def copies():
    return content_of(make_version(COPIES))


def test_equal_contents_do_not_differ(copies):
    assert changes(copies, replace(copies)) == []


def test_changed_amount_is_said_as_money(copies):
    (fee,) = copies.fees
    after = replace(copies, fees=(replace(fee, amount=3000),))

    (change,) = changes(copies, after)

    assert (change.part, change.item, change.label) == ("fees", fee.label, "Số tiền (đồng)")
    assert (change.before, change.after, change.how) == ("2.000 đ", "3.000 đ", How.CHANGED)


def test_condition_is_said_by_its_question(copies):
    paper = replace(
        copies.papers[1], when={"any": [{"q": "pages", "at_least": 3}, {"q": "has_copy", "is": "no"}]}
    )

    (change,) = changes(copies, replace(copies, papers=(copies.papers[0], paper)))

    assert change.before == "Có mang sẵn bản sao không? – có"
    assert (
        change.after == "Bản chính có bao nhiêu trang? – từ 3 trở lên hoặc Có mang sẵn bản sao không? – không"
    )


def test_added_and_removed_papers_are_told_whole(copies):
    new = PaperContent("extra", "Giấy mẫu", original=1)

    found = changes(copies, replace(copies, papers=(copies.papers[0], new)))

    assert [(one.how, one.item) for one in found] == [
        (How.ADDED, "Giấy mẫu"),
        (How.REMOVED, "Bản sao cần chứng thực"),
    ]
    assert ("Số bản chính", "1") in found[0].lines


def test_another_order_is_told_once(copies):
    found = changes(copies, replace(copies, papers=copies.papers[::-1]))

    assert [(one.how, one.part) for one in found] == [(How.MOVED, "papers")]


def test_words_that_differ_are_marked():
    old, new = pieces_of("Nộp bản sao có chứng thực", "Nộp bản chụp có chứng thực")

    assert [one.text for one in old if one.differs] == ["sao"]
    assert [one.text for one in new if one.differs] == ["chụp"]


def test_all_stored_conditions_have_words():
    load()
    for version in ProcedureVersion.objects.select_related("procedure"):
        content = content_of(version)
        for row in (*content.cases, *content.papers, *content.fees):
            assert condition_words(row.when, content.questions)


# ---- what must be put right --------------------------------------------------------------------------------


def stopping(content):
    return [one.message for one in problems_of(content, TODAY) if one.stops]


def test_shipped_procedure_has_no_fault():
    assert stopping(content_of(make_version(BIRTH))) == []
    assert stopping(content_of(make_version(COPIES))) == []


CASE = CaseContent("other", "Trường hợp mẫu", {"q": "has_copy", "is": "yes"}, 5, "working_day", document="NĐ")
FEE = FeeContent("other", "Khoản mẫu", amount=1000, document="TT")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "tên chính thức"),
        ({"code": "abc"}, "1.001193"),
        ({"legal": ()}, "Căn cứ pháp lý"),
        ({"source_url": "javascript:alert(1)"}, "https://"),
        ({"everyday_name": "x" * 121}, "121"),
        ({"guide_only": True}, "vì sao chỉ hướng dẫn"),
        ({"cases": ()}, "đúng một trường hợp"),
        ({"cases": "+", "case": replace(CASE, when=None)}, "đúng một trường hợp"),
        ({"cases": "+", "case": replace(CASE, amount=None)}, "chưa có thời hạn"),
        ({"cases": "+", "case": replace(CASE, amount=0)}, "không thể là 0"),
        ({"cases": "+", "case": replace(CASE, document="")}, "văn bản quy định thời hạn"),
        ({"cases": "+", "case": replace(CASE, name="standard")}, "2 lần"),
        ({"cases": "+", "case": replace(CASE, name="Có dấu")}, "không dấu"),
        ({"cases": "+", "case": replace(CASE, cut_off=time(15))}, "trong ngày"),
        ({"cases": "+", "case": replace(CASE, supplement_days=5)}, "cả số và đơn vị"),
        ({"cases": "+", "case": replace(CASE, when={"q": "gone", "is": "yes"})}, "không còn"),
        ({"cases": "+", "case": replace(CASE, when={"q": "has_copy", "is": "maybe"})}, "không có"),
        ({"cases": "+", "case": replace(CASE, when={"q": "pages", "is": "3"})}, "là chữ"),
        ({"cases": "+", "case": replace(CASE, when={"q": "has_copy", "at_least": 3})}, "là số"),
        ({"fees": "+", "fee": replace(FEE, amount=None)}, "chưa có số tiền"),
        ({"fees": "+", "fee": replace(FEE, kind="free")}, "0 đồng"),
        ({"fees": "+", "fee": replace(FEE, kind="unknown")}, "lý do"),
        ({"fees": "+", "fee": replace(FEE, relief=True)}, "kèm điều kiện"),
        ({"fees": "+", "fee": replace(FEE, quantity="gone")}, "số lượng"),
        (
            {"fees": "+", "fee": replace(FEE, valid_from=date(2027, 1, 1), valid_to=date(2026, 1, 1))},
            "trước khi bắt đầu",
        ),
        ({"questions": "+", "question": QuestionContent("q1", "Câu mẫu?", "choice")}, "ít nhất hai"),
        (
            {"questions": "+", "question": QuestionContent("q1", "Câu mẫu?", "yes_no", (("a", "b"),))},
            "không phải câu hỏi chọn",
        ),
    ],
)
def test_fault_is_told_in_plain_words(copies, change, words):
    change = dict(change)
    row = next((change.pop(name) for name in ("case", "fee", "question") if name in change), None)
    given = {part: (*getattr(copies, part), row) if value == "+" else value for part, value in change.items()}

    assert any(words in message for message in stopping(replace(copies, **given)))


def test_what_is_only_worth_a_look_does_not_stop(copies):
    over = replace(FEE, valid_to=date(2026, 1, 1))

    found = problems_of(replace(copies, result="", fees=(*copies.fees, over)), TODAY)

    assert [one.stops for one in found] == [False, False]

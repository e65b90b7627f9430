"""The forms of the intake alone: what people type, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from gandan.accounts.tests.factories import make_user
from gandan.catalogue.fees import FeeLine
from gandan.catalogue.models import PaperHow, PaperRequirement
from gandan.dossiers.forms import scanner, scans
from gandan.dossiers.forms.intake import next_question
from gandan.dossiers.forms.papers import FeeForm, PaperForm
from gandan.dossiers.forms.person import PersonForm, phone_kept
from gandan.dossiers.models import Answer, IdentityKind, PartyKind

TODAY = date(2026, 11, 23)


def person(**given: str) -> PersonForm:
    return PersonForm({f"owner-{name}": value for name, value in given.items()}, prefix="owner", today=TODAY)


def paper(given: dict[str, str] | None = None, **fields: Any) -> PaperForm:
    known = {"key": "k", "name": "Tờ khai", "original": 1, "copy": 0, "how": PaperHow.SUBMIT, **fields}
    data = {f"p-k-{name}": value for name, value in (given or {}).items()}
    return PaperForm(data, PaperRequirement(**known), certain=True, scans=())


def line(**fields: Any) -> FeeLine:
    known = {"key": "fee", "label": "Lệ phí", "amount": 8000, "kind": "fixed", "why": "", "mark": "read"}
    return FeeLine(**{**known, **fields})


@pytest.mark.parametrize(
    ("typed", "birth_date", "birth_year"),
    [
        ("5/9/1980", date(1980, 9, 5), None),
        ("05091980", date(1980, 9, 5), None),
        ("1980-09-05", date(1980, 9, 5), None),
        ("09/1980", None, 1980),
        ("1948", None, 1948),
        ("", None, None),
    ],
)
def test_birth_as_people_write_it(typed: str, birth_date: date | None, birth_year: int | None) -> None:
    party = person(name="Nguyễn Mẫu", born=typed).party()

    assert (party.birth_date, party.birth_year) == (birth_date, birth_year)


@pytest.mark.parametrize(
    "typed", ["31/02/1980", "24/11/2026", "2027", "hôm qua", "1/13/1980", "12/11/80", "0"]
)
def test_birth_that_cannot_be_is_told(typed: str) -> None:
    assert list(person(name="Nguyễn Mẫu", born=typed).errors) == ["born"]


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("046188000001", IdentityKind.PERSONAL_NUMBER, "046188000001"),
        ("046 188 000 001", IdentityKind.PERSONAL_NUMBER, "046188000001"),
        ("191234567", IdentityKind.OLD_CARD, "191234567"),
        ("c1234567", IdentityKind.PASSPORT, "C1234567"),
        ("", IdentityKind.NONE, ""),
    ],
)
def test_number_tells_its_own_kind(typed: str, kind: IdentityKind, kept: str) -> None:
    party = person(name="Nguyễn Mẫu", number=typed).party()

    assert (party.identity_kind, party.identity_number) == (kind, kept)


@pytest.mark.parametrize(
    "typed", ["04618800001", "0461880000011", "1234567890", "04618800000A!", "số của tôi"]
)
def test_number_that_cannot_be_is_told(typed: str) -> None:
    assert list(person(name="Nguyễn Mẫu", number=typed).errors) == ["number"]


def test_enterprise_is_known_by_its_tax_code() -> None:
    party = person(name="Công ty Mẫu", kind=str(PartyKind.ENTERPRISE.value), number="0312345678-001").party()

    assert (party.kind, party.identity_kind) == (PartyKind.ENTERPRISE, IdentityKind.TAX_CODE)


@pytest.mark.parametrize(("typed", "kept"), [("Ư", "Ư"), ("  H'Hen   Niê ", "H'Hen Niê"), ("Lê", "Lê")])
def test_any_name_is_a_name(typed: str, kept: str) -> None:
    assert person(name=typed).party().name == kept


@pytest.mark.parametrize(
    ("given", "doubts"),
    [
        ({"number": "046188000001", "born": "08/03/1988", "sex": "female"}, 0),
        ({"number": "046188000001", "born": "08/03/1989"}, 1),
        ({"number": "046188000001", "born": "1989", "sex": "male"}, 2),
        ({"number": "191234567", "born": "1989", "sex": "male"}, 0),
        ({"phone": "12345"}, 1),
    ],
)
def test_doubts_are_told_and_never_refuse(given: dict[str, str], doubts: int) -> None:
    form = person(name="Nguyễn Mẫu", **given)

    assert len(form.warnings) == doubts
    assert form.errors == {}


def test_letter_that_no_receipt_can_print_is_told_before() -> None:
    form = person(name="Nguyễn 阮")

    assert [one for one in form.warnings if "阮" in one] == form.warnings != []
    assert form.errors == {}


@pytest.mark.parametrize(
    ("typed", "kept", "is_doubted"),
    [
        ("0912 345 678", "0912345678", False),
        ("+84 912.345.678", "0912345678", False),
        ("84912345678", "0912345678", False),
        ("0234 382 1234", "02343821234", False),
        ("+1 650 253 0000", "+16502530000", False),
        ("01682345678", "01682345678", True),
        ("+841682345678", "01682345678", True),
        ("12345", "12345", True),
        ("không có", "", True),
        ("", "", False),
    ],
)
def test_phone_is_kept_and_only_doubted(typed: str, kept: str, is_doubted: bool) -> None:
    number, doubt = phone_kept(typed)

    assert (number, bool(doubt)) == (kept, is_doubted)


def test_phone_that_no_column_can_hold_is_told() -> None:
    with pytest.raises(ValidationError):
        phone_kept("0912345678 và 09123456789")


@pytest.mark.parametrize(
    ("how", "usual"), [(PaperHow.SUBMIT, Answer.HANDED_IN), (PaperHow.SHOW, Answer.SHOWN)]
)
def test_first_key_is_what_is_usual_for_the_paper(how: PaperHow, usual: Answer) -> None:
    first = paper(how=how).choices[0]

    assert (first.digit, first.value) == (1, usual.value)


@pytest.mark.parametrize(
    ("given", "fields", "wrong"),
    [
        ({}, {}, ["answer"]),
        ({"answer": "handed_in"}, {}, []),
        ({"answer": "missing"}, {}, []),
        ({"answer": "from_database"}, {}, ["source"]),
        ({"answer": "from_database"}, {"data_source": "CSDL quốc gia về dân cư"}, []),
        ({"answer": "handed_in"}, {"data_source": "CSDL quốc gia về dân cư"}, ["reason"]),
        ({"answer": "handed_in", "reason": "Mất mạng"}, {"data_source": "CSDL quốc gia về dân cư"}, []),
        ({"answer": "lost"}, {}, ["answer"]),
        ({"answer": "handed_in", "copies": "-1"}, {}, ["copies"]),
        ({"answer": "handed_in", "copies": "1000"}, {}, ["copies"]),
    ],
)
def test_paper_asks_for_what_it_lacks(
    given: dict[str, str], fields: dict[str, str], wrong: list[str]
) -> None:
    form = paper(given, **fields)

    form.require()

    assert list(form.errors) == wrong


def test_missing_paper_counts_no_sheets() -> None:
    found = paper({"answer": "missing", "originals": "3"}).line()

    assert found is not None
    assert (found.originals, found.certified, found.copies) == (0, 0, 0)


@pytest.mark.parametrize(
    ("amount", "typed", "total"), [(8000, "", 8000), (None, "", None), (None, "5000", 5000), (0, "9", 0)]
)
def test_fee_is_the_catalogues_or_else_the_officers(
    amount: int | None, typed: str, total: int | None
) -> None:
    form = FeeForm({"f-fee-amount": typed}, line(amount=amount), "")

    assert form.sum == total


def test_fee_that_hangs_on_an_answer_is_not_charged() -> None:
    assert FeeForm({}, line(amount=None, conditional=True), "").fee() is None


@pytest.mark.parametrize(
    ("condition", "answers", "asked"),
    [
        (None, {}, set()),
        ({"q": "a", "is": "yes"}, {}, {"a"}),
        ({"q": "a", "is": "yes"}, {"a": "no"}, set()),
        ({"all": [{"q": "a", "is": "yes"}, {"q": "b", "is": "yes"}]}, {}, {"a"}),
        ({"all": [{"q": "a", "is": "yes"}, {"q": "b", "is": "yes"}]}, {"a": "yes"}, {"b"}),
        ({"all": [{"q": "a", "is": "yes"}, {"q": "b", "is": "yes"}]}, {"b": "no"}, set()),
        ({"any": [{"q": "a", "is": "yes"}, {"q": "b", "is": "yes"}]}, {"a": "no"}, {"b"}),
        ({"not": {"q": "a", "is": "yes"}}, {}, {"a"}),
    ],
)
def test_only_the_next_question_that_matters_is_asked(
    condition: dict[str, Any] | None, answers: dict[str, str], asked: set[str]
) -> None:
    assert next_question(condition, answers) == asked


@pytest.mark.parametrize(
    ("text", "number", "told"),
    [
        ("046188000001||Nguyễn Mẫu|08031988|Nữ|Số 1|01012022", "046188000001", False),
        ("046 188 000 001", "046188000001", False),
        ("04618800001", "04618800001", False),  # its own box says what is wrong with it
        ("https://example.vn", "", True),
        ("a|b|c|d|e|f", "", True),
    ],
)
def test_scanner_fills_or_tells(text: str, number: str, told: bool) -> None:
    data = QueryDict(mutable=True)

    message = scanner.take_card(data, text, prefix="owner", today=TODAY)

    assert data.get("owner-number", "").replace(" ", "") == number
    assert bool(message) == told


@pytest.mark.django_db
def test_word_for_a_scan_is_good_for_one_officer_alone() -> None:
    lan, minh = make_user(), make_user()
    stored = scans.StoredFile(name="to-khai.png")
    token = scans.as_scan(stored, lan).token

    own, strange, changed = scans.read(token, lan), scans.read(token, minh), scans.read(token[:-1] + "_", lan)

    assert own is not None
    assert (own.id, own.name) == (stored.pk, "to-khai.png")
    assert (strange, changed) == (None, None)

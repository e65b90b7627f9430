"""Numbers and cards; every number here is invented."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gandan.accounts import identity
from gandan.accounts.identity import BirthDate, Identity

TODAY = date(2026, 11, 23)
CARD = "046198001234|191234567|Nguyễn Thị Mẫu|05091998|Nữ|Tổ 1, Phường Thủ, Thành phố Mẫu|25042021"


@pytest.mark.parametrize(
    "typed", ["046198001234", " 046 198 001 234 ", "046.198.001.234", "046-198-001234", "０46198001234"]
)
def test_clean_personal_number_takes_every_way_of_typing(typed):
    assert identity.clean_personal_number(typed) == "046198001234"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "04619800123",
            "Số định danh cần 12 chữ số; ở đây mới có 11. "
            "Nếu số bắt đầu bằng 0, xin ghi cả số 0 ấy. Các ô khác vẫn được giữ.",
        ),
        ("0461980012", "Số định danh cần 12 chữ số; ở đây mới có 10. Các ô khác vẫn được giữ."),
        ("0461980012345", "Số định danh cần 12 chữ số; ở đây có 13. Các ô khác vẫn được giữ."),
        ("", "Số định danh cần 12 chữ số và không có chữ cái. Các ô khác vẫn được giữ."),
        ("04619800123O", "Số định danh cần 12 chữ số và không có chữ cái. Các ô khác vẫn được giữ."),
    ],
)
def test_clean_personal_number_says_what_is_missing(typed, sentence):
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        identity.clean_personal_number(typed)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("046198001234", Identity("personal_number", "046198001234")),
        ("191 234 567", Identity("old_number", "191234567")),
        ("c1234567", Identity("passport", "C1234567")),
        ("AB-12 34/56", Identity("passport", "AB123456")),
    ],
)
def test_recognise_tells_the_kind(typed, expected):
    assert identity.recognise(typed) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1234567890", "personal_number_length"),
        ("C123;45", "identity_signs"),
        ("", "identity_signs"),
        ("C" * 21, "identity_length"),
    ],
)
def test_recognise_refuses(typed, code):
    with pytest.raises(ValidationError) as refused:
        identity.recognise(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("number", "year", "sex"),
    [
        ("046098001234", 1998, "male"),
        ("046198001234", 1998, "female"),
        ("046305001234", 2005, "female"),
        ("046412001234", 2112, "male"),
    ],
)
def test_number_hints_read_century_sex_and_year(number, year, sex):
    assert identity.number_hints(number) == (year, sex)


def test_number_warnings_of_a_fitting_person_are_none():
    assert identity.number_warnings("046198001234", birth_year=1998, sex="female") == []


def test_number_warnings_name_year_and_sex():
    with translation.override("en"):
        found = identity.number_warnings("046198001234", birth_year=1989, sex="male")

    assert found == [
        "The number speaks of the year 1998, the date of birth says 1989. Please look again.",
        "The number and the sex do not seem to fit. Please look again.",
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("05091998", BirthDate(1998, 9, 5)),
        ("5/9/1998", BirthDate(1998, 9, 5)),
        (" 05 - 09 - 1998 ", BirthDate(1998, 9, 5)),
        ("1998-09-05", BirthDate(1998, 9, 5)),
        ("5.9.1998", BirthDate(1998, 9, 5)),
        ("9/1998", BirthDate(1998, 9)),
        ("1948", BirthDate(1948)),
        ("00001948", BirthDate(1948)),
        ("00091948", BirthDate(1948, 9)),
        ("23/11/2026", BirthDate(2026, 11, 23)),
    ],
)
def test_parse_birth_reads(typed, expected):
    assert identity.parse_birth(typed, on=TODAY) == expected


@pytest.mark.parametrize(
    "typed", ["", "hôm qua", "31/02/1998", "5/9/98", "1/2/3/1998", "05001998", "13/1998", "1066", "199", "3/"]
)
def test_parse_birth_refuses_what_is_no_date(typed):
    with pytest.raises(ValidationError) as refused:
        identity.parse_birth(typed, on=TODAY)

    assert refused.value.code == "birth_date"


@pytest.mark.parametrize("typed", ["24/11/2026", "12/2026", "2027"])
def test_parse_birth_in_the_future_is_refused(typed):
    with pytest.raises(ValidationError) as refused:
        identity.parse_birth(typed, on=TODAY)

    assert refused.value.code == "birth_future"


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_parse_birth_reads_back_what_it_writes(day):
    born = BirthDate(day.year, day.month, day.day)

    assert identity.parse_birth(str(born), on=TODAY) == born


def test_parse_card_reads_every_field():
    card = identity.parse_card(CARD, on=TODAY)

    assert card == identity.Card(
        number="046198001234",
        old_number="191234567",
        name="Nguyễn Thị Mẫu",
        born=BirthDate(1998, 9, 5),
        sex="female",
        address="Tổ 1, Phường Thủ, Thành phố Mẫu",
        issued=date(2021, 4, 25),
    )


@pytest.mark.parametrize(
    "scanned",
    [
        CARD + "\r\n",
        "\ufeff" + CARD,
        "]Q1" + CARD,
        "\x02" + CARD + "\x03",
        CARD.replace("|", "¦"),
        CARD + "|||",
        CARD.encode().decode("latin-1"),
    ],
)
def test_parse_card_ignores_what_scanners_add(scanned):
    assert identity.parse_card(scanned, on=TODAY) == identity.parse_card(CARD, on=TODAY)


def test_parse_card_of_a_person_with_one_word_and_a_year():
    card = identity.parse_card("046148000001||Đèo|1948|Nữ|Bản Thử|", on=TODAY)

    assert (card.name, card.old_number, card.born, card.issued) == ("Đèo", "", BirthDate(1948), None)
    assert card.warnings == ()


def test_parse_card_with_a_combining_name_writes_it_in_one_form():
    card = identity.parse_card("046198001234||Nguye\u0302\u0303n  Thị|05091998|Nữ|x|", on=TODAY)

    assert card.name == "Nguyễn Thị"


@pytest.mark.parametrize(
    ("scanned", "warnings"),
    [
        (
            "046198001234||Nguyễn Mẫu|99999999|Nữ|x|",
            ["The card's date of birth could not be read. Please type it."],
        ),
        ("046198001234||Nguy?n M?u|05091998|Nữ|x|", ["The card's name could not be read. Please type it."]),
        ("046198001234|||05091998|Nữ|x|", ["The card's name could not be read. Please type it."]),
        (
            "046198001234||Mẫu|05091998|Nam|x|",
            ["The number and the sex do not seem to fit. Please look again."],
        ),
    ],
)
def test_parse_card_warns_of_what_it_could_not_read(scanned, warnings):
    with translation.override("en"):
        card = identity.parse_card(scanned, on=TODAY)

    assert list(card.warnings) == warnings


@pytest.mark.parametrize(
    ("scanned", "code"),
    [("khai sinh", "card"), ("a|b|c", "card"), ("04619800123||A|1998|Nam|x|", "personal_number_length")],
)
def test_parse_card_refuses(scanned, code):
    with pytest.raises(ValidationError) as refused:
        identity.parse_card(scanned, on=TODAY)

    assert refused.value.code == code


@given(st.text(alphabet="0123456789|¦]QÃ¡ab?\x02 \n", max_size=80))
def test_parse_card_of_anything_reads_or_refuses(scanned):
    try:
        card = identity.parse_card(scanned, on=TODAY)
    except ValidationError:
        return
    assert len(card.number) == 12


@pytest.mark.parametrize(("text", "expected"), [(CARD, True), ("khai sinh", False), ("a|b", False)])
def test_is_card(text, expected):
    assert identity.is_card(text) is expected

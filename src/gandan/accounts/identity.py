"""Numbers and cards by which a person is known (số định danh, CMND, hộ chiếu, mã QR thẻ căn cước).

Pure functions on text. A personal number has no check digit, and province codes from before the
merger stay in numbers already issued, so neither is ever asked for (NĐ 137/2015 art. 13;
TT 07/2016/TT-BCA). What the digits say of sex and year of birth is a hint, never a refusal.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

IdentityKind = Literal["personal_number", "old_number", "passport"]
Sex = Literal["male", "female", ""]

PERSONAL_NUMBER_DIGITS = 12
OLD_NUMBER_DIGITS = 9  # chứng minh nhân dân [recalled]
LONGEST_NUMBER = 20
OLDEST_YEAR = 1890
SEXES: dict[str, Sex] = {"nam": "male", "nữ": "female", "nu": "female"}


@dataclass(frozen=True)
class Identity:
    """A number with its kind; `value` bears no separators."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True)
class BirthDate:
    """A date of birth as far as it is known: the year alone is valid, so is month and year."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year}"
        if self.day is None:
            return f"{self.month:02d}/{self.year}"
        return f"{self.day:02d}/{self.month:02d}/{self.year}"

    @property
    def earliest(self) -> date:
        """The first day that it may mean."""
        return date(self.year, self.month or 1, self.day or 1)


@dataclass(frozen=True)
class Card:
    """What the QR code of a citizen card (thẻ căn cước) says; what it leaves out is empty."""

    number: str
    old_number: str
    name: str
    born: BirthDate | None
    sex: Sex
    address: str
    issued: date | None
    warnings: tuple[str, ...] = ()


def compact(text: str) -> str:
    """Capital letters and digits only: spaces, dots, dashes and full-width forms are ways of typing."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s.\-/\u200b\ufeff]", "", folded)


def wrong_length(count: int) -> ValidationError:
    if count == PERSONAL_NUMBER_DIGITS - 1:
        message = _(
            "A personal number has 12 digits; here there are only 11. "
            "If it begins with 0, that 0 belongs to it. The other boxes are kept."
        )
    elif count < PERSONAL_NUMBER_DIGITS:
        message = _(
            "A personal number has 12 digits; here there are only %(count)d. The other boxes are kept."
        )
    else:
        message = _("A personal number has 12 digits; here there are %(count)d. The other boxes are kept.")
    return ValidationError(message, code="personal_number_length", params={"count": count})


def clean_personal_number(text: str) -> str:
    """The 12 digits. Raises ValidationError that says what is missing."""
    number = compact(text)
    if not number.isascii() or not number.isdigit():
        message = _("A personal number has 12 digits and no letters. The other boxes are kept.")
        raise ValidationError(message, code="personal_number_letters")
    if len(number) != PERSONAL_NUMBER_DIGITS:
        raise wrong_length(len(number))
    return number


def recognise(text: str) -> Identity:
    """The number of any paper: 12 digits, the old 9 digits, or a passport's letters and digits (opaque)."""
    number = compact(text)
    if not number.isascii() or not number.isalnum():
        message = _("This number has a sign that is neither a letter nor a digit. The other boxes are kept.")
        raise ValidationError(message, code="identity_signs")
    if not number.isdigit():
        if len(number) > LONGEST_NUMBER:
            message = _("This number is longer than any passport's. The other boxes are kept.")
            raise ValidationError(message, code="identity_length")
        return Identity(kind="passport", value=number)
    if len(number) == OLD_NUMBER_DIGITS:
        return Identity(kind="old_number", value=number)
    return Identity(kind="personal_number", value=clean_personal_number(number))


def number_hints(number: str) -> tuple[int, Sex]:
    """Year of birth and sex that the digits 4 to 6 of a personal number speak of."""
    fourth = int(number[3])
    sex: Sex = "female" if fourth % 2 else "male"
    return 1900 + 100 * (fourth // 2) + int(number[4:6]), sex


def number_warnings(number: str, *, birth_year: int | None = None, sex: Sex = "") -> list[str]:
    """Sentences for the officer when the number and the person do not seem to fit; none is refused."""
    hinted_year, hinted_sex = number_hints(number)
    found = []
    if birth_year is not None and birth_year != hinted_year:
        values = {"hinted": hinted_year, "year": birth_year}
        found.append(
            _("The number speaks of the year %(hinted)d, the date of birth says %(year)d. Please look again.")
            % values
        )
    if sex and sex != hinted_sex:
        found.append(_("The number and the sex do not seem to fit. Please look again."))
    return found


def future_birth() -> ValidationError:
    return ValidationError(
        _("A date of birth cannot lie in the future. Please look again."), code="birth_future"
    )


def birth_parts(text: str) -> tuple[int, int, int] | None:
    """(year, month, day) with 0 for what is not known, or None when the text is no date."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d{8}", plain):  # ddmmyyyy, as on the card
        return int(plain[4:]), int(plain[2:4]), int(plain[:2])
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", plain):
        year, month, day = plain.split("-")
        return int(year), int(month), int(day)
    parts = re.split(r"\s*[/.\-\s]\s*", plain)
    if not all(re.fullmatch(r"\d{1,4}", part) for part in parts) or len(parts) > 3 or len(parts[-1]) != 4:
        return None
    numbers = [0] * (3 - len(parts)) + [int(part) for part in parts]
    return numbers[2], numbers[1], numbers[0]


def parse_birth(text: str, *, on: date) -> BirthDate:
    """A date of birth as people write it: 5/9/1980, 05091980, 09/1980, 1980. `on` is today.

    Raises ValidationError for what is no date, or lies after `on`.
    """
    parts = birth_parts(text)
    try:
        if parts is None or parts[0] < OLDEST_YEAR or (parts[2] and not parts[1]):
            raise ValueError
        born = BirthDate(year=parts[0], month=parts[1] or None, day=parts[2] or None)
        first_day = born.earliest
    except ValueError:
        message = _("This is not a date. Write day/month/year, for example 05/09/1980, or the year alone.")
        raise ValidationError(message, code="birth_date") from None
    if first_day > on:
        raise future_birth()
    return born


def clean_name(text: str) -> str:
    """A name as its bearer writes it: one form of each letter, single spaces. One word is a valid name."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def repaired(text: str) -> str:
    """Undoes a scanner that sent UTF-8 as if it were Latin letters ("Nguyá»…n"); else the text itself."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return text


def card_fields(text: str) -> list[str]:
    """The fields of a scanned card, without what a keyboard-wedge scanner puts round them."""
    plain = repaired(text.strip("\r\n\t \ufeff\0\x02\x03"))
    plain = re.sub(r"^\](?:Q|q)\d", "", plain)  # the AIM prefix "QR code" of some scanners
    return [clean_name(field) for field in plain.replace("¦", "|").split("|")]


def is_card(text: str) -> bool:
    """True when the text looks like a scanned card rather than typed letters."""
    return text.count("|") + text.count("¦") >= 5


def card_birth(text: str, *, on: date) -> BirthDate | None:
    try:
        return parse_birth(text, on=on) if text else None
    except ValidationError:
        return None


def card_date(text: str) -> date | None:
    parts = birth_parts(text)
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def card_warnings(
    number: str, name: str, born: BirthDate | None, birth_text: str, sex: Sex
) -> tuple[str, ...]:
    found = number_warnings(number, birth_year=born.year if born else None, sex=sex)
    if birth_text and born is None:
        found.append(_("The card's date of birth could not be read. Please type it."))
    if not name or re.search(r"[\d?\ufffd]", name):
        found.append(_("The card's name could not be read. Please type it."))
    return tuple(found)


def parse_card(text: str, *, on: date) -> Card:
    """The card `number|old number|name|birth date|sex|address|issue date`, with what is missing left empty.

    Newer cards may bear further fields; they are passed over. Raises ValidationError when the text is
    no card or its first field no personal number. `on` is today.
    """
    fields = card_fields(text)
    if len(fields) < 6:
        message = _("This does not read like a citizen card. Scan it again, or type the number by hand.")
        raise ValidationError(message, code="card")
    number, old_number, name, birth_text, sex_text, address, issued, *_further = [*fields, ""]
    number = clean_personal_number(number)
    born = card_birth(birth_text, on=on)
    sex = SEXES.get(sex_text.casefold(), "")
    return Card(
        number=number,
        old_number=compact(old_number),
        name=name,
        born=born,
        sex=sex,
        address=address,
        issued=card_date(issued),
        warnings=card_warnings(number, name, born, birth_text, sex),
    )

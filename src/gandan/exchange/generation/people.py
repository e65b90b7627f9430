"""Invented people (người tự đặt): plausible names, and numbers that belong to nobody.

Identity numbers begin with 000, which is no province's code; telephone numbers with 0000, which no network has;
e-mail addresses end in .example (RFC 2606). So no sample can reach or name a living person but by chance of name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gandan.dossiers.intake import PartyInput
from gandan.dossiers.models import IdentityKind, PartyKind, Sex

FAMILY = [
    "Nguyễn",
    "Nguyễn",
    "Nguyễn",
    "Trần",
    "Trần",
    "Lê",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Tôn",
    "Châu",
]
FEMALE = (
    ("Thị", "Ngọc", "Thanh", "Thùy", "Bích", "Minh"),
    ("Hường", "Lan", "Hà", "Mai", "Nga", "Thảo", "Trang", "Hạnh", "Yến", "Phượng", "Thủy", "Duyên", "Liên"),
)
MALE = (
    ("Văn", "Hữu", "Đức", "Quang", "Minh", "Công", "Bá"),
    ("Hùng", "Dũng", "Tuấn", "Long", "Sơn", "Bình", "Phúc", "Thịnh", "Khánh", "Vinh", "Toàn", "Nghĩa", "Trí"),
)
TRADES = ("Tạp hóa", "Quán cơm", "Tiệm may", "Sửa xe", "Cà phê", "Mộc mỹ nghệ", "Rau sạch")


@dataclass(frozen=True, slots=True)
class Place:
    """Where invented people live: the ward's name as it stands in addresses."""

    name: str
    quarter: str


def personal_number(born: date, sex: Sex, rng: Random) -> str:
    """Twelve digits of the shape of 137/2015/NĐ-CP art. 13, with a province code that does not exist."""
    century_digit = (born.year // 100 - 19) * 2 + (sex == Sex.FEMALE)
    return f"000{century_digit}{born.year % 100:02d}{rng.randrange(1_000_000):06d}"


def person(place: Place, on: date, rng: Random, *, oldest: int = 88, youngest: int = 18) -> PartyInput:
    """An invented citizen of `place`; some old people know only their year of birth, and not all have a phone."""
    sex = rng.choice((Sex.FEMALE, Sex.MALE))
    middle, given = FEMALE if sex == Sex.FEMALE else MALE
    born = on - timedelta(days=rng.randint(youngest * 366, oldest * 365))
    year_only = born.year < 1950 and rng.random() < 0.5
    return PartyInput(
        name=f"{rng.choice(FAMILY)} {rng.choice(middle)} {rng.choice(given)}",
        birth_date=None if year_only else born,
        birth_year=born.year if year_only else None,
        sex=sex,
        address=f"{place.quarter} {rng.randint(1, 12)}, {place.name} (địa chỉ mẫu)",
        phone=f"0000 {rng.randrange(1000):03d} {rng.randrange(1000):03d}" if rng.random() < 0.85 else "",
        email=f"nguoi.mau{rng.randrange(10_000)}@hop-thu.example" if rng.random() < 0.25 else "",
        identity_kind=IdentityKind.PERSONAL_NUMBER,
        identity_number=personal_number(born, sex, rng),
    )


def household(place: Place, on: date, rng: Random) -> PartyInput:
    """An invented household business (hộ kinh doanh)."""
    owner = person(place, on, rng, oldest=60)
    name = f"Hộ kinh doanh {rng.choice(TRADES)} {owner.name.split()[-1]}"
    return PartyInput(
        name=name,
        kind=PartyKind.ORGANIZATION,
        address=owner.address,
        phone=owner.phone,
        identity_kind=owner.identity_kind,
        identity_number=owner.identity_number,
    )

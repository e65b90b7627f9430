"""Where the ways of counting come from. Amounts are not here: they are dated rows of `law`."""

from __future__ import annotations

from dataclasses import dataclass

from gandan.calculus.rules import Mark, Source

CIVIL_CODE = "Bộ luật Dân sự 91/2015/QH13"
ONE_STOP = "NĐ 118/2025/NĐ-CP"
SPECIAL_LAW = Source("Luật chuyên ngành (chưa ghi căn cứ)", "", Mark.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The grounds (căn cứ) that the steps name."""

    competent_receives: Source
    first_day: Source
    from_the_moment: Source
    corresponding_day: Source
    last_day_off: Source
    end_of_day: Source
    office_close: Source
    weekly_rest: Source
    saturday_reception: Source
    supplement: Source
    extension: Source
    reopening: Source
    index: Source


#: The grounds of 2026, without the ids of dated rows.
GENERAL = Grounds(
    competent_receives=Source(ONE_STOP, "khoản 3 Điều 17"),
    first_day=Source(CIVIL_CODE, "khoản 2 và 3 Điều 147"),
    from_the_moment=Source(CIVIL_CODE, "khoản 1 Điều 147"),
    corresponding_day=Source(CIVIL_CODE, "khoản 3 Điều 148"),
    last_day_off=Source(CIVIL_CODE, "khoản 5 Điều 148"),
    end_of_day=Source(CIVIL_CODE, "khoản 6 Điều 148"),
    office_close=Source("Suy từ cách tính", "", Mark.DERIVED),
    weekly_rest=Source("NĐ 210/2026/NĐ-CP", "giải thích từ ngữ, khoản 6", Mark.DERIVED),
    saturday_reception=Source(ONE_STOP, "khoản 3 Điều 17", Mark.DERIVED),
    supplement=Source(ONE_STOP, "khoản 5 Điều 19"),
    extension=Source(ONE_STOP, "khoản 6 Điều 19"),
    reopening=Source(ONE_STOP, "Điều 23", Mark.DERIVED),
    index=Source("QĐ 766/QĐ-TTg", "chỉ số 2.1 (mô tả công thức)", Mark.READ_2ND),
)

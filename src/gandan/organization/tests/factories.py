"""Rows for tests: a commune, its units, an officer with a role. Names are invented.

unit = make_unit()                                # the centre of Hương Thủy, with its committee
lan = make_officer(Role.COUNTER_OFFICER, unit)    # an account with one duty
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from uuid import UUID

from gandan.accounts.models import User
from gandan.organization import shipped
from gandan.organization.loading import searchable
from gandan.organization.models import Commune, Duty, Province, Role, Unit, UnitKind
from gandan.organization.permissions import Held, Officer

OPENED_ON = date(2025, 7, 1)
_numbers = count(1)


def make_commune(code: str = "19975") -> Commune:
    """The real commune with this code, with its province; the same row when asked again."""
    row = shipped.communes()[code]
    province_row = next(p for p in shipped.provinces() if p.code == row.province_code)
    province, _ = Province.objects.get_or_create(
        code=province_row.code, defaults={"kind": province_row.kind, "name": province_row.name}
    )
    commune, _ = Commune.objects.get_or_create(
        code=code,
        defaults={
            "kind": row.kind,
            "name": row.name,
            "province": province,
            "resolution": row.resolution,
            "resolution_on": row.resolution_on,
            "folded": searchable(row.name).strip(),
            "search_text": searchable(row.kind, row.name, province.kind, province.name),
        },
    )
    return commune


def make_unit(
    kind: UnitKind = UnitKind.CENTRE,
    *,
    commune: Commune | None = None,
    code: str = "",
    name: str = "",
    parent: Unit | None = None,
) -> Unit:
    """A unit of the commune (Hương Thủy); the one with this code when asked again.

    Its parent is the people's committee, which is made when there is none.
    """
    place = commune or make_commune()
    if parent is None and kind != UnitKind.PEOPLE_COMMITTEE:
        parent = make_unit(UnitKind.PEOPLE_COMMITTEE, commune=place)
    unit, _ = Unit.objects.get_or_create(
        code=code or f"{place.code}-{kind}",
        defaults={
            "commune": place,
            "parent": parent,
            "kind": kind,
            "name": name or f"{kind.label} {place.full_name}",
            "opened_on": OPENED_ON,
        },
    )
    return unit


def make_province_unit(
    kind: UnitKind = UnitKind.PROVINCE_DEPARTMENT,
    *,
    province: Province | None = None,
    code: str = "",
    name: str = "",
) -> Unit:
    """A unit of the province itself (Huế); the one with this code when asked again."""
    place = province or make_commune().province
    unit, _ = Unit.objects.get_or_create(
        code=code or f"{place.code}-{kind}",
        defaults={
            "province": place,
            "kind": kind,
            "name": name or f"{kind.label} {place.full_name}",
            "opened_on": OPENED_ON,
        },
    )
    return unit


def make_officer(
    role: Role = Role.COUNTER_OFFICER,
    unit: Unit | None = None,
    *,
    username: str = "",
    full_name: str = "",
    valid_from: date = OPENED_ON,
    valid_to: date | None = None,
) -> User:
    """An account with one duty: `role` in `unit` (the centre of Hương Thủy). It has no password."""
    number = next(_numbers)
    user = User.objects.create_user(
        username or f"canbo{number}",
        None,
        full_name=full_name or f"Cán bộ Mẫu {number}",
        code=f"cb-{number:04d}",
    )
    give_duty(user, role, unit or make_unit(), valid_from=valid_from, valid_to=valid_to)
    return user


def acting(role: Role, *, commune: str = "", province: str = "", code: str = "QT-1") -> Officer:
    """An officer with one role in a unit of the commune or province; there is no account behind it."""
    return Officer(UUID(int=1), code, "Người quản trị Mẫu", (Held(role, UUID(int=2), commune, province),))


def with_account(officer: Officer) -> Officer:
    """The same with an account, for acts whose rows name who did them; one account when asked again."""
    defaults = {"username": f"mau-{officer.code.lower()}", "full_name": officer.name}
    user, _made = User.objects.get_or_create(code=officer.code, defaults=defaults)
    return replace(officer, user_id=user.pk)


def give_duty(
    user: User, role: Role, unit: Unit, *, valid_from: date = OPENED_ON, valid_to: date | None = None
) -> Duty:
    """A further duty of an account."""
    return Duty.objects.create(user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to)

"""Opening a commune or a province here: its committee and the usual units below it."""

from __future__ import annotations

import logging
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import VIETNAM
from gandan.law.bases import CELL, record
from gandan.ledger import actions as ledger
from gandan.organization.errors import UnknownCommune, UnknownProvince
from gandan.organization.models import Commune, CommuneKind, Province, Unit, UnitKind
from gandan.organization.permissions import Officer, require_administration

log = logging.getLogger(__name__)

#: Phú Quốc, a special zone, has the departments of a ward (NĐ 150/2025/NĐ-CP).
WITH_URBAN_DEPARTMENT = frozenset({"Phú Quốc"})
#: Whom the workflows of the data name at the level of the province (2022/QĐ-UBND of Cao Bằng: the health department).
PROVINCIAL_UNITS = (
    ("vp", UnitKind.PROVINCE_OFFICE, "Văn phòng Ủy ban nhân dân"),
    ("syt", UnitKind.PROVINCE_DEPARTMENT, "Sở Y tế"),
)
UsualUnit = tuple[str, UnitKind, str]


def open_commune(code: str, *, officer: Officer, at: datetime, request_id: UUID, document: str = "") -> Unit:
    """Opens the commune with this code: committee, centre, departments, police. Returns the committee.

    A commune that is open already stays as it is. Without a document its basis is the resolution that made
    the commune. UnknownCommune if no commune has the code; NotCompetent.
    """
    with ledger.act(
        name="open-commune", actor=officer.code, at=at, request_id=request_id, content={"code": code}
    ) as evidence:
        commune = Commune.objects.select_for_update().filter(pk=code).first()
        if commune is None:
            raise UnknownCommune(_("No commune has the code %(code)s.") % {"code": code})
        present = Unit.objects.filter(commune=commune, kind=UnitKind.PEOPLE_COMMITTEE, closed_on=None).first()
        if present is not None:
            return present
        require_administration(officer, commune)
        committee, units = _stored(units_to_open(commune, at.astimezone(VIETNAM).date()))
        record(
            evidence,
            chain=code,
            act="open-commune",
            subject_kind="unit",
            subject_id=committee.pk,
            document=document or commune.resolution,
            body={"place": code, "units": units},
        )
    log.info("commune opened code=%s by=%s", code, officer.code)
    return committee


def open_province(code: str, *, officer: Officer, at: datetime, request_id: UUID, document: str = "") -> Unit:
    """Opens the units of a province itself: committee, its office, the bodies that take forwarded dossiers.

    Returns the committee. What is open already stays as it is. UnknownProvince if none has the code.
    """
    with ledger.act(
        name="open-province", actor=officer.code, at=at, request_id=request_id, content={"code": code}
    ) as evidence:
        province = Province.objects.select_for_update().filter(pk=code).first()
        if province is None:
            raise UnknownProvince(_("No province has the code %(code)s.") % {"code": code})
        kind = UnitKind.PROVINCE_COMMITTEE
        present = Unit.objects.filter(province=province, kind=kind, closed_on=None).first()
        if present is not None:
            return present
        require_administration(officer, province)
        place = f"{province.kind} {province.name}"
        usual = [("ub", kind, f"Ủy ban nhân dân {place}")]
        usual += [(suffix, kind, f"{name} {place}") for suffix, kind, name in PROVINCIAL_UNITS]
        committee, units = _stored(_built(usual, at.astimezone(VIETNAM).date(), province=province))
        record(
            evidence,
            chain=CELL,
            act="open-province",
            subject_kind="unit",
            subject_id=committee.pk,
            document=document or province.resolution,
            body={"place": code, "units": units},
        )
    log.info("province opened code=%s by=%s", code, officer.code)
    return committee


def usual_units(commune: Commune) -> list[UsualUnit]:
    """Code, kind and name of the committee and the usual units below it (NĐ 150/2025/NĐ-CP)."""
    place = f"{commune.kind} {commune.name}"
    urban = commune.kind == CommuneKind.WARD or commune.name in WITH_URBAN_DEPARTMENT
    economy = "Phòng Kinh tế, Hạ tầng và Đô thị" if urban else "Phòng Kinh tế"
    return [
        ("ub", UnitKind.PEOPLE_COMMITTEE, f"Ủy ban nhân dân {place}"),
        ("tt", UnitKind.CENTRE, f"Trung tâm Phục vụ hành chính công {place}"),
        ("vp", UnitKind.DEPARTMENT, f"Văn phòng HĐND và UBND {place}"),
        ("kt", UnitKind.DEPARTMENT, f"{economy} {place}"),
        ("vhxh", UnitKind.DEPARTMENT, f"Phòng Văn hóa - Xã hội {place}"),
        ("ca", UnitKind.POLICE, f"Công an {place}"),
    ]


def units_to_open(commune: Commune, opened_on: date) -> list[Unit]:
    """The units that `open_commune` would store, not stored: the committee first."""
    return _built(usual_units(commune), opened_on, commune=commune)


def _built(
    usual: list[UsualUnit],
    opened_on: date,
    *,
    commune: Commune | None = None,
    province: Province | None = None,
) -> list[Unit]:
    """The units, not stored, the first one being the parent of the others."""
    place = commune.pk if commune else province.pk if province else ""
    built: list[Unit] = []
    for suffix, kind, name in usual:
        unit = Unit(
            commune=commune,
            province=province,
            parent=built[0] if built else None,
            kind=kind,
            code=f"{place}-{suffix}",
            name=name,
            opened_on=opened_on,
        )
        built.append(unit)
    return built


def _stored(units: list[Unit]) -> tuple[Unit, list[Json]]:
    """The committee, and the codes of all."""
    for unit in units:
        unit.save(force_insert=True)
    return units[0], [unit.code for unit in units]

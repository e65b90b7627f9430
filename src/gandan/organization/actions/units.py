"""Acts on units: add one, change what is printed of it, close it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gandan.law.bases import cleaned_basis, record
from gandan.ledger import actions as ledger
from gandan.organization.actions.staff import store_end
from gandan.organization.errors import Refused
from gandan.organization.models import OF_A_PROVINCE, Commune, Duty, Province, Unit, UnitKind
from gandan.organization.permissions import Officer, require_administration
from gandan.organization.queries import forget_units

#: The end of a new unit's code, by its kind; a number follows where the place has one already.
SHORT = {
    UnitKind.PEOPLE_COMMITTEE: "ub",
    UnitKind.CENTRE: "tt",
    UnitKind.BRANCH: "cn",
    UnitKind.POINT: "diem",
    UnitKind.DEPARTMENT: "phong",
    UnitKind.POLICE: "ca",
    UnitKind.TAX: "thue",
    UnitKind.PROVINCE_COMMITTEE: "ub",
    UnitKind.PROVINCE_OFFICE: "vp",
    UnitKind.PROVINCE_CENTRE: "tt",
    UnitKind.PROVINCE_DEPARTMENT: "so",
    UnitKind.LAND_REGISTRATION: "vpdk",
    UnitKind.SOCIAL_INSURANCE: "bhxh",
    UnitKind.COUNCIL: "hdnd",
    UnitKind.FRONT: "mt",
}
OF_A_COMMUNE = frozenset({UnitKind.PEOPLE_COMMITTEE, UnitKind.CENTRE, UnitKind.BRANCH, UnitKind.POINT})
COMMITTEES = frozenset({UnitKind.PEOPLE_COMMITTEE, UnitKind.PROVINCE_COMMITTEE})
LONGEST = {"name": 160, "address": 240, "phone": 40, "official_code": 35}


@dataclass(frozen=True, slots=True)
class UnitContent:
    """What is shown and printed of a unit."""

    name: str
    address: str = ""
    phone: str = ""
    official_code: str = ""

    def cleaned(self) -> UnitContent:
        """The same on one line each; Refused without a name, or with a text that is too long."""
        fields = {name: " ".join(getattr(self, name).split()) for name in LONGEST}
        if not fields["name"]:
            raise Refused(_("Give the unit its name, as its seal says it."), field="name")
        for name, longest in LONGEST.items():
            if len(fields[name]) > longest:
                raise Refused(_("At most %(count)d characters.") % {"count": longest}, field=name)
        return UnitContent(**fields)

    def facts(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in LONGEST}


def add_unit(
    place: Commune | Province,
    kind: UnitKind,
    content: UnitContent,
    *,
    parent: Unit | None,
    opened_on: date,
    document: str,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Unit:
    """A new unit of the place; its code is made by its kind. Raises Refused, NotCompetent, BasisMissing."""
    asked = {
        "place": place.pk,
        "kind": kind,
        "parent": parent.pk if parent else "",
        "opened_on": opened_on,
        "document": document,
        **content.facts(),
    }
    with ledger.act(
        name="add-unit", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return Unit.objects.get(pk=str(evidence.outcome["unit"]))
        require_administration(officer, place)
        basis, cleaned = cleaned_basis(document), content.cleaned()
        type(place).objects.select_for_update().get(pk=place.pk)  # two new units get two codes
        _require_kind(place, kind, parent)
        unit = Unit.objects.create(
            commune=place if isinstance(place, Commune) else None,
            province=place if isinstance(place, Province) else None,
            parent=parent,
            kind=kind,
            code=_new_code(place, kind),
            opened_on=opened_on,
            name=cleaned.name,
            address=cleaned.address,
            phone=cleaned.phone,
            official_code=cleaned.official_code,
        )
        record(
            evidence,
            chain=unit.chain,
            act="add-unit",
            subject_kind="unit",
            subject_id=unit.pk,
            document=basis,
            body={"unit": unit.code, "kind": str(kind), "from": opened_on},
            content=cleaned.facts(),
        )
        evidence.done(unit=str(unit.pk))
    return unit


def _require_kind(place: Commune | Province, kind: UnitKind, parent: Unit | None) -> None:
    wrong = OF_A_PROVINCE if isinstance(place, Commune) else OF_A_COMMUNE
    if kind in wrong:
        raise Refused(_("%(place)s has no units of this kind.") % {"place": place.full_name}, field="kind")
    if kind in COMMITTEES and _units(place).filter(kind=kind, closed_on=None).exists():
        raise Refused(_("There is a people's committee already."), field="kind")
    if parent is not None and (parent.administered_place != place or parent.closed_on is not None):
        raise Refused(_("Choose an open unit of the same place above it."), field="parent")
    if parent is None and kind not in COMMITTEES:
        raise Refused(_("Choose the unit above it."), field="parent")


def _units(place: Commune | Province) -> QuerySet[Unit]:
    return (
        Unit.objects.filter(commune=place)
        if isinstance(place, Commune)
        else Unit.objects.filter(province=place)
    )


def _new_code(place: Commune | Province, kind: UnitKind) -> str:
    """The first code of the kind that no unit has, closed ones neither: it stands in the ledger."""
    taken = set(_units(place).values_list("code", flat=True))
    start = f"{place.pk}-{SHORT[kind]}"
    codes = [start, *(f"{start}{number}" for number in range(2, len(taken) + 3))]
    return next(code for code in codes if code not in taken)


def change_unit(
    unit: Unit, content: UnitContent, *, document: str, officer: Officer, at: datetime, request_id: UUID
) -> Unit:
    """Changes name, address, telephone or official code; code and kind stay. Papers printed before keep theirs.

    Nothing changed: nothing is recorded. Raises Refused, NotCompetent, BasisMissing.
    """
    asked = {"unit": unit.pk, "document": document, **content.facts()}
    with ledger.act(
        name="change-unit", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        if evidence.repeated:
            return unit
        require_administration(officer, unit.administered_place)
        cleaned = content.cleaned()
        changed = [name for name, value in cleaned.facts().items() if getattr(unit, name) != value]
        if not changed:
            return unit
        basis = cleaned_basis(document)
        for name in changed:
            setattr(unit, name, getattr(cleaned, name))
        unit.save(update_fields=changed)
        record(
            evidence,
            chain=unit.chain,
            act="change-unit",
            subject_kind="unit",
            subject_id=unit.pk,
            document=basis,
            body={"unit": unit.code, "changed": list(changed)},
            content=cleaned.facts(),
        )
    forget_units()
    return unit


def nothing_lies_there(_unit: Unit) -> str:
    """For a unit that no other room knows anything about."""
    return ""


def close_unit(
    unit: Unit,
    *,
    last_day: date,
    document: str,
    officer: Officer,
    at: datetime,
    request_id: UUID,
    end_duties: bool = False,
    hindrance: Callable[[Unit], str] = nothing_lies_there,
) -> Unit:
    """Closes the unit after `last_day`. Its duties must have ended by then, or end with it if `end_duties`.

    `hindrance` is asked inside the act what else stands against it (a room above knows of dossiers).
    Raises Refused, NotCompetent, BasisMissing.
    """
    asked = {"unit": unit.pk, "last_day": last_day, "document": document, "end_duties": end_duties}
    with ledger.act(
        name="close-unit", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        if evidence.repeated:
            return unit
        require_administration(officer, unit.administered_place)
        basis = cleaned_basis(document)
        _require_closable(unit, last_day, hindrance)
        duties = list(Duty.objects.after(last_day).filter(unit=unit).select_related("user", "unit"))
        if duties and not end_duties:
            raise Refused(
                _(
                    "%(count)d duties go on after that day. End them first, or tick that they end with the unit."
                )
                % {"count": len(duties)},
                field="end_duties",
            )
        for duty in duties:
            store_end(evidence, duty, last_day, basis)
        unit.closed_on = last_day
        unit.save(update_fields=["closed_on"])
        record(
            evidence,
            chain=unit.chain,
            act="close-unit",
            subject_kind="unit",
            subject_id=unit.pk,
            document=basis,
            body={"unit": unit.code, "until": last_day},
        )
    forget_units()
    return unit


def _require_closable(unit: Unit, last_day: date, hindrance: Callable[[Unit], str]) -> None:
    if unit.closed_on is not None:
        raise Refused(_("This unit is closed already."), field="last_day")
    if last_day < unit.opened_on:
        raise Refused(_("The unit was not open yet on that day."), field="last_day")
    below = unit.children.filter(closed_on=None).order_by("code").first()
    if below is not None:
        raise Refused(_("Close “%(unit)s” first: it stands below this unit.") % {"unit": below.name})
    reason = hindrance(unit)
    if reason:
        raise Refused(reason)

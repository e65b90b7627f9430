"""Mergers of communes and of units: what is closed, opened, moved and written down, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from gandan.law.errors import BasisMissing
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.ledger.verification import verify_all
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.loading import load_communes, searchable
from gandan.organization.mergers.actions import complete, merge_communes, merge_units
from gandan.organization.mergers.models import DutyChoice, MergedUnit, Merger
from gandan.organization.mergers.planning import plan_communes
from gandan.organization.mergers.queries import merged_here, sources_of, under_way
from gandan.organization.models import Commune, Duty, Predecessor, Role, Share, Unit, UnitKind
from gandan.organization.permissions import officer_of, operator
from gandan.organization.queries import open_communes, successors_of, units_of
from gandan.organization.search import search_places
from gandan.organization.tests.factories import (
    give_duty,
    make_commune,
    make_officer,
    make_province_unit,
    make_unit,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY, LAST_DAY = date(2026, 11, 21), date(2026, 11, 20)
DOCUMENT = "Nghị quyết 99/NQ-MẪU"
OLD, NEW = "19960", "19975"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def communes(db: None) -> tuple[Commune, Commune]:
    """An old commune with three units and a successor with two, both of Huế."""
    old, new = make_commune(OLD), make_commune(NEW)
    for kind in (UnitKind.CENTRE, UnitKind.DEPARTMENT):
        make_unit(kind, commune=old, code=f"{OLD}-{'tt' if kind == UnitKind.CENTRE else 'vp'}")
        make_unit(kind, commune=new, code=f"{NEW}-{'tt' if kind == UnitKind.CENTRE else 'vp'}")
    return old, new


@pytest.fixture
def administrator(communes: Any) -> Any:
    return officer_of(make_officer(Role.ADMINISTRATOR, make_province_unit()), TODAY)


def merge(officer: Any, *sources: Commune, into: Commune, **more: Any) -> Merger:
    arguments = {"document": DOCUMENT, "effective_on": TODAY, "at": NOON, "request_id": new_id(), **more}
    return merge_communes(list(sources), into, officer=officer, **arguments)


def heirs() -> dict[str, str]:
    return {row.old.code: row.new.code for row in MergedUnit.objects.select_related("old", "new")}


def test_units_go_into_those_of_the_same_work_and_close_the_day_before(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    make_unit(UnitKind.POINT, commune=old, code=f"{OLD}-diem")
    make_unit(UnitKind.TAX, commune=old, code=f"{OLD}-thue")

    merge(administrator, old, into=new)

    assert heirs() == {
        f"{OLD}-people_committee": f"{NEW}-people_committee",
        f"{OLD}-tt": f"{NEW}-tt",
        f"{OLD}-diem": f"{NEW}-tt",
        f"{OLD}-vp": f"{NEW}-vp",
        f"{OLD}-thue": f"{NEW}-vp",
    }
    assert {unit.closed_on for unit in Unit.objects.filter(commune=old)} == {LAST_DAY}
    assert [commune.pk for commune in open_communes()] == [NEW]


def test_duties_move_or_end_as_chosen(communes: tuple[Commune, Commune], administrator: Any) -> None:
    old, new = communes
    moving = make_officer(Role.COUNTER_OFFICER, Unit.objects.get(code=f"{OLD}-tt"))
    ending = make_officer(Role.CLERK, Unit.objects.get(code=f"{OLD}-vp"))

    merge(administrator, old, into=new, ending=[f"{OLD}-vp"])

    assert officer_of(moving, LAST_DAY).roles_in(OLD) == {Role.COUNTER_OFFICER}
    assert officer_of(moving, TODAY).roles_in(OLD) == frozenset()
    assert officer_of(moving, TODAY).roles_in(NEW) == {Role.COUNTER_OFFICER}
    assert officer_of(ending, TODAY).held == ()
    assert set(MergedUnit.objects.filter(old__code=f"{OLD}-vp").values_list("duties", flat=True)) == {
        DutyChoice.END
    }


def test_duty_that_is_held_in_both_places_already_is_not_given_twice(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    user = make_officer(Role.CLERK, Unit.objects.get(code=f"{OLD}-vp"))
    give_duty(user, Role.CLERK, Unit.objects.get(code=f"{NEW}-vp"))

    merge(administrator, old, into=new)

    assert Duty.objects.filter(user=user, unit__commune=new).count() == 1


def test_successor_that_is_not_open_gets_its_units_on_that_day(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, _new = communes
    merge(administrator, old, into=make_commune("19969"))

    opened = units_of("19969", TODAY)
    assert [unit.code for unit in opened][:2] == ["19969-ub", "19969-ca"]
    assert {unit.opened_on for unit in opened} == {TODAY}
    assert units_of("19969", LAST_DAY) == []


def test_new_commune_is_made_of_what_is_merged(communes: tuple[Commune, Commune], administrator: Any) -> None:
    old, new = communes
    made = Commune(
        code="99901",
        kind="phường",
        name="Mẫu Mới",
        province=old.province,
        resolution=DOCUMENT,
        folded="mau moi",
        search_text=searchable("phường Mẫu Mới Huế"),
    )

    merger = merge(administrator, old, new, into=made)

    assert [one.pk for one in sources_of(merger)] == [OLD, NEW]
    assert [commune.pk for commune in open_communes()] == ["99901"]
    assert [row.successor_id for row in successors_of(OLD)] == ["99901"]


def test_lineage_leads_through_to_the_last_successor(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    Predecessor.objects.create(
        old_code="19951",
        old_name="Phường Rất Cũ",
        old_district="Huyện Mẫu",
        old_province="Tỉnh Mẫu",
        successor=old,
        share=Share.WHOLE,
        search_text=searchable("Phường Rất Cũ"),
    )

    merge(administrator, old, into=new)

    assert [row.successor_id for row in successors_of("19951")] == [NEW]
    assert [row.successor_id for row in successors_of(OLD)] == [NEW]
    found = search_places(old.name)
    assert (OLD in {one.pk for one in found.communes}, [one.code for one in found.old]) == (False, [OLD])
    assert merged_here([NEW]) == [OLD]


def test_lineage_decided_here_survives_the_shipped_file(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    merge(administrator, old, into=new)

    load_communes()

    assert [row.successor_id for row in successors_of(OLD)] == [NEW]
    assert Commune.objects.get(pk=OLD).merged_into_id == NEW


def test_merger_of_a_later_day_changes_nothing_before(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    user = make_officer(Role.CLERK, Unit.objects.get(code=f"{OLD}-vp"))
    later = date(2026, 12, 1)

    merge(administrator, old, into=new, effective_on=later)

    assert officer_of(user, TODAY).roles_in(OLD) == {Role.CLERK}
    assert officer_of(user, later).roles_in(NEW) == {Role.CLERK}
    assert (under_way(TODAY), [one.starts_on for one in under_way(later)]) == ([], [later])
    assert successors_of(OLD) == []


def test_day_of_effect_that_has_passed_begins_today(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    merger = merge(administrator, communes[0], into=communes[1], effective_on=date(2026, 11, 1))

    assert (merger.effective_on, merger.starts_on) == (date(2026, 11, 1), TODAY)


def test_chain_of_each_commune_and_of_the_cell_say_what_was_decided(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    merger = merge(administrator, old, into=new)
    complete(merger, communes=[OLD], at=NOON)
    complete(merger, communes=[OLD], at=NOON)

    for chain in ("cell", OLD, NEW):
        acts = list(Event.objects.filter(chain=chain).order_by("seq"))
        assert [event.act for event in acts] == ["merge-communes", "complete-merger"]
        assert acts[-1].facts["successor"] == NEW
    assert verify_all() == []
    assert Merger.objects.get().completed_at == NOON


def test_same_request_twice_is_one_merger(communes: tuple[Commune, Commune], administrator: Any) -> None:
    request_id = new_id()

    first, again = (
        merge(administrator, communes[0], into=communes[1], request_id=request_id) for _time in range(2)
    )

    assert (first.pk, Merger.objects.count()) == (again.pk, 1)


@pytest.mark.parametrize("role", ["ward administrator", "legal officer of the province", "operator"])
def test_only_the_administrator_of_the_province_merges(communes: tuple[Commune, Commune], role: str) -> None:
    who = {
        "ward administrator": lambda: officer_of(make_officer(Role.ADMINISTRATOR, make_unit()), TODAY),
        "legal officer of the province": lambda: officer_of(
            make_officer(Role.LEGAL_OFFICER, make_province_unit()), TODAY
        ),
        "operator": operator,
    }[role]()

    with pytest.raises(NotCompetent):
        merge(who, communes[0], into=communes[1])

    assert Merger.objects.count() == 0


def test_what_cannot_be_merged_is_refused(communes: tuple[Commune, Commune], administrator: Any) -> None:
    old, new = communes
    elsewhere = make_commune("14758")
    merge(administrator, old, into=new)
    old.refresh_from_db()

    for sources, into in (([], new), ([new], new), ([elsewhere], new), ([old], make_commune("19969"))):
        with pytest.raises(Refused) as refused:
            plan_communes(sources, into, effective_on=TODAY, today=TODAY)
        assert refused.value.field == "sources"
    with pytest.raises(Refused) as busy:
        plan_communes([new], make_commune("19969"), effective_on=TODAY, today=TODAY)
    assert "đang" in str(busy.value) or "under way" in str(busy.value)


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2028, 1, 1)])
def test_day_far_away_is_refused(communes: tuple[Commune, Commune], administrator: Any, day: date) -> None:
    with pytest.raises(Refused) as refused:
        merge(administrator, communes[0], into=communes[1], effective_on=day)

    assert refused.value.field == "effective_on"


def test_merger_without_a_document_is_refused(communes: tuple[Commune, Commune], administrator: Any) -> None:
    with pytest.raises(BasisMissing):
        merge(administrator, communes[0], into=communes[1], document=" ")

    assert Commune.objects.get(pk=OLD).merged_into_id is None


def test_units_of_one_commune_are_merged(communes: tuple[Commune, Commune], administrator: Any) -> None:
    _old, new = communes
    closing = make_unit(UnitKind.DEPARTMENT, commune=new, code=f"{NEW}-kt")
    stays = Unit.objects.get(code=f"{NEW}-vp")
    below = make_unit(UnitKind.DEPARTMENT, commune=new, code=f"{NEW}-to", parent=closing)
    user = make_officer(Role.SPECIALIST, closing)

    merge_units(
        [closing],
        stays,
        document=DOCUMENT,
        effective_on=TODAY,
        officer=administrator,
        at=NOON,
        request_id=new_id(),
    )

    below.refresh_from_db()
    assert heirs() == {f"{NEW}-kt": f"{NEW}-vp"}
    assert below.parent == stays
    assert officer_of(user, TODAY).roles_at(stays.pk) == {Role.SPECIALIST}


def test_committee_and_units_of_two_communes_are_not_merged(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    stays = Unit.objects.get(code=f"{NEW}-vp")
    for code in (f"{NEW}-people_committee", f"{OLD}-vp", f"{NEW}-vp"):
        with pytest.raises(Refused):
            merge_units(
                [Unit.objects.get(code=code)],
                stays,
                document=DOCUMENT,
                effective_on=TODAY,
                officer=administrator,
                at=NOON,
                request_id=new_id(),
            )


def test_page_of_a_merged_commune_leads_to_its_successor(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    old, new = communes
    merge(administrator, old, into=new)

    page = Client().get(f"/don-vi/{OLD}/").text

    assert new.full_name in page
    assert f"/don-vi/{NEW}/" in page


def test_code_that_stood_for_an_older_place_too_hides_no_commune(
    communes: tuple[Commune, Commune], administrator: Any
) -> None:
    """Codes were given anew in 2025: a part of the older place with this code lies in the successor already."""
    old, new = communes
    for successor in (old, new):
        Predecessor.objects.create(
            old_code=OLD,
            old_name="Phường Cùng Mã",
            old_district="Huyện Mẫu",
            old_province="Tỉnh Mẫu",
            successor=successor,
            share=Share.PART,
            search_text=searchable("Phường Cùng Mã"),
        )

    merger = merge(administrator, old, into=new)

    assert [one.pk for one in sources_of(merger)] == [OLD]
    assert [(row.successor_id, row.share) for row in successors_of(OLD)] == [(NEW, Share.WHOLE)]
    [found] = search_places("Cùng Mã").old
    assert [row.successor_id for row in found.successors] == [NEW]

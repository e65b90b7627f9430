"""The pages of mergers: prepare, dry run, agree, follow until all has moved; and who may not."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from gandan.accounts.models import User
from gandan.dossiers.actions.reroute import pass_on
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.conftest import ward as ward  # the fixture of the dossiers' tests
from gandan.dossiers.tests.factories import Ward, bring_to, make_dossier, make_ward
from gandan.dossiers.tests.pages import NOW, client_of
from gandan.dossiers.tests.province import administrator, decide
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.mergers.models import Merger
from gandan.organization.models import Commune, Role, Unit, UnitKind

HOME, COMMUNES, UNITS = (
    "/quan-tri/sap-nhap/",
    "/quan-tri/sap-nhap/xa-phuong/",
    "/quan-tri/sap-nhap/bo-phan/19975/",
)


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def successor(ward: Ward) -> Ward:
    return make_ward("19969", "Thanh Thủy")


@pytest.fixture
def client(ward: Ward) -> Client:
    """The browser of the province's administrator."""
    made = Client()
    made.force_login(
        User.objects.get(pk=administrator(ward).user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return made


def typed(**more: Any) -> dict[str, Any]:
    return {
        "request_id": str(new_id()),
        "sources": "19975",
        "successor": "19969",
        "effective_on": NOW.date().isoformat(),
        "document": "Nghị quyết 99/NQ-MẪU",
        "step": "look",
        **more,
    }


def test_dry_run_shows_units_dossiers_and_duties_and_writes_nothing(
    ward: Ward, successor: Ward, client: Client
) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    events = Event.objects.count()

    page = client.post(COMMUNES, typed())

    assert page.status_code == 200
    assert dossier.code in page.text
    assert ward.department.name in page.text
    assert (page.context["preview"].still_open, page.context["preview"].back_to_head) == (1, 0)
    assert (Merger.objects.count(), Event.objects.count()) == (0, events)


def test_ticks_are_kept_and_counted_anew(ward: Ward, successor: Ward, client: Client) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    page = client.post(COMMUNES, typed(ending=[ward.department.code]))

    assert page.context["preview"].back_to_head == 1
    assert f'value="{ward.department.code}" checked' in page.text


def test_agreed_merger_leads_to_its_report_and_moves_in_the_background(
    ward: Ward, successor: Ward, client: Client
) -> None:
    dossier = make_dossier(ward)
    form = typed(step="decide")

    answer = client.post(COMMUNES, form)
    again = client.post(COMMUNES, form)
    before = client.get(answer.headers["Location"])
    pass_on(NOW)
    after = client.get(answer.headers["Location"])

    assert answer.headers["Location"] == again.headers["Location"]
    assert Merger.objects.count() == 1
    assert before.context["standing"].left.still_open == 1
    assert after.context["standing"].per_cent == 100
    assert Dossier.objects.get(pk=dossier.pk).commune_id == "19969"
    assert successor.commune.full_name in client.get(HOME).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sources": "14758"}, "sources"),
        ({"sources": "abc"}, "sources"),
        ({"sources": "19969"}, "sources"),
        ({"successor": "99998"}, "new_name"),
        ({"successor": "9x"}, "successor"),
        ({"effective_on": "2031-01-01"}, "effective_on"),
        ({"effective_on": "hôm qua"}, "effective_on"),
        ({"document": ""}, "document"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    ward: Ward, successor: Ward, client: Client, change: dict[str, str], field: str
) -> None:
    page = client.post(COMMUNES, typed(**change))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["successor"].value() == change.get("successor", "19969")


def test_new_successor_is_made_with_its_kind_and_name(ward: Ward, client: Client) -> None:
    answer = client.post(
        COMMUNES, typed(successor="99901", new_kind="phường", new_name="Mẫu Mới", step="decide")
    )

    assert answer.status_code == 302
    assert Commune.objects.get(pk="99901").full_name == "Phường Mẫu Mới"
    assert Unit.objects.filter(commune="99901", kind=UnitKind.CENTRE, closed_on=None).exists()


def test_administrator_of_a_ward_merges_its_units_but_no_communes(ward: Ward, successor: Ward) -> None:
    client = client_of(ward, Role.ADMINISTRATOR)
    other = Unit.objects.create(
        commune=ward.commune,
        parent=ward.committee,
        kind=UnitKind.DEPARTMENT,
        code="19975-kt",
        name="Phòng mẫu",
        opened_on=ward.department.opened_on,
    )
    form = {
        "request_id": str(new_id()),
        "units": [str(other.pk)],
        "into": str(ward.department.pk),
        "effective_on": NOW.date().isoformat(),
        "document": "Quyết định 5/QĐ-MẪU",
    }

    looked = client.post(UNITS, {**form, "step": "look"})
    decided = client.post(UNITS, {**form, "step": "decide"})

    assert (looked.status_code, decided.status_code) == (200, 302)
    assert client.get(decided.headers["Location"]).status_code == 200
    assert client.get(COMMUNES).status_code == 403
    assert client.get("/quan-tri/sap-nhap/bo-phan/19969/").status_code == 403


def test_merger_of_another_place_is_not_there(ward: Ward, successor: Ward) -> None:
    elsewhere = make_ward("14758", "Hàm Rồng")
    merger = decide(ward, successor, at=NOW)

    answer = client_of(elsewhere, Role.ADMINISTRATOR).get(f"{HOME}{merger.pk}/")

    assert answer.status_code == 404


def test_who_administers_nothing_is_told_so(ward: Ward) -> None:
    assert client_of(ward, Role.COUNTER_OFFICER).get(HOME).status_code == 403

"""Load for tests is what the acts themselves would have left, row by row; its chains hold; chance begins at the seed."""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Max

from gandan.accounts.secrets import open_sealed
from gandan.calculus.hashchain import GENESIS
from gandan.dossiers import tracking
from gandan.dossiers.actions import take_in
from gandan.dossiers.actions.take_in import intake_content
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import Counter, Desk, Dossier, Party, Remark, State, StepRun
from gandan.dossiers.numbers import register_scope
from gandan.exchange.generation import history, making, plan, scripts
from gandan.exchange.generation.rows import GIVEN, Block
from gandan.exchange.generation.wards import UnusableWard, Ward, ready_wards
from gandan.exchange.tests.replay import Replay, Watched, officer_with
from gandan.ledger.actions import verify_all
from gandan.ledger.models import ChainHead, Event, Request
from gandan.notifications.models import Message
from gandan.organization.models import Duty, Role

NOW = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)
CODE = "19975"
# Random by nature, or different because acts may be told of what happened later (messages that were sent meanwhile).
LEFT_OUT = {
    "id",
    "salt",
    "tracking_hash",
    "identity_sealed",
    "request_id",
    "digest",
    "prev",
    "hash",
    "body",
    "owner",
}
LEFT_OUT |= {"agent", "dossier", "subject_id", "event_id", "outcome", "seq"}
SENT = {"state", "sent_at"}
HASHES = {"content_hash", "remark_hash", "result_hash"}


@pytest.fixture
def ward(db: None) -> Iterator[Ward]:
    call_command("load_reference", verbosity=0)
    officer_with.cache_clear()
    (ward,) = ready_wards([CODE], NOW - making.LONGEST, NOW, seed=1)
    yield ward
    officer_with.cache_clear()


def watched(ward: Ward, dossiers: int) -> tuple[Watched, Block]:
    """A ward's history in memory, with what was done to write it."""
    order = replace(making.order_of(ward, dossiers, 1, NOW), head=(0, GENESIS))
    acts = Watched(ward, order.calendar, order.head, {}, order.chance, NOW)
    rows: Block = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "Acts", lambda *_given: acts)
        for part in history.history_of(order):
            for name, lines in part.rows.items():
                rows.setdefault(name, []).extend(lines)
    return acts, rows


# ---- as the acts themselves -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_rows_and_events_are_those_of_the_real_acts(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    as_often = tuple(replace(script, weight=1) for script in scripts.SCRIPTS)
    monkeypatch.setattr(plan, "SCRIPTS", as_often)
    acts, rows = watched(ward, 180)
    ChainHead.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_event")  # the real acts begin where the generated ones began

    Replay(ward, acts).run()

    assert {deed.act for deed in acts.deeds} >= {beat.act for script in scripts.ALL for beat in script.beats}
    for model in GIVEN:
        made = sorted((shown(model, row) for row in rows[model._meta.db_table]), key=repr)
        real = sorted((shown(model, row) for row in stored(model)), key=repr)
        assert made == real, model
        assert made, model


def shown(model: Any, row: tuple[Any, ...]) -> dict[str, Any]:
    """A row without what chance decides; an event with its facts."""
    facts = dict(zip(GIVEN[model], row, strict=True))
    left_out = LEFT_OUT | (SENT if model is Message else set())
    found = {name: value for name, value in facts.items() if name not in left_out}
    if model is Event:
        said = json.loads(facts["body"])["facts"]
        found["facts"] = {name: "*" if name in HASHES else value for name, value in said.items()}
    return found


def stored(model: Any) -> list[tuple[Any, ...]]:
    """The rows of a table as the generation writes them."""
    names = [model._meta.get_field(name).attname for name in GIVEN[model]]
    rows = model.objects.all()
    if model is Event:
        rows = rows.filter(subject_kind="dossier")
    if model is Request:
        rows = rows.exclude(act="open-commune")
    return [tuple(as_written(value) for value in row) for row in rows.values_list(*names)]


def as_written(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value.isoformat() if isinstance(value, date) else value


# ---- into the database ------------------------------------------------------------------------------------------


@pytest.fixture
def load(ward: Ward) -> making.Load:
    return making.make(dossiers=160, seed=7, now=NOW, communes=[CODE])


def test_chains_hold_and_numbers_have_no_gaps(load: making.Load) -> None:
    numbers = Dossier.objects.order_by("registered_at").values_list("register_year", "register_number")

    assert verify_all() == []
    assert load.dossiers == Dossier.objects.count() == 160
    assert Event.objects.filter(subject_kind="dossier").count() == load.events
    for year in {year for year, _number in numbers}:
        of_year = [number for one, number in numbers if one == year]
        assert of_year == list(range(1, len(of_year) + 1))
        assert Counter.objects.get(pk=register_scope(CODE, year)).number == len(of_year)


def test_dossiers_lie_at_many_desks_and_in_the_past(load: making.Load) -> None:
    states = Tally(Dossier.objects.values_list("state", flat=True))

    assert states[State.RETURNED] > states[State.PROCESSING] > 0
    assert len(set(Dossier.objects.values_list("desk", flat=True))) >= 5
    assert Event.objects.aggregate(last=Max("at"))["last"] <= NOW
    assert (
        not StepRun.objects.filter(ended_at=None)
        .exclude(dossier__desk__in=set(Desk) - {Desk.CLOSED})
        .exists()
    )


def test_hashes_prove_what_lies_in_the_tables(load: making.Load) -> None:
    for event in Event.objects.filter(act__in=("accept", "settle"), seq__lte=200):
        dossier = Dossier.objects.select_related("owner", "agent").get(pk=event.subject_id)
        if "content_hash" not in event.facts:
            continue  # accepted after it was registered
        dossier.due_at = datetime.fromisoformat(event.facts["due_at"])
        dossier.result_number = dossier.result_number if event.act == "settle" else ""
        assert event.facts["content_hash"] == content_hash(
            dossier, intake_content(dossier, intake_of(dossier), {})
        )
    for remark in Remark.objects.select_related("dossier"):
        told = Event.objects.get(pk=remark.event_id).facts["remark_hash"]
        assert told == content_hash(remark.dossier, {"remark": remark.text})


def intake_of(dossier: Dossier) -> Any:
    """What was handed in, as far as the legal content looks at it."""

    class Given:
        answers = json.loads(dossier.answers)
        fees = list(dossier.fees.order_by("position"))
        papers = [
            type("Paper", (), {"key": paper.key, "answer": paper.answer, "files": ()})
            for paper in dossier.papers.order_by("position")
        ]

    return Given


def test_request_that_is_sent_again_is_answered_from_the_first(ward: Ward) -> None:
    with pytest.MonkeyPatch.context() as patch:
        kept: list[Watched] = []

        def keep(*given: Any) -> Watched:
            kept.append(Watched(*given))
            return kept[-1]

        patch.setattr(history, "Acts", keep)
        making.make(dossiers=40, seed=3, now=NOW, communes=[CODE])
    deed = next(deed for deed in kept[0].deeds if deed.act == "accept")
    event = Event.objects.get(subject_id=UUID(deed.life.id), act="accept")

    again = take_in.take_in(
        officer=officer_with(deed.life.mould.counter.code, deed.at.at),
        unit=ward.centre,
        intake=kept[0].intakes[deed.life.id],
        request_id=event.request_id,
        at=event.at,
    )

    assert again.pk == event.subject_id
    assert Dossier.objects.count() == 40


def test_people_are_invented_and_found_again(load: making.Load) -> None:
    for party in Party.objects.all()[:50]:
        number = open_sealed(party.identity_sealed, "identity")
        assert number.startswith("000")
        assert "(địa chỉ mẫu)" in party.address
    dossier = Dossier.objects.first()
    assert dossier is not None
    assert dossier.tracking_hash == tracking.hash_of(tracking.secret_of(dossier.pk))


def test_same_seed_gives_the_same_dossiers_and_more_come_behind(ward: Ward) -> None:
    first = watched(ward, 30)[1]
    second = watched(ward, 30)[1]
    keys = [[row[0] for row in rows["dossiers_dossier"]] for rows in (first, second)]
    assert keys[0] == keys[1]

    making.make(dossiers=30, seed=1, now=NOW, communes=[CODE])
    making.make(dossiers=20, seed=1, now=NOW, communes=[CODE])

    assert Dossier.objects.count() == 50
    assert verify_all() == []


def test_indexes_are_as_before(ward: Ward) -> None:
    before = indexes()

    making.make(dossiers=30, seed=1, now=NOW, communes=[CODE])

    assert indexes() == before


def indexes() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        return {
            model._meta.db_table: sorted(
                connection.introspection.get_constraints(cursor, model._meta.db_table)
            )
            for model in GIVEN
        }


def test_ward_without_a_leader_is_named(ward: Ward) -> None:
    Duty.objects.filter(role=Role.SIGNING_LEADER).delete()

    with pytest.raises(UnusableWard, match=f"{CODE}.*(leader|ký)"):
        ready_wards([CODE], NOW, NOW, seed=1)

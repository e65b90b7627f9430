"""Whatever is changed behind the ledger's back is found, and the first bad event is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandan.calculus.canonical import canonical_json
from gandan.calculus.hashchain import GENESIS, event_hash
from gandan.ledger import verification
from gandan.ledger.heads import Head, read_head_file, write_head_file
from gandan.ledger.models import ChainHead, Event
from gandan.ledger.tests.factories import AT, WARD, make_chain, make_event
from gandan.ledger.verification import Fault, Finding, verify_all, verify_chain

pytestmark = pytest.mark.django_db

LENGTH = 5
COLUMNS = [field.attname for field in Event._meta.concrete_fields]


def overwrite(seq: int, column: str, value: object) -> None:
    """Changes one column of one event as a database administrator would: in SQL."""
    stored = Event._meta.get_field(column).get_db_prep_value(value, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ledger_event SET {column} = %s WHERE chain = %s AND seq = %s", [stored, WARD, seq]
        )


def remove(seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_event WHERE chain = %s AND seq = %s", [WARD, seq])


def set_head(seq: int, hash_: str) -> None:
    ChainHead.objects.filter(chain=WARD).update(seq=seq, hash=hash_)


def recompute(first: int, last: int) -> None:
    """Makes the chain sound again from event `first` on, head row included: the careful forger."""
    prev = GENESIS if first == 1 else Event.objects.get(chain=WARD, seq=first - 1).hash
    for seq in range(first, last + 1):
        body = Event.objects.get(chain=WARD, seq=seq).body
        overwrite(seq, "prev", prev)
        prev = event_hash(prev, body)
        overwrite(seq, "hash", prev)
    set_head(last, prev)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def one(findings: list[Finding]) -> tuple[str, int, Fault]:
    [finding] = findings
    return finding.chain, finding.seq, finding.fault


def test_sound_ledger_has_no_finding() -> None:
    make_chain(LENGTH)
    make_event(chain="cell")

    assert verify_all() == []


def test_empty_ledger_has_no_finding() -> None:
    assert verify_all() == []


def test_report_names_the_last_sound_event() -> None:
    last = make_chain(LENGTH)[-1]

    report = verify_chain(WARD)

    assert (report.seq, report.hash, report.proven_to, report.findings) == (LENGTH, last.hash, 0, [])


def test_chain_longer_than_a_page_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAGE", 2)
    make_chain(LENGTH)
    seen: list[tuple[str, int]] = []

    report = verify_chain(WARD, progress=lambda chain, seq: seen.append((chain, seq)))

    assert (report.seq, report.findings) == (LENGTH, [])
    assert seen == [(WARD, 2), (WARD, 4), (WARD, 5)]


def changed_text(data: st.DataObject, text: str) -> str:
    """`text` with one character exchanged."""
    place = data.draw(st.integers(0, len(text) - 1))
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters=[text[place], "\0"])
    return text[:place] + data.draw(alphabet) + text[place + 1 :]


def changed(data: st.DataObject, value: object) -> object:
    if isinstance(value, str):
        return changed_text(data, value)
    if isinstance(value, UUID):
        return UUID(int=value.int ^ (1 << data.draw(st.integers(0, 127))))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=data.draw(st.integers(1, 10**12)))
    assert isinstance(value, int)
    return value + data.draw(st.integers(1, 1000))


@pytest.fixture
def stored() -> list[Event]:
    return make_chain(LENGTH)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(1, LENGTH), column=st.sampled_from(COLUMNS), data=st.data())
def test_one_changed_character_is_found_in_its_event(
    stored: list[Event], seq: int, column: str, data: st.DataObject
) -> None:
    with undone():
        try:
            with transaction.atomic():
                overwrite(seq, column, changed(data, getattr(stored[seq - 1], column)))
        except DatabaseError:
            return  # the database itself refused

        findings = [finding for finding in verify_all() if finding.chain == WARD]

        assert [finding.seq for finding in findings] == [seq]


@pytest.mark.parametrize("seq", [1, 3, LENGTH])
def test_body_changed_together_with_its_hash_breaks_the_next_link(seq: int) -> None:
    make_chain(LENGTH)
    event = Event.objects.get(chain=WARD, seq=seq)
    body = event.compose({"n": 99})

    overwrite(seq, "body", body)
    overwrite(seq, "hash", event_hash(event.prev, body))

    expected = (WARD, seq + 1, Fault.LINK) if seq < LENGTH else (WARD, LENGTH, Fault.HEAD)
    assert one(verify_all()) == expected


def test_column_that_differs_from_its_body_is_named() -> None:
    make_chain(LENGTH)

    overwrite(3, "actor", "CB-18")

    [finding] = verify_all()
    assert (finding.seq, finding.fault) == (3, Fault.COLUMN)
    assert "actor" in finding.message
    assert finding.event_id == str(Event.objects.get(chain=WARD, seq=3).id)


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_removed_event_is_named(seq: int) -> None:
    make_chain(LENGTH)

    remove(seq)

    assert one(verify_all()) == (WARD, seq, Fault.NUMBER)


def test_cut_tail_shows_against_the_head_row() -> None:
    make_chain(LENGTH)

    remove(LENGTH)

    assert one(verify_all()) == (WARD, LENGTH, Fault.HEAD)


def test_event_beyond_the_head_row_is_found() -> None:
    events = make_chain(LENGTH)

    set_head(LENGTH - 1, events[-2].hash)

    assert one(verify_all()) == (WARD, LENGTH, Fault.HEAD)


def test_chain_without_head_row_is_found() -> None:
    make_chain(LENGTH)

    ChainHead.objects.all().delete()

    assert one(verify_all()) == (WARD, 1, Fault.HEAD)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        '"x"',
        '{"facts":{}}',
        "[" * 100_000,
        '{"facts":{"share":0.5}}',
        '{"facts":{"n":' + "9" * 5000 + "}}",
    ],
    ids=["empty", "object", "array", "text", "bare", "deep", "fraction", "long number"],
)
def test_body_in_another_form_is_found_even_when_its_hash_is_right(body: str) -> None:
    make_chain(1)

    overwrite(1, "body", body)
    recompute(1, 1)

    [finding] = verify_all()
    assert (finding.seq, finding.fault in {Fault.BODY, Fault.COLUMN}) == (1, True)


@pytest.mark.parametrize("column", ["at", "id", "subject_id", "body"])
def test_column_that_cannot_be_read_back_is_named(column: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite stores what does not fit a column's type (2026-11)")
    make_chain(LENGTH)

    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE ledger_event SET {column} = CAST('ff' AS BLOB) WHERE seq = 3")

    [finding] = verify_all()
    assert finding.seq == 3


@pytest.fixture
def head_file(tmp_path: Path) -> Path:
    """Five events, and their head written down outside the database."""
    make_chain(LENGTH)
    write_head_file(tmp_path / "heads.txt", AT)
    return tmp_path / "heads.txt"


def test_head_kept_elsewhere_proves_the_chain_up_to_it(head_file: Path) -> None:
    make_event()

    report = verify_chain(WARD, read_head_file(head_file))

    assert (report.proven_to, report.seq, report.findings) == (LENGTH, LENGTH + 1, [])
    assert verify_all(head_file) == []


def test_cut_tail_shows_against_a_head_kept_elsewhere(head_file: Path) -> None:
    remove(LENGTH)
    set_head(LENGTH - 1, Event.objects.get(seq=LENGTH - 1).hash)

    assert verify_all() == []
    assert one(verify_all(head_file)) == (WARD, LENGTH, Fault.LOST)


def test_recomputed_suffix_shows_against_a_head_kept_elsewhere(head_file: Path) -> None:
    event = Event.objects.get(seq=3)
    overwrite(3, "body", event.compose({"n": 99}))
    recompute(3, LENGTH)

    assert verify_all() == []
    assert one(verify_all(head_file)) == (WARD, LENGTH, Fault.AGAINST)


def test_chain_removed_as_a_whole_shows_against_a_head_kept_elsewhere(head_file: Path) -> None:
    for seq in range(1, LENGTH + 1):
        remove(seq)
    ChainHead.objects.all().delete()

    assert verify_all() == []
    assert one(verify_all(head_file)) == (WARD, 1, Fault.LOST)


def test_tail_written_anew_after_a_cut_shows_against_a_head_kept_elsewhere(head_file: Path) -> None:
    remove(LENGTH)
    set_head(LENGTH - 1, Event.objects.get(seq=LENGTH - 1).hash)
    make_chain(2)

    assert verify_all() == []
    assert one(verify_all(head_file)) == (WARD, LENGTH, Fault.AGAINST)


def test_head_printed_on_a_receipt_proves_as_far_as_its_128_bits() -> None:
    event = make_chain(LENGTH)[2]

    right = verify_chain(WARD, [Head(WARD, 3, event.hash[:32])])
    wrong = verify_chain(WARD, [Head(WARD, 3, "f" * 32)])

    assert (right.proven_to, right.findings) == (3, [])
    assert one(wrong.findings) == (WARD, 3, Fault.AGAINST)


def test_acts_that_go_on_while_the_chain_is_read_are_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAGE", 2)
    make_chain(LENGTH)

    def act_on(_chain: str, seq: int) -> None:
        if seq == LENGTH:
            make_event()

    report = verify_chain(WARD, progress=act_on)

    assert (report.seq, report.findings) == (LENGTH + 1, [])


def test_body_reads_back_as_the_canonical_text_it_is() -> None:
    event = make_event(body={"papers": ["bản sao", {"count": 2}]})

    assert canonical_json(json.loads(event.body)) == event.body

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from gandan.calculus.canonical import CanonicalError, Json
from gandan.calculus.hashchain import GENESIS
from gandan.ledger.actions import act, recorded_as_done, request_digest
from gandan.ledger.errors import InvalidEvent, RepeatedAct, RequestConflict
from gandan.ledger.heads import short_head
from gandan.ledger.ids import new_id
from gandan.ledger.models import ChainHead, Event, Request
from gandan.ledger.tests.factories import AT, WARD, make_chain, make_event

pytestmark = pytest.mark.django_db

REQUEST = UUID("01a1fff2-7989-769a-b958-ddb80c4f529c")
SUBJECT = UUID("01a1fff2-798a-7187-bd40-7f62d38a79e4")


def accept(
    *, request_id: UUID = REQUEST, actor: str = "CB-17", fee: int = 8000
) -> tuple[bool, dict[str, str | int]]:
    """A small act: what a room above writes."""
    with act(name="accept", actor=actor, at=AT, request_id=request_id, content={"fee": fee}) as evidence:
        if not evidence.repeated:
            evidence.append(
                chain=WARD, act="accept", subject_kind="dossier", subject_id=SUBJECT, body={"fee": fee}
            )
            evidence.done(dossier=str(SUBJECT), number=7)
    return evidence.repeated, evidence.outcome


def test_event_body_is_canonical_json_of_all_columns_but_prev_and_hash() -> None:
    recorded_at = datetime(2026, 11, 23, 1, 0, 2, 5, tzinfo=UTC)

    with act(
        name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={}, recorded_at=recorded_at
    ) as evidence:
        event = evidence.append(
            chain=WARD,
            act="accept",
            subject_kind="dossier",
            subject_id=SUBJECT,
            body={"fee": 8000, "due_at": AT},
        )

    assert event.body == (
        '{"act":"accept","actor":"CB-17","at":"2026-11-23T01:00:00.000000Z","chain":"19975",'
        f'"facts":{{"due_at":"2026-11-23T01:00:00.000000Z","fee":8000}},"id":"{event.id}",'
        f'"recorded_at":"2026-11-23T01:00:02.000005Z","request_id":"{REQUEST}","seq":1,'
        f'"subject_id":"{SUBJECT}","subject_kind":"dossier","v":1}}'
    )


def test_event_hash_covers_tag_prev_and_body() -> None:
    first, second = make_chain(2)

    assert (first.prev, second.prev) == (GENESIS, first.hash)
    for event in (first, second):
        text = b"gandan-event-1\0" + event.prev.encode() + event.body.encode()
        assert event.hash == hashlib.sha256(text).hexdigest()


def test_stored_event_equals_the_returned_one() -> None:
    event = make_event(body={"note": "Hu\u031bo\u031bng"})

    stored = Event.objects.get()

    assert (stored.body, stored.hash) == (event.body, event.hash)
    assert stored.facts == {"note": "Hương"}


def test_numbers_count_up_in_each_chain() -> None:
    for chain in (WARD, "cell", WARD, WARD, "cell"):
        make_event(chain=chain)

    assert list(Event.objects.order_by("chain", "seq").values_list("chain", "seq")) == [
        (WARD, 1),
        (WARD, 2),
        (WARD, 3),
        ("cell", 1),
        ("cell", 2),
    ]


def test_head_row_is_the_last_event() -> None:
    last = make_chain(3)[-1]

    assert list(ChainHead.objects.values_list("chain", "seq", "hash")) == [(WARD, 3, last.hash)]


def test_one_act_writes_several_chains_in_the_order_of_its_calls() -> None:
    with act(name="merge", actor="CB-17", at=AT, request_id=REQUEST, content={}) as evidence:
        for chain, name in (("cell", "a"), (WARD, "b"), ("cell", "c")):
            evidence.append(chain=chain, act=name, subject_kind="unit", subject_id=SUBJECT, body={})

    assert list(Event.objects.order_by("chain", "seq").values_list("chain", "seq", "act")) == [
        (WARD, 1, "b"),
        ("cell", 1, "a"),
        ("cell", 2, "c"),
    ]


def test_repeat_is_told_what_the_first_run_recorded() -> None:
    first = accept()

    second = accept()

    outcome = {"dossier": str(SUBJECT), "number": 7}
    assert (first, second) == ((False, outcome), (True, outcome))
    assert Event.objects.count() == 1


@pytest.mark.parametrize("other", [{"fee": 8001}, {"actor": "CB-18"}])
def test_same_request_with_another_content_or_actor_is_refused(other: dict[str, object]) -> None:
    accept()

    with pytest.raises(RequestConflict):
        accept(**other)

    assert Event.objects.get().facts == {"fee": 8000}


def test_same_request_for_another_act_is_refused() -> None:
    accept()

    with (
        pytest.raises(RequestConflict),
        act(name="refuse", actor="CB-17", at=AT, request_id=REQUEST, content={"fee": 8000}),
    ):
        pytest.fail("the block must not run")


def test_repeat_that_writes_again_is_refused() -> None:
    accept()

    with act(name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={"fee": 8000}) as evidence:
        with pytest.raises(RepeatedAct):
            evidence.append(chain=WARD, act="accept", subject_kind="dossier", subject_id=SUBJECT, body={})
        with pytest.raises(RepeatedAct):
            evidence.done(number=8)


def test_failed_act_leaves_nothing_and_its_request_free() -> None:
    def fail() -> None:
        with act(name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={"fee": 8000}) as evidence:
            evidence.append(chain=WARD, act="accept", subject_kind="dossier", subject_id=SUBJECT, body={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert (Event.objects.count(), Request.objects.count(), ChainHead.objects.count()) == (0, 0, 0)
    assert accept()[0] is False


def test_request_keeps_act_subject_moment_and_outcome_but_no_content() -> None:
    accept()

    request = Request.objects.get()

    assert (request.act, request.subject_id, request.at) == ("accept", SUBJECT, AT)
    assert json.loads(request.outcome) == {"dossier": str(SUBJECT), "number": 7}
    assert "8000" not in f"{request.act}{request.outcome}"


def test_request_digest_needs_the_installation_key_to_be_guessed(settings: Settings) -> None:
    content = {"identity": "012345678901"}
    digest = request_digest(name="accept", actor="CB-17", content=content)

    settings.SECRET_KEY = "another key of more than thirty-two characters"

    assert len(digest) == 64
    assert request_digest(name="accept", actor="CB-17", content=content) != digest


@pytest.mark.django_db(transaction=True)
def test_act_inside_another_transaction_is_refused() -> None:
    with (
        act(name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={}),
        pytest.raises(RuntimeError, match="durable"),
    ):
        accept(request_id=new_id())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"chain": ""}, "chain ''"),
        ({"chain": "a-chain-of-17-let"}, "1-16"),
        ({"act": "tiếp nhận"}, "act 'tiếp nhận'"),
        ({"subject_kind": "citizen Lan"}, "subject_kind"),
        ({"subject_id": str(SUBJECT)}, "is not a UUID"),
        ({"body": {"late": True}}, r"accept: \$\.late: True has no place here"),
        ({"body": {"share": 0.5}}, r"accept: \$\.share: float"),
    ],
)
def test_event_in_a_wrong_form_is_refused(change: dict[str, Json], message: str) -> None:
    right = {"chain": WARD, "act": "accept", "subject_kind": "dossier", "subject_id": SUBJECT, "body": {}}

    with act(name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={}) as evidence:
        with pytest.raises(InvalidEvent, match=message):
            evidence.append(**{**right, **change})
        evidence.append(**right)

    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"actor": "Nguyễn Thị Lan"}, "actor"),
        ({"name": ""}, "act ''"),
        ({"at": AT.replace(tzinfo=None)}, "no time zone"),
        ({"request_id": str(REQUEST).upper()}, "is not a UUID"),
        ({"recorded_at": AT.replace(tzinfo=None)}, "no time zone"),
    ],
)
def test_act_in_a_wrong_form_is_refused(change: dict[str, object], message: str) -> None:
    right = {"name": "accept", "actor": "CB-17", "at": AT, "request_id": REQUEST, "content": {}}

    with pytest.raises(InvalidEvent, match=message), act(**{**right, **change}):
        pytest.fail("the block must not run")

    assert Request.objects.count() == 0


def test_content_that_cannot_be_digested_is_refused() -> None:
    with (
        pytest.raises(CanonicalError),
        act(name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={"fee": 0.5}),
    ):
        pytest.fail("the block must not run")


def test_event_is_recorded_now_though_done_before() -> None:
    yesterday = AT - timedelta(days=1)
    before = datetime.now(UTC)

    event = make_event(at=yesterday)

    assert event.at == yesterday
    assert before <= event.recorded_at <= datetime.now(UTC)


def test_sample_event_is_recorded_when_it_was_done() -> None:
    with recorded_as_done():
        sample = make_event()

    real = make_event()

    assert sample.recorded_at == AT
    assert real.recorded_at != AT


def test_act_costs_five_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_event()

    # request, its outcome, head, event, head's new value; and two for the transaction
    with django_assert_num_queries(7):
        make_event()


def test_act_on_a_subject_known_beforehand_costs_four_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_event()
    request = {"name": "assign", "actor": "CB-17", "at": AT, "request_id": REQUEST, "content": {}}

    with django_assert_num_queries(6), act(**request, subject_id=SUBJECT) as evidence:
        evidence.append(chain=WARD, act="assign", subject_kind="dossier", subject_id=SUBJECT, body={})

    with act(**request, subject_id=SUBJECT) as repeat:
        assert (repeat.repeated, repeat.outcome) == (True, {"subject": str(SUBJECT)})
    assert Request.objects.get(pk=REQUEST).subject_id == SUBJECT


def test_three_events_on_one_chain_cost_no_more_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_event()

    with (
        django_assert_num_queries(7),
        act(name="accept", actor="CB-17", at=AT, request_id=REQUEST, content={}) as evidence,
    ):
        for _number in range(3):
            evidence.append(chain=WARD, act="accept", subject_kind="dossier", subject_id=SUBJECT, body={})


def test_repeat_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    accept()

    with django_assert_num_queries(4):
        accept()


def test_short_head_is_number_and_128_bits() -> None:
    event = make_chain(2)[-1]

    assert short_head(event) == f"2·{event.hash[:32]}"

"""Rows of the law in the database: loaded once, never changed, superseded once, chosen by date and scope."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gandan.law import actions, cache, queries
from gandan.law.actions import load_shipped, set_parameter
from gandan.law.errors import (
    AlreadySuperseded,
    BasisMissing,
    LocalValueRefused,
    NotCompetent,
    UnchangeableRow,
    ValueRefused,
)
from gandan.law.loading import Loaded, load_rows
from gandan.law.models import Basis, LegalForm, Parameter
from gandan.law.queries import form_at, history_of, value_at
from gandan.law.rows import Origin, Scope
from gandan.law.shipped import LawRowMissing, LawValue, forms, rows
from gandan.law.tests.factories import LEGAL, Somebody, confirm
from gandan.ledger.actions import verify_all
from gandan.ledger.errors import RequestConflict
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
LOADED_AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def shipped_row(value: int = 3, shipped_id: str = "a.key@2026-01-01") -> Parameter:
    return Parameter(
        shipped_id=shipped_id,
        key="a.key",
        value=str(value),
        unit="day",
        valid_from=date(2026, 1, 1),
        document="Văn bản mẫu",
        mark="read",
        origin=Origin.SHIPPED,
        recorded_at=NOON,
    )


def test_load_shipped_brings_every_row(law: None) -> None:
    assert (Parameter.objects.count(), LegalForm.objects.count()) == (len(rows()), len(forms()))


def test_load_shipped_twice_changes_nothing(law: None) -> None:
    assert load_shipped(NOON) == Loaded()
    assert Parameter.objects.filter(recorded_at=NOON).count() == 0


def test_load_of_a_changed_row_supersedes_it(db: None) -> None:
    load_rows(Parameter.objects.all(), [shipped_row(3)])

    done = load_rows(Parameter.objects.all(), [shipped_row(5)])

    assert done == Loaded(superseded=1)
    assert [(row.amount, row.superseded_by is None) for row in history_of("a.key")] == [(3, False), (5, True)]


def test_load_never_overwrites_a_confirmation(db: None) -> None:
    load_rows(Parameter.objects.all(), [shipped_row(3)])
    confirm(Parameter.objects.get(), document="Công báo 1")

    done = load_rows(Parameter.objects.all(), [shipped_row(5)])
    again = load_rows(Parameter.objects.all(), [shipped_row(5)])

    assert (done, again) == (Loaded(held_back=1), Loaded())
    assert value_at("a.key", TODAY).amount == 3
    assert sorted(row.amount for row in history_of("a.key")) == [3, 3, 5]


@pytest.mark.parametrize("way", ["save", "delete", "update", "delete_many", "bulk_update"])
def test_row_is_never_changed(law: None, way: str) -> None:
    row = Parameter.objects.get(key="supplement.close_after")
    row.value = "30"
    attempts = {
        "save": row.save,
        "delete": row.delete,
        "update": lambda: Parameter.objects.filter(pk=row.pk).update(value="30"),
        "delete_many": Parameter.objects.all().delete,
        "bulk_update": lambda: Parameter.objects.bulk_update([row], ["value"]),
    }

    with pytest.raises(UnchangeableRow):
        attempts[way]()

    assert Parameter.objects.get(pk=row.pk).amount == 15


def test_confirm_makes_the_row_certain(law: None) -> None:
    row = value_at("supplement.close_after", TODAY)

    confirm(row, document="Công báo số 1")

    now = value_at("supplement.close_after", TODAY)
    assert (row.is_certain, now.is_certain) == (False, True)
    assert (now.amount, now.confirmed_by, now.confirmed_document) == (15, "PC-1", "Công báo số 1")


def test_confirm_the_same_row_twice_is_refused(law: None) -> None:
    row = value_at("supplement.close_after", TODAY)
    confirm(row, document="Công báo số 1")

    with pytest.raises(AlreadySuperseded):
        confirm(row, document="Công báo số 2")

    assert value_at("supplement.close_after", TODAY).confirmed_by == "PC-1"


@pytest.mark.parametrize("document", ["", "  ", "x" * 201])
def test_confirm_without_a_document_is_refused(law: None, document: str) -> None:
    with pytest.raises(BasisMissing):
        confirm(value_at("supplement.close_after", TODAY), document=document)

    assert (Basis.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize("scope", [Scope.PROVINCE, Scope.COMMUNE])
def test_confirm_by_another_than_a_legal_officer_is_refused(law: None, scope: Scope) -> None:
    administrator = Somebody("QT-1", administered=((scope, "46"),))

    with pytest.raises(NotCompetent):
        confirm(value_at("supplement.close_after", TODAY), officer=administrator)

    assert value_at("supplement.close_after", TODAY).mark == "derived"


def test_confirmation_is_an_event_without_the_words_of_its_basis(law: None) -> None:
    confirmed = confirm(value_at("supplement.close_after", TODAY), document="QĐ bổ nhiệm bà Mẫu")

    [event], [basis] = Event.objects.all(), Basis.objects.all()
    assert (event.chain, event.act, event.actor, event.subject_id) == (
        "cell",
        "confirm-law",
        "PC-1",
        confirmed.pk,
    )
    assert (event.facts["key"], event.facts["row"]) == ("supplement.close_after", str(confirmed.pk))
    assert (basis.event_id, basis.document, basis.actor) == (event.pk, "QĐ bổ nhiệm bà Mẫu", "PC-1")
    assert "Mẫu" not in event.body
    assert verify_all() == []


def test_confirmation_repeated_is_one(law: None) -> None:
    row, request_id = value_at("supplement.close_after", TODAY), new_id()

    first = confirm(row, request_id=request_id)
    again = confirm(row, request_id=request_id)

    assert (first.pk, Event.objects.count()) == (again.pk, 1)
    with pytest.raises(RequestConflict):
        confirm(row, request_id=request_id, document="Công báo khác")


def test_value_as_known_before_the_confirmation(law: None) -> None:
    confirm(value_at("supplement.close_after", TODAY), document="Công báo")

    before = value_at("supplement.close_after", TODAY, known_at=NOON - timedelta(seconds=1))
    after = value_at("supplement.close_after", TODAY, known_at=NOON)

    assert (before.mark, after.mark) == ("derived", "confirmed")


def test_value_before_anything_was_known_is_missing(law: None) -> None:
    with pytest.raises(LawRowMissing):
        value_at("supplement.close_after", TODAY, known_at=LOADED_AT - timedelta(days=1))


def test_value_of_the_event_day_counts(law: None) -> None:
    assert value_at("kn.accept", date(2026, 6, 30)).amount == 10
    assert value_at("kn.accept", date(2026, 7, 1)).amount == 7


def local(
    key: str,
    value: LawValue,
    scope: Scope,
    code: str = "",
    valid_from: date = date(2026, 1, 1),
    officer: Somebody = LEGAL,
) -> Parameter:
    return set_parameter(
        key,
        value,
        scope=scope,
        scope_code=code,
        valid_from=valid_from,
        document="QĐ mẫu",
        officer=officer,
        at=NOON,
        request_id=new_id(),
    )


def test_narrower_scope_wins_where_the_law_lets_it(law: None) -> None:
    local("result.remind_after", 10, Scope.PROVINCE, "46")
    local("result.remind_after", 5, Scope.COMMUNE, "19975")

    assert value_at("result.remind_after", TODAY).amount == 7
    assert value_at("result.remind_after", TODAY, province="46", commune="19960").amount == 10
    assert value_at("result.remind_after", TODAY, province="46", commune="19975").amount == 5
    assert value_at("result.remind_after", TODAY, province="38", commune="14758").amount == 7


def test_local_value_where_the_law_forbids_is_refused(law: None) -> None:
    with pytest.raises(LocalValueRefused):
        local("supplement.close_after", 30, Scope.PROVINCE, "46")


def test_local_row_of_a_forbidden_key_is_passed_over(law: None) -> None:
    Parameter(
        key="supplement.close_after",
        value="30",
        scope=Scope.PROVINCE,
        scope_code="46",
        document="QĐ mẫu",
        mark="read",
        origin=Origin.LOCAL,
        recorded_at=NOON,
    ).save()

    assert value_at("supplement.close_after", TODAY, province="46").amount == 15


def test_later_local_value_ends_the_one_before(law: None) -> None:
    local("result.remind_after", 10, Scope.PROVINCE, "46")
    local("result.remind_after", 3, Scope.PROVINCE, "46", date(2026, 12, 1))

    def on(day: date) -> int:
        return value_at("result.remind_after", day, province="46").amount

    assert (on(date(2026, 11, 30)), on(date(2026, 12, 1))) == (10, 3)


def test_later_value_of_the_nation_holds_from_its_day_and_stays_when_the_files_are_loaded_again(
    law: None,
) -> None:
    local("supplement.close_after", 20, Scope.NATIONAL, valid_from=date(2026, 12, 1))

    def on(day: date) -> int:
        return value_at("supplement.close_after", day).amount

    assert (on(date(2026, 11, 30)), on(date(2026, 12, 1))) == (15, 20)
    cache.changed(queries.SUBJECT, digest="")
    load_shipped(NOON)
    assert (on(date(2026, 11, 30)), on(date(2026, 12, 1))) == (15, 20)


def test_value_before_one_already_entered_is_refused(law: None) -> None:
    local("result.remind_after", 10, Scope.PROVINCE, "46", date(2026, 12, 1))

    with pytest.raises(AlreadySuperseded, match="01/12/2026"):
        local("result.remind_after", 9, Scope.PROVINCE, "46", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("scope", "code", "administered"),
    [
        (Scope.NATIONAL, "", ((Scope.COMMUNE, "19975"), (Scope.PROVINCE, "46"))),
        (Scope.COMMUNE, "14758", ((Scope.COMMUNE, "19975"),)),
        (Scope.PROVINCE, "46", ((Scope.COMMUNE, "19975"),)),
    ],
)
def test_value_of_a_place_that_one_does_not_administer_is_refused(
    law: None, scope: Scope, code: str, administered: tuple[tuple[Scope, str], ...]
) -> None:
    with pytest.raises(NotCompetent):
        local("result.remind_after", 9, scope, code, officer=Somebody("QT-1", administered=administered))


def test_value_of_an_administered_commune_is_an_event_of_its_chain(law: None) -> None:
    administrator = Somebody("QT-1", administered=((Scope.COMMUNE, "19975"),))

    row = local("result.remind_after", 9, Scope.COMMUNE, "19975", officer=administrator)

    event = Event.objects.get()
    assert (event.chain, event.act, event.actor) == ("19975", "set-law", "QT-1")
    assert (event.facts["value"], event.facts["from"], event.facts["place"]) == ("9", "2026-01-01", "19975")
    assert value_at("result.remind_after", TODAY, commune="19975").pk == row.pk


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("result.remind_after", "bảy"),
        ("result.remind_after", -1),
        ("result.remind_after", 100_001),
        ("result.remind_after", True),
        ("result.remind_after", None),
        ("transfer.cut_off", "25:00"),
        ("transfer.cut_off", "15h"),
        ("clock.due_day_end", "whenever"),
        ("tc.initial", {"normal": 7}),
    ],
)
def test_value_of_another_kind_is_refused(law: None, key: str, value: LawValue) -> None:
    with pytest.raises((ValueRefused, LocalValueRefused)):
        local(key, value, Scope.NATIONAL, valid_from=date(2026, 12, 1))


def test_two_rows_in_force_with_one_start_are_impossible(law: None) -> None:
    shipped_row(3).save()

    with pytest.raises(IntegrityError), transaction.atomic():
        shipped_row(5).save()


def test_narrower_scope_without_code_is_impossible(db: None) -> None:
    row = shipped_row()
    row.scope = Scope.COMMUNE

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_warm_reads_cost_no_query(law: None) -> None:
    value_at("transfer.cut_off", TODAY)

    with CaptureQueriesContext(connection) as captured:
        value_at("transfer.cut_off", TODAY)
        value_at("supplement.notice_within", TODAY, province="46", commune="19975")
        form_at("receipt", TODAY)

    assert len(captured) == 0


def test_change_by_another_process_is_seen_after_the_check(
    law: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    value_at("supplement.close_after", TODAY)
    monkeypatch.setattr(
        actions.cache, "forget", lambda: None
    )  # another process does not clear this one's memory
    confirm(value_at("supplement.close_after", TODAY), document="Công báo")
    within = value_at("supplement.close_after", TODAY).mark
    monkeypatch.setattr(cache, "CHECK_SECONDS", 0.0)

    after = value_at("supplement.close_after", TODAY).mark

    assert (within, after) == ("derived", "confirmed")


def test_form_on_a_day(law: None) -> None:
    assert form_at("control_sheet", date(2025, 9, 14)).number == "05"
    assert form_at("control_sheet", TODAY).number == "06"


def test_law_on_a_day_lists_every_key_once(law: None) -> None:
    shown = queries.law_on(TODAY)

    assert len(shown) == len({row.key for row in rows()})
    assert [s.key for s in shown if s.row is None] == []

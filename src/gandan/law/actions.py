"""Acts on the law: load what ships, confirm a row on its document, set a value from a day on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import Mark, SupplementEffect
from gandan.law import cache, shipped
from gandan.law.bases import CELL, cleaned_basis, record
from gandan.law.errors import AlreadySuperseded, LocalValueRefused, ValueRefused
from gandan.law.loading import Loaded, content_of, load_rows
from gandan.law.models import LegalForm, Parameter
from gandan.law.permissions import Acting, require_change
from gandan.law.queries import SUBJECT, value_at
from gandan.law.rows import Origin, Scope
from gandan.law.shipped import LawValue
from gandan.ledger import actions as ledger

LARGEST = 100_000
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def json_text(value: LawValue) -> str:
    """The value as it is stored: one JSON text for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=False)


def _parameters(at: datetime) -> Iterator[Parameter]:
    for entry in shipped.keys().values():
        for row in entry.rows:
            yield Parameter(
                shipped_id=row.id,
                key=row.key,
                value=json_text(row.value),
                unit=row.unit,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                document=row.document,
                article=row.article,
                mark=row.mark.value,
                note=row.note,
                local_allowed=entry.local_allowed,
                origin=Origin.SHIPPED,
                recorded_at=at,
            )


def _forms(at: datetime) -> Iterator[LegalForm]:
    for row in shipped.forms():
        yield LegalForm(
            shipped_id=row.id,
            key=row.key,
            circular=row.circular,
            number=row.number,
            title=row.title,
            alias=row.alias,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            paper_size=row.paper_size,
            layout_mark=row.layout_mark.value,
            content=row.content,
            document=row.document,
            article=row.article,
            mark=row.mark.value,
            note=row.note,
            origin=Origin.SHIPPED,
            recorded_at=at,
        )


@transaction.atomic
def load_shipped(at: datetime) -> Loaded:
    """Brings the shipped parameters and forms into the database; nothing if the files have not changed."""
    digest = sha256(
        b"".join((shipped.DATA / name).read_bytes() for name in ("parameters.yaml", "forms.yaml"))
    ).hexdigest()
    if cache.locked_digest(SUBJECT) == digest:
        return Loaded()
    loaded = load_rows(Parameter.objects.all(), _parameters(at))
    loaded += load_rows(LegalForm.objects.all(), _forms(at))
    cache.changed(SUBJECT, digest=digest)
    return loaded


def confirm_parameter(
    row: Parameter, *, document: str, officer: Acting, at: datetime, request_id: UUID
) -> Parameter:
    """Confirms `row` on the document that the officer has read: a local row in its place, marked confirmed.

    AlreadySuperseded if the row is no longer in force; BasisMissing, NotCompetent.
    """
    content = {"row": row.pk, "document": document}
    with ledger.act(
        name="confirm-law", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return Parameter.objects.get(pk=str(evidence.outcome["row"]))
        require_change(officer, Scope(row.scope), row.scope_code)
        basis = cleaned_basis(document)
        confirmed = Parameter(
            **content_of(row)
            | {"mark": Mark.CONFIRMED.value, "confirmed_by": officer.code, "confirmed_document": basis},
            origin=Origin.LOCAL,
            recorded_at=at,
        )
        Parameter.objects.all().mark_superseded(row, confirmed)
        confirmed.save()
        _recorded(evidence, "confirm-law", confirmed, basis, {"replaces": row.pk})
    return confirmed


def set_parameter(
    key: str,
    value: LawValue,
    *,
    scope: Scope,
    scope_code: str = "",
    valid_from: date,
    document: str,
    article: str = "",
    officer: Acting,
    at: datetime,
    request_id: UUID,
) -> Parameter:
    """Sets a value from a day on; the value before it in the same scope ends on the day before.

    Raises NotCompetent, BasisMissing, ValueRefused, LocalValueRefused where the nation's row does not let a
    narrower scope, AlreadySuperseded where a later value exists, LawRowMissing without a row of the nation.
    """
    content = {
        "key": key,
        "value": json_text(value),
        "scope": scope,
        "code": scope_code,
        "from": valid_from,
        "document": document,
        "article": article,
    }
    with ledger.act(
        name="set-law", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return Parameter.objects.get(pk=str(evidence.outcome["row"]))
        require_change(officer, scope, scope_code)
        new = proposed_parameter(
            key,
            value,
            scope=scope,
            scope_code=scope_code,
            valid_from=valid_from,
            document=cleaned_basis(document),
            article=article,
            by=officer.code,
            at=at,
        )
        replaced = _end_before(new, at)
        new.save()
        _recorded(evidence, "set-law", new, new.document, {"replaces": replaced.pk} if replaced else {})
    return new


def proposed_parameter(
    key: str,
    value: LawValue,
    *,
    scope: Scope,
    scope_code: str = "",
    valid_from: date,
    document: str,
    article: str = "",
    by: str,
    at: datetime,
) -> Parameter:
    """The row that `set_parameter` would store, not stored: also for a dry run. Raises like it."""
    national = value_at(key, valid_from)
    if scope != Scope.NATIONAL and not national.local_allowed:
        raise LocalValueRefused(
            _(
                "The law gives this value for the whole country and lets no province or commune set another one."
            )
        )
    require_same_kind(key, national.content, value)
    return Parameter(
        shipped_id=f"{key}@{valid_from}" if scope == Scope.NATIONAL else "",
        key=key,
        value=json_text(value),
        unit=national.unit,
        valid_from=valid_from,
        document=document,
        article=article,
        mark=Mark.CONFIRMED.value,
        scope=scope,
        scope_code=scope_code,
        local_allowed=national.local_allowed,
        origin=Origin.LOCAL,
        confirmed_by=by,
        confirmed_document=document,
        recorded_at=at,
    )


def require_same_kind(key: str, old: LawValue, new: LawValue) -> None:
    """ValueRefused unless `new` can stand where `old` stood: a number for a number, an hour for an hour.

    Of a small table the numbers may differ; its words (a unit, a period) stay.
    """
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for part, value in old.items():
            if isinstance(value, str) and new[part] == value:
                continue
            require_same_kind(key, value, new[part])
        return
    if type(old) is not type(new) or isinstance(old, dict | list) or old is None:
        raise ValueRefused(_("The new value must be of the same kind as the one it follows."))
    if isinstance(new, int) and not isinstance(new, bool) and not 0 <= new <= LARGEST:
        raise ValueRefused(_("A value of the law is a whole number from 0 to 100,000."))
    if isinstance(old, str) and isinstance(new, str):
        _require_same_word(key, old, new)


def _require_same_word(key: str, old: str, new: str) -> None:
    """An hour follows an hour; a rule is one that the clock knows for this key."""
    if is_clock_time(old):
        if not is_clock_time(new):
            raise ValueRefused(_("Write the hour as 15:00."))
    elif new != old and new not in rules_of(key):
        raise ValueRefused(_("The clock knows no such rule."))


def is_clock_time(text: str) -> bool:
    return CLOCK_TIME.fullmatch(text) is not None


def rules_of(key: str) -> list[str]:
    """The rules that may stand under a key, in words of the data: those that shipped for it; effects stand for each other."""
    entry = shipped.keys().get(key)
    known = {row.value for row in entry.rows if isinstance(row.value, str)} if entry else set()
    effects = {str(effect) for effect in SupplementEffect}
    return sorted(known | effects if known & effects else known)


def _recorded(
    evidence: ledger.Act, act: str, row: Parameter, document: str, further: Mapping[str, Json]
) -> None:
    """The event of a changed row: key, value, dates and marks; national rows and provinces' in the cell's chain."""
    facts: dict[str, Json] = {
        "key": row.key,
        "value": row.value,
        "scope": str(row.scope),
        "row": row.pk,
        **further,
    }
    if row.valid_from:
        facts["from"] = row.valid_from
    if row.scope_code:
        facts["place"] = row.scope_code
    cache.changed(SUBJECT)
    record(
        evidence,
        chain=row.scope_code if row.scope == Scope.COMMUNE else CELL,
        act=act,
        subject_kind="law",
        subject_id=row.pk,
        document=document,
        body=facts,
    )
    evidence.done(row=str(row.pk))


def _end_before(new: Parameter, at: datetime) -> Parameter | None:
    """Closes the row in force of the same key and scope on the day before `new` starts; returns it, if any.

    A row with the same start is superseded by `new` itself; AlreadySuperseded if a later row exists.
    """
    rows = Parameter.objects.in_force().filter(key=new.key, scope=new.scope, scope_code=new.scope_code)
    start = new.valid_from or date.min
    replaced = None
    for old in rows:
        old_start = old.valid_from or date.min
        if old_start > start:
            raise AlreadySuperseded(
                _("A value from %(day)s is already entered. Choose a later day, or change that one first.")
                % {"day": f"{old_start:%d/%m/%Y}"}
            )
        if old_start == start:
            Parameter.objects.all().mark_superseded(old, new)
            replaced = old
        elif old.valid_to is None or old.valid_to >= start:
            content = content_of(old) | {
                "valid_to": start - timedelta(days=1),
                "confirmed_by": old.confirmed_by,
                "confirmed_document": old.confirmed_document,
            }
            closed = Parameter(**content, origin=old.origin, recorded_at=at)
            Parameter.objects.all().mark_superseded(old, closed)
            closed.save()
            replaced = old
    return replaced

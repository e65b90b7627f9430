"""Acts on the law: load what ships, confirm a row on its document, set a local value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction

from gandan.calculus.rules import Mark
from gandan.law import cache, shipped
from gandan.law.errors import AlreadySuperseded, ConfirmationRefused, LocalValueRefused
from gandan.law.loading import Loaded, content_of, load_rows
from gandan.law.models import LegalForm, Parameter
from gandan.law.queries import SUBJECT, value_at
from gandan.law.rows import Origin, Scope
from gandan.law.shipped import LawValue


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


@transaction.atomic
def confirm_parameter(row: Parameter, *, document: str, by: str, at: datetime) -> Parameter:
    """Confirms `row` on the document that `by` (a code) has read: a local row in its place, marked confirmed.

    AlreadySuperseded if the row is no longer in force; ConfirmationRefused without document or person.
    """
    if not document.strip() or not by.strip():
        raise ConfirmationRefused("A confirmation names the document that was read and who read it.")
    confirmed = Parameter(
        **content_of(row)
        | {"mark": Mark.CONFIRMED.value, "confirmed_by": by, "confirmed_document": document.strip()},
        origin=Origin.LOCAL,
        recorded_at=at,
    )
    Parameter.objects.all().mark_superseded(row, confirmed)
    confirmed.save()
    cache.changed(SUBJECT)
    return confirmed


@transaction.atomic
def set_local_parameter(
    key: str,
    value: LawValue,
    *,
    scope: Scope,
    scope_code: str,
    valid_from: date,
    document: str,
    article: str = "",
    by: str,
    at: datetime,
) -> Parameter:
    """Sets the value of a province or commune from a day on; the value before ends on the day before.

    LocalValueRefused where the nation's row does not let it; LawRowMissing without a row of the nation.
    """
    national = value_at(key, valid_from)
    if scope == Scope.NATIONAL or not national.local_allowed:
        raise LocalValueRefused(f"{key} may not be set for a {scope}")
    if not document.strip() or not by.strip():
        raise ConfirmationRefused("A local value names its document and who entered it.")
    new = Parameter(
        key=key,
        value=json_text(value),
        unit=national.unit,
        valid_from=valid_from,
        document=document.strip(),
        article=article,
        mark=Mark.CONFIRMED.value,
        scope=scope,
        scope_code=scope_code,
        origin=Origin.LOCAL,
        confirmed_by=by,
        confirmed_document=document.strip(),
        recorded_at=at,
    )
    _end_before(new, at)
    new.save()
    cache.changed(SUBJECT)
    return new


def _end_before(new: Parameter, at: datetime) -> None:
    """Closes the row in force of the same key and scope on the day before `new` starts.

    A row with the same start is superseded by `new` itself; AlreadySuperseded if a later row exists.
    """
    rows = Parameter.objects.in_force().filter(key=new.key, scope=new.scope, scope_code=new.scope_code)
    start = new.valid_from or date.min
    for old in rows:
        old_start = old.valid_from or date.min
        if old_start > start:
            raise AlreadySuperseded(f"a row of {new.key} from {old_start:%Y-%m-%d} exists already")
        if old_start == start:
            Parameter.objects.all().mark_superseded(old, new)
        elif old.valid_to is None or old.valid_to >= start:
            content = content_of(old) | {
                "valid_to": start - timedelta(days=1),
                "confirmed_by": old.confirmed_by,
                "confirmed_document": old.confirmed_document,
            }
            closed = Parameter(**content, origin=old.origin, recorded_at=at)
            Parameter.objects.all().mark_superseded(old, closed)
            closed.save()

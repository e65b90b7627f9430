"""The law on a date: the parameter that holds, the form that is printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime

from gandan.law import shipped
from gandan.law.cache import Cached
from gandan.law.models import LegalForm, Parameter
from gandan.law.rows import Scope
from gandan.law.shipped import LawRowMissing

SUBJECT = "law"


@dataclass(frozen=True, slots=True)
class _Law:
    """All rows of the law in memory; `recorded` tells when the row with an id was recorded."""

    parameters: dict[str, list[Parameter]]
    forms: dict[str, list[LegalForm]]
    recorded: dict[object, datetime]


def _load() -> _Law:
    parameters: dict[str, list[Parameter]] = defaultdict(list)
    recorded: dict[object, datetime] = {}
    for row in Parameter.objects.all():
        parameters[row.key].append(row)
        recorded[row.pk] = row.recorded_at
    forms: dict[str, list[LegalForm]] = defaultdict(list)
    for form in LegalForm.objects.in_force():
        forms[form.key].append(form)
    return _Law(dict(parameters), dict(forms), recorded)


_law = Cached(SUBJECT, _load)
_proposed: ContextVar[tuple[Parameter, ...]] = ContextVar("proposed_law", default=())


@contextmanager
def as_if(*rows: Parameter) -> Iterator[None]:
    """Inside the block the law is read as if these rows, not stored, had been entered (dry run).

    A row of the same key and scope holds until the day before, since the latest start wins.
    """
    token = _proposed.set(rows)
    try:
        yield
    finally:
        _proposed.reset(token)


def _known(law: _Law, row: Parameter, known_at: datetime | None) -> bool:
    """True if `row` was the one to go by, as far as was known at `known_at` (None: now)."""
    if known_at is None:
        return row.superseded_by_id is None
    if row.recorded_at > known_at:
        return False
    return row.superseded_by_id is None or law.recorded[row.superseded_by_id] > known_at


def _latest(rows: Iterable[Parameter]) -> Parameter | None:
    return max(rows, key=lambda row: (row.valid_from or date.min, row.recorded_at), default=None)


def value_at(
    key: str, on: date, *, province: str = "", commune: str = "", known_at: datetime | None = None
) -> Parameter:
    """The row of `key` that holds on the day `on`, as known at `known_at`; LawRowMissing if there is none.

    The commune's row wins over the province's, and that over the nation's, only where the nation's row
    lets it (`local_allowed`). Warm, no query.
    """
    law = _law.get()
    rows: Iterable[Parameter] = law.parameters.get(key, ())
    holding = [r for r in rows if r.holds_on(on) and _known(law, r, known_at)]
    holding += [r for r in _proposed.get() if r.key == key and r.holds_on(on)]
    national = _latest(r for r in holding if r.scope == Scope.NATIONAL)
    if national is None:
        raise LawRowMissing(key, on)
    if not national.local_allowed:
        return national
    own = [r for r in holding if r.scope == Scope.COMMUNE and commune and r.scope_code == commune]
    regional = [r for r in holding if r.scope == Scope.PROVINCE and province and r.scope_code == province]
    return _latest(own) or _latest(regional) or national


def form_at(key: str, on: date) -> LegalForm:
    """The form for `key` printed on the day `on`; LawRowMissing if there is none. Warm, no query."""
    for form in _law.get().forms.get(key, ()):
        if form.holds_on(on):
            return form
    raise LawRowMissing(key, on)


def history_of(key: str) -> list[Parameter]:
    """All rows of `key`, superseded ones too: by scope, newest start first, then newest record first."""
    rows = list(Parameter.objects.filter(key=key).select_related("superseded_by"))
    rows.sort(key=lambda row: row.recorded_at, reverse=True)
    rows.sort(key=lambda row: row.valid_from or date.min, reverse=True)
    rows.sort(key=lambda row: (row.scope != Scope.NATIONAL, row.scope, row.scope_code))
    return rows


@dataclass(frozen=True, slots=True)
class Shown:
    """One key of the law on a day: its row, if any holds, and how many rows it has in all."""

    key: str
    group: str
    row: Parameter | None
    versions: int


def law_on(day: date) -> list[Shown]:
    """Every key with the nation's row that holds on `day`, in the order of the shipped file. Warm, no query."""
    shown = []
    law = _law.get()
    for key, group in _keys(law):
        rows = [row for row in law.parameters.get(key, ()) if row.scope == Scope.NATIONAL]
        holding = _latest(row for row in rows if row.superseded_by_id is None and row.holds_on(day))
        shown.append(Shown(key, group, holding, len(rows)))
    return shown


def _keys(law: _Law) -> list[tuple[str, str]]:
    entries = shipped.keys()
    further = sorted(set(law.parameters) - set(entries))
    return [(e.key, e.group) for e in entries.values() if e.key in law.parameters] + [
        (k, "") for k in further
    ]


def forms_on(day: date) -> list[LegalForm]:
    """The forms printed on `day`, by number. Warm, no query."""
    forms = [form for rows in _law.get().forms.values() for form in rows if form.holds_on(day)]
    return sorted(forms, key=lambda form: (form.circular, form.number))


def all_forms() -> list[LegalForm]:
    """All forms in force, newest circular first, by number. Warm, no query."""
    forms = [form for rows in _law.get().forms.values() for form in rows]
    forms.sort(key=lambda form: form.number)
    forms.sort(key=lambda form: form.valid_from, reverse=True)
    return forms

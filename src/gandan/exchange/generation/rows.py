"""The tables that load is written into, and rows as they go into them: plain values in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from gandan.dossiers.models import (
    Deadline,
    Dossier,
    DossierFee,
    DossierPaper,
    Extension,
    Party,
    Remark,
    StepRun,
    Supplement,
)
from gandan.ledger.models import Event, Request
from gandan.notifications.models import Message

# For each table the fields that are given; all others have their defaults. Parents stand before their children.
GIVEN: dict[type[Model], tuple[str, ...]] = {
    Party: (
        "id",
        "kind",
        "name",
        "folded_name",
        "birth_date",
        "birth_year",
        "sex",
        "address",
        "phone",
        "email",
        "identity_kind",
        "identity_sealed",
        "identity_index",
    ),
    Dossier: (
        "id",
        "code",
        "commune",
        "unit_received",
        "unit_competent",
        "version",
        "case",
        "answers",
        "owner",
        "agent",
        "channel",
        "lane",
        "return_way",
        "register_year",
        "register_number",
        "state",
        "desk",
        "desk_unit",
        "desk_role",
        "assignee",
        "department",
        "act_by",
        "revision",
        "step_number",
        "reading_number",
        "first_contact_at",
        "registered_at",
        "accepted_at",
        "due_at",
        "promised_at",
        "base_due_at",
        "wait_seconds",
        "supplement_count",
        "extension_count",
        "finished_at",
        "returned_at",
        "changed_at",
        "stop_ground",
        "result_kind",
        "result_number",
        "proposed_by",
        "approved_by",
        "tracking_hash",
        "salt",
    ),
    DossierPaper: (
        "id",
        "dossier",
        "position",
        "key",
        "name",
        "answer",
        "originals",
        "certified",
        "copies",
        "data_source",
        "reason",
    ),
    DossierFee: ("id", "dossier", "position", "key", "label", "amount", "quantity", "paid_at"),
    StepRun: (
        "id",
        "dossier",
        "number",
        "desk",
        "unit",
        "role",
        "assignee",
        "began_at",
        "act_by",
        "ended_at",
        "ended_by",
    ),
    Deadline: ("id", "dossier", "number", "act", "due_at", "steps", "law_rows", "read_at"),
    Supplement: (
        "id",
        "dossier",
        "number",
        "items",
        "resume_desk",
        "asked_by",
        "asked_at",
        "notice_late",
        "close_at",
        "received_at",
    ),
    Extension: ("id", "dossier", "reason", "old_due_at", "new_due_at", "in_time", "by", "at"),
    Remark: ("id", "dossier", "event_id", "act", "text", "to_citizen", "by", "at"),
    Message: (
        "id",
        "subject_kind",
        "subject_id",
        "topic",
        "channel",
        "facts",
        "state",
        "queued_at",
        "sent_at",
    ),
    Request: ("request_id", "digest", "act", "subject_id", "outcome", "at"),
    Event: (
        "id",
        "chain",
        "seq",
        "v",
        "act",
        "subject_kind",
        "subject_id",
        "actor",
        "at",
        "recorded_at",
        "request_id",
        "body",
        "prev",
        "hash",
    ),
}
Row = tuple[Any, ...]
Block = dict[str, list[Row]]  # by table


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the columns of `GIVEN` first, then the others with what they have by default."""

    name: str
    columns: tuple[str, ...]
    rest: Row

    @classmethod
    def of(cls, model: type[Model], given: Sequence[str]) -> Table:
        fields = {field.name: field for field in model._meta.concrete_fields}
        others = [field for name, field in fields.items() if name not in given]
        columns = [str(fields[name].column) for name in given] + [str(field.column) for field in others]
        rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
        return cls(model._meta.db_table, tuple(columns), rest)


def tables() -> dict[type[Model], Table]:
    """Every table of `GIVEN` in this database."""
    return {model: Table.of(model, given) for model, given in GIVEN.items()}

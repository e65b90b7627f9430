"""What the tracking page shows of one dossier, read fast: four queries that are compiled once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gandan.catalogue.models import ProcedureVersion
from gandan.dossiers.models import Answer, Deadline, Dossier, DossierPaper, Party, Remark, Visit
from gandan.ledger.prepared import fetch, instance_of, instances
from gandan.organization.models import Commune, Unit

# No other field is shown.
DOSSIER = (
    "id",
    "code",
    "official_code",
    "commune_id",
    "unit_received_id",
    "unit_competent_id",
    "version_id",
    "owner_id",
    "return_way",
    "state",
    "desk",
    "act_by",
    "registered_at",
    "accepted_at",
    "due_at",
    "promised_at",
    "extension_count",
    "finished_at",
    "returned_at",
    "result_kind",
    "opinions_open",
    "is_correction",
    "stop_ground",
    "visit_id",
)
VISIT = ("id", "place", "starts_at", "who", "what", "citizen_asked")
UNIT = ("id", "commune_id", "code", "name", "phone")
BESIDE: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("owner", Party, ("id", "kind", "name")),
    ("version", ProcedureVersion, ("id", "name", "everyday_name")),
    ("commune", Commune, ("code", "kind", "name")),
    ("unit_received", Unit, UNIT),
    ("unit_competent", Unit, UNIT),
    ("visit", Visit, VISIT),
    ("desk_unit", Unit, ("id", "name")),
)
COLUMNS = (*DOSSIER, *(f"{name}__{field}" for name, _kind, fields in BESIDE for field in fields))
READING = ("id", "number", "act", "due_at", "steps", "read_at")


def dossier_of(dossier_id: UUID) -> Dossier | None:
    """The dossier with whose it is, what it is about, and who has it. One query."""

    def build(dossier: Any) -> QuerySet[Any, Any]:
        return Dossier.objects.filter(pk=dossier).values_list(*COLUMNS)

    rows = fetch("tracked", build, [dossier_id])
    if not rows:
        return None
    row, place, related = rows[0], len(DOSSIER), {}
    for name, kind, fields in BESIDE:
        values = row[place : place + len(fields)]
        related[name] = None if values[0] is None else instance_of(kind, fields, values)
        place += len(fields)
    return instance_of(Dossier, DOSSIER, row[: len(DOSSIER)], **related)


def reading_of(dossier: Dossier) -> Deadline | None:
    """The newest reading of the clock. One query."""

    def build(dossier: Any) -> QuerySet[Any, Any]:
        return Deadline.objects.filter(dossier=dossier).order_by("-number")[:1]

    return next(iter(instances(Deadline, READING, "newest", build, [dossier.pk])), None)


def papers_of(dossier: Dossier) -> list[DossierPaper]:
    """What was handed in, in its order. One query."""

    def build(dossier: Any) -> QuerySet[Any, Any]:
        given = DossierPaper.objects.filter(dossier=dossier).exclude(answer=Answer.MISSING)
        return given.order_by("position")

    return instances(DossierPaper, ("id", "name", "answer"), "handed in", build, [dossier.pk])


def remarks_of(dossier: Dossier) -> list[Remark]:
    """What the citizen may read of the remarks, newest first. One query."""

    def build(dossier: Any) -> QuerySet[Any, Any]:
        return Remark.objects.filter(dossier=dossier, to_citizen=True).order_by("-at")

    return instances(Remark, ("id", "act", "text", "at"), "told", build, [dossier.pk])

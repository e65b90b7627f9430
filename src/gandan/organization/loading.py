"""Loading the shipped provinces, communes, predecessors and days off into the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from gandan.calculus.folding import words
from gandan.law import cache
from gandan.law.loading import Loaded, load_rows
from gandan.law.rows import Origin
from gandan.organization import shipped
from gandan.organization.models import Commune, Holiday, Predecessor, Province
from gandan.organization.queries import CALENDAR

COMMUNES = "communes"
COMMUNE_FILES = ("provinces.csv", "communes.csv", "communes_before_2025-07.csv")
BATCH = 2_000


def _digest(*names: str) -> str:
    return sha256(b"".join((shipped.DATA / name).read_bytes() for name in names)).hexdigest()


def searchable(*parts: str) -> str:
    """The folded words of `parts`, each after a space: " huong thuy hue" holds " hu" and " th", not " uy"."""
    return "".join(f" {word}" for part in parts for word in words(part))


@transaction.atomic
def load_communes() -> int:
    """Brings provinces, communes and predecessors up to the shipped files; number of rows, 0 if unchanged.

    Predecessors are written anew, since nothing refers to them, but for those of mergers decided here; a commune
    no longer shipped stays.
    """
    digest = _digest(*COMMUNE_FILES)
    if cache.locked_digest(COMMUNES) == digest:
        return 0
    provinces, communes = list(_provinces()), list(_communes())
    Province.objects.bulk_create(
        provinces,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["kind", "name", "resolution", "resolution_on"],
    )
    Commune.objects.bulk_create(
        communes,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["kind", "name", "province", "resolution", "resolution_on", "folded", "search_text"],
    )
    Predecessor.objects.filter(merger=None).delete()
    predecessors = Predecessor.objects.bulk_create(_predecessors(), batch_size=BATCH, ignore_conflicts=True)
    cache.changed(COMMUNES, digest=digest)
    cache.changed(CALENDAR)
    return len(provinces) + len(communes) + len(predecessors)


def _provinces() -> Iterator[Province]:
    for row in shipped.provinces():
        yield Province(
            code=row.code,
            kind=row.kind,
            name=row.name,
            resolution=row.resolution,
            resolution_on=row.resolution_on,
        )


def _communes() -> Iterator[Commune]:
    provinces = {row.code: row for row in shipped.provinces()}
    for row in shipped.communes().values():
        province = provinces[row.province_code]
        yield Commune(
            code=row.code,
            kind=row.kind,
            name=row.name,
            province_id=row.province_code,
            resolution=row.resolution,
            resolution_on=row.resolution_on,
            folded=searchable(row.name).strip(),
            search_text=searchable(row.kind, row.name, province.kind, province.name),
        )


def _predecessors() -> Iterator[Predecessor]:
    for row in shipped.predecessors():
        yield Predecessor(
            old_code=row.old_code,
            old_name=row.old_name,
            old_district=row.old_district,
            old_province=row.old_province,
            successor_id=row.new_code,
            share=row.share,
            suggested=row.suggested,
            search_text=searchable(row.old_name, row.old_district, row.old_province),
        )


@transaction.atomic
def load_days(at: datetime) -> Loaded:
    """Brings the nation's days off up to the shipped file; nothing if it is the one last loaded."""
    digest = _digest("holidays.csv")
    if cache.locked_digest(CALENDAR) == digest:
        return Loaded()
    loaded = load_rows(Holiday.objects.all(), (_holiday(row, at) for row in shipped.days()))
    cache.changed(CALENDAR, digest=digest)
    return loaded


def _holiday(row: shipped.ShippedDay, at: datetime) -> Holiday:
    return Holiday(
        shipped_id=row.row,
        day=row.day,
        works=row.works,
        name=row.name,
        document=row.document,
        article=row.article,
        mark=row.mark.value,
        origin=Origin.SHIPPED,
        recorded_at=at,
    )

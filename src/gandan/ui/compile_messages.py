"""Compiles the rooms' translations (.po → .mo) without GNU gettext, when a .po is newer than its .mo."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def ensure_compiled(package: Path = PACKAGE) -> int:
    """Compiles what is stale; returns how many files were written. Costs a stat per file when fresh."""
    sources = [s for s in package.glob("*/locale/*/LC_MESSAGES/*.po") if stale(s)]
    if not sources:
        return 0
    from babel.messages.mofile import write_mo  # noqa: PLC0415  start-up cost
    from babel.messages.pofile import read_po  # noqa: PLC0415  start-up cost

    for source in sources:
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name)
        partial = source.with_suffix(".mo.part")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(source.with_suffix(".mo"))
    return len(sources)

"""Reads a foreign log row by row: CSV, CSV in gzip, XES. A row is what the file says, not yet what it means."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from gandan.exchange.errors import UnusableLog
from gandan.exchange.mapping import REQUIRED, LogMap, require_columns

GZIP = b"\x1f\x8b"
DELIMITERS = ",;\t|"
HEADER_BYTES = 64 * 1024
TOO_MANY = "\0too-many"  # under this name csv leaves the cells that stand beyond the last column
CASE = "case:"  # XES: attributes of the trace, as process-mining tools name them


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log: its number as a spreadsheet shows it (the header is row 1), and its values by column."""

    number: int
    values: dict[str, str]
    whole: bool = True


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of the log, unpacked. Raises UnusableLog."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            if not packed:
                yield raw
                return
            with io.BufferedReader(gzip.GzipFile(fileobj=raw)) as unpacked:
                yield unpacked
    except (OSError, EOFError, zlib.error) as error:
        raise UnusableLog(
            _("%(path)s cannot be read: %(reason)s") % {"path": path, "reason": error}
        ) from error


def read_rows(path: Path, log_map: LogMap) -> Iterator[Row]:
    """The rows of the log at `path`, by its name .csv, .csv.gz, .xes or .xes.gz. Raises UnusableLog, UnusableMap."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    with opened(path) as stream:
        if ".xes" in suffixes:
            yield from xes_rows(stream, log_map)
        elif ".csv" in suffixes:
            yield from csv_rows(stream, log_map)
        else:
            raise UnusableLog(_("The log must be a .csv, .csv.gz, .xes or .xes.gz file."))


def csv_rows(stream: IO[bytes], log_map: LogMap) -> Iterator[Row]:
    try:
        with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            header = text.readline(HEADER_BYTES)
            reader = csv.DictReader(
                text, fieldnames=names_of(header), delimiter=delimiter_of(header), restkey=TOO_MANY
            )
            require_columns(log_map, set(reader.fieldnames or []))
            for number, values in enumerate(reader, start=2):
                whole = TOO_MANY not in values and None not in values.values()
                texts = {name: value for name, value in values.items() if isinstance(value, str)}
                yield Row(number, texts, whole)
    except UnicodeDecodeError as error:
        raise UnusableLog(_("The file is not in UTF-8. Save it once more as “CSV UTF-8”.")) from error
    except csv.Error as error:
        raise UnusableLog(_("The file is not CSV: %(reason)s") % {"reason": error}) from error


def delimiter_of(header: str) -> str:
    """What stands most often between the names of the first line."""
    return max(DELIMITERS, key=header.count)


def names_of(header: str) -> list[str]:
    names = next(csv.reader([header], delimiter=delimiter_of(header)), [])
    if not any(names):
        raise UnusableLog(_("The file is empty, or its first line does not name the columns."))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnusableLog(_("Two columns have the same name: %(names)s.") % {"names": ", ".join(twice)})
    return names


def xes_rows(stream: IO[bytes], log_map: LogMap) -> Iterator[Row]:
    """One row an event: its own attributes by their keys, those of its trace after `case:`.

    IEEE 1849-2023 (XES). Entities are refused: no file may reach into this machine, or grow without end.
    """
    number = 0
    root: Element | None = None
    try:
        for moment, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            if moment == "start" or local(element) != "trace":
                continue
            of_case = {f"{CASE}{key}": value for key, value in attributes(element)}
            for event in (child for child in element if local(child) == "event"):
                number += 1
                row = Row(number, {**of_case, **dict(attributes(event))})
                if number == 1:
                    require_columns(log_map, set(row.values), only=REQUIRED)
                yield row
            root.clear()  # what was read is let go: a log may be larger than the memory
    except (ParseError, DefusedXmlException, ValueError) as error:
        said = _("The file is not a readable XES log (after event %(number)s): %(reason)s")
        raise UnusableLog(said % {"number": number, "reason": type(error).__name__}) from error
    if number == 0:
        raise UnusableLog(_("The XES file has no event."))


def attributes(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None:
            yield key, value


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]

"""Finds what must be translated in a room and merges it into the room's catalogue, without GNU gettext.

A msgid is a whole English sentence, so English is complete by construction; Vietnamese is kept in
`<room>/locale/vi/LC_MESSAGES/django.po`.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "vi"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOT_FOR_PEOPLE = {"tests", "migrations", "__pycache__", "locale", "static"}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # a date of today would change each file at each run


@dataclass(frozen=True)
class Finding:
    """One sentence that a Vietnamese reader would not be able to read, or not rightly."""

    room: str
    problem: str
    msgid: str

    def __str__(self) -> str:
        return f"{self.room}: {self.problem}: {self.msgid}"


def rooms_of(package: Path) -> list[Path]:
    return sorted(p.parent for p in package.glob("*/__init__.py"))


def has_words(path: Path) -> bool:
    """True for Python files and for templates; nothing else speaks to people."""
    return path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts)


def sources_of(room: Path) -> Iterator[Path]:
    """Python files and templates of a room, in a fixed order."""
    for path in sorted(room.rglob("*")):
        if path.is_file() and has_words(path) and NOT_FOR_PEOPLE.isdisjoint(path.relative_to(room).parts):
            yield path


def python_text(path: Path) -> bytes:
    """The file as Python for the extractor; a template becomes a row of calls, one margin for all lines."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        text = re.sub(r"^[ \t]+", "", templatize(text, origin=str(path)), flags=re.MULTILINE)
    return text.encode()


def extracted(room: Path) -> Catalog:
    """All msgids of a room, with the files they stand in."""
    catalog = Catalog(locale=LANGUAGE, domain="django", project="Gần Dân", creation_date=FIXED_DATE)
    for path in sources_of(room):
        found = extract("python", io.BytesIO(python_text(path)), KEYWORDS, options={"encoding": "utf-8"})
        for line, message, _comments, context in found:
            place = (str(path.relative_to(room.parent)), line)
            catalog.add(message, locations=[place], context=context)
    return catalog


def sentences_in_f_strings(path: Path) -> list[str]:
    """Sentences asked for inside an f-string, where no extractor finds them: they belong before it."""
    found = []
    for joined in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(joined, ast.JoinedStr):
            calls = [node for node in ast.walk(joined) if isinstance(node, ast.Call)]
            found += [ast.unparse(c) for c in calls if isinstance(c.func, ast.Name) and c.func.id in KEYWORDS]
    return found


def catalogue_path(room: Path) -> Path:
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def merged(room: Path) -> Catalog:
    """The room's catalogue with what is new added, and what nobody asks for any more kept as obsolete."""
    path = catalogue_path(room)
    found = extracted(room)
    if not path.exists():
        return found
    with path.open("rb") as file:
        catalog = read_po(file, locale=LANGUAGE, domain="django")
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    return catalog


def as_bytes(catalog: Catalog) -> bytes:
    catalog.creation_date = FIXED_DATE
    catalog.revision_date = FIXED_DATE
    catalog.header_comment = "# Vietnamese of this room. Kept by `./gandan manage messages`."
    catalog.project, catalog.version, catalog.msgid_bugs_address = "Gần Dân", "1", ""
    catalog.fuzzy = False
    catalog.last_translator = catalog.language_team = "Gần Dân"
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=110, sort_by_file=True, include_lineno=False)
    return buffer.getvalue()


def write_catalogue(room: Path) -> bool:
    """Brings the room's file up to date; True if it changed. A room without words gets no file."""
    path = catalogue_path(room)
    catalog = merged(room)
    if not len(catalog) and not path.exists():
        return False
    content = as_bytes(catalog)
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def words_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def problem_of(message: Message, catalog: Catalog) -> str:
    """What is wrong with one translation; '' when nothing is."""
    strings = (message.string,) if isinstance(message.string, str) else message.string
    if not strings or not all(strings):
        return "missing"
    if message.fuzzy:
        return "fuzzy"
    errors = message.check(catalog)
    return str(errors[0]) if errors else ""


def findings(room: Path) -> list[Finding]:
    """Every sentence of the room that is missing, fuzzy, hidden, or has other placeholders in Vietnamese."""
    catalog = merged(room)
    found = []
    for message in catalog:
        if message.id and (problem := problem_of(message, catalog)):
            found.append(Finding(room=room.name, problem=problem, msgid=words_of(message)))
    for path in sources_of(room):
        hidden = sentences_in_f_strings(path) if path.suffix == ".py" else []
        found += [Finding(room=room.name, problem="inside an f-string", msgid=call) for call in hidden]
    return found


def disagreements(rooms: list[Path]) -> list[Finding]:
    """Sentences that two rooms translate differently: only one of the two would ever be shown.

    Either agree, or give one of them a context (`pgettext`).
    """
    first: dict[tuple[str, str], tuple[str, object]] = {}
    found = []
    for room in rooms:
        for message in merged(room):
            if not message.id or not message.string:
                continue
            key = (message.context or "", words_of(message))
            name, string = first.setdefault(key, (room.name, message.string))
            if string != message.string:
                found.append(Finding(room=room.name, problem=f"translated otherwise in {name}", msgid=key[1]))
    return found

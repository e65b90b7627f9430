"""Files that people bring (tệp nhập): YAML or JSON as plain data, whatever they hold; nothing in them is carried out.

A YAML file is read event by event: no aliases (a few lines of them unfold into gigabytes), no tags (they ask for
objects), no name twice, not deep, not long. All scalars stay text: 1.001193 is a code, not a number, and `no` is a word.
"""

from __future__ import annotations

import json
from typing import Any

import yaml
from django.utils.translation import gettext as _

LARGEST_BYTES = 256 * 1024
MOST_NODES = 20_000
DEEPEST = 12
PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Data = Any


class FileRefused(Exception):
    """The file cannot be read; the message says why and what to do."""


def read_file(raw: bytes) -> Data:
    """The plain data of a YAML or JSON file. Raises FileRefused."""
    if len(raw) > LARGEST_BYTES:
        raise FileRefused(
            _(
                "The file has %(size)s KB; at most %(most)s KB are read. A procedure needs a few KB: is this the right file?"
            )
            % {"size": len(raw) // 1024, "most": LARGEST_BYTES // 1024}
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("The file is not text in UTF-8. Export it again, or save it as UTF-8.")
        ) from error
    if "\0" in text or not text.strip():
        raise FileRefused(_("The file is empty, or it is no text file."))
    return _json(text) if text.lstrip()[0] in "{[" else _Reader(text).read()


def _json(text: str) -> Data:
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except FileRefused:
        raise
    except (ValueError, RecursionError) as error:
        raise FileRefused(_("The file begins like JSON, but is not: %(error)s") % {"error": error}) from error
    _measure(data)
    return data


def _once(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise FileRefused(_("“%(key)s” stands twice in one place. Leave one of the two.") % {"key": twice})
    return made


def _no_constant(name: str) -> Data:
    raise FileRefused(_("“%(name)s” is no number that can be used here.") % {"name": name})


def _measure(data: Data) -> None:
    """Refuses what is deeper or longer than any procedure."""
    level, count, depth = [data], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MOST_NODES or depth > DEEPEST:
            raise _too_much()
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [item for one in inner for item in (one.values() if isinstance(one, dict) else one)]


def _too_much() -> FileRefused:
    return FileRefused(_("The file holds more, or is nested deeper, than any procedure. It was not read."))


class _Reader:
    """Builds plain data from the events of one YAML document."""

    def __init__(self, text: str) -> None:
        self.events = yaml.parse(text, Loader=PARSER)
        self.count = 0

    def read(self) -> Data:
        try:
            return self.document()
        except yaml.YAMLError as error:
            raise FileRefused(self.told(error)) from error
        except (RecursionError, ValueError) as error:
            raise _too_much() from error

    def document(self) -> Data:
        data: Data = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise FileRefused(_("The file holds several documents. Bring them one by one."))
                data = self.node(next(self.events), 1)
        return data

    def node(self, event: Any, depth: int) -> Data:
        self.count += 1
        if depth > DEEPEST or self.count > MOST_NODES:
            raise _too_much()
        self.refuse_tricks(event)
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(depth)
        return self.mapping(depth)

    def refuse_tricks(self, event: Any) -> None:
        line = line_of(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise FileRefused(
                _("Line %(line)s: references (& and *) are not read. Write the text out where it is meant.")
                % {"line": line}
            )
        if event.tag not in (None, "!"):
            raise FileRefused(
                _("Line %(line)s: “%(tag)s” asks for something other than plain text; it was not read.")
                % {"line": line, "tag": event.tag}
            )

    def sequence(self, depth: int) -> list[Data]:
        made = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            made.append(self.node(event, depth + 1))
        return made

    def mapping(self, depth: int) -> dict[str, Data]:
        made: dict[str, Data] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, str) or key in made:
                raise FileRefused(
                    _("Line %(line)s: “%(key)s” stands twice in one place. Leave one of the two.")
                    % {"line": line_of(event), "key": str(key)[:80]}
                )
            made[key] = self.node(next(self.events), depth + 1)
        return made

    def told(self, error: yaml.YAMLError) -> str:
        mark = getattr(error, "problem_mark", None)
        return _("Line %(line)s cannot be read: %(error)s") % {
            "line": mark.line + 1 if mark else "?",
            "error": getattr(error, "problem", None) or error,
        }


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def as_yaml(data: Data) -> str:
    """The data as YAML that people can read and change; read again, it is the same."""
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))


class _Dumper(yaml.SafeDumper):
    """No references: the same value twice is written twice."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def as_json_text(data: Data) -> str:
    """The data as JSON, one line a value."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

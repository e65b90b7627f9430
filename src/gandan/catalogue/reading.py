"""From plain data of a file or a draft to the content of a version; every fault is named with its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar
from unicodedata import normalize

from django.utils.translation import gettext as _

from gandan.catalogue import conditions
from gandan.catalogue.content import Content, Spec, specs

Row = TypeVar("Row")
WHOLE = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
FRACTION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?", re.ASCII)
YES, NO = ("true", "yes", "có"), ("false", "no", "không")
NOTHING = ("", "null", "~")
MOST_ROWS = 100
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and where: `papers[2].original`."""

    place: str
    message: str


class ContentRefused(ValueError):
    """The data are no content of a procedure; `faults` names all that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{one.place}: {one.message}" for one in faults))
        self.faults = faults


def content_from(data: Any) -> Content:
    """The content of a version that the data hold. Raises ContentRefused with every fault, not the first alone."""
    return read_as(Content, Content.SCHEMA, data)


def read_as(kind: type[Row], schema: str, data: Any) -> Row:
    """The data as a content of that class and schema. Raises ContentRefused."""
    reader = ContentReader()
    if not isinstance(data, dict):
        raise ContentRefused([Fault("", _("The file must be a list of names with values (name: value)."))])
    given = dict(data)
    if given.pop("schema", None) != schema:
        reader.fault("schema", _("The first line must be “schema: %(schema)s”.") % {"schema": schema})
    content = reader.read(kind, given, "")
    if reader.faults:
        raise ContentRefused(reader.faults)
    return content


def content_of_text(text: str) -> Content:
    """The content of a draft, from its canonical text."""
    return content_from(json.loads(text))


class ContentReader:
    """Reads values by their specs and collects what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, message: str) -> None:
        self.faults.append(Fault(place, message))

    def read(self, kind: type[Row], data: Any, place: str) -> Row:
        """One value of the class; what is not given has its usual value."""
        if not isinstance(data, dict):
            self.fault(place, _("Here names with values are needed (name: value)."))
            return kind()
        known = {spec.name: spec for spec in specs(kind)}
        for name in data:
            if name not in known:
                self.fault(f"{place}{name}", self.unknown(str(name), list(known)))
        values = {
            name: self.value(known[name], value, f"{place}{name}")
            for name, value in data.items()
            if name in known
        }
        return kind(**values)

    def unknown(self, name: str, known: list[str]) -> str:
        near = get_close_matches(name, known, 1, 0.6)
        if near:
            return _("There is no such name here. Is “%(near)s” meant?") % {"near": near[0]}
        return _("There is no such name here. Known are: %(known)s.") % {"known": ", ".join(known)}

    def value(self, spec: Spec, value: Any, place: str) -> Any:
        read = getattr(self, f"as_{spec.kind}")
        return read(spec, value, place)

    def as_text(self, spec: Spec, value: Any, place: str) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(place, _("Here a text is needed."))
            return ""
        text = normalize("NFC", value).strip()
        if len(text) > LONGEST or any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            self.fault(
                place,
                _("The text is too long (at most %(most)s signs), or holds signs that cannot be shown.")
                % {"most": LONGEST},
            )
            return ""
        return text

    def as_number(self, spec: Spec, value: Any, place: str) -> int | None:
        if value is None or (isinstance(value, str) and value.strip() in NOTHING):
            return None
        text = str(value).strip()
        if isinstance(value, bool | float | list | dict) or not WHOLE.fullmatch(text):
            self.fault(place, _("Here a whole number is needed, not “%(value)s”.") % {"value": shown(value)})
            return None
        if not 0 <= int(text) <= 2_000_000_000:
            self.fault(place, _("The number must lie between 0 and 2,000,000,000."))
            return None
        return int(text)

    def as_count(self, spec: Spec, value: Any, place: str) -> int:
        number = self.as_number(spec, value, place)
        return int(spec.default) if number is None else number

    def as_hundredths(self, spec: Spec, value: Any, place: str) -> int | None:
        text = "" if value is None else str(value).strip().replace(",", ".")
        if text in NOTHING:
            return None
        if not FRACTION.fullmatch(text):
            self.fault(
                place,
                _("Here a number with at most two decimals is needed, not “%(value)s”.")
                % {"value": shown(value)},
            )
            return None
        return int(Decimal(text) * 100)

    def as_flag(self, spec: Spec, value: Any, place: str) -> bool:
        word = str(value).strip().lower()
        if word not in YES + NO:
            self.fault(place, _("Here true or false is needed, not “%(value)s”.") % {"value": shown(value)})
        return word in YES

    def as_choice(self, spec: Spec, value: Any, place: str) -> str:
        word = self.as_text(spec, value, place)
        if word not in spec.choices:
            allowed = ", ".join(one for one in spec.choices if one)
            self.fault(
                place,
                _("“%(value)s” is none of the words allowed here: %(allowed)s.")
                % {"value": shown(word), "allowed": allowed},
            )
            return str(spec.default)
        return word

    def as_day(self, spec: Spec, value: Any, place: str) -> date | None:
        text = str(value or "").strip()
        if text in NOTHING:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(place, _("“%(value)s” is no day. Write it like 2026-12-31.") % {"value": shown(value)})
            return None

    def as_clock(self, spec: Spec, value: Any, place: str) -> time | None:
        text = str(value or "").strip()
        if text in NOTHING:
            return None
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text, re.ASCII):
            self.fault(place, _("“%(value)s” is no hour. Write it like “15:00”.") % {"value": shown(value)})
            return None
        return time.fromisoformat(text)

    def as_lines(self, spec: Spec, value: Any, place: str) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            self.fault(place, _("Here a list of at most %(most)s texts is needed.") % {"most": MOST_ROWS})
            return ()
        texts = (self.as_text(spec, one, f"{place}[{n}]") for n, one in enumerate(value, 1))
        return tuple(text for text in texts if text)

    def as_pairs(self, spec: Spec, value: Any, place: str) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            self.fault(place, _("Here a list of answers is needed, each with value and label."))
            return ()
        pairs = []
        for number, one in enumerate(value, 1):
            if not isinstance(one, dict) or set(one) != {"value", "label"}:
                self.fault(f"{place}[{number}]", _("An answer has a value and a label."))
                continue
            at = f"{place}[{number}]"
            pairs.append((self.as_text(spec, one["value"], at), self.as_text(spec, one["label"], at)))
        return tuple(pairs)

    def as_rows(self, spec: Spec, value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > MOST_ROWS or spec.rows is None:
            self.fault(place, _("Here a list of at most %(most)s entries is needed.") % {"most": MOST_ROWS})
            return ()
        return tuple(self.read(spec.rows, one, f"{place}[{number}].") for number, one in enumerate(value, 1))

    def as_condition(self, spec: Spec, value: Any, place: str) -> Any:
        if value is None or value in NOTHING:
            return None
        try:
            return condition_from(value)
        except conditions.ConditionInvalid as error:
            self.fault(place, _("This condition cannot be understood: %(error)s") % {"error": error})
            return None

    def as_scale(self, spec: Spec, value: Any, place: str) -> dict[str, Any] | None:
        if value is None or value in NOTHING:
            return None
        try:
            return scale_from(value)
        except (ValueError, KeyError, TypeError):
            self.fault(
                place,
                _(
                    "A price in steps needs by, times and steps, each step with amount and, but for the last, up_to; cap is free to be left out."
                ),
            )
            return None


def shown(value: Any) -> str:
    """A value as an error may repeat it."""
    return str(value)[:60]


def condition_from(value: Any, depth: int = 0) -> Any:
    """A condition with numbers as numbers and words as words. Raises ConditionInvalid."""
    if not isinstance(value, dict) or depth > 6:
        raise conditions.ConditionInvalid(_("it is no group and no comparison"))
    for group in ("all", "any"):
        if group in value:
            parts = value[group]
            if not isinstance(parts, list) or not 1 <= len(parts) <= 20 or len(value) != 1:
                raise conditions.ConditionInvalid(_("“%(group)s” holds a list") % {"group": group})
            return {group: [condition_from(part, depth + 1) for part in parts]}
    if "not" in value and len(value) == 1:
        return {"not": condition_from(value["not"], depth + 1)}
    leaf = {name: _compared(name, one) for name, one in value.items()}
    conditions.check(leaf)
    return leaf


def _compared(name: str, value: Any) -> Any:
    if name in ("at_least", "at_most"):
        if isinstance(value, bool) or not WHOLE.fullmatch(str(value).strip()):
            raise conditions.ConditionInvalid(_("“%(name)s” needs a whole number") % {"name": name})
        return int(value)
    if isinstance(value, list) and name == "is" and 1 <= len(value) <= 20:
        return [_word(one) for one in value]
    return _word(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str | int) or not str(value).strip() or len(str(value)) > 80:
        raise conditions.ConditionInvalid(_("a word is needed"))
    return normalize("NFC", str(value).strip())


def scale_from(value: Any) -> dict[str, Any]:
    """The steps of a price. ValueError, KeyError or TypeError if they are none."""
    if set(value) - {"by", "times", "steps", "cap"} or not isinstance(value["steps"], list):
        raise ValueError("unknown parts")
    made: dict[str, Any] = {"by": str(value["by"]), "times": str(value["times"])}
    made["steps"] = [_step(one) for one in value["steps"]]
    bounds = [one.get("up_to") for one in made["steps"]]
    if not bounds or bounds[-1] is not None or None in bounds[:-1] or bounds[:-1] != sorted(set(bounds[:-1])):
        raise ValueError("steps must rise, the last is open")
    if value.get("cap") is not None:
        made["cap"] = _small(value["cap"])
    return made


def _step(value: Any) -> dict[str, int]:
    if set(value) - {"up_to", "amount"}:
        raise ValueError("unknown parts")
    bound = {"up_to": _small(value["up_to"])} if value.get("up_to") is not None else {}
    return bound | {"amount": _small(value["amount"])}


def _small(value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not WHOLE.fullmatch(text) or not 0 <= int(text) <= 2_000_000_000:
        raise ValueError("no whole number")
    return int(text)

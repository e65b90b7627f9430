"""The dry run of a list of staff: row by row what would happen, and what is wrong, by cell. Nothing is changed.

Rows never take anybody away: who is not in the list stays as he is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.folding import fold
from gandan.documents.sheets.reading import Row, Sheet, Value, read_sheet
from gandan.organization.actions.staff import (
    DutyWish,
    PersonWish,
    cleaned_duty,
    cleaned_person,
)
from gandan.organization.errors import Refused
from gandan.organization.models import Commune, Duty, Province, Role, Unit
from gandan.organization.staff_list.columns import (
    BY_KEY,
    DATES,
    CellProblem,
    day_of,
    letter,
    places_in,
    text_of,
)

MOST_ROWS = 10_000
KEYS_A_QUERY = 500
LONGEST_SHOWN = 60
SHIFTED_FROM = 3  # so many rows with unknown units, nearly all of them: the columns are shifted


class Outcome(StrEnum):
    """What a row would do."""

    NEW = "new"  # a new person with a duty
    DUTY = "duty"  # a further duty of somebody known, or of a person of an earlier row
    END = "end"  # a duty gets its last day
    SAME = "same"  # all of it is there already
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell (`cell` as D7), or with the whole row or file (then '')."""

    cell: str
    message: str


@dataclass(slots=True)
class PlannedRow:
    """One row of the list and what it would do."""

    number: int
    outcome: Outcome = Outcome.PROBLEM
    person: PersonWish | None = None
    duty: DutyWish | None = None
    user: User | None = None
    held: Duty | None = None
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows; `problems` are those of the whole file. `digest` tells whether a later plan is the same."""

    rows: list[PlannedRow]
    problems: list[Problem]

    @property
    def is_ready(self) -> bool:
        """True if it can be carried out: rows, no problem, something to do."""
        return not self.problems and not self.bad and any(row.outcome != Outcome.SAME for row in self.rows)

    @property
    def bad(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.problems]

    @property
    def counts(self) -> dict[Outcome, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def digest(self) -> str:
        lines = [f"{row.number} {row.outcome} {sorted(row.values.items())}" for row in self.rows]
        return sha256("\n".join(lines).encode()).hexdigest()


def plan_list(data: bytes, place: Commune | Province, units: Sequence[Unit] | None = None) -> Plan:
    """Reads the file and says what each row would do in the units of the place. FileRefused for a hostile file.

    `units`: those that the place will have, where it is not open yet.
    """
    sheet = read_sheet(data, most_rows=MOST_ROWS + 1)
    heads = sheet.rows[0] if sheet.rows else Row(1, (), is_hidden=False)
    places, wrong = places_in(heads.cells)
    if wrong:
        return Plan([], [Problem("", message) for message in wrong])
    hidden = [key for key, column in places.items() if column + 1 in sheet.hidden_columns]
    if hidden:
        named = ", ".join(BY_KEY[key].head for key in hidden)
        message = _(
            "These columns are hidden in the file: %(columns)s. Show them, so that you see what you send."
        )
        return Plan([], [Problem("", message % {"columns": named})])
    rows = [_row(row, sheet, places) for row in sheet.rows[1:]]
    if not rows:
        return Plan([], [Problem("", _("The list has no row below its heads."))])
    planner = _Planner(units_of_place(place) if units is None else units, places)
    planner.plan(rows)
    return Plan(rows, _shifted(rows, planner.units))


def _row(row: Row, sheet: Sheet, places: dict[str, int]) -> PlannedRow:
    """The row with the words of its cells and what is wrong with them in themselves."""
    planned = PlannedRow(row.number)
    if row.is_hidden:
        planned.problems.append(
            Problem("", _("This row is hidden in the file. Show it, or delete it: nothing goes in unseen."))
        )
    for key, column in places.items():
        value: Value = row.cells[column] if column < len(row.cells) else ""
        where = f"{letter(column)}{row.number}"
        if (row.number, column + 1) in sheet.formulas:
            message = _("This cell is computed by a formula. Copy the column, then paste it as values.")
            planned.problems.append(Problem(where, message))
            continue
        try:
            planned.values[key] = _words(value, key)
        except CellProblem as problem:
            planned.problems.append(Problem(where, str(problem)))
    return planned


def _words(value: Value, key: str) -> str:
    if key in DATES:
        day = day_of(value)
        return day.isoformat() if day else ""
    return text_of(value, key)


def _shifted(rows: Sequence[PlannedRow], units: Container[str]) -> list[Problem]:
    """One plain sentence in the place of hundreds, if nearly every row has its unit under another head."""
    unknown = [row for row in rows if row.duty is None]
    elsewhere = [
        key
        for row in unknown
        for key, text in row.values.items()
        if key != "unit" and text and (text in units or fold(text) in units)
    ]
    if len(unknown) < SHIFTED_FROM or len(elsewhere) < len(unknown) * 0.8:
        return []
    column, _times = Counter(elsewhere).most_common(1)[0]
    message = _(
        "The columns are shifted: the units stand under “%(head)s”. Move the cells below their heads."
    )
    return [Problem("", message % {"head": BY_KEY[column].head})]


def units_of_place(place: Commune | Province) -> list[Unit]:
    """All units of the place itself, closed ones too, by code; one query."""
    rows = (
        Unit.objects.filter(commune=place)
        if isinstance(place, Commune)
        else Unit.objects.filter(province=place)
    )
    return list(rows.select_related("commune__province", "province").order_by("code"))


def roles_by_words() -> dict[str, Role]:
    """Roles by their code and by their Vietnamese and English names, without marks."""
    found = {role.value: role for role in Role}
    for role in Role:
        found[fold(str(role.label))] = role
        found[fold(ROLE_WORDS[role])] = role
    return found


#: What stands in the file for each role: the Vietnamese words, whatever the language of the page.
ROLE_WORDS = {
    Role.COUNTER_OFFICER: "cán bộ tiếp nhận",
    Role.SPECIALIST: "chuyên viên",
    Role.HEAD_OF_DEPARTMENT: "lãnh đạo phòng",
    Role.CLERK: "văn thư",
    Role.SIGNING_LEADER: "lãnh đạo ký",
    Role.CENTRE_DIRECTOR: "giám đốc trung tâm",
    Role.INSPECTOR: "thành viên ban chỉ đạo",
    Role.LEGAL_OFFICER: "cán bộ pháp chế",
    Role.ADMINISTRATOR: "quản trị viên",
    Role.POLICE_OFFICER: "cán bộ công an",
    Role.TAX_OFFICER: "cán bộ thuế",
    Role.COUNCIL_MEMBER: "đại biểu hội đồng nhân dân",
    Role.FRONT_MEMBER: "ủy viên mặt trận tổ quốc",
}


class _Planner:
    """Looks up what the rows name, a few queries for all of them, then decides row by row."""

    def __init__(self, units: Sequence[Unit], places: dict[str, int]) -> None:
        self.places = places
        self.units: dict[str, Unit] = {}
        for unit in units:
            self.units[unit.code] = self.units[fold(unit.name)] = unit
        self.roles = roles_by_words()
        self.taken = set(User.objects.values_list("username", flat=True))
        self.people: dict[str, tuple[int, PersonWish]] = {}  # new ones by user name, with their first row
        self.unnamed: dict[str, int] = {}  # names of new people without a user name, with their row
        self.wished: dict[tuple[str, UUID, Role], list[PlannedRow]] = defaultdict(list)

    def plan(self, rows: Sequence[PlannedRow]) -> None:
        self._look_up(rows)
        for row in rows:
            if not row.problems:
                self._decide(row)
            if row.problems:
                row.outcome = Outcome.PROBLEM

    def _look_up(self, rows: Sequence[PlannedRow]) -> None:
        """Known people by code and user name, and their duties."""
        codes = {row.values.get("code", "") for row in rows} - {""}
        names = {row.values.get("username", "").lower() for row in rows} - {""}
        people = [
            user
            for key, words in (("code", codes), ("username", names))
            for part in _parts(sorted(words))
            for user in User.objects.filter(**{f"{key}__in": part})
        ]
        self.by_code = {user.code: user for user in people}
        self.by_username = {user.username: user for user in people}
        self.duties: dict[UUID, list[Duty]] = defaultdict(list)
        for part in _parts(sorted({user.pk for user in people})):
            for duty in Duty.objects.filter(user__in=part).select_related("unit", "user"):
                self.duties[duty.user_id].append(duty)

    def _problem(self, row: PlannedRow, key: str, message: str) -> None:
        column = self.places.get(key)
        row.problems.append(Problem(f"{letter(column)}{row.number}" if column is not None else "", message))

    def _decide(self, row: PlannedRow) -> None:
        row.duty = self._duty(row)
        row.user = self._known(row)
        if row.problems or row.duty is None:
            return
        if row.user is not None:
            self._further(row, row.user, row.duty)
            self._require_once(row, row.user.username, row.duty)
            return
        row.person = self._new_person(row)
        if row.person is not None:
            first, _person = self.people[row.person.username]
            row.outcome = Outcome.NEW if first == row.number else Outcome.DUTY
            self._require_once(row, row.person.username, row.duty)

    def _duty(self, row: PlannedRow) -> DutyWish | None:
        unit = self.units.get(row.values["unit"]) or self.units.get(fold(row.values["unit"]))
        role = self.roles.get(row.values["role"]) or self.roles.get(fold(row.values["role"]))
        if unit is None:
            self._problem(row, "unit", _("There is no unit “%(text)s” here.") % shown(row.values["unit"]))
        if role is None:
            self._problem(row, "role", _("There is no role “%(text)s”.") % shown(row.values["role"]))
        if not row.values["valid_from"]:
            self._problem(row, "valid_from", _("Write from which day on."))
        if unit is None or role is None or not row.values["valid_from"]:
            return None
        until = row.values.get("valid_to", "")
        wish = DutyWish(
            unit,
            role,
            date.fromisoformat(row.values["valid_from"]),
            date.fromisoformat(until) if until else None,
            row.values.get("post", ""),
            row.values.get("fields", ""),
        )
        try:
            return cleaned_duty(wish)
        except Refused as refusal:
            self._problem(row, refusal.field, str(refusal))
            return None

    def _known(self, row: PlannedRow) -> User | None:
        """The account that the row means by code or user name; its name must be the same."""
        code, username = row.values.get("code", ""), row.values.get("username", "").lower()
        if code and code not in self.by_code:
            message = _("Nobody has the code “%(text)s”. Leave it empty for a new person.")
            self._problem(row, "code", message % shown(code))
            return None
        user = self.by_code.get(code) or self.by_username.get(username)
        if user is None:
            return None
        if username and user.username != username:
            self._problem(row, "username", _("The account with this code has another user name."))
        elif fold(user.full_name) != fold(row.values["full_name"]):
            message = _("The account with this code or user name bears another name. Check whom you mean.")
            self._problem(row, "full_name", message)
        return user

    def _new_person(self, row: PlannedRow) -> PersonWish | None:
        """The new person: entered by this row, or by an earlier one that gave the same user name."""
        name, username = row.values["full_name"], row.values.get("username", "").lower()
        if username in self.people:
            first, person = self.people[username]
            if fold(person.full_name) != fold(name):
                message = _("Row %(number)d gives this user name to somebody else.")
                self._problem(row, "username", message % {"number": first})
                return None
            return person
        if not username:
            first = self.unnamed.setdefault(fold(name), row.number)
            if first != row.number:
                message = _(
                    "Row %(number)d has the same name. Write the user name in both rows: one person or two?"
                )
                self._problem(row, "username", message % {"number": first})
                return None
        try:
            person = cleaned_person(PersonWish(name, username, row.values.get("phone", "")), taken=self.taken)
        except Refused as refusal:
            self._problem(row, refusal.field, str(refusal))
            return None
        self.taken.add(person.username)
        self.people[person.username] = (row.number, person)
        return person

    def _further(self, row: PlannedRow, user: User, duty: DutyWish) -> None:
        """What the row does for somebody known: a further duty, the end of one, or nothing."""
        row.outcome = Outcome.DUTY
        for held in self.duties[user.pk]:
            same = held.unit_id == duty.unit.pk and held.role == duty.role
            if same and _meet(held.valid_from, held.valid_to, duty.valid_from, duty.valid_to):
                self._same_duty(row, held, duty)

    def _same_duty(self, row: PlannedRow, held: Duty, duty: DutyWish) -> None:
        if held.valid_from != duty.valid_from:
            message = _(
                "This person has that duty already, from %(day)s. End it first, or choose other days."
            )
            self._problem(row, "valid_from", message % {"day": f"{held.valid_from:%d/%m/%Y}"})
        elif held.valid_to == duty.valid_to:
            row.outcome = Outcome.SAME
        elif duty.valid_to is not None and (held.valid_to is None or duty.valid_to < held.valid_to):
            row.outcome, row.held = Outcome.END, held
        else:
            message = _("This duty ends on %(day)s already. To go on, give it anew.")
            self._problem(row, "valid_to", message % {"day": f"{held.valid_to:%d/%m/%Y}"})

    def _require_once(self, row: PlannedRow, who: str, duty: DutyWish) -> None:
        """A row whose duty another row gives too, on any of its days, is a slip."""
        others = self.wished[who, duty.unit.pk, duty.role]
        for other in others:
            wish = other.duty
            if wish and _meet(wish.valid_from, wish.valid_to, duty.valid_from, duty.valid_to):
                message = _("Row %(number)d gives the same duty to the same person.")
                self._problem(row, "role", message % {"number": other.number})
                return
        others.append(row)


def shown(text: str) -> dict[str, str]:
    """What was typed, short enough for a sentence."""
    return {"text": text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"}


def _meet(one: date, one_last: date | None, other: date, other_last: date | None) -> bool:
    return one <= (other_last or date.max) and other <= (one_last or date.max)


def _parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The keys in parts that every database takes as arguments of one query."""
    for start in range(0, len(keys), KEYS_A_QUERY):
        yield keys[start : start + KEYS_A_QUERY]

"""Acts on staff: enter a person with a first duty, give and end duties, change name and telephone.

A duty is a role in a unit between two dates; a person may hold several at once (kiêm nhiệm). Who gives a duty to
himself is seen: the event says so (`own`), and the access review lists it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, count
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.canonical import Json
from gandan.calculus.folding import words
from gandan.law.bases import cleaned_basis, record
from gandan.ledger import actions as ledger
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Commune, Duty, Province, Role, Unit
from gandan.organization.permissions import Officer, places_of, require_administration
from gandan.ui.words import local

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
TELEPHONE = re.compile(r"\+?[0-9][0-9 .-]{5,18}")
LONGEST_NAME, LONGEST_POST, LONGEST_FIELDS = 120, 120, 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class PersonWish:
    """Who is entered: name, user name ('': one is made of the name), telephone for colleagues."""

    full_name: str
    username: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DutyWish:
    """The duty that is given; both days count."""

    unit: Unit
    role: Role
    valid_from: date
    valid_to: date | None = None
    post: str = ""
    fields: str = ""


def add_person(
    person: PersonWish, duty: DutyWish, *, document: str, officer: Officer, at: datetime, request_id: UUID
) -> User:
    """Enters a member of staff with a first duty. The account has no password: a one-time link opens it.

    Raises Refused (`field` names the column), NotCompetent, and BasisMissing of the law.
    """
    asked = {**person_content(person), **duty_content(duty), "document": document}
    with ledger.act(
        name="add-person", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return User.objects.get(pk=str(evidence.outcome["person"]))
        place = duty.unit.administered_place
        require_administration(officer, place)
        basis = cleaned_basis(document)
        type(place).objects.select_for_update().get(pk=place.pk)  # two people get two codes
        user = store_person(evidence, cleaned_person(person), place, basis)
        store_duty(evidence, user, cleaned_duty(duty), officer, basis)
        evidence.done(person=str(user.pk))
    return user


def give_duty(
    user: User, duty: DutyWish, *, document: str, officer: Officer, at: datetime, request_id: UUID
) -> Duty:
    """Gives a further duty to somebody already entered. Raises like `add_person`."""
    asked = {"person": user.pk, **duty_content(duty), "document": document}
    with ledger.act(
        name="give-duty", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return Duty.objects.get(pk=str(evidence.outcome["duty"]))
        require_administration(officer, duty.unit.administered_place)
        basis = cleaned_basis(document)
        user = User.objects.select_for_update().get(pk=user.pk)
        given = store_duty(evidence, user, cleaned_duty(duty), officer, basis)
        evidence.done(duty=str(given.pk))
    return given


def end_duty(
    duty: Duty, *, last_day: date, document: str, officer: Officer, at: datetime, request_id: UUID
) -> Duty:
    """Ends a duty after `last_day`. The last administrator of a place stays. Raises like `add_person`."""
    asked = {"duty": duty.pk, "last_day": last_day, "document": document}
    with ledger.act(
        name="end-duty", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        duty = Duty.objects.select_related("user", "unit").get(pk=duty.pk)
        if evidence.repeated:
            return duty
        require_administration(officer, duty.unit.administered_place)
        require_another_administrator(duty, officer)
        store_end(evidence, duty, last_day, cleaned_basis(document))
    return duty


def change_person(
    user: User, person: PersonWish, *, document: str, officer: Officer, at: datetime, request_id: UUID
) -> User:
    """Changes name and telephone of somebody all of whose duties lie in places that the officer administers."""
    asked = {"person": user.pk, **person_content(person), "document": document}
    with ledger.act(
        name="change-person", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        user = User.objects.select_for_update().get(pk=user.pk)
        if evidence.repeated:
            return user
        require_person(officer, user, local(at).date())
        cleaned = cleaned_person(person, of=user)
        changed = [name for name in ("full_name", "phone") if getattr(user, name) != getattr(cleaned, name)]
        if not changed:
            return user
        user.full_name, user.phone = cleaned.full_name, cleaned.phone
        user.save(update_fields=changed)
        record(
            evidence,
            chain=chain_of(user, local(at).date()),
            act="change-person",
            subject_kind="account",
            subject_id=user.pk,
            document=cleaned_basis(document),
            body={"person": user.code, "changed": list(changed)},
            content=person_content(cleaned),
        )
    return user


# ---- what is asked of each wish ----------------------------------------------------------------------------


def cleaned_person(
    person: PersonWish, *, of: User | None = None, taken: Container[str] | None = None
) -> PersonWish:
    """The person as stored; Refused with its field.

    `of`: the account that has the user name already. `taken`: the user names in use, where many people are
    entered at once; else they are asked for.
    """
    name = cleaned_text(person.full_name, "full_name", LONGEST_NAME)
    if not any(letter.isalpha() for letter in name):
        raise Refused(_("Write the name of the person."), field="full_name")
    username = of.username if of else person.username.strip() or suggested_username(name, taken)
    if not USERNAME.fullmatch(username):
        raise Refused(
            _(
                "A user name has 3 to 60 small letters without marks, digits, dots or hyphens, such as lan.ht."
            ),
            field="username",
        )
    if of is None and is_taken(username, taken):
        raise Refused(_("The user name %(name)s is taken.") % {"name": username}, field="username")
    phone = " ".join(person.phone.split())
    if phone and not TELEPHONE.fullmatch(phone):
        raise Refused(_("A telephone number has 6 to 18 digits."), field="phone")
    return PersonWish(name, username, phone)


def is_taken(username: str, taken: Container[str] | None) -> bool:
    return username in taken if taken is not None else User.objects.filter(username=username).exists()


def suggested_username(full_name: str, taken: Container[str] | None = None) -> str:
    """The given name and the first letters of the others, with a number if somebody has it: lan.nt, lan.nt2."""
    *others, given = words(full_name) or [""]
    base = ".".join(part for part in (given, "".join(word[0] for word in others)) if part).ljust(3, "0")[:50]
    if taken is None:
        taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    return next(name for name in chain([base], (f"{base}{n}" for n in count(2))) if name not in taken)


def cleaned_duty(duty: DutyWish) -> DutyWish:
    """The duty as stored; Refused with its field: days in order, a unit that is open on the first of them."""
    if not FIRST_DAY <= duty.valid_from <= LAST_DAY:
        raise Refused(_("The day lies outside 2000-2100. Check the year."), field="valid_from")
    if duty.valid_to is not None and not duty.valid_from <= duty.valid_to <= LAST_DAY:
        raise Refused(_("The duty must not end before it starts."), field="valid_to")
    closed_on = duty.unit.closed_on
    if closed_on is not None and (duty.valid_to is None or duty.valid_to > closed_on):
        raise Refused(_("This unit is closed, or will be before the duty ends."), field="unit")
    return DutyWish(
        duty.unit,
        duty.role,
        duty.valid_from,
        duty.valid_to,
        cleaned_text(duty.post, "post", LONGEST_POST),
        cleaned_text(duty.fields, "fields", LONGEST_FIELDS),
    )


def cleaned_text(text: str, field: str, longest: int) -> str:
    """The text on one line, in NFC; Refused when too long, or when a spreadsheet would take it for a formula."""
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    if len(cleaned) > longest:
        raise Refused(_("At most %(count)d characters.") % {"count": longest}, field=field)
    if cleaned.startswith(("=", "+", "@")) or any(unicodedata.category(letter) == "Cc" for letter in cleaned):
        raise Refused(_("This looks like a formula, not like words. Type it as text."), field=field)
    return cleaned


def require_no_overlap(user: User, duty: DutyWish) -> None:
    """Refused if the person holds the same role in the same unit on any of these days."""
    same = Duty.objects.after(duty.valid_from, included=True).filter(
        user=user, unit=duty.unit, role=duty.role
    )
    if duty.valid_to is not None:
        same = same.filter(valid_from__lte=duty.valid_to)
    held = same.first()
    if held is not None:
        raise Refused(
            _("This person has that duty already, from %(day)s. End it first, or choose other days.")
            % {"day": f"{held.valid_from:%d/%m/%Y}"},
            field="valid_from",
        )


def require_another_administrator(duty: Duty, officer: Officer) -> None:
    """Refused for the last administrator of a place, unless somebody above it acts."""
    place = duty.unit.administered_place
    if duty.role != Role.ADMINISTRATOR or officer.is_operator:
        return
    if isinstance(place, Commune) and Role.ADMINISTRATOR in officer.roles_in_province(place.province_id):
        return
    others = Duty.objects.filter(role=Role.ADMINISTRATOR, valid_to=None, user__is_active=True).exclude(
        pk=duty.pk
    )
    same = (
        others.filter(unit__commune=place)
        if isinstance(place, Commune)
        else others.filter(unit__province=place)
    )
    if not same.exists():
        raise Refused(_("This is the last administrator here. Enter another one first."))


def require_person(officer: Officer, person: User, on: date) -> None:
    """NotCompetent unless every duty of the person lies in a place that the officer administers."""
    places = places_of(person, on)
    for code, province in places:
        place = Commune.objects.get(pk=code) if code else Province.objects.get(pk=province)
        require_administration(officer, place)
    if not places and not officer.is_operator:
        raise NotCompetent(_("This account has never had a duty here."))


def chain_of(person: User, on: date) -> str:
    """The chain of the person's commune; the cell's for people of a province, or of several communes."""
    communes = {commune for commune, _province in places_of(person, on)}
    return communes.pop() or "cell" if len(communes) == 1 else "cell"


# ---- rows and events ---------------------------------------------------------------------------------------


def person_content(person: PersonWish) -> dict[str, object]:
    return {"full_name": person.full_name, "username": person.username, "phone": person.phone}


def duty_content(duty: DutyWish) -> dict[str, object]:
    return {
        "unit": duty.unit.pk,
        "role": duty.role,
        "from": duty.valid_from,
        "until": duty.valid_to or "",
        "post": duty.post,
        "fields": duty.fields,
    }


def next_code(place: Commune | Province) -> str:
    """The next code of the place's staff: 19975-CB-07. Codes are never given twice."""
    start = f"{place.pk}-CB-"
    codes = User.objects.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [int(code.removeprefix(start)) for code in codes if code.removeprefix(start).isdecimal()]
    return f"{start}{max(numbers, default=0) + 1:02d}"


def store_person(
    evidence: ledger.Act, person: PersonWish, place: Commune | Province, basis: str, code: str = ""
) -> User:
    """The account of a person already cleaned, with its event."""
    user = User.objects.create_user(
        person.username, None, full_name=person.full_name, code=code or next_code(place), phone=person.phone
    )
    record(
        evidence,
        chain=place.pk if isinstance(place, Commune) else "cell",
        act="add-person",
        subject_kind="account",
        subject_id=user.pk,
        document=basis,
        body={"person": user.code},
        content=person_content(person),
    )
    return user


def store_duty(evidence: ledger.Act, user: User, duty: DutyWish, officer: Officer, basis: str) -> Duty:
    """A duty already cleaned, with its event."""
    require_no_overlap(user, duty)
    given = Duty.objects.create(
        user=user,
        unit=duty.unit,
        role=duty.role,
        post=duty.post,
        fields=duty.fields,
        valid_from=duty.valid_from,
        valid_to=duty.valid_to,
    )
    facts = duty_facts(given, user) | {"from": given.valid_from, "own": int(user.pk == officer.user_id)}
    if given.valid_to:
        facts["until"] = given.valid_to
    record(
        evidence,
        chain=duty.unit.chain,
        act="give-duty",
        subject_kind="duty",
        subject_id=given.pk,
        document=basis,
        body=facts,
        content={"post": duty.post, "fields": duty.fields},
    )
    return given


def store_end(evidence: ledger.Act, duty: Duty, last_day: date, basis: str) -> None:
    """Ends a duty, with its event. Refused if it would end before it starts, or after it ended."""
    if last_day < duty.valid_from:
        raise Refused(
            _("This duty starts on %(day)s: it cannot end before.") % {"day": f"{duty.valid_from:%d/%m/%Y}"},
            field="last_day",
        )
    if duty.valid_to is not None and last_day > duty.valid_to:
        raise Refused(
            _("This duty ends on %(day)s already. To go on, give it anew.")
            % {"day": f"{duty.valid_to:%d/%m/%Y}"},
            field="last_day",
        )
    duty.valid_to = last_day
    duty.save(update_fields=["valid_to"])
    record(
        evidence,
        chain=duty.unit.chain,
        act="end-duty",
        subject_kind="duty",
        subject_id=duty.pk,
        document=basis,
        body=duty_facts(duty, duty.user) | {"until": last_day},
    )


def duty_facts(duty: Duty, user: User) -> dict[str, Json]:
    return {"person": user.code, "unit": duty.unit.code, "role": str(duty.role)}

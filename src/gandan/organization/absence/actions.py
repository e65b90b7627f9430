"""Acts on absences and substitutions: each rests on a document, ends by itself, and stands in the ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.law.bases import cleaned_basis, record
from gandan.ledger import actions as ledger
from gandan.organization.absence.models import Absence, Manner, Substitution
from gandan.organization.absence.queries import REPLACEABLE, SIGNS, away, running
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty, Role, Unit
from gandan.organization.permissions import Officer

LEADS = frozenset({Role.SIGNING_LEADER, Role.CENTRE_DIRECTOR})


def substitute(
    *,
    duty: Duty,
    by_whom: User,
    manner: Manner,
    valid_from: date,
    valid_to: date,
    document: str,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Substitution:
    """`by_whom` replaces the holder of `duty` from day to day, both included (giao người thay).

    Nobody is replaced by somebody who is away or replaced themselves, nor replaces others meanwhile: no circle,
    no chain. Nobody makes themselves a substitute. Raises NotCompetent, Refused, and BasisMissing of the law.
    """
    content = {
        "duty": duty.pk,
        "substitute": by_whom.code,
        "manner": str(manner),
        "from": valid_from,
        "to": valid_to,
        "document": document,
    }
    with ledger.act(
        name="substitute", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return Substitution.objects.get(pk=str(evidence.outcome["substitution"]))
        lock_people(duty.user_id, by_whom.pk)
        require_to_arrange(officer, duty)
        check_days(valid_from, valid_to, at)
        check_pair(duty, by_whom, manner, valid_from, valid_to, officer)
        check_no_chain(duty, by_whom, valid_from, valid_to)
        made = Substitution.objects.create(
            duty=duty,
            substitute=by_whom,
            manner=manner,
            valid_from=valid_from,
            valid_to=valid_to,
            document=cleaned_basis(document),
            recorded_by=officer.code,
            recorded_at=at,
        )
        record(
            evidence,
            chain=duty.unit.chain,
            act="substitute",
            subject_kind="substitution",
            subject_id=made.pk,
            document=made.document,
            body=facts_of(made, duty, by_whom),
        )
        evidence.done(substitution=str(made.pk))
    return made


def facts_of(made: Substitution, duty: Duty, by_whom: User) -> dict[str, str | date]:
    return {
        "replaced": duty.user.code,
        "substitute": by_whom.code,
        "role": duty.role,
        "unit": duty.unit.code,
        "manner": made.manner,
        "from": made.valid_from,
        "to": made.valid_to,
    }


def lock_people(*ids: UUID) -> None:
    """Of two substitutions of the same people at once, the second sees the first: else they could close a circle."""
    list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def require_to_arrange(officer: Officer, duty: Duty) -> None:
    """NotCompetent unless the officer leads the unit or the commune by an own duty, administers it, or it is their post."""
    if not may_arrange(officer, duty):
        raise NotCompetent(
            _("This is for the head of the unit, the leaders of the commune and its administrator.")
        )


def may_arrange(officer: Officer, duty: Duty) -> bool:
    """True for the person themselves, their head, a leader of the ward, its administrator; only leaders for a leader."""
    own = [held for held in officer.held if not held.instead_of]
    if duty.user_id == officer.user_id and duty.role in SIGNS:
        return True
    heads = any(held.unit_id == duty.unit_id and held.role == Role.HEAD_OF_DEPARTMENT for held in own)
    # Who signs for the committee is arranged by who signs for it: nobody below lends that power.
    above = frozenset({Role.SIGNING_LEADER}) if duty.role == Role.SIGNING_LEADER else LEADS
    heads = heads and duty.role != Role.SIGNING_LEADER
    leads = any(held.commune == duty.unit.commune_code and held.role in above for held in own)
    return heads or (leads and bool(duty.unit.commune_code)) or administers(officer, duty.unit)


def administers(officer: Officer, unit: Unit) -> bool:
    return officer.administers(unit.own_commune if unit.commune_id else unit.own_province)


def check_days(first: date, last: date, at: datetime) -> None:
    if last < first:
        raise Refused(_("The last day lies before the first one."), field="valid_to")
    if last < at.astimezone(VIETNAM).date():
        raise Refused(_("These days are over. Enter days from today on."), field="valid_to")


def check_pair(duty: Duty, by_whom: User, manner: Manner, first: date, last: date, officer: Officer) -> None:
    """Refused unless this duty can be taken over by this person at all."""
    if Role(duty.role) not in REPLACEABLE:
        raise Refused(_("This duty cannot be taken over for a while. Give a duty of its own."), field="duty")
    if duty.valid_from > first or (duty.valid_to and duty.valid_to < last):
        raise Refused(_("The duty itself does not hold on all of these days."), field="duty")
    if by_whom.pk == duty.user_id:
        raise Refused(_("Nobody replaces themselves."), field="substitute")
    if by_whom.pk == officer.user_id:
        raise Refused(
            _("Nobody makes themselves a substitute: the absent person or another leader does."),
            field="substitute",
        )
    if not works_here(by_whom, duty.unit, first, last):
        raise Refused(_("The substitute must work in this commune on all of these days."), field="substitute")
    if (Role(duty.role) in SIGNS) != (manner != Manner.NONE):
        raise Refused(_("Say how the substitute signs; who does not sign has no manner."), field="manner")


def works_here(user: User, unit: Unit, first: date, last: date) -> bool:
    """True if the person is active and holds a duty of their own in the place of the unit through all the days."""
    place = Q(unit__commune=unit.commune_id) if unit.commune_id else Q(unit__province=unit.province_id)
    through = Q(valid_to=None) | Q(valid_to__gte=last)
    return user.is_active and Duty.objects.filter(place, through, user=user, valid_from__lte=first).exists()


def check_no_chain(duty: Duty, by_whom: User, first: date, last: date) -> None:
    """Refused where A → B would meet B → C, C → A or B → A on any of the days, or the substitute is away."""
    holding = running(first, last)
    if holding.filter(duty=duty).exists():
        raise Refused(_("Somebody replaces this duty on some of these days already."), field="valid_from")
    if holding.filter(duty__user=by_whom).exists():
        raise Refused(
            _(
                "This person is replaced by somebody else on some of these days: a chain of substitutes is not allowed."
            ),
            field="substitute",
        )
    if holding.filter(substitute=duty.user_id).exists():
        raise Refused(
            _("The absent person replaces somebody else on some of these days. Cut that short first."),
            field="duty",
        )
    if away(first, last).filter(user=by_whom).exists():
        raise Refused(_("This person is away on some of these days."), field="substitute")


def end_substitution(
    *, substitution_id: UUID, document: str, officer: Officer, at: datetime, request_id: UUID
) -> Substitution:
    """Cuts a substitution short, at once (chấm dứt việc thay). Raises NotCompetent, Refused, BasisMissing."""
    content = {"substitution": substitution_id, "document": document}
    with ledger.act(
        name="end-substitution", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        made = (
            Substitution.objects.select_for_update(of=("self",))
            .select_related("duty__user", "duty__unit", "substitute")
            .get(pk=substitution_id)
        )
        if evidence.repeated:
            return made
        require_to_arrange(officer, made.duty)
        if made.ended_at is not None or made.valid_to < at.astimezone(VIETNAM).date():
            raise Refused(_("This substitution has already ended."))
        made.ended_at = at
        made.save(update_fields=["ended_at"])
        record(
            evidence,
            chain=made.duty.unit.chain,
            act="end-substitution",
            subject_kind="substitution",
            subject_id=made.pk,
            document=cleaned_basis(document),
            body=facts_of(made, made.duty, made.substitute),
        )
    return made


def record_absence(
    *, user: User, valid_from: date, valid_to: date, officer: Officer, at: datetime, request_id: UUID
) -> Absence:
    """Records that somebody is away from day to day (báo vắng mặt): by themselves, or by who leads them.

    Only days are kept, never a reason. Refused while the person replaces somebody on one of the days.
    """
    content = {"user": user.code, "from": valid_from, "to": valid_to}
    with ledger.act(
        name="record-absence", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return Absence.objects.get(pk=str(evidence.outcome["absence"]))
        lock_people(user.pk)
        duty = require_to_report(officer, user, at)
        check_days(valid_from, valid_to, at)
        if running(valid_from, valid_to).filter(substitute=user).exists():
            raise Refused(
                _("This person replaces somebody else on some of these days. Cut that short first."),
                field="valid_from",
            )
        made = Absence.objects.create(
            user=user,
            valid_from=valid_from,
            valid_to=valid_to,
            recorded_by=officer.code,
            recorded_at=at,
        )
        evidence.append(
            chain=duty.unit.chain,
            act="record-absence",
            subject_kind="absence",
            subject_id=made.pk,
            body={"person": user.code, "from": valid_from, "to": valid_to},
        )
        evidence.done(absence=str(made.pk))
    return made


def require_to_report(officer: Officer, user: User, at: datetime) -> Duty:
    """A duty of the person for which the officer may report them away; one's own absence everybody reports."""
    held = Duty.objects.held_on(at.astimezone(VIETNAM).date()).filter(user=user)
    for duty in held.select_related("unit__commune__province", "unit__province", "user").order_by(
        "valid_from"
    ):
        if user.pk == officer.user_id or may_arrange(officer, duty):
            return duty
    raise NotCompetent(
        _("This is for the person, the head of the unit, the leaders of the commune and its administrator.")
    )


def end_absence(*, absence_id: UUID, officer: Officer, at: datetime, request_id: UUID) -> Absence:
    """The person is back earlier than recorded (trở lại làm việc). Substitutions are cut short on their own."""
    with ledger.act(
        name="end-absence",
        actor=officer.code,
        at=at,
        request_id=request_id,
        content={"absence": absence_id},
    ) as evidence:
        made = Absence.objects.select_related("user").get(pk=absence_id)
        if evidence.repeated:
            return made
        duty = require_to_report(officer, made.user, at)
        if made.ended_at is not None or made.valid_to < at.astimezone(VIETNAM).date():
            raise Refused(_("This absence is already over."))
        made.ended_at = at
        made.save(update_fields=["ended_at"])
        evidence.append(
            chain=duty.unit.chain,
            act="end-absence",
            subject_kind="absence",
            subject_id=made.pk,
            body={"person": made.user.code, "from": made.valid_from, "to": made.valid_to},
        )
    return made

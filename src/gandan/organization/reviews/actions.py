"""The act of a review: some duties kept, some ended, each with who and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.rules import VIETNAM
from gandan.law.bases import LONGEST_DOCUMENT, cleaned_basis
from gandan.ledger import actions as ledger
from gandan.organization.actions.staff import store_end
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty, Role
from gandan.organization.permissions import Officer
from gandan.organization.reviews.models import AccessReview, ReviewedDuty, Verdict
from gandan.organization.reviews.queries import duties_in, lines_of

REVIEWERS = frozenset({Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR})
LONGEST_REASON = LONGEST_DOCUMENT


class ReviewRefused(Refused):
    """The review cannot be taken as it is; `duty` is the line it belongs to."""

    def __init__(self, message: str, *, duty: UUID | None = None) -> None:
        super().__init__(message)
        self.duty = duty


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one duty."""

    duty: UUID
    verdict: Verdict
    reason: str = ""


def review_access(
    *, officer: Officer, commune: str, lines: Sequence[Line], request_id: UUID, at: datetime
) -> AccessReview:
    """Keeps or ends duties of a commune (rà soát quyền); a review may be done in several goes.

    An ended duty holds until the end of the day. Nobody judges their own duty, and the last administrator of
    the commune stays. Raises NotCompetent and ReviewRefused.
    """
    asked = {
        "commune": commune,
        "lines": [[line.duty, str(line.verdict), line.reason] for line in lines],
    }
    with ledger.act(
        name="review-access", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return AccessReview.objects.get(pk=UUID(str(evidence.outcome["review"])))
        if not officer.roles_in(commune) & REVIEWERS:
            raise NotCompetent(_("Reviewing access is for the director of the centre and the administrator."))
        day = at.astimezone(VIETNAM).date()
        review = open_review(officer, commune, at)
        duties = {duty.pk: duty for duty in duties_in(commune, day)}
        before = lines_of(review)
        check_lines(officer, lines, duties, set(before))
        write_lines(evidence, officer, review, lines, duties, day)
        complete = set(duties) <= set(before) | {line.duty for line in lines}
        if complete:
            review.completed_at = at
            review.save(update_fields=["completed_at"])
        evidence.append(
            chain=commune,
            act="review-access",
            subject_kind="access-review",
            subject_id=review.pk,
            body={
                "kept": sum(line.verdict == Verdict.KEEP for line in lines),
                "ended": [str(line.duty) for line in lines if line.verdict == Verdict.END],
                "complete": int(complete),
                "content_hash": ledger.salted_hash(bytes(review.salt), asked),
            },
        )
        evidence.done(review=str(review.pk))
    return review


def open_review(officer: Officer, commune: str, at: datetime) -> AccessReview:
    """The review that is under way in the commune, or a new one."""
    found = AccessReview.objects.select_for_update().filter(commune_id=commune, completed_at=None).first()
    return found or AccessReview.objects.create(
        commune_id=commune, opened_at=at, opened_by_id=officer.user_id, salt=ledger.new_salt()
    )


def check_lines(
    officer: Officer, lines: Sequence[Line], duties: Mapping[UUID, Duty], done: set[UUID]
) -> None:
    if not lines:
        raise ReviewRefused(_("Choose for at least one person whether the duty is kept or ends."))
    for line in lines:
        duty = duties.get(line.duty)
        if duty is None or line.duty in done:
            message = _("This duty was reviewed or ended meanwhile. Look at the list again.")
            raise ReviewRefused(message, duty=line.duty)
        if duty.user_id == officer.user_id:
            raise ReviewRefused(_("Somebody else reviews your own duties."), duty=line.duty)
        if line.verdict == Verdict.END and not line.reason.strip():
            raise ReviewRefused(_("Write why this duty ends."), duty=line.duty)
        if len(line.reason) > LONGEST_REASON:
            raise ReviewRefused(_("A reason has at most 200 characters."), duty=line.duty)
    keep_an_administrator(lines, duties)


def keep_an_administrator(lines: Sequence[Line], duties: Mapping[UUID, Duty]) -> None:
    ended = {line.duty for line in lines if line.verdict == Verdict.END}
    administrators = {duty.pk for duty in duties.values() if duty.role == Role.ADMINISTRATOR}
    if administrators and administrators <= ended:
        message = _("This is the last administrator here. Enter another one first.")
        raise ReviewRefused(message, duty=next(iter(administrators)))


def write_lines(
    evidence: ledger.Act,
    officer: Officer,
    review: AccessReview,
    lines: Sequence[Line],
    duties: Mapping[UUID, Duty],
    day: date,
) -> None:
    ReviewedDuty.objects.bulk_create(
        ReviewedDuty(
            review=review,
            duty_id=line.duty,
            verdict=line.verdict,
            reason=" ".join(line.reason.split()),
            decided_by_id=officer.user_id,
            decided_at=evidence.at,
        )
        for line in lines
    )
    for line in lines:
        if line.verdict == Verdict.END:
            store_end(evidence, duties[line.duty], day, cleaned_basis(line.reason))

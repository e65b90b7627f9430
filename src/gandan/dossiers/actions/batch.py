"""Several proposals decided in one go (duyệt, ký nhiều hồ sơ): each was read before, each is its own act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import Look
from gandan.calculus.errors import ClockError
from gandan.dossiers.actions import processing
from gandan.dossiers.errors import DossierError, NotAllowed
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.permissions import dossier_for
from gandan.ledger.errors import RequestConflict
from gandan.organization.permissions import Officer

READ_ON = ("dossier", "summary")  # pages on which a leader reads what is proposed

DECIDES: dict[Desk, Callable[..., Dossier]] = {
    Desk.SIGNATURE: processing.approve,
    Desk.CHECK: processing.check,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One dossier that was ticked: the request of its own act, the revision that was read, the desk it lay at."""

    dossier_id: UUID
    request_id: UUID
    seen: int
    desk: Desk


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of one: the dossier after the act, or why not."""

    dossier_id: UUID
    dossier: Dossier | None
    why_not: str = ""


def decide_several(*, officer: Officer, chosen: Sequence[Chosen], at: datetime) -> list[Decided]:
    """Approves, or agrees to, each of the chosen dossiers as its own act; one that fails does not stop the others.

    Each must have been opened by this officer, or its summary, since it last changed: nothing is signed unread.
    """
    return [decide(officer, one, at) for one in chosen]


def decide(officer: Officer, one: Chosen, at: datetime) -> Decided:
    try:
        require_read(officer, one)
        act = DECIDES[one.desk]
        done = act(
            officer=officer, dossier_id=one.dossier_id, request_id=one.request_id, at=at, seen=one.seen
        )
    except DossierError as error:
        return Decided(one.dossier_id, None, str(error))
    except RequestConflict:
        return Decided(one.dossier_id, None, _("This form was already sent once, with other content."))
    except ClockError:
        return Decided(one.dossier_id, None, _("The clock cannot count this. Ask the administrator."))
    return Decided(one.dossier_id, done)


def require_read(officer: Officer, one: Chosen) -> None:
    """NotAllowed unless this officer has read the dossier as it stands now. A repeat of an act was read before."""
    dossier = dossier_for(officer, one.dossier_id, people=False)
    if dossier.revision == one.seen and dossier.pk not in read_by(officer, [dossier]):
        raise NotAllowed(
            _("You have not opened this dossier or its summary since it last changed. Read it first.")
        )


def read_by(officer: Officer, dossiers: Sequence[Dossier]) -> set[UUID]:
    """Which of the dossiers this officer opened, or read the summary of, since their last change. One query."""
    looks = Look.objects.filter(
        user_id=officer.user_id,
        subject_kind="dossier",
        subject_id__in=[d.pk for d in dossiers],
        page__in=READ_ON,
    )
    latest: dict[UUID, datetime] = {}
    for subject, at in looks.order_by("at").values_list("subject_id", "at"):
        latest[subject] = at
    return {d.pk for d in dossiers if d.pk in latest and latest[d.pk] >= d.changed_at}

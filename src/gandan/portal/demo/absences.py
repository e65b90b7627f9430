"""Two of the first sample ward are away: one is replaced, one is not, as the leader's page then says."""

from __future__ import annotations

from datetime import datetime, timedelta

from gandan.dossiers import desks
from gandan.ledger.ids import new_id
from gandan.organization.absence import actions
from gandan.organization.absence.models import Manner
from gandan.organization.models import Duty
from gandan.portal.demo.staff import Ward

AWAY = timedelta(days=4)


def arrange_absences(ward: Ward, now: datetime) -> None:
    """The heads of two departments are away from today on; the office's specialist replaces one of them."""
    first = desks.on_day(now)
    leader = ward.officers["chutich"]
    for post in ("truongphongkt", "truongphongxh"):
        actions.record_absence(
            user=ward.users[post],
            valid_from=first,
            valid_to=first + AWAY,
            officer=leader,
            at=now,
            request_id=new_id(),
        )
    actions.substitute(
        duty=Duty.objects.select_related("user", "unit__commune__province").get(
            user=ward.users["truongphongkt"]
        ),
        by_whom=ward.users["diachinh"],
        manner=Manner.BY_POWER,
        valid_from=first,
        valid_to=first + AWAY,
        document="Giấy ủy quyền số 01 (mẫu)",
        officer=leader,
        at=now,
        request_id=new_id(),
    )

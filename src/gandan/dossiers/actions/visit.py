"""Look at the place: the appointment with the person, and the minutes (xác minh thực địa; 118/2025/NĐ-CP art. 19.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.documents.models import StoredFile
from gandan.dossiers.actions.doing import Deed, doing, end_plan, minute_of, reason_text
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import Dossier, DossierFile, FileUse, Presence, Visit
from gandan.notifications.actions import drop_waiting
from gandan.organization.permissions import Officer


def plan_visit(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    starts_at: datetime,
    place: str,
    who: str,
    what: str,
    citizen_asked: bool,
) -> Dossier:
    """Plans a visit; a person who is to take part is told time, place, who comes and what for, by the one-stop.

    A visit that was planned before is moved: the person is told anew.
    """
    place, who, what = (
        one_line(place, "place", 300),
        one_line(who, "who", 500),
        reason_text(what, field="what"),
    )
    content = {"starts_at": starts_at, "place": place, "who": who, "what": what, "asked": int(citizen_asked)}
    with doing(
        "plan-visit",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        if starts_at <= at:
            raise Unacceptable(
                _("The visit must lie ahead, so that the person can be told."), field="starts_at"
            )
        before = end_plan(deed.dossier, at)
        visit = Visit.objects.create(
            dossier=deed.dossier,
            number=deed.dossier.visits.count() + 1,
            place=place,
            starts_at=starts_at,
            who=who,
            what=what,
            citizen_asked=citizen_asked,
            planned_at=at,
            planned_by_id=officer.user_id,
        )
        deed.change(visit=visit)
        tell_of_visit(deed, before, visit)
        deed.record(
            {
                "visit": visit.number,
                "starts_at": starts_at,
                "citizen_asked": int(citizen_asked),
                "moved": int(before is not None),
                "visit_hash": content_hash(deed.dossier, {"place": place, "who": who, "what": what}),
            }
        )
    return deed.dossier


def tell_of_visit(deed: Deed, before: Visit | None, visit: Visit | None) -> None:
    """The newest word about a visit replaces what still waits to be said about the one before."""
    told = before is not None and before.citizen_asked
    if told:
        drop_waiting("dossier", deed.dossier.id, topic="visit")
    if visit and visit.citizen_asked:
        deed.tell("visit", {"starts_at": visit.starts_at})
    elif told:
        deed.tell("visit_off")


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes of a visit say (biên bản): when and where, who was there and whether the person signed."""

    held_at: datetime
    place: str
    present: str
    presence: Presence
    content: str
    conclusion: str

    def cleaned(self) -> Minutes:
        """Without idle spaces; refused where something is missing."""
        return Minutes(
            held_at=self.held_at,
            place=one_line(self.place, "place", 300),
            present=reason_text(self.present, field="present"),
            presence=self.presence,
            content=reason_text(self.content, field="content"),
            conclusion=reason_text(self.conclusion, field="conclusion"),
        )


def verify_on_site(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    minutes: Minutes | None,
    reason: str = "",
    files: Sequence[UUID] = (),
) -> Dossier:
    """Records the minutes of a visit, planned or not; or, without minutes, why the planned one does not take place."""
    minutes = minutes.cleaned() if minutes else None
    reason = "" if minutes else reason_text(reason)
    said = asdict(minutes) if minutes else {"reason": reason}
    with doing(
        "verify-on-site",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content={**said, "files": list(files)},
    ) as deed:
        if deed.repeated:
            return deed.dossier
        if minutes:
            record_minutes(deed, minutes, files)
        else:
            call_off(deed, reason)
    return deed.dossier


def record_minutes(deed: Deed, minutes: Minutes, files: Sequence[UUID]) -> None:
    planned = deed.dossier.visit
    check_minutes(deed.dossier, planned, minutes, deed.at)
    visit = planned or unplanned(deed, minutes)
    for name, value in asdict(minutes).items():
        setattr(visit, name, value)
    visit.recorded_at, visit.recorded_by_id = deed.at, deed.officer.user_id
    visit.save()
    sums = attach(deed, visit, files)
    drop_waiting("dossier", deed.dossier.id, topic="visit")
    deed.change(visit=None)
    deed.record(
        {
            "visit": visit.number,
            "held": 1,
            "planned": int(planned is not None),
            "presence": str(minutes.presence),
            "attached": len(sums),
            "minutes_hash": content_hash(deed.dossier, {**asdict(minutes), "files": sums}),
        }
    )


def unplanned(deed: Deed, minutes: Minutes) -> Visit:
    """A visit that nobody had to be told of beforehand."""
    return Visit(
        dossier=deed.dossier,
        number=deed.dossier.visits.count() + 1,
        starts_at=minutes.held_at,
        who=deed.officer.name[:500],
        what=minutes.content,
        citizen_asked=False,
    )


def call_off(deed: Deed, reason: str) -> None:
    """The planned visit does not take place; a person who was told of it is told."""
    before = end_plan(deed.dossier, deed.at)
    if before is None:
        raise Unacceptable(_("No visit is planned that could be called off."), field="held")
    deed.change(visit=None)
    tell_of_visit(deed, before, None)
    deed.record({"visit": before.number, "held": 0, "planned": 1}, remark=reason)


def check_minutes(dossier: Dossier, planned: Visit | None, minutes: Minutes, at: datetime) -> None:
    """Only what has happened can be minuted, and only who was told can have stayed away."""
    began = dossier.accepted_at or dossier.registered_at
    if not minute_of(began) <= minutes.held_at <= at:
        raise Unacceptable(
            _(
                "The visit took place after the dossier was received and not in the future. Check day and hour."
            ),
            field="held_at",
        )
    told = planned is not None and planned.citizen_asked
    if minutes.presence == Presence.ABSENT and not told:
        raise Unacceptable(
            _("The person was not told of this visit, so they cannot be recorded as having stayed away."),
            field="presence",
        )
    if minutes.presence == Presence.NOT_ASKED and told:
        raise Unacceptable(_("The person was asked to come. Say whether they were there."), field="presence")


def attach(deed: Deed, visit: Visit, files: Sequence[UUID]) -> list[str]:
    """Hangs the files on the visit; returns the SHA-256 of each."""
    sums = dict(StoredFile.objects.filter(pk__in=files).values_list("pk", "sha256"))
    DossierFile.objects.bulk_create(
        DossierFile(dossier=deed.dossier, file_id=pk, use=FileUse.OTHER, visit=visit, added_at=deed.at)
        for pk in sums
    )
    return sorted(sums.values())


def one_line(text: str, field: str, longest: int) -> str:
    cleaned = reason_text(text, field=field)
    if len(cleaned) > longest:
        raise Unacceptable(
            _("This is longer than %(longest)d characters. Please shorten it.") % {"longest": longest},
            field=field,
        )
    return cleaned

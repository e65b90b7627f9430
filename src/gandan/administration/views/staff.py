"""Staff of a place: list, add, one person with duties, give and end a duty, a link to sign in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.accounts.actions import issue_one_time_link
from gandan.accounts.models import User
from gandan.accounts.views.door import proof_first
from gandan.administration.forms.staff import (
    DutyForm,
    EndDutyForm,
    LinkForm,
    NewPersonForm,
    PersonForm,
    StaffSearch,
)
from gandan.administration.places import Place, place_for, units_in
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.dossiers.errors import NotFound
from gandan.dossiers.views.door import StaffRequest, show
from gandan.ledger.ids import new_id
from gandan.organization.actions.staff import add_person, chain_of, change_person, end_duty, give_duty
from gandan.organization.models import Commune, Duty
from gandan.organization.queries import today
from gandan.ui.paging import take_page

SIZE = 40
MOST_SLIPS = 100


def people_of(place: Place, day: date, *, left: bool) -> QuerySet[User]:
    """Who has a duty in the place, today or later; with `left` also who had one."""
    duties = Duty.objects.all() if left else Duty.objects.after(day, included=True)
    here = (
        duties.filter(unit__commune=place)
        if isinstance(place, Commune)
        else duties.filter(unit__province=place)
    )
    people = User.objects.filter(pk__in=here.values("user_id"))
    return people if left else people.filter(is_active=True)


def person_in(place: Place, person_id: UUID) -> User:
    """Somebody who has or had a duty in the place; NotFound for others."""
    person = people_of(place, today(), left=True).filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person here."))
    return person


def duties_in(place: Place, people: list[User], day: date) -> dict[UUID, list[Duty]]:
    """The duties of these people in the place that have not ended, by person. One query."""
    held = Duty.objects.after(day, included=True).filter(user__in=people).select_related("unit")
    here = (
        held.filter(unit__commune=place) if isinstance(place, Commune) else held.filter(unit__province=place)
    )
    found: dict[UUID, list[Duty]] = {person.pk: [] for person in people}
    for duty in here.order_by("valid_from", "pk"):
        found[duty.user_id].append(duty)
    return found


@administration_page
def staff(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/can-bo/`: who works here, by code; searched by a few letters."""
    where, day = place_for(request.officer, place), today()
    form = StaffSearch(request.GET)
    form.is_valid()
    query = form.cleaned_data.get("q", "")
    people = people_of(where, day, left=form.cleaned_data.get("left", False))
    for word in query.split():
        people = people.filter(
            Q(full_name__icontains=word) | Q(code__icontains=word) | Q(username__icontains=word)
        )
    page = take_page(request, people, order=("code", "id"), size=SIZE)
    duties = duties_in(where, page.rows, day)
    context = {
        "place": where,
        "form": form,
        "page": page,
        "people": [(person, duties[person.pk]) for person in page.rows],
        "waiting": len(without_password(where, day)),
        "today": day,
    }
    return show(request, "administration/staff.html", context)


@administration_page
def add(request: StaffRequest, place: str) -> HttpResponse:
    """Somebody new with a first duty; then the page of the person, where the link to sign in is made."""
    where, day = place_for(request.officer, place), today()
    form = NewPersonForm(posted(request), units=units_in(where, day), today=day)
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            user = add_person(
                form.person(),
                form.duty(),
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            sentence = _(
                "%(name)s is entered with the code %(code)s. Make the link for the first sign-in now."
            )
            said = sentence % {"name": user.full_name, "code": user.code}
            return done(request, said, "administration:person", place, user.pk)
    return ask(request, "administration/person_add.html", form, {"place": where})


@administration_page
def person(request: StaffRequest, place: str, person_id: UUID) -> HttpResponse:
    """One person: duties, name and telephone to be changed, sign-in, the way to leave."""
    where, day = place_for(request.officer, place), today()
    found = person_in(where, person_id)
    form = PersonForm(posted(request), initial={"full_name": found.full_name, "phone": found.phone})
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            change_person(
                found,
                form.person(),
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            return done(
                request, _("Name and telephone are changed."), "administration:person", place, found.pk
            )
    every = Duty.objects.filter(user=found).select_related("unit__commune", "unit__province")
    duties = [(duty, duty.unit.administered_place == where) for duty in every.order_by("-valid_from", "-pk")]
    context = {
        "place": where,
        "person": found,
        "duties": duties,
        "today": day,
        "link_request": new_id(),
        "is_self": found.pk == request.officer.user_id,
    }
    return ask(request, "administration/person.html", form, context)


@administration_page
def give(request: StaffRequest, place: str, person_id: UUID) -> HttpResponse:
    """A further duty for somebody who is here: several may be held at once."""
    where, day = place_for(request.officer, place), today()
    found = person_in(where, person_id)
    form = DutyForm(posted(request), units=units_in(where, day), today=day)
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            give_duty(
                found,
                form.duty(),
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            return done(request, _("The duty is given."), "administration:person", place, found.pk)
    is_self = found.pk == request.officer.user_id
    return ask(
        request, "administration/duty_give.html", form, {"place": where, "person": found, "is_self": is_self}
    )


@administration_page
def end(request: StaffRequest, place: str, duty_id: UUID) -> HttpResponse:
    """The last day of one duty."""
    where, day = place_for(request.officer, place), today()
    duty = Duty.objects.filter(pk=duty_id).select_related("user", "unit__commune", "unit__province").first()
    if duty is None or duty.unit.administered_place != where:
        raise NotFound(_("There is no such duty here."))
    form = EndDutyForm(posted(request), initial={"last_day": max(day, duty.valid_from)})
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            end_duty(
                duty,
                last_day=form.cleaned_data["last_day"],
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            return done(request, _("The duty ends."), "administration:person", place, duty.user_id)
    return ask(request, "administration/duty_end.html", form, {"place": where, "duty": duty})


def without_password(where: Place, day: date) -> list[User]:
    """Who works here and has no password yet, by code; as many as fit on slips printed in one go. One query."""
    people = people_of(where, day, left=False).filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return list(people.filter(last_login=None).order_by("code")[:MOST_SLIPS])


@administration_page
def slips(request: StaffRequest, place: str) -> HttpResponse:
    """Links for everybody who never signed in, to be printed and cut: after a list was carried out.

    Whoever makes them can open each account first, so the administrator shows once more who it is.
    """
    where = place_for(request.officer, place)
    first = proof_first(request)
    if first is not None:
        return first
    waiting = [one for one in without_password(where, today()) if one.pk != request.officer.user_id]
    form = LinkForm(posted(request))
    issued: list[tuple[User, str, datetime]] = []
    if request.method == "POST" and form.is_valid():
        issued = [slip_for(request, one, form.cleaned_data["request_id"]) for one in waiting]
    context = {"place": where, "waiting": waiting, "issued": issued, "link_request": new_id()}
    return show(request, "administration/sign_in_slips.html", context)


def slip_for(request: StaffRequest, person: User, request_id: UUID) -> tuple[User, str, datetime]:
    """The link of one person, and until when it opens; each is an act of its own."""
    made = issue_one_time_link(
        person=person,
        by=request.user,
        chain=chain_of(person, today()),
        request_id=uuid5(request_id, str(person.pk)),
        at=timezone.now(),
    )
    url = settings.GANDAN_ORIGIN + reverse("accounts:one_time_link", args=[made.token])
    return person, url, made.expires_at


@administration_page
def link(request: StaffRequest, place: str, person_id: UUID) -> HttpResponse:
    """Makes a one-time link and shows it, on this page alone: to be handed over, printed or read out."""
    where = place_for(request.officer, place)
    found = person_in(where, person_id)
    asked = proof_first(request)
    if asked:
        return asked
    form = LinkForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return done(
            request,
            _("Nothing was made: press the button on this page."),
            "administration:person",
            place,
            found.pk,
        )
    issued = issue_one_time_link(
        person=found,
        by=request.user,
        chain=chain_of(found, today()),
        request_id=form.cleaned_data["request_id"],
        at=timezone.now(),
    )
    url = settings.GANDAN_ORIGIN + reverse("accounts:one_time_link", args=[issued.token])
    context = {"place": where, "person": found, "url": url, "expires_at": issued.expires_at}
    return show(request, "administration/sign_in_link.html", context)

"""An officer who leaves: what lies on the desk, who goes on, and the end of duties and sign-in in one step."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gandan.administration.forms.staff import LeaveForm
from gandan.administration.places import place_for
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.administration.views.staff import person_in
from gandan.dossiers.actions.leaving import assigned_to, colleagues_for, leave, left_alone
from gandan.dossiers.views.door import StaffRequest
from gandan.organization.models import Duty
from gandan.organization.queries import today

SHOWN = 40


@administration_page
def leaving(request: StaffRequest, place: str, person_id: UUID) -> HttpResponse:
    """`/quan-tri/<place>/can-bo/<id>/thoi-viec/`."""
    where, day = place_for(request.officer, place), today()
    person = person_in(where, person_id)
    dossiers = assigned_to(person)
    communes = sorted({dossier.commune_id for dossier in dossiers})
    colleagues = [
        (user, load_words(user.full_name, load)) for user, load in colleagues_for(person, communes, day)
    ]
    seen = [str(dossier.pk) for dossier in dossiers]
    form = LeaveForm(posted(request), seen=seen, colleagues=colleagues, today=day)
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            leave(
                person,
                last_day=form.cleaned_data["last_day"],
                successor=form.heir(),
                seen=[UUID(one) for one in form.cleaned_data["seen"] if is_uuid(one)],
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            sentence = _("%(name)s has left: duties are ended, and what lay on the desk goes on.")
            return done(request, sentence % {"name": person.full_name}, "administration:staff", place)
    context = {
        "place": where,
        "person": person,
        "dossiers": dossiers[:SHOWN],
        "count": len(dossiers),
        "duties": Duty.objects.after(day, included=True).filter(user=person).select_related("unit"),
        "alone": left_alone(person, day),
        "is_self": person.pk == request.officer.user_id,
    }
    return ask(request, "administration/leaving.html", form, context)


def load_words(name: str, load: int) -> str:
    """ "Trần Thị B · đang giữ 12 hồ sơ" """
    load_words = ngettext("has %(count)d dossier now", "has %(count)d dossiers now", load)
    return f"{name} · {load_words % {'count': load}}"


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

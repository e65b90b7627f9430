"""The morning e-mail of a leader: to which address, on or off."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gandan.dossiers import desks
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.law.queries import value_at
from gandan.notifications.actions import subscribe, unsubscribe
from gandan.notifications.models import Subscription
from gandan.portal.morning_mail import TOPIC
from gandan.portal.views.leading import require_leader


class DigestForm(forms.Form):
    is_on = forms.BooleanField(label=gettext_lazy("Send me the figures each working morning"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Office e-mail address"),
        required=False,
        help_text=gettext_lazy("The e-mail holds figures and a link only: no names, no codes."),
    )

    def clean(self) -> None:
        if (
            self.cleaned_data.get("is_on")
            and not self.cleaned_data.get("email")
            and "email" not in self.errors
        ):
            self.add_error("email", _("Without an address nothing can be sent."))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: StaffRequest) -> HttpResponse:
    """`/dieu-hanh/thu-buoi-sang/`: each leader's own choice."""
    require_leader(request.officer)
    at = timezone.now()
    present = Subscription.objects.filter(user=request.user, topic=TOPIC).first()
    initial = {"is_on": present.is_on, "email": present.email} if present else {}
    form = DigestForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["is_on"]:
            subscribe(request.user, TOPIC, email=form.cleaned_data["email"], at=at)
            messages.success(request, _("The morning e-mail is switched on."))
        else:
            unsubscribe(request.user, TOPIC, at=at)
            messages.success(request, _("The morning e-mail is switched off."))
        return HttpResponseRedirect(reverse("portal:digest"))
    row = value_at("digest.send_at", desks.on_day(at), commune=min(request.officer.communes, default=""))
    context = {"form": form, "hour": row.text}
    return show(request, "portal/digest.html", context, status=422 if form.errors else 200)

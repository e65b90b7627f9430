"""My relatives and interests (người thân và lợi ích của tôi): what an officer declares, for that officer alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gandan.administration.forms.interests import DeclareForm, WithdrawInterestForm
from gandan.administration.rules import rule
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.organization.errors import Refused
from gandan.organization.integrity import actions
from gandan.organization.integrity.models import ConflictReport, Declaration
from gandan.organization.integrity.queries import opened, own_declarations, reports_for
from gandan.organization.permissions import Officer

RULES = ("xdli.relatives_a", "xdli.relatives_b", "xdli.own", "xdli.household")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: StaffRequest) -> HttpResponse:
    """`/nguoi-than-va-loi-ich/`: what I declared, and the form for one more."""
    at = timezone.now()
    form = DeclareForm(request.POST or None, on=at.astimezone(VIETNAM).date())
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare(officer=request.officer, at=at, **form.arguments())
        except Refused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Declared. Dossiers of this person or body are kept away from you."))
            return redirect("administration:interests")
    context = {
        "form": form,
        "declared": own_declarations(request.officer.user_id),
        "rules": [rule(key, form.on) for key in RULES],
        "told": list(told_about(request.officer)),
    }
    status = 422 if request.method == "POST" else 200
    return show(request, "administration/interests.html", context, status=status)


def told_about(officer: Officer) -> QuerySet[ConflictReport]:
    """The decisions about this officer that were made known, the newest first."""
    mine = reports_for(officer).filter(concerned_id=officer.user_id, notified_at__isnull=False)
    return mine.order_by("-notified_at")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, declaration_id: UUID) -> HttpResponse:
    """Ends one of my declarations on a day."""
    at = timezone.now()
    row = get_object_or_404(Declaration, pk=declaration_id, user_id=request.officer.user_id)
    form = WithdrawInterestForm(request.POST or None, on=at.astimezone(VIETNAM).date())
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            actions.withdraw_declaration(
                officer=request.officer,
                declaration_id=row.pk,
                until=cleaned["until"],
                request_id=cleaned["request_id"],
                at=at,
            )
        except Refused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The declaration has ended; it stays in your history."))
            return redirect("administration:interests")
    context = {"form": form, "declared": opened(row)}
    status = 422 if request.method == "POST" else 200
    return show(request, "administration/withdraw_interest.html", context, status=status)

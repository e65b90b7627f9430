"""Access reviews (rà soát quyền): who holds which role, kept or ended one by one, and the report of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gandan.administration.access import held_in
from gandan.administration.competence import require_role
from gandan.administration.forms.access import AccessReviewForm
from gandan.administration.rules import rule
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.errors import NotFound
from gandan.dossiers.views.door import StaffRequest, commune_name, show, staff_page
from gandan.organization.reviews.actions import REVIEWERS, ReviewRefused, review_access
from gandan.organization.reviews.models import AccessReview, Verdict
from gandan.organization.reviews.queries import lines_of, standing_of


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def access_review(request: StaffRequest, commune: str) -> HttpResponse:
    """`/quan-tri/<commune>/ra-soat-quyen/`: every duty, to be kept or ended; in several goes if need be."""
    require_role(request.officer, commune, REVIEWERS)
    at = timezone.now()
    day = at.astimezone(VIETNAM).date()
    standing = standing_of(commune, day)
    lines = lines_of(standing.open) if standing.open else {}
    held = held_in(commune, at, lines=lines, reader=request.officer.user_id)
    form = AccessReviewForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            review = review_access(
                officer=request.officer,
                commune=commune,
                lines=form.lines(),
                request_id=form.cleaned_data["request_id"],
                at=at,
            )
        except ReviewRefused as error:
            form.refuse(str(error), error.duty)
        else:
            messages.success(request, said(review))
            if review.completed_at:
                return redirect("administration:access_review_report", commune, review.pk)
            return redirect("administration:access_review", commune)
    context = {
        "commune": commune,
        "place": commune_name(commune),
        "standing": standing,
        "form": form,
        "rows": list(form.rows(held)),
        "done": len(lines),
        "count": len(held),
        "rule": rule("access.review_every", day, commune=commune),
    }
    status = 422 if request.method == "POST" else 200
    return show(request, "administration/access_review.html", context, status=status)


def said(review: AccessReview) -> str:
    if review.completed_at:
        return _("The review is complete. Print the report and keep it.")
    return _("Saved. The duties that are left can be looked at later.")


@staff_page
@require_safe
def access_review_report(request: StaffRequest, commune: str, review_id: UUID) -> HttpResponse:
    """One review as a report to be printed: each duty, kept or ended, by whom and why."""
    require_role(request.officer, commune, REVIEWERS)
    review = AccessReview.objects.filter(pk=review_id, commune_id=commune).select_related("opened_by").first()
    if review is None:
        raise NotFound(_("There is no such review here."))
    lines = list(lines_of(review).values())
    context = {
        "commune": commune,
        "place": commune_name(commune),
        "review": review,
        "lines": lines,
        "kept": sum(line.verdict == Verdict.KEEP for line in lines),
        "ended": sum(line.verdict == Verdict.END for line in lines),
    }
    return show(request, "administration/access_review_report.html", context)

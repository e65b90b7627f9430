"""The entrance of the administration's pages, and how a refusal of the rooms below is answered.

@administration_page
def add(request: StaffRequest, place: str) -> HttpResponse:
    where = place_for(request.officer, place)
    form = UnitForm(request.POST or None, …)
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            add_unit(where, …)
            return done(request, _("…"), "administration:units", place)
    return ask(request, form, {…})
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from gandan.accounts.errors import NotCompetent as AccountNotCompetent
from gandan.documents.errors import FileRefused
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.law.errors import AlreadySuperseded, BasisMissing, LocalValueRefused, ValueRefused
from gandan.law.errors import NotCompetent as LawNotCompetent
from gandan.organization.errors import NotCompetent, Refused

View = Callable[..., HttpResponseBase]
#: Fields whose name in a form differs from the one in the rooms below: a form has `fields` already.
CALLED = {"fields": "fields_of_work"}


def administration_page(view: View) -> View:
    """As `staff_page`; whoever is not competent gets the page that says why (403). GET, HEAD and POST."""

    @staff_page
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (NotCompetent, LawNotCompetent, AccountNotCompetent) as error:
            raise NotAllowed(str(error)) from error

    return answered


@contextmanager
def refusals_told(form: forms.Form) -> Iterator[None]:
    """A refusal inside the block becomes an error of its field, or of the whole form; what was typed is kept."""
    try:
        yield
    except (Refused, Unacceptable) as error:
        field = CALLED.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, str(error))
    except BasisMissing as error:
        form.add_error("document", str(error))
    except (ValueRefused, LocalValueRefused) as error:
        form.add_error("value" if "value" in form.fields else None, str(error))
    except AlreadySuperseded as error:
        form.add_error("valid_from" if "valid_from" in form.fields else None, str(error))
    except FileRefused as error:
        form.add_error("file" if "file" in form.fields else None, error.message)


def posted(request: StaffRequest) -> Any:
    """What was sent, or None where the empty form is asked for."""
    return request.POST if request.method == "POST" else None


def ask(
    request: StaffRequest, template: str, form: forms.Form, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page with its form; 422 when something has to be put right."""
    status = 422 if form.is_bound and form.errors else 200
    return show(request, template, {"form": form, **(context or {})}, status=status)


def done(request: StaffRequest, sentence: str, url_name: str, *arguments: Any) -> HttpResponse:
    """On to the next page, with a word that it was done."""
    messages.success(request, sentence)
    return redirect(url_name, *arguments)

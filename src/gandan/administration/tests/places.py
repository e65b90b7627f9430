"""What the tests of a place's pages share: browsers of its administrators, and forms filled as pages show them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from gandan.accounts.models import Session, User
from gandan.accounts.sessions import SessionStore
from gandan.accounts.views.steps import PROVED_AT
from gandan.dossiers.tests.factories import OPENED, Ward, make_user
from gandan.ledger.ids import new_id
from gandan.organization.models import Duty, Role
from gandan.organization.tests.factories import make_province_unit

WARD = "/quan-tri/19975/"
BASIS = "QĐ 12/QĐ-UBND (mẫu)"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def prove(client: Client) -> None:
    """As if the person had just shown who it is."""
    session = client.session
    session[PROVED_AT] = timezone.now().isoformat()
    session.save()


def prove_everywhere(user: User) -> None:
    """The same for each browser in which the person is signed in."""
    for row in Session.objects.filter(user=user):
        session = SessionStore(row.session_key)
        session[PROVED_AT] = timezone.now().isoformat()
        session.save()


def of_the_province(ward: Ward, role: Role) -> User:
    """Somebody with this role in a unit of the ward's province."""
    user = make_user(f"Người mẫu {role} tỉnh", f"46-{role}")
    unit = make_province_unit(province=ward.commune.province)
    Duty.objects.create(user=user, unit=unit, role=role, valid_from=OPENED)
    return user


def asked(**typed: Any) -> dict[str, Any]:
    """A form as its page sends it: the request, the basis, and what was typed."""
    return {"request_id": str(new_id()), "document": BASIS, **typed}


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    """The errors of the form that came back, by field."""
    assert response.status_code == 422, response.status_code
    errors: dict[str, list[str]] = dict(response.context["form"].errors)  # type: ignore[attr-defined]
    return errors

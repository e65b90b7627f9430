"""What came in through the first field: a citizen card, a receipt's code, a guidance slip, or a bare number."""

from __future__ import annotations

import json
import re
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from gandan.accounts.identity import compact, is_card, parse_card
from gandan.dossiers import tracking
from gandan.dossiers.actions.guide import SLIP_LENGTH, SLIP_LETTERS
from gandan.dossiers.forms.person import card_values
from gandan.dossiers.models import Contact, Dossier
from gandan.dossiers.permissions import is_visible
from gandan.organization.permissions import Officer

SLIP = re.compile(rf"[{SLIP_LETTERS}]{{{SLIP_LENGTH}}}")
TRACKING = re.compile(r"/t/([a-z2-7]{26})/?$", re.IGNORECASE)
LONGEST_CODE = 50


def take_card(data: QueryDict, text: str, *, prefix: str, today: date) -> str:
    """Puts a scanned card, or a bare number, into the boxes of `prefix`; the sentence to show when it is neither."""
    if is_card(text):
        try:
            card = parse_card(text, on=today)
        except ValidationError as error:
            return " ".join(error.messages)
        for name, value in card_values(card).items():
            data[f"{prefix}-{name}"] = value
        return ""
    if compact(text).isdigit():
        data[f"{prefix}-number"] = text.strip()
        return ""
    return _("This does not read like a citizen card. Scan it again, or type the number by hand.")


def dossier_of_code(officer: Officer, text: str) -> UUID | None:
    """The dossier whose receipt was scanned, if this officer may see it; one answer for none such and not yours."""
    secret = TRACKING.search(text)
    if secret:
        found = Q(tracking_hash=tracking.hash_of(secret[1]))
    elif "-" in text and len(text) <= LONGEST_CODE:
        found = Q(code=text) | Q(official_code=text)
    else:
        return None
    dossier = Dossier.objects.filter(found).only("id", "commune_id").first()
    return dossier.pk if dossier and is_visible(officer, dossier) else None


def take_slip(data: QueryDict, text: str, officer: Officer) -> bool:
    """Puts what a guidance slip tells into the form: its matter and its answers. False when it is no slip of ours."""
    code = compact(text)
    if not SLIP.fullmatch(code):
        return False
    slip = (
        Contact.objects.filter(slip_code=code, commune__in=officer.communes, dossier=None)
        .select_related("version__procedure")
        .first()
    )
    if slip is None:
        return False
    data["contact_slip"] = code
    if slip.version:
        data["procedure"] = slip.version.procedure.code
        for key, value in json.loads(slip.answers).items():
            data[f"q-{key}"] = str(value)
    return True


def not_read() -> str:
    return _(
        "This is no citizen card, no code of a dossier and no guidance slip of this ward. Scan it again, or type below."
    )

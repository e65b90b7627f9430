"""Whom to telephone today, why, and what to say: in plain words, to be read aloud (look.md, "Voice")."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.dossiers import words
from gandan.dossiers.models import Call, Dossier, Party, PartyKind, Supplement, Visit
from gandan.dossiers.papers import items_of
from gandan.notifications.models import Message
from gandan.ui.words import datetime_words

REASONS: dict[str, str | Promise] = {
    "apology": gettext_lazy("Apologise: the result will be late"),
    "ready_early": gettext_lazy("The result is ready early"),
    "ready": gettext_lazy("The result is ready"),
    "supplement": gettext_lazy("Papers are still missing"),
    "supplement_expiring": gettext_lazy("The time for further papers ends soon"),
    "uncollected": gettext_lazy("The result has not been collected"),
    "visit": gettext_lazy("An officer will come to look at the place"),
    "visit_off": gettext_lazy("The visit does not take place"),
    "correction": gettext_lazy("Apologise: the result was wrong and is being corrected"),
    "corrected": gettext_lazy("The corrected result is ready"),
    "re_routed": gettext_lazy("After a merger another centre has the dossier"),
    "date_moved": gettext_lazy("The date moved: a rule or the calendar changed"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a script may speak of: the dossier, its newest request for papers, its planned visit, the message's facts."""

    dossier: Dossier
    facts: Mapping[str, Any]
    supplement: Supplement | None
    visit: Visit | None

    def moment(self, name: str) -> str:
        """A fact of the message as a date in words; '' if it has none."""
        value = self.facts.get(name)
        return datetime_words(datetime.fromisoformat(value)) if value else ""

    @property
    def papers(self) -> str:
        items = items_of(self.supplement) if self.supplement else []
        return "; ".join(item["name"] for item in items)


@dataclass(frozen=True, slots=True)
class CallToMake:
    """One person to telephone: why, what to say, what came of earlier tries."""

    message: Message
    dossier: Dossier
    person: Party
    reason: str
    undeliverable: bool
    script: list[str]
    tries: list[Call]


def calls_to_make(messages: Sequence[Message]) -> list[CallToMake]:
    """The calls behind these waiting messages, in their order. Four queries, however many there are."""
    ids = {one.subject_id for one in messages}
    dossiers = Dossier.objects.select_related("owner", "agent", "version", "unit_received").in_bulk(ids)
    supplements = {
        one.dossier_id: one for one in Supplement.objects.filter(dossier__in=ids).order_by("number")
    }
    visits = {
        one.dossier_id: one
        for one in Visit.objects.filter(dossier__in=ids, recorded_at__isnull=True, replaced_at__isnull=True)
    }
    tries: dict[UUID, list[Call]] = defaultdict(list)
    for call in Call.objects.filter(message_id__in=[one.pk for one in messages], undone_at__isnull=True):
        tries[call.message_id].append(call)
    return [
        call_about(
            message,
            Known(
                dossiers[message.subject_id],
                json.loads(message.facts),
                supplements.get(message.subject_id),
                visits.get(message.subject_id),
            ),
            sorted(tries[message.pk], key=lambda call: call.number),
        )
        for message in messages
    ]


def call_about(message: Message, known: Known, tries: list[Call]) -> CallToMake:
    person = known.dossier.agent or known.dossier.owner
    return CallToMake(
        message=message,
        dossier=known.dossier,
        person=person,
        reason=str(REASONS.get(message.topic) or words.topic(message.topic)),
        # Who has an e-mail address is telephoned only because the letter could not be sent.
        undeliverable=bool(person.email),
        script=script_of(message.topic, person, known),
        tries=tries,
    )


def script_of(topic: str, person: Party, known: Known) -> list[str]:
    """One idea a sentence. First who we are and whether it is the right person; only then the matter."""
    unit = known.dossier.unit_received
    opening = [
        _("Good day. I am calling from %(unit)s.") % {"unit": unit.name},
        asked_for(person),
        _("It is about the dossier “%(matter)s”.") % {"matter": known.dossier.version.short_name},
    ]
    closing = _("If you have a question, please telephone %(phone)s.") % {"phone": unit.phone}
    said = SAYS[topic](known) if topic in SAYS else told(topic)
    return [*opening, *said, *([closing] if unit.phone else [])]


def asked_for(person: Party) -> str:
    """A business or an office is not a lady or a gentleman."""
    if person.kind == PartyKind.CITIZEN:
        return _("Am I speaking to %(name)s, please?") % {"name": person.name}
    return _("Have I reached %(name)s, please?") % {"name": person.name}


def told(topic: str) -> list[str]:
    """News without a script of its own: what the page says, and where the reason stands."""
    return [f"{words.topic(topic)}.", _("The page for following the dossier says why, and what comes next.")]


def apology(known: Known) -> list[str]:
    return [
        _("The result will be later than the appointment. We are sorry."),
        _("The new appointment is %(moment)s.") % {"moment": known.moment("new_due_at")},
        _("You need not do anything further."),
    ]


def ready(known: Known) -> list[str]:
    return [_("The result is ready."), *come_for_it(known)]


def ready_early(known: Known) -> list[str]:
    later = _("If it does not suit you now, come at the appointment as agreed.")
    return [_("The result is ready earlier than promised."), *come_for_it(known), later]


def come_for_it(known: Known) -> list[str]:
    place = known.dossier.unit_received
    where = ", ".join(part for part in (place.name, place.address) if part)
    return [
        _("You can collect it in office hours at %(place)s.") % {"place": where},
        _("Please bring the receipt with you."),
    ]


def missing(known: Known) -> list[str]:
    return [
        _("These papers are still needed: %(papers)s.") % {"papers": known.papers},
        _("Please hand them in by %(moment)s.") % {"moment": known.moment("close_at")},
        _("Until they come, the time limit does not run."),
    ]


def expiring(known: Known) -> list[str]:
    return [
        _("We are still waiting for these papers: %(papers)s.") % {"papers": known.papers},
        _("The time for them ends on %(moment)s.") % {"moment": known.moment("close_at")},
        _("After that the dossier has to be closed; you can file again at any time."),
        _("Is there a difficulty with which we could help?"),
    ]


def uncollected(known: Known) -> list[str]:
    since = _("The result has been ready since %(moment)s.") % {"moment": known.moment("finished_at")}
    help_ = _("If you cannot come yourself, tell us, and we look for a way together.")
    return [since, *come_for_it(known), help_]


def visit(known: Known) -> list[str]:
    if known.visit is None:
        return told("visit")
    planned = known.visit
    return [
        _("An officer would like to come on %(moment)s.") % {"moment": datetime_words(planned.starts_at)},
        _("The place is: %(place)s.") % {"place": planned.place},
        _("This is to be looked at: %(what)s") % {"what": planned.what},
        _("Please be there. If the time does not suit you, tell me now."),
    ]


def correction(known: Known) -> list[str]:
    return [
        _("The result that we made for you was wrong. It was our mistake, and we are sorry."),
        _("We correct it by %(moment)s at the latest. It costs you nothing.")
        % {"moment": known.moment("due_at")},
        _("What was wrong, you can read on the page for following the dossier."),
    ]


def corrected(known: Known) -> list[str]:
    return [_("The corrected result is ready. We are sorry once more."), *come_for_it(known)]


def re_routed(known: Known) -> list[str]:
    due = known.dossier.due_at
    kept = _("The result is due %(moment)s.") % {"moment": datetime_words(due)} if due else ""
    said = [
        _("Your ward or commune was merged, and our centre goes on with your dossier."),
        _("Its code and your receipt stay valid."),
        kept,
        _("You need not do anything further."),
    ]
    return [sentence for sentence in said if sentence]


def date_moved(known: Known) -> list[str]:
    return [
        _("A rule or the working calendar changed, so the date of your result moves."),
        _("You have it by %(moment)s at the latest.") % {"moment": known.moment("due_at")},
        _("The page for following the dossier shows how the date is counted."),
    ]


SAYS: dict[str, Callable[[Known], list[str]]] = {
    "apology": apology,
    "ready": ready,
    "ready_early": ready_early,
    "supplement": missing,
    "supplement_expiring": expiring,
    "uncollected": uncollected,
    "visit": visit,
    "correction": correction,
    "corrected": corrected,
    "re_routed": re_routed,
    "date_moved": date_moved,
}

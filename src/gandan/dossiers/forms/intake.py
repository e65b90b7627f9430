"""One intake as it lies on the counter: everything typed so far, what follows from it, what is still open.

The same sheet serves the page, the slip that follows the typing, and the act: nothing is judged twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid4, uuid5

from django import forms
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.canonical import canonical_json
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, Reading
from gandan.catalogue import queries as catalogue
from gandan.catalogue.conditions import Condition, holds
from gandan.catalogue.errors import ProcedureUnknown
from gandan.catalogue.explain import ExplainedStep, explain
from gandan.catalogue.forms import AnswersForm
from gandan.catalogue.models import (
    Audience,
    FeeRule,
    ProcedureCase,
    ProcedureVersion,
    QuestionKind,
)
from gandan.catalogue.models import Channel as FeeChannel
from gandan.catalogue.wording import fee_words, time_words
from gandan.dossiers import clock, desks
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.forms.papers import FeeForm, PaperForm
from gandan.dossiers.forms.person import PersonForm
from gandan.dossiers.forms.scans import Scan, read
from gandan.dossiers.intake import IntakeInput
from gandan.dossiers.models import Answer, Channel, ReturnWay
from gandan.organization.models import Unit
from gandan.ui.fixed import fixed_fields

CHANNELS = [Channel.COUNTER, Channel.POST, Channel.ONLINE]
DERIVED = ("channel", "by_post", "by_proxy")  # known from elsewhere on the page, never asked
FIRST = {"channel": Channel.COUNTER.value, "return_way": ReturnWay.COUNTER.value, "sets": "1"}


def box() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


@fixed_fields
class MatterForm(forms.Form):
    """What belongs to the intake as a whole."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    scan = forms.CharField(
        required=False, max_length=1000, label=gettext_lazy("Scan the citizen card"), widget=box()
    )
    find = forms.CharField(
        required=False, max_length=200, label=gettext_lazy("What is it about?"), widget=box()
    )
    procedure = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    contact_slip = forms.CharField(
        required=False, max_length=12, label=gettext_lazy("Number of the guidance slip"), widget=box()
    )
    channel = forms.ChoiceField(
        choices=[(one.value, one.label) for one in CHANNELS],
        label=gettext_lazy("How the dossier came"),
        widget=forms.RadioSelect,
    )
    return_way = forms.ChoiceField(
        choices=ReturnWay.choices, label=gettext_lazy("How the result is collected"), widget=forms.RadioSelect
    )
    sets = forms.IntegerField(
        min_value=1,
        max_value=99,
        label=gettext_lazy("Number of sets"),
        widget=forms.NumberInput(attrs={"class": "input-short input-figures", "inputmode": "numeric"}),
    )
    official_code = forms.CharField(
        required=False, max_length=50, label=gettext_lazy("Code in the official system"), widget=box()
    )
    needs_interpreter = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("Interpreter needed: which language"),
        widget=box(),
    )
    needs_reading_help = forms.BooleanField(
        required=False, label=gettext_lazy("Read the papers out and help with writing")
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="%s", label_suffix="")
        self.is_valid()

    def clean_contact_slip(self) -> str:
        return "".join(str(self.cleaned_data["contact_slip"]).upper().split())

    def clean_official_code(self) -> str:
        return "".join(str(self.cleaned_data["official_code"]).split())

    def said(self, name: str) -> str:
        """The chosen value, or the first one while nothing sound was chosen."""
        return str(self.cleaned_data.get(name) or FIRST[name])


class IntakeSheet:
    """All forms of one intake, built from what was posted; `at` is the moment that the slip counts from."""

    def __init__(self, data: QueryDict, *, unit: Unit, user: User, at: datetime) -> None:
        self.data, self.unit, self.user, self.at = data, unit, user, at
        self.today = at.astimezone(VIETNAM).date()
        for name, value in FIRST.items():
            data.setdefault(name, value)
        if not is_uuid(data.get("request_id", "")):
            data["request_id"] = str(uuid4())
        self.matter = MatterForm(data)
        self.owner = PersonForm(data, prefix="owner", today=self.today)
        self.refused_files: dict[str, list[str]] = {}
        self.is_tied = (
            False  # to the person at the counter: then the officer registers, and a colleague accepts
        )

    # ---- the matter ----------------------------------------------------------------------------------------

    @property
    def request_id(self) -> UUID:
        return UUID(str(self.data["request_id"]))

    @cached_property
    def version(self) -> ProcedureVersion | None:
        """The version in force of the procedure chosen. One query."""
        code = self.data.get("procedure", "").strip()
        if not code:
            return None
        try:
            return catalogue.version_at(code, self.at)
        except ProcedureUnknown:
            return None

    @property
    def is_unknown(self) -> bool:
        """True when a code was sent that the catalogue does not hold."""
        return bool(self.data.get("procedure", "").strip()) and self.version is None

    @cached_property
    def agent(self) -> PersonForm:
        return PersonForm(self.data, prefix="agent", today=self.today)

    @property
    def has_agent(self) -> bool:
        """True when an agent was written down; without one the form is made for the page alone."""
        return any(self.data.get(f"agent-{name}", "").strip() for name in ("name", "number"))

    @cached_property
    def parts(self) -> catalogue.Sheet:
        """Cases, questions, papers and fees of the version; none while nothing is chosen."""
        return catalogue.sheet_of(self.version) if self.version else catalogue.Sheet((), (), (), ())

    @cached_property
    def questions(self) -> AnswersForm | None:
        if self.version is None:
            return None
        form = AnswersForm(
            self.data,
            questions=self.parts.questions,
            audience=Audience.OFFICER.value,
            prefix="q",
            auto_id="%s",
        )
        form.is_valid()
        return form

    @cached_property
    def answers(self) -> dict[str, str]:
        """What is known: answers given, and what the rest of the page says by itself."""
        given = self.questions.answers() if self.questions else {}
        known = {key: str(value) for key, value in given.items()}
        channel = self.matter.said("channel")
        known["channel"] = channel
        known["by_post"] = "yes" if channel == Channel.POST else "no"
        known["by_proxy"] = "yes" if self.has_agent else "no"
        return known

    @cached_property
    def case(self) -> ProcedureCase | None:
        return self.parts.case_for(self.answers) if self.version else None

    @property
    def time(self) -> str:
        """The time limit in words; '' where no date may be given: an outdated figure is no figure."""
        if self.version is None or self.case is None or self.version.guide_only:
            return ""
        return time_words(self.case.rule())

    # ---- what must still be asked --------------------------------------------------------------------------

    @cached_property
    def deciding(self) -> set[str]:
        """Keys of the unanswered questions that decide papers, the time limit, or a price by quantity."""
        if self.version is None:
            return set()
        parts = self.parts
        conditions = [paper.when for paper in parts.papers] + [case.when for case in parts.cases]
        found = {key for one in conditions for key in next_question(one, self.answers)}
        for rule in parts.fees:
            if not rule.relief and holds(rule.when, self.answers) is True:
                quantities = [rule.quantity] if rule.quantity else []
                quantities += [rule.scale["by"], rule.scale["times"]] if rule.scale else []
                found |= {key for key in quantities if not self.answers.get(key)}
        return found | self.fee_questions

    @cached_property
    def fee_questions(self) -> set[str]:
        """Keys of the unanswered questions that decide what it costs; how many extra copies are wanted is free to say."""
        if self.version is None:
            return set()
        free = {question.key for question in self.parts.questions if question.kind == QuestionKind.NUMBER}
        rules = [rule for rule in self.parts.fees if not rule.relief and self.concerns(rule)]
        return {key for rule in rules for key in next_question(rule.when, self.answers)} - free

    def concerns(self, rule: FeeRule) -> bool:
        """True for fees of this channel and province."""
        online = self.channel == Channel.ONLINE
        by_channel = rule.channel == FeeChannel.ANY or (rule.channel == FeeChannel.ONLINE) == online
        return by_channel and rule.province in ("", self.unit.own_province.pk)

    @cached_property
    def asked(self) -> list[forms.BoundField]:
        """The questions to show: answered ones, those that decide, those that a fee or a relief hangs on."""
        if self.version is None or self.questions is None:
            return []
        fees = {key for rule in self.parts.fees for key in next_question(rule.when, self.answers)}
        wanted = self.deciding | fees | set(self.answers)
        return [
            self.questions[question.key]
            for question in self.questions.questions
            if question.key in wanted and question.key not in DERIVED
        ]

    # ---- papers and fees -----------------------------------------------------------------------------------

    @cached_property
    def papers(self) -> list[PaperForm]:
        if self.version is None:
            return []
        return [
            PaperForm(
                self.data,
                paper,
                certain=paper.applies(self.answers) is True,
                scans=self.scans_of(paper.key),
            )
            for paper in self.parts.checklist_for(self.answers)
        ]

    def scans_of(self, key: str) -> Iterator[Scan]:
        """The scans that wait beside a paper; one that cannot be read any more is told."""
        for token in dict.fromkeys(self.data.getlist(f"p-{key}-files")):
            scan = read(token, self.user)
            if scan is not None:
                yield scan
            elif token:
                self.refuse_file(
                    key, _("A scan did not arrive whole. Attach it again; the other fields are kept.")
                )

    def refuse_file(self, key: str, message: str) -> None:
        self.refused_files.setdefault(key, []).append(message)

    @cached_property
    def fees(self) -> list[FeeForm]:
        if self.version is None:
            return []
        quantities = self.questions.quantities() if self.questions else {}
        lines = self.parts.fees_for(
            self.answers, self.channel, self.today, quantities, province=self.unit.own_province.pk
        )
        return [FeeForm(self.data, line, fee_words(line)) for line in lines]

    @property
    def total(self) -> int | None:
        """The sum of the lines that count; None while one is not known."""
        amounts = [form.sum for form in self.fees if not form.line.conditional]
        return None if self.fee_questions or None in amounts else sum(amount or 0 for amount in amounts)

    @property
    def missing(self) -> list[PaperForm]:
        return [paper for paper in self.papers if paper.chosen == Answer.MISSING]

    @property
    def handed_in(self) -> list[PaperForm]:
        """Papers that are settled one way or another: they stand on the receipt."""
        return [paper for paper in self.papers if paper.chosen not in (None, Answer.MISSING)]

    @property
    def channel(self) -> str:
        return self.matter.said("channel")

    @property
    def still_open(self) -> list[tuple[str, str]]:
        """What must still be done, as (id of its field, word): a short list beside the last step."""
        found = [] if self.data.get("owner-name", "").strip() else [("owner-name", _("the name"))]
        if self.version is None:
            return [*found, ("find", _("the procedure"))]
        asked = len(self.deciding - set(DERIVED))
        if asked:
            first = next(f.auto_id for f in self.asked if f.name in self.deciding)
            found.append((first, ngettext("%(n)d question", "%(n)d questions", asked) % {"n": asked}))
        papers = self.unanswered
        if papers:
            words = ngettext("%(n)d paper", "%(n)d papers", len(papers)) % {"n": len(papers)}
            found.append((f"{papers[0].prefix}-1", words))
        return found

    @property
    def unanswered(self) -> list[PaperForm]:
        return [paper for paper in self.papers if paper.certain and paper.chosen is None]

    # ---- the date ------------------------------------------------------------------------------------------

    @cached_property
    def reading(self) -> Reading | None:
        """What the clock says if it were accepted now; None with `no_date` saying why."""
        return None if self.no_date or self.case is None else self._reading

    @cached_property
    def _reading(self) -> Reading | None:
        return (
            clock.first_reading(self.case, desks.calendar_on(self.unit, self.at), self.at)
            if self.case
            else None
        )

    @cached_property
    def no_date(self) -> str:
        """Why there is no date, in plain words; '' when there is one, or nothing was chosen yet."""
        if self.version is None or self.case is None:
            return ""
        if self.version.guide_only:
            return self.version.why_guide_only
        try:
            if self._reading is None:
                return self.case.why_no_rule or _("This case has no time limit in our catalogue.")
        except YearWithoutCalendar as error:
            return no_calendar(error)
        return ""

    @property
    def why(self) -> list[ExplainedStep]:
        return explain(self.reading, get_language() or "vi") if self.reading else []

    # ---- what is wrong -------------------------------------------------------------------------------------

    def require_all(self) -> None:
        """Adds what only the last step asks for: a name, a procedure, the deciding answers, each paper."""
        self.owner.require_name()
        if self.has_agent:
            self.agent.require_name()
        self.require_matter()

    def require_matter(self) -> None:
        """The part that a guidance slip needs too: it names nobody."""
        if self.version is None:
            self.matter.add_error("find", no_such_procedure() if self.is_unknown else choose_procedure())
        if self.questions:
            for key in self.deciding - set(DERIVED):
                if not self.questions.has_error(key):
                    self.questions.add_error(
                        key, _("Choose an answer: it decides the papers, the date or the fee.")
                    )
        for paper in self.papers:
            paper.require()

    @property
    def all_forms(self) -> list[BaseForm]:
        people: list[BaseForm] = [self.owner, self.agent] if self.has_agent else [self.owner]
        asked: list[BaseForm] = [self.questions] if self.questions else []
        return [self.matter, *people, *asked, *self.papers, *self.fees]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Everything to put right: (id of its field, sentence), in the order of the page."""
        found = []
        for form in self.all_forms:
            for name, errors in form.errors.items():
                target = form[name].auto_id if name in form.fields else "intake"
                found += [(target, str(error)) for error in errors]
        for key, messages in self.refused_files.items():
            found += [(f"p-{key}-upload", message) for message in messages]
        return found

    def refuse(self, field: str, message: str) -> None:
        """Puts a refusal of the act beside the field that it belongs to."""
        place = {"procedure": "find", "case": "find", "contact_slip": "contact_slip"}.get(field)
        self.matter.add_error(place, message)

    # ---- what the acts take --------------------------------------------------------------------------------

    def stored_answers(self) -> dict[str, str]:
        """Answers to the version's own questions alone."""
        keys = {question.key for question in self.questions.questions} if self.questions else set()
        return {key: value for key, value in sorted(self.answers.items()) if key in keys}

    def intake(self) -> IntakeInput:
        """The whole intake as the act takes it; call it when there is no problem left."""
        if self.version is None or self.case is None:
            raise ValueError("require_all() comes first")
        clean = self.matter.cleaned_data
        return IntakeInput(
            version_id=self.version.pk,
            case_name=self.case.name,
            owner=self.owner.party(),
            agent=self.agent.party() if self.has_agent else None,
            papers=tuple(line for paper in self.papers if (line := paper.line())),
            fees=tuple(fee for form in self.fees if (fee := form.fee())),
            answers=self.stored_answers(),
            channel=Channel(clean["channel"]),
            return_way=ReturnWay(clean["return_way"]),
            sets=clean["sets"],
            needs_interpreter=clean["needs_interpreter"],
            needs_reading_help=clean["needs_reading_help"],
            official_code=clean["official_code"],
            contact_slip=clean["contact_slip"],
        )

    def missing_papers(self) -> list[MissingPaper]:
        return [MissingPaper(form.paper.name, form.why_missing()) for form in self.missing]

    def guidance_id(self) -> UUID:
        """The request of the guidance: pressed twice it is one slip, changed it is the next one."""
        told = {
            "version": self.version.pk if self.version else None,
            "missing": [[one.name, one.reason] for one in self.missing_papers()],
            "answers": self.stored_answers(),
        }
        return uuid5(self.request_id, canonical_json(told))


def next_question(condition: Condition, answers: dict[str, str]) -> set[str]:
    """The first unanswered question on which an undecided condition hangs; later ones may never matter."""
    if holds(condition, answers) is not None or condition is None:
        return set()
    for group in ("all", "any"):
        if group in condition:
            return next(
                (found for part in condition[group] if (found := next_question(part, answers))), set()
            )
    if "not" in condition:
        return next_question(condition["not"], answers)
    return {str(condition["q"])}


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def choose_procedure() -> str:
    return _("Choose what it is about: type a few letters, then press Enter.")


def no_such_procedure() -> str:
    return _(
        "Our catalogue holds no such procedure. Type a few letters of its name and choose from the list."
    )


def no_calendar(error: YearWithoutCalendar) -> str:
    return _(
        "The working calendar of %(year)d is not published yet, so no date can be promised. The dossier cannot be "
        "taken in with a date; an administrator can enter the calendar once it is decided."
    ) % {"year": error.year}

"""The dossier itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.catalogue.models import ProcedureCase, ProcedureVersion
from gandan.dossiers.models.party import Party
from gandan.ledger.ids import new_id
from gandan.organization.models import Commune, Unit, roles


class State(models.IntegerChoices):
    """The ten states of the national portal (one-stop.md §6.1), by their numbers."""

    REGISTERED = 1, _("Newly registered")
    ACCEPTED = 2, _("Accepted")
    REFUSED = 3, _("Not accepted")
    PROCESSING = 4, _("Being processed")
    SUPPLEMENT = 5, _("Waiting for more papers")
    FINANCIAL = 6, _("Waiting for payment")
    WITHDRAWN = 7, _("Withdrawn by the citizen")
    STOPPED = 8, _("Processing stopped")
    DONE = 9, _("Processing finished")
    RETURNED = 10, _("Result returned")


OPEN_STATES = (State.REGISTERED, State.ACCEPTED, State.PROCESSING, State.SUPPLEMENT, State.FINANCIAL)


class Desk(models.TextChoices):
    """The finer step: at whose desk the dossier lies."""

    RECEPTION = "reception", _("reception")
    TRANSFER = "transfer", _("transfer to the department")
    ASSIGNMENT = "assignment", _("assignment")
    APPRAISAL = "appraisal", _("appraisal")
    CHECK = "check", _("check by the head of department")
    SIGNATURE = "signature", _("signature")
    STAMP = "stamp", _("number and stamp")
    HANDOVER = "handover", _("hand-over of the result to the centre")
    RETURN = "return", _("return of the result")
    FORWARDED = "forwarded", _("at another body")
    WAITING = "waiting", _("waiting for the citizen")
    CLOSED = "closed", _("closed")


class Channel(models.TextChoices):
    """How the dossier came (kênh thực hiện); `portal_code` gives the portal's three numbers."""

    COUNTER = "counter", _("at the counter")
    ONLINE = "online", _("online")
    POST = "post", _("by post")
    VNEID = "vneid", _("by VNeID")
    KIOSK = "kiosk", _("at a kiosk")
    MOBILE = "mobile", _("mobile reception")


PORTAL_CODES = {
    Channel.COUNTER: 1,
    Channel.ONLINE: 2,
    Channel.POST: 3,
    Channel.VNEID: 2,
    Channel.KIOSK: 2,
    Channel.MOBILE: 1,
}


class Lane(models.TextChoices):
    APPOINTMENT = "appointment", _("with an appointment")
    IMMEDIATE = "immediate", _("immediate result")


class ReturnWay(models.TextChoices):
    COUNTER = "counter", _("at the counter")
    POST = "post", _("by post")
    ONLINE = "online", _("electronic result")


class ResultKind(models.TextChoices):
    NONE = "", _("no result yet")
    GRANTED = "granted", _("granted")
    REFUSAL = "refusal", _("refused with a written reason")


class StopGround(models.TextChoices):
    """Why processing stopped (lý do dừng); the code stands in the event."""

    NOT_SUPPLEMENTED = "not-supplemented", _("papers were not completed")
    ASKED = "asked", _("the applicant asked for it")


class Dossier(models.Model):
    """A dossier (hồ sơ thủ tục hành chính), from registration to the result in the person's hand.

        REGISTERED ─accept→ ACCEPTED ─transfer→ PROCESSING ─finish→ DONE ─return→ RETURNED
             │ └refuse→ REFUSED   └───────────┬────┘ ▲
             └──────request supplement→ SUPPLEMENT ──┘ receive supplement
                                              └close→ STOPPED        withdraw (before the result) → WITHDRAWN
        DONE, RETURNED ─correct→ PROCESSING       stop (before the decision) → STOPPED
        any end ─reopen→ where it had been, or PROCESSING
        PROCESSING at another body's desk ─forward, return its part→ PROCESSING (a `PhaseRun` for each part)

    Source: 118/2025/NĐ-CP arts. 16-24. The procedure version is the one in force at reception.
    `due_at` is the legal due moment (none while waiting for the citizen); `base_due_at` and `wait_seconds`
    belong to the index clock. `revision` grows with each change: two clerks on one dossier notice each other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("dossier code"), max_length=50, unique=True)
    official_code = models.CharField(_("official code"), max_length=50, unique=True, null=True)  # noqa: DJ001  unique, or none
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    unit_helped = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    unit_received = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_competent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(ProcedureCase, on_delete=models.PROTECT, related_name="+")
    answers = models.TextField(default="{}")  # canonical JSON: answers to the catalogue's questions
    owner = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="dossier")
    agent = models.OneToOneField(Party, on_delete=models.PROTECT, null=True, related_name="dossier_as_agent")
    channel = models.CharField(max_length=10, choices=Channel)
    lane = models.CharField(max_length=12, choices=Lane, default=Lane.APPOINTMENT)
    return_way = models.CharField(max_length=10, choices=ReturnWay, default=ReturnWay.COUNTER)
    needs_interpreter = models.CharField(_("interpreter needed (language)"), max_length=40, blank=True)
    needs_reading_help = models.BooleanField(_("help with reading needed"), default=False)
    sets = models.PositiveSmallIntegerField(_("number of sets"), default=1)
    register_year = models.PositiveSmallIntegerField()
    register_number = models.PositiveIntegerField()
    origin = models.CharField(
        max_length=5, blank=True
    )  # code of the merged commune whose register it stands in

    state = models.PositiveSmallIntegerField(choices=State)
    desk = models.CharField(max_length=12, choices=Desk)
    desk_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    desk_role = models.CharField(max_length=24, choices=roles, blank=True)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    act_by = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    step_number = models.PositiveSmallIntegerField(default=0)  # of the last StepRun
    reading_number = models.PositiveSmallIntegerField(default=0)  # of the last Deadline
    phase_number = models.PositiveSmallIntegerField(default=0)  # of the last PhaseRun; 0: one body alone
    reminded_step = models.PositiveSmallIntegerField(default=0)  # of the StepRun whose desk was last reminded

    first_contact_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)  # a new date promised too late to move the legal one
    base_due_at = models.DateTimeField(null=True)
    wait_seconds = models.PositiveBigIntegerField(default=0)
    supplement_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    opinions_open = models.PositiveSmallIntegerField(default=0)  # consultations without an answer
    visit = models.ForeignKey(
        "Visit", on_delete=models.PROTECT, null=True, related_name="+"
    )  # the planned one
    is_correction = models.BooleanField(default=False)  # a wrong result is being corrected
    stop_ground = models.CharField(max_length=20, choices=StopGround, blank=True)

    result_kind = models.CharField(max_length=8, choices=ResultKind, blank=True)
    result_number = models.CharField(_("number of the result"), max_length=60, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    tracking_hash = models.CharField(max_length=64, unique=True)
    salt = models.BinaryField(max_length=16)

    # No column: the blind indexes of the parties, once they were read.
    party_indexes: frozenset[str] | None = None

    class Meta:
        verbose_name = _("dossier")
        indexes = [
            models.Index(
                fields=["commune", "act_by", "id"],
                name="dossier_open_by_time",
                condition=models.Q(finished_at__isnull=True),
            ),
            models.Index(
                fields=["assignee", "act_by", "id"],
                name="dossier_mine",
                condition=models.Q(finished_at__isnull=True),
            ),
            models.Index(fields=["desk_unit", "desk_role", "act_by", "id"], name="dossier_at_desk"),
            models.Index(
                fields=["commune", "due_at", "id"],
                name="dossier_open_by_due",
                condition=models.Q(finished_at__isnull=True, due_at__isnull=False),
            ),
            models.Index(
                fields=["commune", "act_by", "id"],
                name="dossier_at_other_bodies",
                condition=models.Q(desk="forwarded"),
            ),
            models.Index(fields=["commune", "registered_at", "id"], name="dossier_by_registration"),
            models.Index(fields=["commune", "state", "registered_at", "id"], name="dossier_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "origin", "register_year", "register_number"],
                name="register_number_is_unique_in_its_register",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_at__isnull=True) | models.Q(finished_at__isnull=False),
                name="returned_implies_finished",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.RETURNED) | models.Q(returned_at__isnull=False),
                name="state_returned_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.ACCEPTED, State.PROCESSING])
                | models.Q(due_at__isnull=False),
                name="running_dossier_has_a_due_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True)
                | models.Q(accepted_at__gte=models.F("registered_at")),
                name="accepted_after_registration",
            ),
            models.CheckConstraint(
                condition=models.Q(first_contact_at__lte=models.F("registered_at")),
                name="contact_before_registration",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def chain(self) -> str:
        """The chain of the ledger that bears its whole history: that of the commune in whose register it stands.

        A dossier re-routed after a merger goes on in the chain in which it began (decision 0012).
        """
        return self.origin or self.commune_id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def shown_code(self) -> str:
        """The official code if there is one, else ours (papers then say "Phiếu nội bộ")."""
        return self.official_code or self.code

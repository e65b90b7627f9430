"""Tables of the organization: provinces, communes and those before them, units, duties, calendars."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandan.law.rows import DatedQuerySet, DatedRow, scope_constraints
from gandan.ledger.ids import new_id
from gandan.organization.absence import models as absence_models  # noqa: F401  tables of this room
from gandan.organization.integrity import models as integrity_models  # noqa: F401  tables of this room
from gandan.organization.mergers import models as merger_models  # noqa: F401
from gandan.organization.reviews import models as review_models  # noqa: F401
from gandan.ui.words import weekday_word


class HolidayQuerySet(DatedQuerySet["Holiday"]):
    """Reads of days off and make-up days."""


class OfficeHoursQuerySet(DatedQuerySet["OfficeHoursRow"]):
    """Reads of office hours."""


HolidayManager = models.Manager.from_queryset(HolidayQuerySet)
OfficeHoursManager = models.Manager.from_queryset(OfficeHoursQuerySet)


class CommuneKind(models.TextChoices):
    """Kind of a commune (loại đơn vị hành chính cấp xã)."""

    WARD = "phường", _("ward")
    COMMUNE = "xã", _("commune")
    SPECIAL_ZONE = "đặc khu", _("special zone")


class UnitKind(models.TextChoices):
    """Kind of a unit (loại đơn vị)."""

    PEOPLE_COMMITTEE = "people_committee", _("people's committee")
    CENTRE = "centre", _("public service centre")
    BRANCH = "branch", _("branch of a centre")
    POINT = "point", _("reception point")
    DEPARTMENT = "department", _("department")
    POLICE = "police", _("police")
    TAX = "tax", _("tax office")
    PROVINCE_COMMITTEE = "province_committee", _("provincial people's committee")
    PROVINCE_OFFICE = "province_office", _("office of the provincial people's committee")
    PROVINCE_CENTRE = "province_centre", _("provincial public service centre")
    PROVINCE_DEPARTMENT = "province_department", _("provincial department")
    LAND_REGISTRATION = "land_registration", _("land registration office")
    SOCIAL_INSURANCE = "social_insurance", _("social insurance office")
    COUNCIL = "council", _("people's council")
    FRONT = "front", _("Fatherland Front")


#: Kinds that only a province has; a police, tax or council unit is found at either level.
OF_A_PROVINCE = frozenset(
    {
        UnitKind.PROVINCE_COMMITTEE,
        UnitKind.PROVINCE_OFFICE,
        UnitKind.PROVINCE_CENTRE,
        UnitKind.PROVINCE_DEPARTMENT,
        UnitKind.LAND_REGISTRATION,
        UnitKind.SOCIAL_INSURANCE,
    }
)


class Role(models.TextChoices):
    """What a person does in a unit (vai trò)."""

    COUNTER_OFFICER = "counter_officer", _("counter officer")
    SPECIALIST = "specialist", _("specialist")
    HEAD_OF_DEPARTMENT = "head_of_department", _("head of department")
    CLERK = "clerk", _("records clerk")
    SIGNING_LEADER = "signing_leader", _("leader who signs")
    CENTRE_DIRECTOR = "centre_director", _("director of the centre")
    INSPECTOR = "inspector", _("inspector of the steering committee")
    LEGAL_OFFICER = "legal_officer", _("legal officer")
    ADMINISTRATOR = "administrator", _("administrator")
    POLICE_OFFICER = "police_officer", _("posted police officer")
    TAX_OFFICER = "tax_officer", _("posted tax officer")
    COUNCIL_MEMBER = "council_member", _("member of the people's council")
    FRONT_MEMBER = "front_member", _("member of the Fatherland Front")


class Share(models.TextChoices):
    """How much of an old commune went to a new one (phần chuyển)."""

    WHOLE = "whole", _("the whole")
    PART = "part", _("a part")


def unit_kinds() -> list[tuple[str, Any]]:
    return UnitKind.choices


def roles() -> list[tuple[str, Any]]:
    return Role.choices


class Province(models.Model):
    """A province or centrally run city (tỉnh, thành phố), by the code of the statistics office."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    kind = models.CharField(_("kind"), max_length=10)
    name = models.CharField(_("name"), max_length=60)
    resolution = models.CharField(_("resolution"), max_length=60, blank=True)
    resolution_on = models.DateField(_("date of the resolution"), null=True, blank=True)

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Kind and name as written on papers: "Thành phố Huế", "Tỉnh Cao Bằng"."""
        return f"{self.kind.capitalize()} {self.name}"


class Commune(models.Model):
    """A commune-level unit (đơn vị hành chính cấp xã: xã, phường, đặc khu), by its code of five digits.

    From `merged_on` on it is part of `merged_into` (a `Merger`) and its people go there.
    `folded` is the name without marks; `search_text` holds the folded words of name and province,
    each after a space, so that one pattern finds the beginning of any word.
    """

    code = models.CharField(_("code"), max_length=5, primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CommuneKind.choices)
    name = models.CharField(_("name"), max_length=60)
    province = models.ForeignKey(
        Province, verbose_name=_("province"), on_delete=models.PROTECT, related_name="communes"
    )
    resolution = models.CharField(_("resolution"), max_length=60, blank=True)
    resolution_on = models.DateField(_("date of the resolution"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), on_delete=models.PROTECT, null=True, related_name="parts"
    )
    merged_on = models.DateField(_("merged on"), null=True)
    folded = models.CharField(_("name without marks"), max_length=60)
    search_text = models.CharField(_("words to search"), max_length=160)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_on__isnull=True)
                | Q(merged_into__isnull=False, merged_on__isnull=False),
                name="merged_commune_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Kind and name as written on papers: "Phường Hương Thủy"."""
        return f"{self.kind.capitalize()} {self.name}"


class Predecessor(models.Model):
    """A former commune and one of its successors (đơn vị cũ và đơn vị mới): of July 2025, or of a later `merger`.

    Codes were given anew in July 2025: the same one may stand for the commune before and for the one after; only
    that of a merger here has no district. An old commune that was split has several rows with `share` = part: the person is asked, never guessed.
    `suggested` only orders the answers.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    old_code = models.CharField(_("old code"), max_length=5)
    old_name = models.CharField(_("old name"), max_length=80)
    old_district = models.CharField(_("old district"), max_length=80, blank=True)
    old_province = models.CharField(_("old province"), max_length=80)
    successor = models.ForeignKey(
        Commune, verbose_name=_("successor"), on_delete=models.PROTECT, related_name="predecessors"
    )
    share = models.CharField(_("share"), max_length=5, choices=Share.choices)
    suggested = models.BooleanField(_("suggested first"), default=False)
    merger = models.ForeignKey("organization.Merger", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(_("in force from"), null=True)
    search_text = models.CharField(_("words to search"), max_length=260)

    class Meta:
        verbose_name = _("predecessor")
        verbose_name_plural = _("predecessors")
        constraints = [
            models.UniqueConstraint(
                fields=["old_code", "successor"],
                condition=Q(merger=None),
                name="shipped_predecessor_names_a_successor_once",
            ),
            models.UniqueConstraint(
                fields=["merger", "old_code", "old_district"], name="merger_names_a_predecessor_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_name} ({self.old_district}) → {self.successor_id}"


class Unit(models.Model):
    """A unit (đơn vị): committee, centre, branch, point, department, or a seat of another body.

    It is a unit of a commune, or one of a province (sở, chi nhánh văn phòng đăng ký đất đai, cơ quan bảo hiểm
    xã hội, …), which may serve several communes: exactly one of `commune` and `province` is set.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    commune = models.ForeignKey(
        Commune,
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
    )
    province = models.ForeignKey(
        Province,
        verbose_name=_("province"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=unit_kinds)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=240, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    official_code = models.CharField(_("official code"), max_length=35, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("office or department")
        verbose_name_plural = _("offices and departments")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="unit_does_not_close_before_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(commune__isnull=False, province__isnull=True)
                | Q(commune__isnull=True, province__isnull=False),
                name="unit_is_of_a_commune_or_of_a_province",
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "kind"], name="unit_by_commune_and_kind"),
            models.Index(fields=["province", "kind"], name="unit_by_province_and_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on: date) -> bool:
        """True on the days from opening to closing, both included."""
        return self.opened_on <= on and (self.closed_on is None or on <= self.closed_on)

    @property
    def commune_code(self) -> str:
        """The code of its commune; '' for a unit of a province."""
        return self.commune_id or ""

    @property
    def own_commune(self) -> Commune:
        """Its commune. ValueError for a unit of a province: who asks has made sure of a commune's unit."""
        if self.commune is None:
            raise ValueError(f"unit {self.code} belongs to a province, not to a commune")
        return self.commune

    @property
    def own_province(self) -> Province:
        """The province it belongs to, by itself or by its commune; no query where both came with it."""
        return self.province or self.own_commune.province

    @property
    def administered_place(self) -> Commune | Province:
        """The commune or province whose administrator cares for this unit."""
        return self.commune or self.own_province

    @property
    def place_name(self) -> str:
        """Commune or province as written on papers."""
        return self.administered_place.full_name

    @property
    def chain(self) -> str:
        """The chain of the ledger that acts on this unit belong to: its commune's, or the cell's."""
        return self.commune_id or "cell"


class DutyQuerySet(models.QuerySet["Duty"]):
    """Reads of duties."""

    def held_on(self, day: date) -> DutyQuerySet:
        """Duties whose dates include `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def after(self, day: date, *, included: bool = False) -> DutyQuerySet:
        """Duties that are held on any day later than `day`, or on that day too; begun or not."""
        last = Q(valid_to__gte=day) if included else Q(valid_to__gt=day)
        return self.filter(Q(valid_to=None) | last)


DutyManager = models.Manager.from_queryset(DutyQuerySet)


class Duty(models.Model):
    """A duty (nhiệm vụ được giao): a role that a member of staff holds in a unit between two dates.

    `post` and `fields` are what the public page shows: the post's name and the fields of work.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member of staff"),
        on_delete=models.PROTECT,
        related_name="duties",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("office or department"), on_delete=models.PROTECT, related_name="duties"
    )
    role = models.CharField(_("role"), max_length=24, choices=roles)
    post = models.CharField(_("post"), max_length=120, blank=True)
    fields = models.CharField(_("fields of work"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = DutyManager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="duty_does_not_end_before_it_starts",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role", "valid_from"], name="duty_is_given_once_for_a_start"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "valid_from"], name="duty_by_user"),
            models.Index(fields=["unit", "role"], name="duty_by_unit_and_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Holiday(DatedRow):
    """A day off on a weekday (ngày nghỉ lễ, hoán đổi), or a make-up day (ngày làm bù) if `works`."""

    day = models.DateField(_("day"))
    works = models.BooleanField(_("people work on it"), default=False)
    name = models.CharField(_("name"), max_length=120)

    objects = HolidayManager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        base_manager_name = "objects"
        constraints = [
            *scope_constraints("holiday"),
            models.UniqueConstraint(
                fields=["day", "scope", "scope_code"],
                condition=Q(superseded_by=None),
                name="holiday_is_named_once_for_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


def words_of_weekday(weekday: int) -> str:
    """The weekday (0 = Monday) as said inside a sentence: thứ Bảy."""
    return weekday_word(date(2024, 1, 1 + weekday))  # 1/1/2024: Monday


class OfficeHoursRow(DatedRow):
    """One span of office hours (giờ làm việc của cơ quan) of a unit, or of all units of a commune or province.

    Without a weekday it holds on each working day; with one, on that weekday, in the place of the former.
    `reception_only` is reception outside working days (Saturday mornings), which does not make that day a
    working day.
    """

    unit = models.ForeignKey(
        Unit,
        verbose_name=_("office or department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hours",
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    reception_only = models.BooleanField(_("reception only"), default=False)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = OfficeHoursManager()

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        base_manager_name = "objects"
        constraints = [
            *scope_constraints("office_hours"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="office_hours_open_before_they_close"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="office_hours_do_not_end_before_they_start",
            ),
            models.CheckConstraint(
                condition=Q(reception_only=False, weekday=None) | Q(weekday__gte=0, weekday__lte=6),
                name="office_hours_reception_has_its_weekday",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    @property
    def weekday_words(self) -> str:
        """The weekday as said inside a sentence: thứ Bảy."""
        return "" if self.weekday is None else words_of_weekday(self.weekday)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= (self.valid_to or date.max)

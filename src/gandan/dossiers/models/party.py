"""The people and bodies of a dossier."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.ledger.ids import new_id


class PartyKind(models.IntegerChoices):
    """Kinds of applicant (đối tượng), numbered as the national portal's `LoaiDoiTuong`."""

    CITIZEN = 1, _("citizen")
    ENTERPRISE = 2, _("enterprise")
    STATE_BODY = 3, _("state body")
    ORGANIZATION = 4, _("organization or other")


class IdentityKind(models.TextChoices):
    NONE = "", _("none")
    PERSONAL_NUMBER = "personal_number", _("personal identification number (12 digits)")
    OLD_CARD = "old_card", _("old identity card (9 digits)")
    PASSPORT = "passport", _("passport")
    TAX_CODE = "tax_code", _("tax code")
    OTHER = "other", _("other paper")


class Sex(models.TextChoices):
    UNKNOWN = "", _("not said")
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Party(models.Model):
    """A party of a dossier (chủ thể của hồ sơ): its owner (chủ hồ sơ) or the agent who files it (người được ủy quyền).

    A year alone is a valid birth date, one word a valid name. The identity number is sealed; `identity_index`
    is its keyed blind index, by which the same person's dossiers are found without reading the number.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.PositiveSmallIntegerField(choices=PartyKind, default=PartyKind.CITIZEN)
    name = models.CharField(_("full name"), max_length=200)
    folded_name = models.CharField(max_length=200)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    identity_kind = models.CharField(max_length=20, choices=IdentityKind, blank=True)
    identity_sealed = models.TextField(blank=True)
    identity_index = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("party of a dossier")
        indexes = [
            models.Index(
                fields=["identity_index"], name="party_identity", condition=~models.Q(identity_index="")
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="party_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(identity_sealed="", identity_index="")
                | (~models.Q(identity_sealed="") & ~models.Q(identity_index="")),
                name="sealed_identity_has_its_blind_index",
            ),
        ]

    def __str__(self) -> str:
        return self.name

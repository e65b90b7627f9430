"""Who signs in, and who looked at what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.ledger import rows
from gandan.ledger.ids import new_id


class UserManager(BaseUserManager["User"]):
    def get(self, *conditions: Any, **fields: Any) -> User:
        """As every manager's; by key alone, as the sign-in of each request asks, by a statement made once."""
        if conditions or fields.keys() != {"pk"}:
            return super().get(*conditions, **fields)
        user = rows.find(User, fields["pk"])
        if user is None:
            raise User.DoesNotExist
        return user

    def create_user(
        self, username: str, password: str | None, *, full_name: str, code: str, phone: str = ""
    ) -> User:
        """A new account; without a password it cannot sign in by one."""
        user = User(username=User.normalize_username(username), full_name=full_name, code=code, phone=phone)
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(AbstractBaseUser):
    """A member of staff (cán bộ, công chức, viên chức) who signs in.

    `code` is the opaque name that events and logs bear; `full_name` is for screens and papers only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("username"), max_length=60, unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "code"]

    class Meta:
        verbose_name = _("member of staff")

    def __str__(self) -> str:
        return self.full_name


class Look(models.Model):
    """One view of a record by a member of staff (nhật ký xem hồ sơ): who looked, at what, when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="looks")
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    page = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("look")
        indexes = [
            models.Index(fields=["subject_id", "at"], name="look_by_subject"),
            models.Index(fields=["user", "at"], name="look_by_user"),
        ]

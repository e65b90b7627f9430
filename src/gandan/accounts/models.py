"""Who signs in, and who looked at what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.module_loading import import_string
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
    `unseen_session` is a sign-in on a device never used before, until the person said that it was theirs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("username"), max_length=60, unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    unseen_session = models.UUIDField(null=True, editable=False)
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
            models.Index(fields=["at", "id"], name="look_by_time"),
        ]


class Session(AbstractBaseSession):
    """A session (phiên đăng nhập): one browser that is signed in, until it is ended. Its row is its life.

    `public_id` names it on pages and in the history; the key itself is known to that browser alone. While the
    key changes (at sign-in), two rows bear the same for a moment.
    """

    public_id = models.UUIDField(default=new_id, db_index=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = _("session")  # type: ignore[assignment]  # the base class has a plain text
        indexes = [models.Index(fields=["user", "used_at"], name="session_by_user")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")


class Method(models.TextChoices):
    """How somebody signed in (cách đăng nhập)."""

    PASSWORD = "password", _("password")
    APP = "app", _("password and code of the app")
    RECOVERY = "recovery", _("password and reserve code")
    BOTH = "both", _("password and passkey")
    PASSKEY = "passkey", _("passkey")
    PROVIDER = "provider", _("account of the province")
    LINK = "link", _("one-time link")


def methods() -> list[tuple[str, Any]]:
    return Method.choices


class SignIn(models.Model):
    """A sign-in (lần đăng nhập): when, how, on which device, and how its session ended.

    `device` is a keyed hash of the device's own mark, `agent` the words that its browser uses of itself in
    short. `code_wrong`: the password was right, the second step was not, and nobody was let in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    method = models.CharField(max_length=10, choices=methods)
    code_wrong = models.BooleanField(default=False)
    device = models.CharField(max_length=64, blank=True)
    new_device = models.BooleanField(default=False)
    agent = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=45, blank=True)
    session = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign-in")
        indexes = [
            models.Index(fields=["user", "at"], name="sign_in_by_user"),
            models.Index(fields=["user", "device"], name="sign_in_by_device"),
            models.Index(fields=["session"], name="sign_in_by_session"),
            models.Index(fields=["at"], name="sign_in_by_time"),
        ]


class AuthenticatorApp(models.Model):
    """An authenticator app (ứng dụng tạo mã) on a person's telephone: six digits that change every half minute.

    The secret is sealed. `last_step` is the half minute of the last code that was taken: none is taken twice.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="app")
    secret = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    last_step = models.BigIntegerField()

    class Meta:
        verbose_name = _("authenticator app")


class Passkey(models.Model):
    """A passkey (khóa truy cập): a key in a device or a stick that opens by finger, face or its own PIN.

    We hold its public half alone; `name` is the person's own word for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.TextField()
    uses = models.BigIntegerField(default=0)
    transports = models.CharField(max_length=100, blank=True)
    backed_up = models.BooleanField(default=False)
    name = models.CharField(_("name of the key"), max_length=60)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("passkey")
        indexes = [models.Index(fields=["user", "added_at"], name="passkey_by_user")]


class RecoveryCode(models.Model):
    """A reserve code (mã dự phòng): opens the second step once when telephone and key are not at hand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    hashed = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reserve code")
        constraints = [
            models.UniqueConstraint(fields=["user", "hashed"], name="reserve_code_is_given_once_to_a_person")
        ]


class OneTimeLink(models.Model):
    """A one-time link (liên kết dùng một lần) by which a person chooses a new password, issued by another person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    hashed = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="links_issued")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("one-time link")
        constraints = [
            models.CheckConstraint(
                condition=~Q(user=F("issued_by")), name="one_time_link_is_issued_by_another_person"
            ),
        ]

    def is_open(self, at: datetime) -> bool:
        return self.closed_at is None and at < self.expires_at


class ProviderIdentity(models.Model):
    """Who an account is at the province's provider (định danh ở nhà cung cấp), bound at the first sign-in.

    The provider may give a name to somebody else one day; `subject` it never gives twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=400)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()

    class Meta:
        verbose_name = _("identity at the provider")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="provider_names_a_subject_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="account_has_one_identity_at_a_provider"),
        ]


class Tries(models.Model):
    """Tries (lượt thử đăng nhập) of one kind within a quarter of an hour; `key` is a hash that names nobody."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("tries")

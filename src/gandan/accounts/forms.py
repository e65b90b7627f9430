"""What people type to sign in and to look after their account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from gandan.accounts.passkeys import LONGEST_ANSWER
from gandan.accounts.queries import Factors
from gandan.ledger.ids import new_id

LONGEST_USERNAME = 60
LONGEST_PASSWORD = 4096  # what Django hashes at most
LONGEST_CODE = 40


class OnceForm(forms.Form):
    """A form that is done once, however often it is sent; by itself it is a button."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("request_id", new_id())


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=1000,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The second step: a code of the app or a reserve code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        help_text=_("Six digits of the app on your telephone. A reserve code is taken too."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, factors: Factors, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not factors.app:
            self.fields["code"].label = _("Reserve code")
            self.fields["code"].help_text = _("One of the ten codes on your paper.")
        elif not factors.passkeys:
            self.fields["code"].widget.attrs["data-focus"] = ""


class PasskeyAnswerForm(forms.Form):
    """What the browser answers for a passkey."""

    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput)


class NewPasskeyForm(OnceForm):
    """A new passkey: the person's word for it, and what the browser made."""

    name = forms.CharField(
        label=_("A name by which you know it again"),
        max_length=60,
        help_text=_("For example: computer at counter 2, my telephone."),
    )
    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput, required=False)


class PasskeyNameForm(forms.Form):
    """Another word for a passkey."""

    name = forms.CharField(label=_("A name by which you know it again"), max_length=60)


class NewAppForm(OnceForm):
    """The first code of an app; the secret travels sealed, so nothing is kept until the code proves it."""

    sealed = forms.CharField(max_length=300, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The six digits that the app shows now"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class OwnPasswordForm(forms.Form):
    """The password once more, before something sensitive."""

    password = forms.CharField(
        label=_("Password in use"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic for the checker alone
    """A new password, twice."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_id"].initial = new_id()
        word_new_password(self)


class ChangePasswordForm(PasswordChangeForm):
    """The password in use, and the new one twice."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_id"].initial = new_id()
        self.fields["old_password"].label = _("Password in use")
        word_new_password(self)


def word_new_password(form: forms.Form) -> None:
    """Our words for Django's two fields."""
    form.fields["new_password1"].label = _("New password")
    form.fields["new_password2"].label = _("New password, once more")
    form.fields["new_password1"].help_text = _(
        "At least 10 characters. A few words that belong together only for you are easy to keep in mind."
    )
    form.fields["new_password2"].help_text = ""
    for name in ("new_password1", "new_password2"):
        form.fields[name].max_length = LONGEST_PASSWORD  # type: ignore[attr-defined]

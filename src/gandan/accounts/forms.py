"""Sign-in and change of one's own password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

LONGEST_USERNAME = 60


class SignInForm(AuthenticationForm):
    """User name and password. The answer to a wrong pair never tells which of the two was wrong."""

    error_messages = {
        "invalid_login": _(
            "The user name or the password is not right. Please type both once more. "
            "After five wrong tries signing in rests for 15 minutes."
        ),
        "inactive": _("The user name or the password is not right. Please type both once more."),
    }

    def clean_username(self) -> str:
        """A name longer than any account's is a wrong one, and is neither tried nor counted."""
        name = str(self.cleaned_data["username"])
        if len(name) > LONGEST_USERNAME:
            raise self.get_invalid_login_error()
        return name

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class ChangePasswordForm(PasswordChangeForm):
    """The password in use, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Password in use")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password, once more")
        self.fields["new_password1"].help_text = _(
            "At least 10 characters. A few words that belong together only for you are easy to keep in mind."
        )
        self.fields["new_password2"].help_text = ""

"""Sign-in, sign-out, change of password. Django's own views fit; only the lock-out answer is ours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from gandan.accounts.forms import ChangePasswordForm, SignInForm

sign_in = auth_views.LoginView.as_view(
    template_name="accounts/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
sign_out = auth_views.LogoutView.as_view()


class ChangePassword(auth_views.PasswordChangeView):
    """Django's view, with a word that it was done."""

    template_name = "accounts/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("accounts:change_password")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The new password is in force. Use it the next time you sign in."))
        return super().form_valid(form)


change_password = ChangePassword.as_view()


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """429 after too many wrong tries, in the same words whether or not the account exists (for axes)."""
    return render(request, "accounts/locked_out.html", status=429)

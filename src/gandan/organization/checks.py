"""System checks of the organization: the rule of second factors names roles that exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from gandan.organization.models import Role


@register(Tags.security)
def second_factor_rule_is_sound(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A role that nobody can hold, or a rule without a day, would protect nobody in silence."""
    unknown = [name for name in settings.GANDAN_SECOND_FACTOR_ROLES if name not in Role.values]
    if unknown:
        hint = f"Roles are: {', '.join(Role.values)}"
        words = f"GANDAN_SECOND_FACTOR_ROLES names no role: {', '.join(unknown)}"
        return [Error(words, hint=hint, id="organization.E001")]
    if settings.GANDAN_SECOND_FACTOR_ROLES and settings.GANDAN_SECOND_FACTOR_FROM is None:
        return [Error("GANDAN_SECOND_FACTOR_FROM is missing: from which day?", id="organization.E002")]
    return []


@register(Tags.security, deploy=True)
def somebody_needs_a_second_factor(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warns when a stolen password alone opens every account, the administrators' too."""
    if Role.ADMINISTRATOR in settings.GANDAN_SECOND_FACTOR_ROLES:
        return []
    hint = "GANDAN_SECOND_FACTOR_ROLES=administrator,signing_leader,centre_director with a day to begin"
    return [
        Warning("Administrators sign in without a second factor.", hint=hint, id="organization.W001"),
    ]

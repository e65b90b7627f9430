"""Acts on accounts. What other rooms call stands here by name; the rest is for this room's own pages."""

from __future__ import annotations

from gandan.accounts.actions.helping import (
    IssuedLink,
    activate,
    deactivate,
    issue_one_time_link,
    release_identity,
    require_new_password,
    reset_factors,
)
from gandan.accounts.actions.looks import record_look, record_looks
from gandan.accounts.actions.sweeping import forget_old_sign_ins

__all__ = [
    "IssuedLink",
    "activate",
    "deactivate",
    "forget_old_sign_ins",
    "issue_one_time_link",
    "record_look",
    "record_looks",
    "release_identity",
    "require_new_password",
    "reset_factors",
]

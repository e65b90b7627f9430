"""What this room must know about duties, and asks the rooms above for: they register it when they are ready.

Accounts know no roles. Until somebody has registered, nobody is competent and no rule asks for a second factor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gandan.accounts.models import User

Administers = Callable[["User", "User", date], bool]
SecondFactorFrom = Callable[["User", date], date | None]


def nobody(_by: User, _person: User, _on: date) -> bool:
    return False


def never(_user: User, _on: date) -> date | None:
    return None


@dataclass(slots=True)
class Known:
    """`administers(by, person, on)`: may `by` change the account of `person`?

    `second_factor_from(user, on)`: the day from which the account needs a second factor; None: no rule asks.
    """

    administers: Administers = nobody
    second_factor_from: SecondFactorFrom = never


known = Known()


def register(*, administers: Administers, second_factor_from: SecondFactorFrom) -> None:
    """Called once, by the room that knows duties."""
    known.administers, known.second_factor_from = administers, second_factor_from

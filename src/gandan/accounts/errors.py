"""What can go wrong with an account. Each message is a sentence for the person.

AccountsError
├── WrongPassword      user name or password is not right; never says which
├── WrongCode          a code of the app or a reserve code is not right, or was used
├── Resting            too many wrong tries: `until` tells when the next one counts
├── LinkVoid           a one-time link was used, taken back, or is too old
├── NotCompetent       another person must do this, or has no right to
├── FactorNeeded       the last second factor of somebody who must have one
├── PasskeyRefused     the answer of a passkey proves nothing
└── ProviderError      sign-in at the province's provider failed
    ├── ProviderDown        it does not answer, or not in the form it should
    ├── ProviderDeclined    it answered, and said no
    ├── AnswerRefused       its answer is not for us, not for this attempt, too old or forged
    └── NobodyKnown         no account here belongs to that person
"""

from __future__ import annotations

from datetime import datetime


class AccountsError(Exception):
    """Base of this room's errors."""


class WrongPassword(AccountsError):
    """The pair of name and password fits no account that may sign in by it."""


class WrongCode(AccountsError):
    """A code that is wrong, was used before, or is too old."""


class Resting(AccountsError):
    """Signing in rests after wrong tries. `until` is the moment from which one may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wrong tries")
        self.until = until


class LinkVoid(AccountsError):
    """The link opens nothing (any more)."""


class NotCompetent(AccountsError):
    """This person may not do this to that account."""


class FactorNeeded(AccountsError):
    """The last second factor stays: the rule of the installation asks for one."""


class PasskeyRefused(AccountsError):
    """What the browser sent proves no passkey of ours."""


class ProviderError(AccountsError):
    """Sign-in by the provider failed."""


class ProviderDown(ProviderError):
    """The provider cannot be reached, or answers in no form that we understand."""


class ProviderDeclined(ProviderError):
    """The provider answered with a refusal; the text is its code, none of ours."""


class AnswerRefused(ProviderError):
    """The answer was made for somebody else, another attempt, another time, or by somebody else."""


class NobodyKnown(ProviderError):
    """The provider knows the person, and no account here is that person's."""

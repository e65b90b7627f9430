"""What can go wrong with a dossier, as one small tree. The views turn these into messages; nobody else catches them.

DossierError
├── NotFound        none such, or not yours: the same answer
├── NotAllowed      the law, the state or the role says no: `str()` is the reason in plain words
├── StaleDossier    somebody else changed it meanwhile
└── Unacceptable    the input cannot be used; `field` names where
    └── TiedToParty the officer has a conflict of interest with who stands at the counter
"""

from __future__ import annotations


class DossierError(Exception):
    """Base of all refusals here; the text is for people, already translated."""


class NotFound(DossierError):
    """No such dossier for this person."""


class NotAllowed(DossierError):
    """The act may not be done now by this officer."""


class StaleDossier(DossierError):
    """The dossier was changed by somebody else since it was read."""


class Unacceptable(DossierError):
    """Input that cannot be used; `field` is the form field it belongs to, or ''."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TiedToParty(Unacceptable):
    """The officer has a conflict of interest with a party: a colleague has to judge, registering is possible."""

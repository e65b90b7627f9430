"""Errors of the catalogue.

CatalogueError
└── ProcedureUnknown    no version of the code is in force at the moment asked for
"""

from __future__ import annotations


class CatalogueError(Exception):
    """Root of the tree."""


class ProcedureUnknown(CatalogueError, LookupError):
    """The code is not in our catalogue, or no version of it was in force; `code` holds what was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

"""What can go wrong with papers and files.

DocumentsError
├── TypesettingError        a paper could not be set
│   └── MissingGlyphError   the print fonts lack a character
├── FileRefused             a file handed in is not taken; the message is for the person who sent it
└── ContentMissing          the row is there, its content is not on the disk (an operator's matter)
"""

from __future__ import annotations

import unicodedata


class DocumentsError(Exception):
    """Base of the errors of this room."""


class TypesettingError(DocumentsError):
    """The paper could not be set; the message says why."""


class MissingGlyphError(TypesettingError):
    """The print fonts have no drawing for `characters`."""

    def __init__(self, characters: str, text: str) -> None:
        self.characters = characters
        self.text = text
        named = ", ".join(f"“{c}” (U+{ord(c):04X} {unicodedata.name(c, '?')})" for c in characters)
        super().__init__(f"The print fonts lack {named}, used in “{text}”.")


class FileRefused(DocumentsError):
    """A file is not taken: `message` says why and what to do, in the visitor's language; `code` is stable.

    Codes: `empty`, `too_large`, `kind`, `damaged`, `macros`, `too_big_inside`.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class ContentMissing(DocumentsError):
    """The content of a stored file is not where its hash says: restore it from the backup."""

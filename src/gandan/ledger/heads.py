"""Heads held elsewhere: on receipts and in the daily head file (docs/events.md, "Heads").

A chain that was cut, or computed anew from some event on, is sound in itself. Only a head that
somebody keeps outside the database shows it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from gandan.calculus.canonical import moment
from gandan.calculus.hashchain import HASH_LENGTH
from gandan.ledger.errors import HeadFileError
from gandan.ledger.models import ChainHead, Event

# 128 bits: nobody can make another chain with the same 32 characters, and a person can still type them.
SHORT_LENGTH = 32
FIRST_WORD = "gandan-heads-1"
PRINTED_BEFORE = "Sổ ghi"
LINE = re.compile(
    rf"(?P<chain>[A-Za-z0-9._:-]{{1,16}}) (?P<seq>[1-9][0-9]{{0,18}}) "
    rf"(?P<hash>[0-9a-f]{{{SHORT_LENGTH},{HASH_LENGTH}}})"
)
FIRST_LINE = re.compile(rf"{FIRST_WORD} (?P<at>[0-9TZ:.-]+) (?P<count>[0-9]+)")


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The number of an event in its chain and its hash, or the first 128 bits of it or more."""

    chain: str
    seq: int
    hash: str

    def line(self) -> str:
        return f"{self.chain} {self.seq} {self.hash}"

    def agrees_with(self, event_hash: str) -> bool:
        return event_hash.startswith(self.hash)


def short_head(event: Event) -> str:
    """The head of its chain when `event` was written, as printed on receipts: ``seq·32 hex (128 bits)``.

    Known once the act's block has ended. `verify --against FILE` takes it in a line with its chain.
    """
    return f"{event.seq}·{event.hash[:SHORT_LENGTH]}"


def current_heads() -> list[Head]:
    """The heads of all chains that have events, in the order of their codes, as of one moment."""
    rows = ChainHead.objects.filter(seq__gte=1).values_list("chain", "seq", "hash")
    return sorted(Head(chain=chain, seq=seq, hash=hash_) for chain, seq, hash_ in rows)


def read_head_file(path: Path) -> list[Head]:
    """The heads written in `path`: a daily head file, or lines copied from receipts.

    A line is ``chain seq hash``, or as printed on papers; empty lines and lines that begin with # are passed over. A file with
    a first line of ours must hold as many heads as that line says. Raises HeadFileError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = _("%(path)s cannot be read: %(reason)s")
        raise HeadFileError(message % {"path": path, "reason": error}) from error
    expected = _count_in_first_line(path, lines)
    heads = list(_read_lines(path, lines))
    if expected is not None and len(heads) != expected:
        message = _("%(path)s holds %(found)s heads, and %(written)s were written: the file was cut.")
        raise HeadFileError(message % {"path": path, "found": len(heads), "written": expected})
    if not heads and expected is None:
        raise HeadFileError(_("%(path)s holds no heads.") % {"path": path})
    return heads


def write_head_file(path: Path, at: datetime) -> list[Head]:
    """Writes the current heads into `path`, whole or not at all, and returns them.

    An earlier file at `path` is replaced only if the chains still hold every head in it;
    otherwise HeadFileError, and the earlier file stays as evidence.
    """
    if path.exists():
        refuse_contradictions(path)
    heads = current_heads()
    lines = [f"{FIRST_WORD} {moment(at)} {len(heads)}", *(head.line() for head in heads)]
    _write_whole(path, "\n".join(lines) + "\n")
    return heads


def refuse_contradictions(path: Path) -> None:
    """Raises HeadFileError if a chain no longer holds a head that was written down in `path`."""
    lost = contradicted(read_head_file(path))
    if lost:
        message = _("Event %(seq)s of chain %(chain)s is gone or changed since %(path)s was written.")
        raise HeadFileError(message % {"seq": lost[0].seq, "chain": lost[0].chain, "path": path})


def contradicted(heads: Iterable[Head]) -> list[Head]:
    """Those of `heads` whose event is missing now, or has another hash. One query a head."""
    return [head for head in heads if not head.agrees_with(_hash_of(head))]


def _hash_of(head: Head) -> str:
    stored = Event.objects.filter(chain=head.chain, seq=head.seq).values_list("hash", flat=True)
    return stored.first() or ""


def _count_in_first_line(path: Path, lines: list[str]) -> int | None:
    if not lines or not lines[0].startswith(FIRST_WORD):
        return None
    first = FIRST_LINE.fullmatch(lines[0])
    if first is None:
        raise _malformed(path, 1, f"{FIRST_WORD} MOMENT COUNT")
    return int(first["count"])


def _read_lines(path: Path, lines: list[str]) -> Iterator[Head]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith(("#", FIRST_WORD)):
            continue
        match = LINE.fullmatch(_unprinted(text))
        if match is None:
            raise _malformed(path, number, "CHAIN NUMBER HASH")
        yield Head(chain=match["chain"], seq=int(match["seq"]), hash=match["hash"])


def _unprinted(text: str) -> str:
    """The line ``chain seq hash``, from that or from what papers print: ``Sổ ghi 19975/7 · 1f2e 3d4c …``."""
    chain_seq_hash = text.removeprefix(PRINTED_BEFORE).replace("/", " ").replace("·", " ").split()
    return " ".join([*chain_seq_hash[:2], "".join(chain_seq_hash[2:])])


def _malformed(path: Path, number: int, form: str) -> HeadFileError:
    message = _("Line %(number)s of %(path)s is not in the form “%(form)s”.")
    return HeadFileError(message % {"number": number, "path": path, "form": form})


def _write_whole(path: Path, text: str) -> None:
    """Replaces `path` in one step, on disk before this returns: a power cut leaves the old or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

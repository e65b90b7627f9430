"""Identity numbers at rest: sealed with AES-256-GCM, found again by a keyed blind index.

The keys belong to one installation and live outside the database (`DATA/keys/identity.json`, mode
0600, made at the first use; GANDAN_KEYS_FILE names another place). Who has only the database, or
only its backup, reads no number. Without the file no sealed value can ever be opened again: it is
kept beside the backup, not in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits for a random nonce
KEY_BYTES = 32
SEPARATORS = {" ", ".", "-", "/", "\u00a0"}


class SecretError(Exception):
    """Root of this module's errors: `UnknownKey`, `BrokenSeal`."""


class UnknownKey(SecretError):
    """The value was sealed by a key that is not in the key file (a restore without its keys?)."""


class BrokenSeal(SecretError):
    """The sealed value was changed, moved to another context, or is none of ours."""


@dataclass(frozen=True)
class Keyring:
    """All keys of an installation: `current` seals, every one in `seal` opens, `index` never changes."""

    current: str
    seal: dict[str, bytes]
    index: bytes


def new_keyring() -> Keyring:
    key_id = secrets.token_hex(4)
    return Keyring(
        current=key_id, seal={key_id: secrets.token_bytes(KEY_BYTES)}, index=secrets.token_bytes(KEY_BYTES)
    )


def as_json(keys: Keyring) -> str:
    def text(key: bytes) -> str:
        return base64.b64encode(key).decode()

    seal_keys = {key_id: text(key) for key_id, key in keys.seal.items()}
    return (
        json.dumps({"current": keys.current, "seal": seal_keys, "index": text(keys.index)}, indent=1) + "\n"
    )


def load(path: Path) -> Keyring:
    """The keys in `path`. Raises OSError, or ValueError and KeyError when it is no key file."""
    data = json.loads(path.read_text("utf-8"))
    seal_keys = {key_id: base64.b64decode(key, validate=True) for key_id, key in data["seal"].items()}
    keys = Keyring(
        current=data["current"], seal=seal_keys, index=base64.b64decode(data["index"], validate=True)
    )
    if keys.current not in keys.seal or {len(k) for k in (*keys.seal.values(), keys.index)} != {KEY_BYTES}:
        raise ValueError(f"{path} is not a complete key file")
    return keys


def write_aside(path: Path, keys: Keyring) -> str:
    """The key file written under another name beside `path`, on disk, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".identity-")  # mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(as_json(keys))
        file.flush()
        os.fsync(file.fileno())
    return name


def make(path: Path) -> None:
    """Writes a new key file unless there is one; two processes at the first start agree on one."""
    aside = write_aside(path, new_keyring())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process of the same start was first
    finally:
        os.unlink(aside)


@cache
def keyring(path: Path) -> Keyring:
    if not path.exists():
        make(path)
    return load(path)


def keys_file() -> Path:
    return _path(settings.GANDAN_KEYS_FILE)


@cache
def _path(text: str) -> Path:
    # Optimization: each seal and each index asks, and taking a path apart costs as much as the seal.
    return Path(text)


def add_key(path: Path) -> str:
    """Adds a sealing key and makes it current (rotation); older values stay readable. Returns its id."""
    key_id = secrets.token_hex(4)
    old = keyring(path)
    keys = replace(old, current=key_id, seal={**old.seal, key_id: secrets.token_bytes(KEY_BYTES)})
    os.replace(write_aside(path, keys), path)
    keyring.cache_clear()
    return key_id


def sealing_key(key_id: str) -> bytes:
    path = keys_file()
    if key_id not in keyring(path).seal:
        keyring.cache_clear()  # another process may have rotated since
    try:
        return keyring(path).seal[key_id]
    except KeyError:
        raise UnknownKey(f"no key {key_id!r} in the key file") from None


def bound(key_id: str, context: str) -> bytes:
    return f"gandan-seal-1\0{key_id}\0{context}".encode()


def seal(text: str, context: str) -> str:
    """`text` encrypted, as `key id:base64`, for a TextField. The same text never looks the same twice.

    `context` names the place (`"dossiers.Applicant.identity_number"`; add the row's id to bind it to
    its row); a value moved to another place cannot be opened.
    """
    key_id = keyring(keys_file()).current
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(sealing_key(key_id)).encrypt(nonce, text.encode(), bound(key_id, context))
    return f"{key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def open_sealed(sealed: str, context: str) -> str:
    """The text that was sealed in this very `context`. Raises `UnknownKey` or `BrokenSeal`."""
    key_id, _colon, body = sealed.partition(":")
    key = sealing_key(key_id)
    try:
        data = base64.urlsafe_b64decode(body)
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound(key_id, context)).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise BrokenSeal("a sealed value cannot be opened in this context") from None


def is_sealed_by_old_key(sealed: str) -> bool:
    """True when the value should be sealed anew after a rotation."""
    return sealed.partition(":")[0] != keyring(keys_file()).current


def normalised(text: str) -> str:
    """One form for all ways of typing a number: no separators, capital letters, plain digits."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in folded if letter not in SEPARATORS)


def blind_index(text: str, context: str) -> str:
    """64 hexadecimal digits by which an equal number is found without being readable (HMAC-SHA256).

    `context` is the same for all rows that shall find each other (`"identity_number"`).
    """
    message = f"gandan-index-1\0{context}\0{normalised(text)}".encode()
    return hmac.new(keyring(keys_file()).index, message, hashlib.sha256).hexdigest()

"""What the installation is told by its environment: one place, helpers that fail loudly.

The list in `docs/environment.md` is held against the names used here by a test.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class WrongSetting(SystemExit):
    """A setting cannot be used: the message names the variable and what is expected. Exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.code = message


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise WrongSetting(f"{name}={value!r}: dùng 1 hoặc 0 (use 1 or 0)")


def choice(name: str, answers: dict[str, str]) -> str:
    """What belongs to the word in `name`; the first answer if it is not set; another word is refused."""
    given = os.environ.get(name, "").strip() or next(iter(answers))
    if given not in answers:
        raise WrongSetting(f"{name}={given!r}: dùng (use) {' / '.join(answers)}")
    return answers[given]


def secret(name: str) -> str:
    """A shared secret, or '' if none is set; one that can be guessed is refused."""
    given = os.environ.get(name, "")
    if given and len(given) < 24:
        raise WrongSetting(f"{name}: cần ít nhất 24 ký tự (at least 24 characters)")
    return given


def words(name: str, default: str = "") -> list[str]:
    return [w.strip() for w in os.environ.get(name, default).split(",") if w.strip()]


def networks(name: str) -> list[str]:
    """Addresses and networks (`10.0.0.2`, `10.0.0.0/24`, `::1`) with commas; anything else is refused."""
    found = words(name)
    try:
        return [str(ip_network(text)) for text in found]
    except ValueError as error:
        raise WrongSetting(f"{name}: {error}; dùng địa chỉ IP (use addresses, with commas)") from None


def root_dir() -> Path:
    """The checkout, when started by the launcher; else the current directory."""
    return Path(os.environ.get("GANDAN_ROOT") or Path.cwd())


def data_dir() -> Path:
    """Folder of the database, keys, files and heads (`--data`, GANDAN_DATA; default `var` in the checkout)."""
    return Path(os.environ.get("GANDAN_DATA") or root_dir() / "var").resolve()


def secret_key(data: Path) -> str:
    """The signing key: GANDAN_SECRET_KEY, or one made at the first start and kept in DATA/keys (mode 0600)."""
    given = os.environ.get("GANDAN_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise WrongSetting("GANDAN_SECRET_KEY: cần ít nhất 32 ký tự (at least 32 characters)")
        return given
    path = data / "keys" / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was first
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def sqlite_settings(path: Path) -> dict[str, object]:
    """SQLite with WAL, IMMEDIATE transactions and synchronous=FULL: what was acknowledged is on disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
        "PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA cache_size=-20000;"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        "CONN_MAX_AGE": None,
    }


PREPARED_AFTER = 5  # times that a connection sees a statement before the server keeps its plan


def postgres_settings(url: str) -> dict[str, object]:
    """PostgreSQL from a URL; query parameters become connection options (`host` may be a socket folder).

    Values go beside the statements, and the server keeps the plans of those that come often: half of its time.
    `?prepare=0` keeps none, for poolers between us and the server that cannot (PgBouncer before 1.21).
    """
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", parts.hostname or ""))
    keeps_plans = options.pop("prepare", "1") != "0"
    options |= {"server_side_binding": True, "prepare_threshold": PREPARED_AFTER if keeps_plans else None}
    cell = text("GANDAN_CELL")
    if cell:
        options["options"] = f"-c search_path={cell},ext"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "gandan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def database_settings(data: Path) -> dict[str, object]:
    """The one database: GANDAN_DATABASE_URL (`postgres://…` or `sqlite:///path`), default a file in DATA."""
    url = text("GANDAN_DATABASE_URL")
    if not url:
        return sqlite_settings(data / "gandan.sqlite3")
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return sqlite_settings(Path(urlsplit(url).path))
    if scheme in {"postgres", "postgresql"}:
        return postgres_settings(url)
    raise WrongSetting(f"GANDAN_DATABASE_URL: không hiểu {scheme!r}; dùng postgres:// hoặc sqlite:///")


def mail_settings() -> dict[str, str | int]:
    """The mail server: GANDAN_MAIL_URL `smtp://user:password@host:587` (STARTTLS), `smtps://` (TLS from the
    start), `smtp+plain://` (none: only for a relay on the same machine). Empty: no e-mail is sent.
    """
    url = text("GANDAN_MAIL_URL")
    if not url:
        return {}
    parts = urlsplit(url)
    kinds = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("none", 25)}
    if parts.scheme not in kinds or not parts.hostname:
        raise WrongSetting("GANDAN_MAIL_URL: dùng smtp://, smtps:// hoặc smtp+plain:// với tên máy chủ")
    security, port = kinds[parts.scheme]
    return {
        "host": parts.hostname,
        "port": parts.port or port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "security": security,
    }


def whole(name: str, default: int) -> int:
    """A whole number from 0 on; anything else is refused."""
    given = os.environ.get(name, "").strip()
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        raise WrongSetting(f"{name}={given!r}: dùng số nguyên (use a whole number)")
    return int(given) if given else default


def day(name: str) -> date | None:
    """A day as 2026-12-01, or none; anything else is refused."""
    given = os.environ.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise WrongSetting(f"{name}={given!r}: dùng ngày dạng 2026-12-01 (use a day like this)") from None


@dataclass(frozen=True, slots=True)
class Provider:
    """The province's provider of sign-in (OpenID Connect), as the installation is told of it.

    `claim` names what the provider says of a person that is the user name here; `strong` the words of `amr` or
    `acr` by which it says that a second factor was asked for.
    """

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    scope: str
    name: str
    strong: frozenset[str]


def provider_settings() -> Provider | None:
    """What the environment says of it; None without an issuer. Plain http only to this very machine."""
    issuer = text("GANDAN_OIDC_ISSUER").strip()
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise WrongSetting("GANDAN_OIDC_ISSUER: dùng địa chỉ https:// (use an https:// address)")
    client_id = text("GANDAN_OIDC_CLIENT_ID").strip()
    if not client_id:
        raise WrongSetting("GANDAN_OIDC_CLIENT_ID: còn thiếu (is missing)")
    return Provider(
        issuer=issuer,
        client_id=client_id,
        client_secret=text("GANDAN_OIDC_CLIENT_SECRET"),
        claim=text("GANDAN_OIDC_CLAIM", "preferred_username"),
        scope=text("GANDAN_OIDC_SCOPE", "openid profile"),
        name=text("GANDAN_OIDC_NAME", "tài khoản của tỉnh"),
        strong=frozenset(words("GANDAN_OIDC_STRONG", "mfa")),
    )


def local_sign_in(provider: Provider | None) -> bool:
    """May people sign in by what this installation itself keeps (password, passkey)? Not refused to all doors."""
    allowed = flag("GANDAN_LOCAL_SIGN_IN", default=True)
    if not allowed and provider is None:
        raise WrongSetting("GANDAN_LOCAL_SIGN_IN=0: cần GANDAN_OIDC_ISSUER (needs a provider to sign in by)")
    return allowed

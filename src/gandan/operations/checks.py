"""What `./gandan check --deploy` says of this installation before people rely on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.translation import gettext as _

from gandan.operations import measures

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@register(Tags.security, deploy=True)
def address_is_public(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """E001: printed in square codes for ever. E002: an address that is not answered. W001: without TLS."""
    parts = urlsplit(settings.GANDAN_ORIGIN)
    name = parts.hostname or ""
    found: list[CheckMessage] = []
    if name in LOOPBACK or not name:
        said = _(
            "GANDAN_ORIGIN is %(origin)s: square codes on papers would lead people to their own machine."
        )
        hint = _("Set it to the address that people type, and never change it afterwards.")
        found.append(Error(said % {"origin": settings.GANDAN_ORIGIN}, hint=hint, id="operations.E001"))
    elif not {name, "*"} & set(settings.ALLOWED_HOSTS):
        said = _("GANDAN_HOSTS does not name %(host)s, the host of GANDAN_ORIGIN: nobody would be answered.")
        found.append(Error(said % {"host": name}, hint=f"GANDAN_HOSTS={name}", id="operations.E002"))
    if name not in LOOPBACK and parts.scheme != "https":
        said = _(
            "GANDAN_ORIGIN is not https: passwords and dossiers would travel readable by everybody between."
        )
        found.append(Warning(said, hint=_("Put a proxy with TLS before the program."), id="operations.W001"))
    return found


@register(Tags.security, deploy=True)
def proxy_is_known(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """W002: behind a proxy that is not named all visitors count as one, for lock-outs and limits."""
    if settings.GANDAN_TRUSTED_PROXY or not settings.SECURE_COOKIES:
        return []
    said = _("GANDAN_TRUSTED_PROXY is not set: behind a proxy, one person's wrong passwords lock out all.")
    return [Warning(said, hint="GANDAN_TRUSTED_PROXY=127.0.0.1", id="operations.W002")]


@register(Tags.security, deploy=True)
def is_not_a_demonstration(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """W003: sample data, whose passwords everybody knows."""
    if not settings.GANDAN_DEMO:
        return []
    said = _("GANDAN_DEMO is on: every page bears the mark of sample data and no e-mail leaves.")
    return [Warning(said, hint=_("Begin with an empty data folder."), id="operations.W003")]


@register(deploy=True)
def people_can_be_told(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """W004: without a mail server each message becomes a telephone call."""
    if settings.GANDAN_MAIL:
        return []
    said = _("GANDAN_MAIL_URL is not set: every message waits for an officer's telephone call.")
    return [Warning(said, hint="GANDAN_MAIL_URL=smtp://…", id="operations.W004")]


@register(deploy=True)
def disk_has_room(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """W005: a full disk stops all work."""
    found = measures.disk()
    if not found.is_low:
        return []
    said = _("Only %(megabytes)d MB are free under %(folder)s.")
    facts = {"megabytes": found.free // 1024**2, "folder": settings.GANDAN_DATA}
    hint = _("Work stops when the disk is full: make room, or move the data folder.")
    return [Warning(said % facts, hint=hint, id="operations.W005")]


@register(deploy=True)
def clock_is_held(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """W006: every date and every event rests on this machine's clock."""
    clock = measures.kernel_clock()
    if clock is None or clock.synchronised:
        return []
    said = _("The clock of this machine is not held by a time server.")
    hint = _("Switch on systemd-timesyncd or chrony; due dates and evidence rest on this clock.")
    return [Warning(said, hint=hint, id="operations.W006")]

"""Passkeys (WebAuthn level 2) through the library `webauthn`, which is loaded at the first use alone.

A passkey is bound to the name of this site, so none can be asked for it elsewhere; the device asks for finger, face
or PIN (user verification), so it is two factors in one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from gandan.accounts.errors import PasskeyRefused
from gandan.environment import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gandan.accounts.models import Passkey, User

LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class Site:
    """The name that passkeys are bound to, and the one origin whose pages may ask for them."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey, proved."""

    credential: str
    public_key: str
    uses: int
    transports: str
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What a passkey proved: how often it was used by its own count, and whether it is kept elsewhere too."""

    uses: int
    backed_up: bool


def site_of(host: str) -> Site | None:
    """This installation as passkeys know it, by GANDAN_ORIGIN; None where browsers offer no passkeys.

    They want https and a name, not an address of figures. On the machine itself (a demonstration) `localhost`
    serves, on whatever port the browser came by (`host`).
    """
    origin = urlsplit(settings.GANDAN_ORIGIN)
    name = origin.hostname or ""
    if is_this_machine(settings.GANDAN_ORIGIN):
        return Site("localhost", f"http://{host}") if urlsplit(f"//{host}").hostname == "localhost" else None
    if origin.scheme != "https" or is_figures(name):
        return None
    return Site(name, f"https://{origin.netloc}")


def is_this_machine(origin: str) -> bool:
    """True for an origin that only this very machine can reach: a demonstration, or a test."""
    return urlsplit(origin).hostname in LOOPBACK


def is_figures(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def to_make(user: User, held: Iterable[Passkey], site: Site) -> tuple[dict[str, Any], str]:
    """What the browser needs to make a passkey for `user`, and the challenge to keep. Known ones are not made twice."""
    import webauthn  # noqa: PLC0415  start-up cost: 0.2 s, 25 MiB
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, structs  # noqa: PLC0415  start-up cost

    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name="Gần Dân",
        user_id=user.pk.bytes,
        user_name=user.username,
        user_display_name=user.full_name,
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential)) for key in held
        ],
        timeout=180_000,
    )
    return json.loads(webauthn.options_to_json(options)), bytes_to_base64url(options.challenge)


def made(answer: str, challenge: str, site: Site) -> Made:
    """The passkey that the browser made. Raises PasskeyRefused if its answer is not for this challenge and site."""
    import webauthn  # noqa: PLC0415  start-up cost
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url  # noqa: PLC0415  start-up cost
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  start-up cost

    told = readable(answer)
    try:
        proved = webauthn.verify_registration_response(
            credential=told,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PasskeyRefused(type(error).__name__) from error
    response = told.get("response")
    transports = response.get("transports") if isinstance(response, dict) else None
    known = [name for name in transports or () if isinstance(name, str) and name.isascii()]
    return Made(
        credential=bytes_to_base64url(proved.credential_id),
        public_key=bytes_to_base64url(proved.credential_public_key),
        uses=proved.sign_count,
        transports=",".join(known)[:100],
        backed_up=proved.credential_backed_up,
    )


def to_ask(site: Site) -> tuple[dict[str, Any], str]:
    """What the browser needs to ask for any passkey of this site, and the challenge to keep."""
    import webauthn  # noqa: PLC0415  start-up cost
    from webauthn.helpers import bytes_to_base64url, structs  # noqa: PLC0415  start-up cost

    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
        timeout=180_000,
    )
    return json.loads(webauthn.options_to_json(options)), bytes_to_base64url(options.challenge)


def named(answer: str) -> str:
    """The credential that an answer speaks of, before it is proved."""
    return str(readable(answer).get("id", ""))[:1400]


def proved(answer: str, challenge: str, site: Site, key: Passkey) -> Proof:
    """What the answer proves of `key`. PasskeyRefused: wrong key, site, challenge or signature, or a copied key.

    The person whom the device names (user handle), if it names one, must be the owner of the key.
    """
    import webauthn  # noqa: PLC0415  start-up cost
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415  start-up cost
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  start-up cost

    told = readable(answer)
    try:
        found = webauthn.verify_authentication_response(
            credential=told,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.uses,
            require_user_verification=True,
        )
        handle = told["response"].get("userHandle")
        if handle and UUID(bytes=base64url_to_bytes(handle)) != key.user_id:
            raise PasskeyRefused("user handle")
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PasskeyRefused(type(error).__name__) from error
    return Proof(found.new_sign_count, found.credential_backed_up)


def readable(answer: str) -> dict[str, Any]:
    """The browser's answer; PasskeyRefused if it is none."""
    try:
        told = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise PasskeyRefused("unreadable")
    return told

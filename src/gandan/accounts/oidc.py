"""Sign-in by the province's provider: OpenID Connect, code flow with PKCE. Requests go to addresses of the settings alone.

attempt, url = begin(provider, return_to=…)        # keep the attempt in the browser, send the person to `url`
person = finish(provider, attempt, answer, return_to=…, at=now)      # raises ProviderError

What the provider says of itself and its keys are kept in memory for an hour. A key that we do not know makes us look
once more, so a changed key is no trouble; a provider that is down is not asked again for some seconds, so that its
silence does not hold up everybody else's pages.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from gandan.accounts.errors import AnswerRefused, ProviderDeclined, ProviderDown
from gandan.environment import LOOPBACK, Provider

if TYPE_CHECKING:
    from jwt import PyJWK

KEPT_SECONDS = 3600.0
SILENT_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 30.0
LARGEST_ANSWER = 512 * 1024
CLOCKS_DIFFER = timedelta(seconds=60)
# Never "none", and none with a shared secret: the provider's public key must not become one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

# RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6
WORDS_OF_REFUSAL = frozenset(
    [
        "invalid_request",
        "unauthorized_client",
        "access_denied",
        "unsupported_response_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "interaction_required",
        "login_required",
        "account_selection_required",
        "consent_required",
        "invalid_client",
        "invalid_grant",
        "unsupported_grant_type",
        "no_code",
    ]
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, known to the browser that began it: nothing of it opens anything elsewhere."""

    state: str
    nonce: str
    verifier: str
    anew: bool
    begun: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Person:
    """Who the provider says that somebody is. `name`: the claim that is the user name here; '' if it is missing."""

    subject: str
    name: str
    strong: bool


@dataclass(slots=True)
class Kept:
    """What is kept in memory of one provider."""

    about: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    about_at: float = float("-inf")
    keys_at: float = float("-inf")
    looked_again_at: float = float("-inf")
    silent_at: float = float("-inf")


_kept: dict[str, Kept] = {}


def forget() -> None:
    """Forgets what is kept of providers."""
    _kept.clear()


def kept_of(provider: Provider) -> Kept:
    return _kept.setdefault(provider.issuer, Kept())


# ---- the two halves of the flow --------------------------------------------------------------------------------


def begin(provider: Provider, *, return_to: str, anew: bool, at: datetime) -> tuple[Attempt, str]:
    """A new attempt, and the address at the provider. `anew`: the person must prove who it is once more."""
    attempt = Attempt(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        anew=anew,
        begun=at.timestamp(),
    )
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_to,
        "scope": provider.scope,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    if anew:
        asked |= {"prompt": "login", "max_age": "0"}
    return attempt, with_query(endpoint(provider, "authorization_endpoint"), asked)


def finish(
    provider: Provider, attempt: Attempt, answer: Mapping[str, str], *, return_to: str, at: datetime
) -> Person:
    """The person of an answer, which came to the browser that holds `attempt`."""
    if not compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise AnswerRefused("state")
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: an answer of another provider
        raise AnswerRefused("iss of the answer")
    if "error" in answer or not answer.get("code"):
        raise ProviderDeclined(protocol_word(answer.get("error", "no_code")))
    tokens = exchange(provider, attempt, answer["code"], return_to)
    claims = proved_claims(provider, attempt, tokens.get("id_token"))
    if attempt.anew and not is_recent(claims.get("auth_time"), attempt):
        raise AnswerRefused("auth_time")
    return person_of(provider, claims, str(tokens.get("access_token", "")))


def is_recent(auth_time: object, attempt: Attempt) -> bool:
    return isinstance(auth_time, int) and auth_time >= attempt.begun - CLOCKS_DIFFER.total_seconds()


def person_of(provider: Provider, claims: Mapping[str, Any], access_token: str) -> Person:
    """Subject, name and strength of the claims; what the token lacks is asked for at the provider."""
    told = claims
    if provider.claim not in claims and access_token:
        told = userinfo(provider, access_token)
        if told.get("sub") != claims["sub"]:
            raise AnswerRefused("sub of userinfo")
    name = told.get(provider.claim, "")
    if provider.claim == "email" and told.get("email_verified") is not True:
        name = ""  # anybody may write any address
    ways = claims.get("amr", ())
    said = {str(way) for way in ways} if isinstance(ways, list) else set()
    said.add(str(claims.get("acr", "")))
    is_name = isinstance(name, str) and name.isprintable()
    return Person(str(claims["sub"]), name if is_name else "", bool(said & provider.strong))


def sign_out_address(provider: Provider, *, return_to: str) -> str:
    """Where the person ends the sign-in at the provider too; '' if it offers none, or cannot be asked now."""
    try:
        url = endpoint(provider, "end_session_endpoint")
    except ProviderDown:
        return ""
    return with_query(url, {"client_id": provider.client_id, "post_logout_redirect_uri": return_to})


def with_query(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"


# ---- the token -------------------------------------------------------------------------------------------------


def exchange(provider: Provider, attempt: Attempt, code: str, return_to: str) -> dict[str, Any]:
    """The tokens for a code, which the provider gives once. ProviderDeclined if it says no."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_to,
        "client_id": provider.client_id,
        "code_verifier": attempt.verifier,
    }
    headers = {}
    ways = about(provider).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if provider.client_secret and "client_secret_basic" in ways:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif provider.client_secret:
        asked["client_secret"] = provider.client_secret
    return ask(provider, endpoint(provider, "token_endpoint"), data=asked, headers=headers)


def proved_claims(provider: Provider, attempt: Attempt, token: object) -> dict[str, Any]:
    """The claims of an ID token (OpenID Connect Core §3.1.3.7). AnswerRefused unless all of it is for us, now."""
    import jwt  # noqa: PLC0415  start-up cost: 0.1 s, used by installations with a provider alone

    if not isinstance(token, str):
        raise AnswerRefused("no ID token")
    try:
        key = key_for(provider, jwt.get_unverified_header(token))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise AnswerRefused(type(error).__name__) from error
    if not compare_digest(str(claims["nonce"]).encode(), attempt.nonce.encode()):
        raise AnswerRefused("nonce")
    for_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", provider.client_id if not for_others else "") != provider.client_id:
        raise AnswerRefused("azp")
    subject = claims["sub"]  # OpenID Connect Core §2: at most 255 ASCII characters
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not is_plain(subject):
        raise AnswerRefused("sub")
    return claims


def is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def key_for(provider: Provider, header: Mapping[str, Any]) -> PyJWK:
    """The provider's key that a token names; we look once more for one that we do not know."""
    kept, now = kept_of(provider), time.monotonic()
    found = chosen(keys_of(provider), header)
    if found is None and now - kept.looked_again_at > LOOK_AGAIN_SECONDS:
        kept.looked_again_at, kept.keys_at = now, float("-inf")
        found = chosen(keys_of(provider), header)
    if found is None:
        raise AnswerRefused("unknown key")
    return found


def chosen(keys: Mapping[str, Any], header: Mapping[str, Any]) -> PyJWK | None:
    """The key with the header's number; without a number the only one that can be meant."""
    import jwt  # noqa: PLC0415  start-up cost

    listed = keys.get("keys")
    fitting = [
        key
        for key in (listed if isinstance(listed, list) else ())
        if isinstance(key, dict)
        and key.get("use", "sig") == "sig"
        and ("kid" not in header or key.get("kid") == header["kid"])
    ]
    if len(fitting) != 1 or header.get("alg") not in ALGORITHMS:
        return None
    return jwt.PyJWK(fitting[0], algorithm=str(fitting[0].get("alg") or header["alg"]))


def userinfo(provider: Provider, access_token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {access_token}"}
    return ask(provider, endpoint(provider, "userinfo_endpoint"), headers=headers)


# ---- what the provider says of itself --------------------------------------------------------------------------


def about(provider: Provider) -> dict[str, Any]:
    """The provider's own description (OpenID Connect Discovery §4), at most an hour old."""
    kept, now = kept_of(provider), time.monotonic()
    if now - kept.about_at > KEPT_SECONDS:
        url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        told = ask(provider, url)
        if told.get("issuer") != provider.issuer:
            raise ProviderDown("the description names another issuer")
        kept.about, kept.about_at = told, now
    return kept.about


def endpoint(provider: Provider, name: str) -> str:
    """One of the provider's addresses. ProviderDown without it, and for one that is not safe to speak to."""
    url = about(provider).get(name)
    if not isinstance(url, str) or not is_safe(url):
        raise ProviderDown(f"no {name}")
    return url


def is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def keys_of(provider: Provider) -> dict[str, Any]:
    kept, now = kept_of(provider), time.monotonic()
    if now - kept.keys_at > KEPT_SECONDS:
        kept.keys, kept.keys_at = ask(provider, endpoint(provider, "jwks_uri")), now
    return kept.keys


def ask(
    provider: Provider,
    url: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The provider's answer as a JSON object. It follows no redirect: nobody sends us anywhere.

    ProviderDeclined if it answers with an error of the protocol (400, 401), else ProviderDown.
    """
    from gandan.accounts.fetching import Unanswered, fetch  # noqa: PLC0415  start-up cost, see there

    kept = kept_of(provider)
    if time.monotonic() - kept.silent_at < SILENT_SECONDS:
        raise ProviderDown("silent a moment ago")
    try:
        is_yes, text = fetch(url, data, headers or {})
    except Unanswered as error:
        kept.silent_at = time.monotonic() if error.silent else kept.silent_at
        raise ProviderDown(str(error)) from error
    if not is_yes:
        raise ProviderDeclined(error_word(text))
    return as_object(text)


def as_object(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text) if len(text) <= LARGEST_ANSWER else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ProviderDown("not a JSON object")
    return told


def error_word(text: bytes) -> str:
    """The protocol's own word for a refusal (`invalid_grant`), never the sentence beside it."""
    try:
        return protocol_word(str(as_object(text).get("error", "")))
    except ProviderDown:
        return ""


def protocol_word(text: str) -> str:
    """The word, if it is one of the protocol's: it goes into the log, and anybody may write anything into it."""
    return text if text in WORDS_OF_REFUSAL else "other"

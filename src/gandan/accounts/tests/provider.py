"""A small OpenID provider in a process of its own, for tests: it can be told to lie. Tokens by joserfc, not by our library.

    python -m gandan.accounts.tests.provider        # prints its address, serves until it is ended

It is strict where providers are: a code once, for the client, the address and the verifier that asked for it. A POST
of JSON to /told changes what it says: `claims` over the usual ones, `leave_out`, `sign` (right, other, none, hs256,
unknown), `rotate`, `person`, `about`, `redirect_token`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "gandan", "mot bi mat: de thu/2026"


class Provider:
    """What the provider knows."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.codes: dict[str, dict[str, str]] = {}
        self.told: dict[str, Any] = {}
        self.other = RSAKey.generate_key(2048)
        self.rotate()

    def rotate(self) -> None:
        self.key, self.kid = RSAKey.generate_key(2048), secrets.token_hex(4)

    def about(self) -> dict[str, Any]:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return {**usual, **self.told.get("about", {})}

    def jwks(self) -> dict[str, Any]:
        public = self.key.as_dict(private=False)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def claims(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(time.time())
        usual = {
            "iss": self.issuer,
            "sub": "p-0001",
            "aud": CLIENT,
            "nonce": asked.get("nonce", ""),
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "preferred_username": "lan",
        }
        shifted = {name: now + value for name, value in self.told.get("shift", {}).items()}
        claims = {**usual, **shifted, **self.told.get("claims", {})}
        return {name: value for name, value in claims.items() if name not in self.told.get("leave_out", ())}

    def token(self, asked: dict[str, str]) -> str:
        claims, way = self.claims(asked), self.told.get("sign", "right")
        if way == "none":
            parts = ({"alg": "none", "kid": self.kid}, claims)
            return ".".join(b64(json.dumps(part).encode()) for part in parts) + "."
        if way == "hs256":  # the public key as the shared secret: the oldest trick of all
            pem = self.key.as_pem(private=False)
            head = b64(json.dumps({"alg": "HS256", "kid": self.kid}).encode())
            body = b64(json.dumps(claims).encode())
            return f"{head}.{body}." + b64(hmac.new(pem, f"{head}.{body}".encode(), hashlib.sha256).digest())
        key = self.other if way == "other" else self.key
        kid = "nobody" if way == "unknown" else self.kid
        return jwt.encode({"alg": "RS256", "kid": kid}, claims, key)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Handler(BaseHTTPRequestHandler):
    """The provider's pages."""

    provider: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = dict(parse_qsl(url.query))
        if url.path == "/.well-known/openid-configuration":
            self.answer(self.provider.about())
        elif url.path == "/jwks":
            self.answer(self.provider.jwks())
        elif url.path == "/authorize":
            self.authorize(asked)
        elif url.path == "/userinfo":
            self.answer({"sub": "p-0001", **self.provider.told.get("userinfo", {})})
        else:
            self.answer({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/told":
            told = json.loads(body)
            if told.pop("rotate", False):
                self.provider.rotate()
            self.provider.told = told
            self.answer({})
        elif self.path == "/token":
            self.give_tokens({name: values[0] for name, values in parse_qs(body.decode()).items()})
        else:
            self.answer({"error": "not_found"}, 404)

    def authorize(self, asked: dict[str, str]) -> None:
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        if any(asked.get(name) != value for name, value in wanted.items()) or "openid" not in asked["scope"]:
            self.answer({"error": "invalid_request"}, 400)
            return
        code = secrets.token_urlsafe(16)
        self.provider.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.provider.issuer}
        if "error" in self.provider.told:
            back = {"error": self.provider.told["error"], "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        self.end_headers()

    def give_tokens(self, given: dict[str, str]) -> None:
        if self.provider.told.get("redirect_token"):
            self.send_response(302)
            self.send_header("Location", self.provider.told["redirect_token"])
            self.end_headers()
            return
        asked = self.provider.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if not self.is_client():
            self.answer({"error": "invalid_client"}, 401)
        elif (
            asked is None
            or given.get("grant_type") != "authorization_code"
            or given.get("redirect_uri") != asked["redirect_uri"]
            or b64(digest) != asked["code_challenge"]
        ):
            self.answer({"error": "invalid_grant", "error_description": "Nguyễn Văn Mẫu"}, 400)
        else:
            tokens = {"id_token": self.provider.token(asked), "access_token": "a", "token_type": "Bearer"}
            self.answer(tokens)

    def is_client(self) -> bool:
        pair = f"{CLIENT}:{quote(SECRET, safe='')}"
        return self.headers.get("Authorization") == f"Basic {base64.b64encode(pair.encode()).decode()}"

    def answer(self, told: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Silent."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    print(Handler.provider.issuer, flush=True)
    sys.stdout.close()
    server.serve_forever()


if __name__ == "__main__":
    main()

"""The codes of RFC 6238, appendix B (SHA-1), in their last six digits."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from gandan.accounts import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_code_is_the_standards(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)

    assert totp.code_of(SECRET, totp.step_of(at)) == code[-6:]


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_code_fits_its_own_half_minute_and_the_two_beside_it(seconds, fits):
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    code = totp.code_of(SECRET, totp.step_of(at + timedelta(seconds=seconds)))

    assert (totp.step_that_fits(SECRET, code, at) is not None) == fits


@pytest.mark.parametrize("code", ["", "00000", "0000000", "abcdef", "٣٣٣٣٣٣"])
def test_what_is_no_code_fits_nothing(code):
    assert totp.step_that_fits(SECRET, code, datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) is None


def test_secret_is_fresh_and_long_enough():
    first, second = totp.new_secret(), totp.new_secret()

    assert first != second
    assert len(base64.b32decode(first)) == 20


def test_address_names_account_and_issuer():
    parts = urlsplit(totp.address_of("ABC", "lan & hoa", "Gần Dân"))

    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query) == {"secret": ["ABC"], "issuer": ["Gần Dân"]}
    assert " " not in parts.path

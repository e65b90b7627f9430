"""What only some pages need is loaded by those pages: the start stays cheap."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("webauthn", "jwt", "OpenSSL", "cbor2", "joserfc", "segno", "urllib.request")
LOOK = f"""
import django, sys
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print([name for name in {HEAVY!r} if name in sys.modules])
"""


@pytest.mark.slow
def test_start_loads_none_of_the_heavy_libraries():
    found = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"

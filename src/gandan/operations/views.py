"""What machines that watch ask for: `/healthz` is open and says little, `/metrics` wants the token."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gandan.operations.health import Verdict, health, overall


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while people can work, 503 when they cannot; the parts say which. Nothing about people or figures."""
    parts = health(timezone.now())
    verdict = overall(parts)
    answer = {"status": verdict, "parts": parts}
    return JsonResponse(answer, status=503 if verdict is Verdict.FAILING else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; 404 for everybody without the token, so that nobody learns that they are here."""
    if not is_watcher(request):
        raise Http404
    from gandan.operations.metrics import text  # noqa: PLC0415  start-up cost: only watchers need the library

    return HttpResponse(text(timezone.now()), content_type="text/plain; version=0.0.4; charset=utf-8")


def is_watcher(request: HttpRequest) -> bool:
    """True for `Authorization: Bearer` with GANDAN_METRICS_TOKEN; never without one."""
    token = settings.GANDAN_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())

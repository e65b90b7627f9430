"""Sending a stored file to a browser so that nothing in it can run."""

from __future__ import annotations

from django.http import FileResponse

from gandan.documents.kinds import KINDS
from gandan.documents.models import StoredFile
from gandan.documents.storage import open_file

# Chromium's PDF viewer starts under it, as tried with version 156.
NOTHING_RUNS = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_response(stored: StoredFile, *, as_download: bool = False) -> FileResponse:
    """The file for a person who may see it: asking for permission is the caller's part.

    PDF, JPEG and PNG show in the browser, all else is saved. Raises ContentMissing.
    """
    kind = KINDS.get(stored.media_type)
    is_inline = kind is not None and kind.is_shown_inline and not as_download
    media_type = stored.media_type if kind else "application/octet-stream"
    response = FileResponse(
        open_file(stored), as_attachment=not is_inline, filename=stored.name, content_type=media_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Cache-Control"] = "private, no-store"
    return response

"""How static files are named and stored for serving (`gandan.portal.collected` collects them)."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Names that change with the content, in ES modules too, so that browsers may keep every file for ever."""

    support_js_module_import_aggregation = True

"""Acts on the catalogue: take in what ships, publish and withdraw versions and workflows, keep drafts."""

from __future__ import annotations

from gandan.catalogue.actions.loading import Loaded, load_shipped, shipped_content

__all__ = ["Loaded", "load_shipped", "shipped_content"]

"""The model's facts, from its manifest: what the evaluation wrote, shown as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lentigo.manifest import Manifest


def model_facts(manifest: Manifest) -> str:
    """Render the facts as HTML."""
    return ""

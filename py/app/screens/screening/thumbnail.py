"""The small picture of a photo, by which it is known again. Pure."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from app.html import Html, markup

if TYPE_CHECKING:
    from app.screens.screening.spot import Shot


def thumbnail(shot: Shot) -> Html:
    """Render the square that was judged, small, or its place; its words are next to it."""
    if not shot.thumbnail:
        return markup('<span class="tile-blank"></span>')
    return markup(
        '<img src="data:image/jpeg;base64,{data}" alt="" width="64" height="64">',
        data=b64encode(shot.thumbnail).decode("ascii"),
    )

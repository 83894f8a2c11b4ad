"""Icons of the page's sprite (``index.html``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import Html, markup

if TYPE_CHECKING:
    from lentigo.priority import Priority


def priority_icon(priority: Priority) -> Html:
    """Render the sign of a priority; its words are next to it."""
    return markup(
        '<svg class="icon" aria-hidden="true" viewBox="0 0 48 48">'
        '<use href="#icon-{priority}"/></svg>',
        priority=priority,
    )

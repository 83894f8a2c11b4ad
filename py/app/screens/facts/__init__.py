"""How well the model works, in the figures that its evaluation wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import Html
from app.screens.facts.view import model_facts

if TYPE_CHECKING:
    from app.session import Session

__all__ = ["view"]


def view(session: Session) -> dict[str, Html]:
    """Render every region of the screen; empty until the model is known."""
    return {"facts": Html(model_facts(session.running.manifest) if session.running else "")}

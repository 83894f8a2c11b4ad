"""How well the model works, in the figures that its evaluation wrote: first in people, then all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html
from app.screens.facts.tables import model_tables
from app.screens.facts.view import model_facts

if TYPE_CHECKING:
    from app.session import Session
    from app.words import Words

__all__ = ["view", "view_tables"]


def view(session: Session, words: Words) -> dict[str, Html]:
    """Render every region of the first of the two screens; empty until the model is known."""
    running = session.running
    return {"facts": model_facts(running.manifest, words) if running else NOTHING}


def view_tables(session: Session, words: Words) -> dict[str, Html]:
    """Render every region of the tables' screen; empty until the model is known."""
    running = session.running
    return {"tables": model_tables(running.manifest, words) if running else NOTHING}

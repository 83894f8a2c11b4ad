"""The page: which screen is on, and what each screen knows. Pure.

A screen is a package of ``app.screens``. The screening goes on while another screen is shown, so
that nothing is lost on the way there and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

from app.events import Navigated
from app.route import Route
from app.screens import facts, screening
from app.wording import BACKEND_NAME

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import Event
    from app.session import Session


@dataclass(frozen=True)
class Page:
    """The screen that is shown, and the state of each screen that has one."""

    route: Route = Route.SCREENING
    screening: screening.State = field(default_factory=screening.State)

    @property
    def session(self) -> Session:
        """What every screen may read."""
        return self.screening.session


def update(page: Page, event: Event) -> tuple[Page, tuple[Effect, ...]]:
    """Return the next page and the effects to perform, in order."""
    if isinstance(event, Navigated) and event.intent >= page.session.intent:
        page = replace(page, route=event.route)
    state, effects = screening.update(page.screening, event)
    return (page if state is page.screening else replace(page, screening=state)), effects


def view(page: Page) -> dict[str, str]:
    """Render the regions of the screen that is shown, and those that every screen has."""
    match page.route:
        case Route.SCREENING:
            regions = screening.view(page.screening)
        case Route.FACTS:
            regions = facts.view(page.session)
    return {**regions, "backend": _backend(page.session)}


def announce(before: Page, after: Page) -> str:
    """Say what a screen reader must hear of a change; empty when there is nothing new.

    What happens on a screen that is not shown is not announced.
    """
    if before.route is not after.route or after.route is not Route.SCREENING:
        return ""
    return screening.announce(before.screening, after.screening)


def _backend(session: Session) -> str:
    engine = session.running
    if engine is None:
        return '<span data-testid="backend" data-backend="">no engine yet</span>'
    name = escape(BACKEND_NAME.get(engine.backend, engine.backend))
    adapter = f", {escape(engine.adapter)}" if engine.adapter else ""
    return (
        f'<span data-testid="backend" data-backend="{escape(engine.backend)}">'
        f"{name}{adapter}, {escape(engine.variant)} weights</span>"
    )

"""The page: which screen is on, and what each screen knows. Pure.

A screen is a package of ``app.screens``. The screening goes on while another screen is shown, so
that nothing is lost on the way there and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.events import Navigated
from app.html import Html, markup
from app.route import Route
from app.screens import facts, screening
from app.screens.screening import State as Screening
from app.words import IN_ENGLISH
from app.words.picture import backend_name

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import EngineLoaded, Event
    from app.session import Session
    from app.words import Words

# The only language that there is.
WORDS = IN_ENGLISH


@dataclass(frozen=True)
class Page:
    """The screen that is shown, and the state of each screen that has one.

    ``left`` is what the screening was when the visitor left it, while another screen is shown: its
    photos may be forgotten meanwhile, so it is not kept for longer.
    """

    route: Route = Route.SCREENING
    screening: Screening = field(default_factory=Screening)
    left: Screening | None = None

    @property
    def session(self) -> Session:
        """What every screen may read."""
        return self.screening.session


def update(page: Page, event: Event) -> tuple[Page, tuple[Effect, ...]]:
    """Return the next page and the effects to perform, in order."""
    if isinstance(event, Navigated) and event.intent >= page.session.intent:
        page = replace(page, route=event.route, left=_left_at(page, event.route))
    state, effects = screening.update(page.screening, event)
    return (page if state is page.screening else replace(page, screening=state)), effects


def _left_at(page: Page, route: Route) -> Screening | None:
    if route is Route.SCREENING:
        return None
    return page.screening if page.route is Route.SCREENING else page.left


def view(page: Page, words: Words = WORDS) -> dict[str, Html]:
    """Render the regions of the screen that is shown, and those that every screen has."""
    match page.route:
        case Route.SCREENING:
            regions = screening.view(page.screening, words)
        case Route.FACTS:
            regions = facts.view(page.session, words)
        case Route.TABLES:
            regions = facts.view_tables(page.session, words)
    return {**regions, "backend": _backend(page.session, words)}


def announce(before: Page, after: Page, words: Words = WORDS) -> str:
    """Say what a screen reader must hear of a change; empty when there is nothing new.

    What happens on a screen that is not shown is announced when the visitor comes back to it.
    """
    if after.route is not Route.SCREENING:
        return ""
    if before.route is not Route.SCREENING:
        return screening.announce(before.left or before.screening, after.screening, words)
    return screening.announce(before.screening, after.screening, words)


def _backend(session: Session, words: Words) -> Html:
    engine = session.running
    return markup(
        '<span data-testid="backend" data-backend="{backend}">{text}</span>',
        backend=engine.backend if engine else "",
        text=_said_of_engine(engine, words) if engine else words("backend.none"),
    )


def _said_of_engine(engine: EngineLoaded, words: Words) -> str:
    name = backend_name(engine.backend, words)
    if not engine.adapter:
        return words("backend.running", backend=name, variant=engine.variant)
    return words("backend.running-on", backend=name, adapter=engine.adapter, variant=engine.variant)

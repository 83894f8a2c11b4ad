"""The page: which screen is on, and what each screen knows. Pure.

A screen is a package of ``app.screens``. The screening goes on while another screen is shown, so
that nothing is lost on the way there and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.events import CameraStarted, Navigated, PhotosChosen, Reset
from app.html import NOTHING, Html, markup
from app.route import KEPT, Route
from app.screens import body_map, compare, facts, saving, screening, settings, spot, spots
from app.screens.screening import Mode
from app.screens.screening import State as Screening
from app.spots import overview, sizing
from app.spots import update as kept
from app.spots.apart import PhotoEvent
from app.spots.collection import Asked
from app.spots.events import OverviewAct, SizeAct, SpotsAct, StoreEvent
from app.spots.people import next_person
from app.spots.state import Spots
from app.words import IN_ENGLISH
from app.words.picture import backend_name
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import EngineLoaded, PageEvent
    from app.session import Session
    from app.words import Words

# The only language that there is.
WORDS = IN_ENGLISH
# The regions of every screen that show what is kept.
_OF_KEPT_SPOTS = (*sorted(KEPT), "history", "ghost", "save")


@dataclass(frozen=True)
class Page:
    """The screen that is shown, and the state of each screen that has one.

    ``left`` is what the screening was when the visitor left it, while another screen is shown: its
    photos may be forgotten meanwhile, so it is not kept for longer.
    """

    route: Route = Route.SCREENING
    screening: Screening = field(default_factory=Screening)
    spots: Spots = field(default_factory=Spots)
    left: Screening | None = None

    @property
    def session(self) -> Session:
        """What every screen may read."""
        return self.screening.session


def update(page: Page, event: PageEvent) -> tuple[Page, tuple[Effect, ...]]:
    """Return the next page and the effects to perform, in order."""
    page, effects = _updated(page, event)
    repeat = page.spots.repeating
    aimed = screening.aimed(page.screening, repeat.earlier if repeat else None)
    return (page if aimed is page.screening else replace(page, screening=aimed)), effects


def _updated(page: Page, event: PageEvent) -> tuple[Page, tuple[Effect, ...]]:
    if isinstance(event, StoreEvent):
        known, wanted = kept.told(page.spots, event)
        return replace(page, spots=known), wanted
    if isinstance(event, SpotsAct):
        known, wanted = kept.acted(page.spots, screening.answered(page.screening), event)
        noted = screening.noted(page.screening, event)
        if _is_another(page, known):
            noted = screening.concerning(noted, known.collection.about)
        return replace(page, spots=known, screening=noted), wanted
    if isinstance(event, OverviewAct | SizeAct):
        known, asked = (
            overview.acted(page.spots, event)
            if isinstance(event, OverviewAct)
            else sizing.acted(page.spots, event)
        )
        return replace(page, spots=known, screening=screening.noted(page.screening, event)), asked
    if isinstance(event, PhotoEvent):
        for apart in (overview, sizing):
            if apart.is_of(page.spots, event):
                known, asked = apart.read(page.spots, event)
                return replace(page, spots=known), asked
    asked = ()
    if isinstance(event, Navigated) and event.intent >= page.session.intent:
        page = replace(page, route=event.route, left=_left_at(page, event.route))
        if event.route in KEPT:
            known, asked = kept.opened(page.spots, event.route, event.spot)
            page = replace(page, spots=known)
    if isinstance(event, CameraStarted | PhotosChosen) and _is_of_another_spot(event):
        known = kept.photographing(page.spots, isinstance(event, PhotosChosen))
        page = replace(page, spots=known)
    state, effects = screening.update(page.screening, event)
    if state is not page.screening:
        page = replace(page, screening=state)
    if isinstance(event, Reset) and not state.spots:
        page = replace(page, spots=kept.forgotten(page.spots, event.next_person))
    return page, (*asked, *effects)


def _is_of_another_spot(event: CameraStarted | PhotosChosen) -> bool:
    return event.replaces is None and event.joins is None


def _is_another(page: Page, spots: Spots) -> bool:
    """Tell whether the next check is about somebody else than what was said so far.

    What was said while nobody had been chosen is about the one who is chosen now.
    """
    before, now = page.spots.collection.shown_person, spots.collection.shown_person
    same = before is not None and now is not None and before.id == now.id
    return not same and (before is not None or page.session.person == NO_ANSWERS)


def _left_at(page: Page, route: Route) -> Screening | None:
    if route is Route.SCREENING:
        return None
    return page.screening if page.route is Route.SCREENING else page.left


def view(page: Page, words: Words = WORDS) -> dict[str, Html]:
    """Render the regions of the screen that is shown, and those that every screen has."""
    match page.route:
        case Route.SCREENING:
            regions = screening.view(page.screening, words, _next_person(page, words))
            answered, live = screening.answered(page.screening), page.screening.live is not None
            regions |= saving.view(page.spots, answered, live, words)
        case Route.FACTS:
            regions = facts.view(page.session, words)
        case Route.TABLES:
            regions = facts.view_tables(page.session, words)
        case Route.SPOTS:
            regions = spots.view(page.spots, words)
        case Route.SPOT:
            regions = spot.view(page.spots, words)
        case Route.COMPARE:
            regions = compare.view(page.spots, words)
        case Route.MAP:
            regions = body_map.view(page.spots, words)
        case Route.SETTINGS:
            regions = settings.view(page.spots, words)
    collection = page.spots.collection
    if collection.is_locked or (collection.asked is Asked.KNOWN and not collection.records):
        # No screen that is left, and stays in the document, keeps what was locked or deleted.
        regions = {**dict.fromkeys(_OF_KEPT_SPOTS, NOTHING), **regions}
    return {**regions, "backend": _backend(page.session, words)}


def _next_person(page: Page, words: Words) -> Html:
    """Offer a clean start for somebody else, where "Start again" would not be one.

    That is where several people keep spots here, or where something is known of this person, which
    would count for the next one. Nobody else gets another button.
    """
    state = page.screening
    if not state.spots or state.mode in {Mode.LIVE, Mode.ANALYSING} or state.asks_to_reset:
        return NOTHING
    if len(page.spots.collection.people) < 2 and state.session.person == NO_ANSWERS:
        return NOTHING
    return next_person(words)


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

"""The whole state of the screening, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.screens.screening.live import Live
from app.screens.screening.spot import (
    Failed,
    Shot,
    Spot,
    SpotInPhoto,
    triage_of,
    urgency,
)
from app.session import Session, Unavailable
from lentigo.triage.advice import advise
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import Outcome

if TYPE_CHECKING:
    from app.events import Prepared
    from lentigo.errors import LentigoError
    from lentigo.spots.lining_up import Earlier
    from lentigo.triage.advice import Advice
    from lentigo.triage.checklist import Answers
    from lentigo.triage.rules import Triage


class Mode(StrEnum):
    """How far the screening is; the value of ``data-state``, a public contract."""

    BOOTING = "booting"
    READY = "ready"
    LIVE = "live"
    ANALYSING = "analysing"
    RESULT = "result"
    REJECTED = "rejected"
    ERROR = "error"


@dataclass(frozen=True)
class AtPhotos:
    """The photos, or the way to the first one.

    ``notice`` is what went wrong beside an answer that stands; ``asks_to_reset`` whether the
    visitor is asked if several photos shall be forgotten, and ``for_next_person`` whether that is
    for somebody else to take over.
    """

    notice: LentigoError | None = None
    asks_to_reset: bool = False
    for_next_person: bool = False


@dataclass(frozen=True)
class Broken:
    """What stands in place of everything else: no camera, or a mistake of the program."""

    error: LentigoError


Stage = AtPhotos | Live | Broken


@dataclass(frozen=True)
class State:
    """Everything that ``view`` shows and ``update`` decides on.

    ``spots`` are in the order in which their first photos were chosen, and named by these.
    ``working`` is the id of the photo that is being read, decoded, judged or predicted: one at a
    time. ``opened`` is the spot to show: the visitor's choice, or the most severe once all are
    judged. ``pictured`` is the photo whose picture the page has.

    ``waiting`` has passed the gate and waits for the engine, ``in_flight`` is with the engine.
    ``draft`` is what was said about a spot before its photo was chosen. ``refusals`` counts the
    photos in a row that could not be judged. ``earlier`` is the kept photo that the next one
    repeats, if there is one.
    """

    session: Session = field(default_factory=Session)
    stage: Stage = AtPhotos()
    spots: tuple[SpotInPhoto, ...] = ()
    opened: int | None = None
    working: int | None = None
    pictured: int | None = None
    waiting: Prepared | None = None
    in_flight: Prepared | None = None
    draft: Answers = NO_ANSWERS
    refusals: int = 0
    earlier: Earlier | None = None

    def spot(self, photo_id: int | None) -> SpotInPhoto | None:
        """Return the spot of which this is the first photo, or ``None``."""
        return next((spot for spot in self.spots if spot.id == photo_id), None)

    def spot_of(self, photo_id: int | None) -> SpotInPhoto | None:
        """Return the spot that a photo shows, the first one or another, or ``None``."""
        shown = (s for s in self.spots if any(shot.id == photo_id for shot in s.shots))
        return next(shown, None)

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Every photo of every spot."""
        return tuple(shot for spot in self.spots for shot in spot.shots)

    @property
    def live(self) -> Live | None:
        """The open camera."""
        return self.stage if isinstance(self.stage, Live) else None

    @property
    def photographed(self) -> SpotInPhoto | None:
        """The spot in photos that the page shows, unless the camera is open."""
        if self.live:
            return None
        spot = self.spot(self.opened) or self.spot_of(self.working)
        return spot or next(iter(self.spots), None)

    @property
    def shown(self) -> Spot:
        """The spot that the page is about; one without a picture if there is none yet."""
        if self.live:
            return self.live.spot
        return self.photographed or Spot(answers=self.draft)

    @property
    def mode(self) -> Mode:
        """How far the screening is."""
        started = self.session.has_started
        match self.stage:
            case Broken():
                return Mode.ERROR
            case Live():
                return Mode.LIVE if started else Mode.BOOTING
        if self.photographed:
            return mode_of(self.photographed, self.session.person)
        if isinstance(self.session.engine, Unavailable):
            return Mode.ERROR
        return Mode.READY if started else Mode.BOOTING

    @property
    def problem(self) -> LentigoError | None:
        """What stands in place of an answer."""
        if isinstance(self.stage, Broken):
            return self.stage.error
        photographed = self.photographed
        if photographed is None:
            return None if self.live else self.session.engine_error
        if photographed.answer is not None or not isinstance(photographed.stage, Failed):
            return None
        return photographed.stage.error

    @property
    def notice(self) -> LentigoError | None:
        """What went wrong beside an answer that stands all the same."""
        return self.stage.notice if isinstance(self.stage, AtPhotos) else None

    @property
    def asks_to_reset(self) -> bool:
        """Whether the visitor is asked if several photos shall be forgotten."""
        return isinstance(self.stage, AtPhotos) and self.stage.asks_to_reset

    @property
    def asks_for_next_person(self) -> bool:
        """Whether that is for somebody else to take over."""
        return isinstance(self.stage, AtPhotos) and self.stage.for_next_person

    @property
    def answers(self) -> Answers:
        """All that was said: of the spot that is shown, and of the person."""
        return self.shown.answers.with_person(self.session.person)

    @property
    def triage(self) -> Triage:
        """Everything that is known about the spot that is shown, put into one priority."""
        return triage_of(self.shown, self.session.person)

    @property
    def advice(self) -> Advice:
        """What to do about the spot that is shown."""
        spot = self.photographed
        return advise(self.triage, photos=len(spot.accepted) if spot else 0)

    @property
    def is_row(self) -> bool:
        """Whether there are several spots."""
        return len(self.spots) > 1

    @property
    def row(self) -> tuple[SpotInPhoto, ...]:
        """The spots as the page shows them: the most severe first, what is to come last."""
        judged = [spot for spot in self.spots if not spot.is_pending]
        judged.sort(key=lambda spot: -urgency(spot, self.session.person))
        return (*judged, *(spot for spot in self.spots if spot.is_pending))


def mode_of(spot: SpotInPhoto, person: Answers) -> Mode:
    """Return what the page shows of a spot.

    One that the model has answered has a label, unless the answers put the spot outside what can be
    judged.
    """
    if any(shot.is_pending for shot in spot.shots):
        return Mode.ANALYSING
    if spot.answer is None:
        return Mode.ERROR if isinstance(spot.stage, Failed) else Mode.REJECTED
    labelled = triage_of(spot, person).outcome is Outcome.LABELLED
    return Mode.RESULT if labelled else Mode.REJECTED

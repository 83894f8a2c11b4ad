"""The whole state of the application, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.model.recent_frames import FrameHistory
from lentigo.picture.quality import Severity
from lentigo.priority import Priority
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import CautionRule, Evidence, Outcome, triage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.events import EngineLoaded, Prepared, Subject
    from lentigo.errors import LentigoError
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality
    from lentigo.picture.quality import Finding, QualityIssue
    from lentigo.priority import Assessment
    from lentigo.triage.checklist import Answers
    from lentigo.triage.rules import Triage

# A hint that came and went within a few frames would only flicker.
STEADY_MS = 400.0
# How long everything must be good before the photo takes itself.
GOOD_FOR_MS = 1500.0


class Mode(StrEnum):
    """What the page shows; the value of ``data-state``, a public contract."""

    BOOTING = "booting"
    READY = "ready"
    LIVE = "live"
    ANALYSING = "analysing"
    RESULT = "result"
    REJECTED = "rejected"
    ERROR = "error"


@dataclass(frozen=True)
class Timings:
    """How long one answer took, in ms; ``total_ms`` runs from the visitor's act to the answer."""

    preprocess_ms: float
    inference_ms: float
    total_ms: float


@dataclass(frozen=True)
class Answer:
    """One assessment, what it rests on, how long it took, and which model computed it where.

    ``history`` holds the probabilities that were assessed: of a photo alone, or of the last live
    frames too. ``modality`` decided which operating points hold. ``maps`` is float32 (7, 7, 7), or
    ``None`` if the model gives none.
    """

    assessment: Assessment
    timings: Timings
    backend: str
    manifest: Manifest
    history: FrameHistory
    modality: Modality
    maps: NDArray[np.float32] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Coach:
    """What live mode tells the visitor; all times are those of frames, in ms since the epoch.

    ``told`` is the finding that the page names, and ``None`` while there is none to name: it
    follows the newest frame's first finding ``leading`` once that has lasted since ``leading_ms``
    for ``STEADY_MS``. ``good_ms`` is since when everything has been good, and ``frame_ms`` the
    newest frame.
    """

    told: Finding | None = None
    leading: QualityIssue | None = None
    leading_ms: float = 0.0
    good_ms: float | None = None
    frame_ms: float = 0.0

    def see(self, findings: tuple[Finding, ...], good: bool, at_ms: float) -> Coach:
        """Return what to tell after one more frame."""
        first = findings[0] if findings else None
        issue = first.issue if first else None
        good_ms = (at_ms if self.good_ms is None else self.good_ms) if good else None
        if issue is not self.leading:
            return Coach(self.told, issue, at_ms, good_ms, at_ms)
        told = first if at_ms - self.leading_ms >= STEADY_MS else self.told
        return Coach(told, issue, self.leading_ms, good_ms, at_ms)

    @property
    def good_share(self) -> float:
        """How much of ``GOOD_FOR_MS`` everything has been good, 0..1."""
        if self.good_ms is None:
            return 0.0
        return min(1.0, (self.frame_ms - self.good_ms) / GOOD_FOR_MS)


@dataclass(frozen=True, eq=False)
class Spot:
    """One spot of skin: its photo, what is known of it, and what the visitor said about it.

    ``photo`` is ``None`` before there is one, and in live mode. ``square`` and ``thumbnail`` are
    JPEG, as in ``Prepared``, and empty until it is prepared; ``findings`` and ``outline`` come with
    them. ``before`` are the live frames that the shutter ended. ``answers`` are about the spot
    alone, and ``kept`` tells that they were given before this photo. ``modality`` is the visitor's
    word for it, ``None`` if the model's stands. ``activation_shown`` tells whether the answer's
    map is laid over the picture. Two spots are the same only if they are the same object.
    """

    photo: Subject | None = None
    mode: Mode = Mode.ANALYSING
    square: bytes = b""
    thumbnail: bytes = b""
    findings: tuple[Finding, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()
    before: FrameHistory = field(default_factory=FrameHistory)
    answer: Answer | None = None
    answers: Answers = NO_ANSWERS
    kept: bool = False
    modality: Modality | None = None
    activation_shown: bool = False
    error: LentigoError | None = None

    @property
    def id(self) -> int | None:
        """The id of the photo."""
        return self.photo.id if self.photo else None

    @property
    def issues(self) -> tuple[QualityIssue, ...]:
        """What is wrong with the picture, refusals first."""
        return tuple(finding.issue for finding in self.findings)


@dataclass(frozen=True, eq=False)
class Live:
    """An open camera.

    Frames count from the act ``since`` on. ``spot`` is what the newest frames show; a photo of it
    takes the place of the one that it ``replaces``, if there is one. ``answered_ms`` are the times
    of the answers, the newest last, for the rate. ``stalled`` tells that no more frames come.
    """

    since: int
    spot: Spot = field(default_factory=lambda: Spot(mode=Mode.LIVE))
    replaces: int | None = None
    coach: Coach = field(default_factory=Coach)
    history: FrameHistory = field(default_factory=FrameHistory)
    answered_ms: tuple[float, ...] = ()
    stalled: bool = False

    @property
    def rate_hz(self) -> float | None:
        """Answers a second over the last ten; ``None`` before the second one."""
        times = self.answered_ms
        if len(times) < 2 or times[-1] <= times[0]:
            return None
        return (len(times) - 1) * 1000 / (times[-1] - times[0])


@dataclass(frozen=True)
class State:
    """Everything that ``view`` shows and ``update`` decides on.

    ``spots`` are the photos in the order in which they were chosen, and ``working`` is the id of
    the one that is being read, decoded, judged or predicted: one at a time. ``opened`` is the one
    to show: the visitor's choice, or the most severe once all are judged. ``pictured`` is the one
    whose picture the page has.

    ``waiting`` has passed the gate and waits for the engine, ``in_flight`` is with the engine;
    ``started`` tells that an engine has been ready. What is known of the ``person`` counts for
    every spot; ``draft`` is what was said about a spot before its photo was chosen. ``refusals``
    counts the photos in a row that could not be judged. ``notice`` stands beside the answer,
    ``error`` in place of it.
    """

    intent: int = 0
    started: bool = False
    engine: EngineLoaded | None = None
    engine_error: LentigoError | None = None
    excluded: tuple[str, ...] = ()
    live: Live | None = None
    spots: tuple[Spot, ...] = ()
    opened: int | None = None
    working: int | None = None
    pictured: int | None = None
    waiting: Prepared | None = None
    in_flight: Prepared | None = None
    person: Answers = NO_ANSWERS
    draft: Answers = NO_ANSWERS
    refusals: int = 0
    asks_to_reset: bool = False
    notice: LentigoError | None = None
    error: LentigoError | None = None

    def spot(self, photo_id: int | None) -> Spot | None:
        """Return the spot of a photo, or ``None``."""
        return next((s for s in self.spots if s.photo and s.photo.id == photo_id), None)

    @property
    def shown(self) -> Spot:
        """The spot that the page is about; one without a photo if there is none yet."""
        if self.live:
            return self.live.spot
        spot = self.spot(self.opened) or self.spot(self.working)
        return spot or next(iter(self.spots), Spot(answers=self.draft))

    @property
    def mode(self) -> Mode:
        """What the page shows."""
        if self.error:
            return Mode.ERROR
        if self.live:
            return Mode.LIVE if self.started else Mode.BOOTING
        if self.shown.photo:
            return self.shown.mode
        if self.engine_error:
            return Mode.ERROR
        return Mode.READY if self.started else Mode.BOOTING

    @property
    def problem(self) -> LentigoError | None:
        """What stands in place of an answer."""
        shown = self.shown
        return self.error or (shown.error if shown.photo else self.engine_error)

    @property
    def answers(self) -> Answers:
        """All that was said: of the spot that is shown, and of the person."""
        return self.shown.answers.with_person(self.person)

    @property
    def triage(self) -> Triage:
        """Everything that is known about the spot that is shown, put into one priority."""
        return triage_of(self.shown, self.person)

    @property
    def is_row(self) -> bool:
        """Whether there are several photos."""
        return len(self.spots) > 1

    @property
    def row(self) -> tuple[Spot, ...]:
        """The photos as the page shows them: the most severe first, what is to come last."""
        judged = [spot for spot in self.spots if spot.mode is not Mode.ANALYSING]
        judged.sort(key=lambda spot: -urgency(spot, self.person))
        return (*judged, *(spot for spot in self.spots if spot.mode is Mode.ANALYSING))


def triage_of(spot: Spot, person: Answers) -> Triage:
    """Put everything that is known about a spot into one priority."""
    answer = spot.answer
    by_severity = {
        severity: frozenset(f.issue for f in spot.findings if f.severity is severity)
        for severity in Severity
    }
    return triage(
        Evidence(
            assessment=answer.assessment if answer else None,
            refusing=by_severity[Severity.REFUSE],
            warning=by_severity[Severity.WARN],
            disagreement=(
                answer.history.disagreement(answer.assessment.diagnosis) if answer else 0.0
            ),
            answers=spot.answers.with_person(person),
        )
    )


def has_verdict(triage: Triage) -> bool:
    """Tell whether there is a priority to show: the model's, or one that the answers ask for.

    Where the spot is outside what can be judged, its own advice stands, unless more is asked for.
    """
    if triage.outcome is Outcome.LABELLED:
        return True
    own_advice = triage.decisive.rule is CautionRule.OUTSIDE
    return triage.priority.severity > Priority.UNCERTAIN.severity and not own_advice


def urgency(spot: Spot, person: Answers) -> float:
    """Return where a judged photo stands in a row, the higher the sooner.

    One that could not be judged comes before ``low``: it was not seen at all.
    """
    known = triage_of(spot, person)
    if spot.answer is None and not has_verdict(known):
        return (Priority.LOW.severity + Priority.UNCERTAIN.severity) / 2
    return known.priority.severity

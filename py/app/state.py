"""The whole state of the application, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.checklist import NO_ANSWERS
from lentigo.quality import Severity
from lentigo.smoothing import FrameHistory
from lentigo.triage import Evidence, triage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from app.events import EngineLoaded, Prepared, Subject
    from lentigo.checklist import Answers
    from lentigo.errors import LentigoError
    from lentigo.manifest import Manifest
    from lentigo.modality import Modality
    from lentigo.priority import Assessment
    from lentigo.quality import Finding, QualityIssue
    from lentigo.triage import Triage

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


@dataclass(frozen=True)
class State:
    """Everything that ``view`` shows and ``update`` decides on.

    ``subject`` is the picture that the page is about and ``picture`` what it shows of it (none in
    live mode); ``activation_shown`` tells whether the answer's map is laid over it. ``waiting`` has
    passed the gate and waits for the engine, the newest only; ``in_flight`` is with the engine, at
    most one. ``answered_ms`` are the times of the live answers, the newest last, for the rate.
    ``findings`` and ``outline`` are the newest picture's, as in ``Prepared``. ``answers`` outlive
    the picture: they are about the spot. ``refusals`` counts the pictures in a row that could not
    be judged.
    """

    mode: Mode = Mode.BOOTING
    intent: int = 0
    camera_on: bool = False
    engine: EngineLoaded | None = None
    engine_error: LentigoError | None = None
    excluded: tuple[str, ...] = ()
    subject: Subject | None = None
    picture: Image.Image | None = field(default=None, compare=False)
    activation_shown: bool = False
    waiting: Prepared | None = None
    in_flight: Prepared | None = None
    findings: tuple[Finding, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()
    coach: Coach = field(default_factory=Coach)
    answers: Answers = NO_ANSWERS
    refusals: int = 0
    history: FrameHistory = field(default_factory=FrameHistory)
    answer: Answer | None = None
    answered_ms: tuple[float, ...] = ()
    error: LentigoError | None = None

    @property
    def issues(self) -> tuple[QualityIssue, ...]:
        """What is wrong with the picture, refusals first."""
        return tuple(finding.issue for finding in self.findings)

    @property
    def triage(self) -> Triage:
        """Everything that is known about the spot, put into one priority."""
        answer = self.answer
        by_severity = {
            severity: frozenset(f.issue for f in self.findings if f.severity is severity)
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
                answers=self.answers,
            )
        )

    @property
    def rate_hz(self) -> float | None:
        """Live answers a second over the last ten; ``None`` before the second one."""
        if len(self.answered_ms) < 2 or self.answered_ms[-1] <= self.answered_ms[0]:
            return None
        return (len(self.answered_ms) - 1) * 1000 / (self.answered_ms[-1] - self.answered_ms[0])

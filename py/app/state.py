"""The whole state of the application, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.smoothing import FrameHistory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from app.events import EngineLoaded, Prepared, Subject
    from lentigo.errors import LentigoError
    from lentigo.manifest import Manifest
    from lentigo.modality import Modality
    from lentigo.priority import Assessment
    from lentigo.quality import QualityIssue


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
    frames too. ``modality`` decided which operating points hold. ``maps`` is float32 (7, 7, 9), or
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
class State:
    """Everything that ``view`` shows and ``update`` decides on.

    ``subject`` is the picture that the page is about and ``picture`` what it shows of it (none in
    live mode); ``activation_shown`` tells whether the answer's map is laid over it. ``waiting`` has
    passed the gate and waits for the engine, the newest only; ``in_flight`` is with the engine, at
    most one. ``answered_ms`` are the times of the live answers, the newest last, for the rate.
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
    issues: tuple[QualityIssue, ...] = ()
    history: FrameHistory = field(default_factory=FrameHistory)
    answer: Answer | None = None
    answered_ms: tuple[float, ...] = ()
    error: LentigoError | None = None

    @property
    def rate_hz(self) -> float | None:
        """Live answers a second over the last ten; ``None`` before the second one."""
        if len(self.answered_ms) < 2 or self.answered_ms[-1] <= self.answered_ms[0]:
            return None
        return (len(self.answered_ms) - 1) * 1000 / (self.answered_ms[-1] - self.answered_ms[0])

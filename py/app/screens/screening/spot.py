"""A spot of skin: what is known of it, and what the visitor said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lentigo.model.recent_frames import RecentFrames
from lentigo.picture.quality import Severity
from lentigo.priority import Priority
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import CautionRule, Evidence, Outcome, triage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.events import Photo
    from lentigo.errors import LentigoError
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality
    from lentigo.model.ood import Recognition
    from lentigo.picture.quality import Finding, QualityIssue
    from lentigo.priority import Assessment
    from lentigo.triage.checklist import Answers
    from lentigo.triage.rules import Triage


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
    frames too. ``modality`` decided which operating points hold, and ``recognition`` is how well
    the model knows what it sees, if it says so. ``maps`` is float32 (7, 7, 7), or ``None`` if the
    model gives none.
    """

    assessment: Assessment
    timings: Timings
    backend: str
    manifest: Manifest
    history: RecentFrames
    modality: Modality
    recognition: Recognition | None = None
    maps: NDArray[np.float32] | None = field(default=None, compare=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class Spot:
    """One spot, of which there need not be a picture yet.

    ``findings`` are what is wrong with its picture, refusals first, and ``outline`` runs around the
    lesion, as in ``Prepared``. ``answers`` are about the spot alone, and ``kept`` says that they
    were given before this picture. Two spots are the same only if they are the same object.
    """

    findings: tuple[Finding, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()
    answers: Answers = NO_ANSWERS
    kept: bool = False

    @property
    def id(self) -> int | None:
        """The id of its photo."""
        return None

    @property
    def answer(self) -> Answer | None:
        """What the model makes of it."""
        return None

    @property
    def issues(self) -> tuple[QualityIssue, ...]:
        """What is wrong with the picture, refusals first."""
        return tuple(finding.issue for finding in self.findings)


@dataclass(frozen=True, eq=False, kw_only=True)
class SpotInView(Spot):
    """What the open camera is aimed at; its provisional ``answer`` comes and goes."""

    answer: Answer | None = None


@dataclass(frozen=True)
class Pending:
    """Not judged yet; ``unread`` is Pillow's verdict while the browser tries to decode it."""

    unread: LentigoError | None = None


@dataclass(frozen=True)
class Judged:
    """The model has answered; whether the page names a label is the triage's business."""

    answer: Answer


@dataclass(frozen=True)
class Refused:
    """The picture cannot be judged, for what its findings say."""


@dataclass(frozen=True)
class Failed:
    """There is no picture, or no engine, or the program made a mistake."""

    error: LentigoError


@dataclass(frozen=True, eq=False, kw_only=True)
class SpotInPhoto(Spot):
    """A spot in a photo, and how far that photo has come.

    ``square`` and ``thumbnail`` are JPEG, as in ``Prepared``, and empty until it is prepared.
    ``before`` are the live frames that the shutter ended. ``modality`` is the visitor's word for
    it, ``None`` if the model's stands. ``activation_shown`` says whether the answer's map is laid
    over the picture.
    """

    photo: Photo
    stage: Pending | Judged | Refused | Failed = Pending()
    square: bytes = b""
    thumbnail: bytes = b""
    before: RecentFrames = field(default_factory=RecentFrames)
    modality: Modality | None = None
    activation_shown: bool = False

    @property
    def id(self) -> int:
        """The id of the photo."""
        return self.photo.id

    @property
    def answer(self) -> Answer | None:
        """What the model makes of it, once it has answered."""
        return self.stage.answer if isinstance(self.stage, Judged) else None

    @property
    def is_pending(self) -> bool:
        """Whether it has yet to be judged."""
        return isinstance(self.stage, Pending)


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
            recognition=answer.recognition if answer else None,
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

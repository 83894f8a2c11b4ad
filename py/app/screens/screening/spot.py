"""A spot of skin: what is known of it, and what the visitor said about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.model.ood import Recognition
from lentigo.model.recent_frames import RecentFrames
from lentigo.picture.quality import Severity
from lentigo.priority import Priority
from lentigo.triage.checklist import NO_ANSWERS
from lentigo.triage.rules import Evidence, Outcome, triage

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from app.events import Photo, Whole
    from lentigo.errors import LentigoError
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality
    from lentigo.model.reading import Outputs
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

    ``outputs`` are the network's own: of a photo, or the mean of several. ``history`` holds the
    probabilities that were assessed, if they are those of a photo alone, or of the last live frames
    too. ``modality`` decided which scale holds, and ``recognition`` is how well the model
    knows what it sees, if it says so. ``maps`` is float32 (7, 7, 7), or ``None`` if the model gives
    none.
    """

    assessment: Assessment
    timings: Timings
    backend: str
    manifest: Manifest
    outputs: Outputs
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
    def doubts(self) -> tuple[Finding, ...]:
        """What of its findings counts."""
        return self.findings

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


class Surplus(StrEnum):
    """Why another photo of a spot is not looked at."""

    SAME_PHOTO = "same-photo"
    TOO_MANY = "too-many"


@dataclass(frozen=True)
class LeftOut:
    """Another photo of a spot that does not count."""

    why: Surplus


@dataclass(frozen=True, eq=False, kw_only=True)
class Shot:
    """A photo of a spot, and how far it has come.

    ``findings`` and ``outline`` are as in ``Spot``. ``square`` and ``thumbnail`` are JPEG, as in
    ``Prepared``, and empty until it is prepared; so is ``whole``, and ``taken`` is the day that its
    file tells. ``before`` are the live frames that the shutter ended. ``modality`` is the visitor's
    word for it, ``None`` if the model's stands. ``digest`` tells the same photo again; it is empty
    until the photo is read.
    """

    photo: Photo
    stage: Pending | Judged | Refused | Failed | LeftOut = Pending()
    findings: tuple[Finding, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()
    square: bytes = b""
    thumbnail: bytes = b""
    whole: Whole | None = None
    taken: date | None = None
    before: RecentFrames = field(default_factory=RecentFrames)
    modality: Modality | None = None
    digest: str = ""

    @property
    def id(self) -> int:
        """The id of the photo."""
        return self.photo.id

    @property
    def alone(self) -> Answer | None:
        """What the model makes of this photo alone, once it has answered."""
        return self.stage.answer if isinstance(self.stage, Judged) else None

    @property
    def shows_nail(self) -> bool:
        """Whether the model takes this photo alone for one of a nail."""
        return self.alone is not None and self.alone.recognition is Recognition.NAIL

    @property
    def is_pending(self) -> bool:
        """Whether it has yet to be judged."""
        return isinstance(self.stage, Pending)


@dataclass(frozen=True, eq=False, kw_only=True)
class SpotInPhoto(Shot, Spot):
    """A spot in a photo, its first, and in those that were ``added``.

    ``together`` is the answer for all of them, where it is not that of the first photo alone.
    ``activation_shown`` says whether the answer's map is laid over the picture.
    """

    added: tuple[Shot, ...] = ()
    together: Answer | None = None
    activation_shown: bool = False

    @property
    def shots(self) -> tuple[Shot, ...]:
        """All its photos, in the order in which they came."""
        return (self, *self.added)

    @property
    def accepted(self) -> tuple[Shot, ...]:
        """The photos that the answer rests on: of a nail only where none shows anything else."""
        judged = tuple(shot for shot in self.shots if shot.alone is not None)
        return tuple(shot for shot in judged if not shot.shows_nail) or judged

    @property
    def answer(self) -> Answer | None:
        """What the model makes of it, once it has answered."""
        return self.together or self.alone

    @property
    def pictured(self) -> Shot:
        """The photo that the page shows: the newest that counts, else the first."""
        return self.accepted[-1] if self.accepted else self

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What is wrong with its photos; nothing as soon as one of them that counts is good."""
        accepted = self.accepted
        if not accepted:
            return self.findings
        if not all(shot.findings for shot in accepted):
            return ()
        by_issue = {finding.issue: finding for shot in accepted for finding in shot.findings}
        return tuple(by_issue.values())


def triage_of(spot: Spot, person: Answers) -> Triage:
    """Put everything that is known about a spot into one priority."""
    shots = spot.accepted if isinstance(spot, SpotInPhoto) else ()
    alone = tuple(asked_alone(shot) for shot in shots) if len(shots) > 1 else ()
    return triage(
        replace(
            _seen(spot.answer, spot.doubts), answers=spot.answers.with_person(person), alone=alone
        )
    )


def asked_alone(shot: Shot) -> Priority:
    """Return what one photo asks for, without the others and without what was said of the spot."""
    return triage(_seen(shot.alone, shot.findings)).priority


def _seen(answer: Answer | None, findings: tuple[Finding, ...]) -> Evidence:
    by_severity = {
        severity: frozenset(f.issue for f in findings if f.severity is severity)
        for severity in Severity
    }
    return Evidence(
        assessment=answer.assessment if answer else None,
        refusing=by_severity[Severity.REFUSE],
        warning=by_severity[Severity.WARN],
        disagreement=(answer.history.disagreement(answer.assessment.diagnosis) if answer else 0.0),
        recognition=answer.recognition if answer else None,
    )


def has_verdict(triage: Triage) -> bool:
    """Tell whether there is a priority to show: the model's, or one that the answers ask for."""
    if triage.outcome in {Outcome.LABELLED, Outcome.OUTSIDE}:
        return True
    return triage.priority.severity > Priority.UNCERTAIN.severity


def urgency(spot: Spot, person: Answers) -> float:
    """Return where a judged photo stands in a row, the higher the sooner.

    One that could not be judged comes before ``low``: it was not seen at all.
    """
    known = triage_of(spot, person)
    if spot.answer is None and not has_verdict(known):
        return (Priority.LOW.severity + Priority.UNCERTAIN.severity) / 2
    return known.priority.severity

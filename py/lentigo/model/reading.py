"""One reading of a picture, for page and evaluation alike: from what the network answers to an
assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.model.calibration import softmax
from lentigo.model.modality import Modality, modality_of
from lentigo.priority import assess, cautious

if TYPE_CHECKING:
    from lentigo.model.ood import OutOfDistribution, Recognition
    from lentigo.priority import Assessment, OperatingPoints


@dataclass(frozen=True)
class Outputs:
    """What the network answers about one picture, as logits.

    ``logits`` has one per ``Diagnosis``, in that order. ``modality`` is that of a dermoscope,
    ``lesion`` that of a lesion; ``None`` where the model does not tell.
    """

    logits: tuple[float, ...]
    modality: float | None = None
    lesion: float | None = None


@dataclass(frozen=True)
class Reading:
    """What a picture was taken for.

    ``probabilities`` are calibrated, 0..1, and add up to 1. ``known_score`` is what ``recognition``
    rests on; both are ``None`` where the model does not tell.
    """

    probabilities: tuple[float, ...]
    modality: Modality
    recognition: Recognition | None
    known_score: float | None
    assessment: Assessment


@dataclass(frozen=True)
class Reader:
    """What a model's evaluation has found to read its answers by.

    ``certain_from`` 0.5..1 is ``None`` for a model that cannot tell how a picture was taken: then
    the cautious points always hold. ``known`` is ``None`` for one that cannot tell what it knows.
    """

    temperature: float
    dermoscopic: OperatingPoints
    camera: OperatingPoints
    certain_from: float | None = None
    known: OutOfDistribution | None = None

    def points_for(self, modality: Modality) -> OperatingPoints:
        """Return the operating points for a way of taking; the cautious ones when it is unsure."""
        match modality:
            case Modality.DERMOSCOPIC:
                return self.dermoscopic
            case Modality.CAMERA:
                return self.camera
            case Modality.UNSURE:
                return cautious(self.dermoscopic, self.camera)

    def read(self, outputs: Outputs, modality: Modality | None = None) -> Reading:
        """Read one picture; ``modality`` is how it was taken, if somebody has said so.

        ``ValueError`` unless there are seven finite class logits.
        """
        probabilities = tuple(float(p) for p in softmax(outputs.logits, self.temperature))
        taken = modality or self._modality(outputs.modality)
        score, recognition = self._recognised(outputs, max(probabilities))
        return Reading(
            probabilities=probabilities,
            modality=taken,
            recognition=recognition,
            known_score=score,
            assessment=assess(probabilities, self.points_for(taken)),
        )

    def _modality(self, logit: float | None) -> Modality:
        if self.certain_from is None or logit is None:
            return Modality.UNSURE
        return modality_of(logit, self.certain_from)

    def _recognised(
        self, outputs: Outputs, confidence: float
    ) -> tuple[float | None, Recognition | None]:
        if self.known is None or outputs.lesion is None:
            return None, None
        score = float(self.known.score(outputs.logits, outputs.lesion, confidence))
        return score, self.known.recognise(score)

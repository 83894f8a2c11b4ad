"""One reading of a picture, for page and evaluation alike: from what the network answers to an
assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lentigo.model.calibration import softmax
from lentigo.model.modality import Modality, modality_of
from lentigo.model.risk import Scales, Scores, scores_of

if TYPE_CHECKING:
    from lentigo.model.ood import OutOfDistribution, Recognition
    from lentigo.priority import Assessment


@dataclass(frozen=True)
class Outputs:
    """What the network answers about one picture, as logits.

    ``logits`` has one per ``Diagnosis``, in that order. ``modality`` is that of a dermoscope,
    ``lesion`` that of a lesion, ``melanoma`` and ``malignancy`` those of heads of their own,
    ``nail`` that of a nail; ``None`` where the model does not tell.
    """

    logits: tuple[float, ...]
    modality: float | None = None
    lesion: float | None = None
    melanoma: float | None = None
    malignancy: float | None = None
    nail: float | None = None

    @property
    def scores(self) -> Scores:
        """What the risks rest on."""
        return scores_of(self.logits, self.melanoma, self.malignancy)


@dataclass(frozen=True)
class Reading:
    """What a picture was taken for.

    ``probabilities`` are calibrated, 0..1, and add up to 1. ``known_score`` is what ``recognition``
    rests on; both are ``None`` where the model does not tell.
    """

    probabilities: tuple[float, ...]
    scores: Scores
    modality: Modality
    recognition: Recognition | None
    known_score: float | None
    assessment: Assessment


@dataclass(frozen=True)
class Reader:
    """What a model's evaluation has found to read its answers by.

    ``certain_from`` 0.5..1 is ``None`` for a model that cannot tell how a picture was taken: then
    the more cautious scale always holds. ``known`` is ``None`` for one that cannot tell what it
    knows.
    """

    temperature: float
    scales: Scales
    certain_from: float | None = None
    known: OutOfDistribution | None = None

    def read(self, outputs: Outputs, modality: Modality | None = None) -> Reading:
        """Read one picture; ``modality`` is how it was taken, if somebody has said so.

        ``ValueError`` unless there are seven finite class logits.
        """
        probabilities = tuple(float(p) for p in softmax(outputs.logits, self.temperature))
        taken = modality or self._modality(outputs.modality)
        score, recognition = self._recognised(outputs, max(probabilities))
        return Reading(
            probabilities=probabilities,
            scores=outputs.scores,
            modality=taken,
            recognition=recognition,
            known_score=score,
            assessment=self.scales.assess(
                probabilities, self.scales.risks(outputs.scores, taken), taken
            ),
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
        return score, self.known.recognise(score, outputs.nail)

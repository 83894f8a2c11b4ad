"""What is told apart that was never learnt: one class, or one kind of no lesion, left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.model.calibration import softmax
from lentigo.model.ood import negative_energy
from lentigo.model.outlier_figures import OutlierScore
from training.measure import probes
from training.measure.metrics import FEW_LESIONS, share
from training.measure.outlier_areas import MOST_REFUSED, auroc, threshold_refusing
from training.measure.outlier_pictures import FAR_KINDS
from training.measure.outlier_scores import REDUCED_DIMENSIONS, fit_gaussians, neighbour_score
from training.measure.predictions import OUTSIDE, Predictions

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# Of the head that is fitted without a class; scikit-learn's C.
LEFT_OUT_STRENGTH = 1e-3


def head_without(
    train: Predictions, label: int
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    """Fit a multinomial head on the embedding without one class; it returns logits (n, 6)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    chosen = (train.labels != label) & (train.labels != OUTSIDE)
    values, labels = train.embedding[chosen], train.labels[chosen]
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    head = LogisticRegression(C=LEFT_OUT_STRENGTH, max_iter=2000, class_weight="balanced")
    head.fit((values - mean) / spread, labels)
    return lambda embedding: np.asarray(head.decision_function((embedding - mean) / spread))


def leave_one_class_out(train: Predictions, known: Predictions) -> dict[str, Any]:
    """Return by class how well scores that never saw it tell it from the other six; AUROC.

    At head level only: head, Gaussians and bank of neighbours are fitted without the class, but the
    trunk that makes the embedding was trained with it. A class that the trunk has never seen is
    told apart less well than this says.
    """
    figures: dict[str, Any] = {}
    for index, diagnosis in enumerate(Diagnosis):
        left_out = known.labels == index
        kept = train.where((train.labels != index) & (train.labels != OUTSIDE))
        logits = head_without(train, index)(known.embedding)
        scores = {
            OutlierScore.MAX_SOFTMAX: softmax(logits).max(axis=1),
            OutlierScore.ENERGY: negative_energy(logits),
            OutlierScore.MAHALANOBIS_REDUCED: fit_gaussians(
                kept.embedding, kept.labels, REDUCED_DIMENSIONS
            ).score(known.embedding),
            OutlierScore.NEAREST_NEIGHBOUR: neighbour_score(kept.embedding, known.embedding),
        }
        count = len(np.unique(known.groups[left_out]))
        few = {"too_few_to_say": True} if count < FEW_LESIONS else {}
        figures[str(diagnosis)] = {
            str(method): auroc(score[~left_out], score[left_out]).as_dict() | few
            for method, score in scores.items()
        }
    return figures


def unseen_kinds(
    train: Predictions, seen: Predictions, val: Predictions, known: Predictions
) -> dict[str, Any]:
    """Return what the lesion head does with a kind of picture that it was not fitted on.

    ``seen`` (``train``, and parts of it) and ``val`` as ``probes.fit`` takes them; ``known`` are
    lesions of the split measured.
    The pictures of the kind are those of ``train`` (one kind has no others): a trunk that learned
    to tell lesions from the rest has seen them, so this flatters it.
    """
    figures: dict[str, Any] = {}
    for kind in FAR_KINDS:
        of_kind = train.where(np.array([r.detail == kind for r in train.records], dtype=bool))
        if not of_kind.records:
            figures[kind] = None
            continue
        others, others_of_val = (
            part.where(np.array([r.detail != kind for r in part.records], dtype=bool))
            for part in (seen, val)
        )
        head = probes.choose_probe(others, others_of_val, probes.is_lesion).probe
        scores, unknown = (
            head.logit(part.embedding).astype(np.float64) for part in (known, of_kind)
        )
        rejected = unknown < threshold_refusing(scores, MOST_REFUSED)
        figures[kind] = {
            "auroc": auroc(scores, unknown).as_dict(),
            "rejected_at_3_percent_refused": share(rejected).as_dict(),
        }
    return figures

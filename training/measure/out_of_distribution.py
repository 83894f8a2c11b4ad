"""What tells a skin lesion that the model knows from everything else: scores compared, one chosen.

Far is what shows no lesion: ImageNet pictures, dogs and cats, plain skin, wounds. Near is a lesion
outside the seven classes, or one class left out. ``choose`` takes the best score that the page can
compute (``lentigo.model.ood``) and its threshold on ``val``; ``figures`` measures on ``test``. The
lesion head was fitted on ``train``: its pictures choose no threshold.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.model.calibration import softmax
from lentigo.model.figures import Undefined
from lentigo.model.ood import OutOfDistribution, Weights, negative_energy
from lentigo.model.outlier_figures import OutlierKind, OutlierScore
from training.measure import probes
from training.measure.metrics import FEW_LESIONS, Figure, area_under_curve, draw_lesions, share
from training.measure.outlier_scores import (
    REDUCED_DIMENSIONS,
    answers_of,
    fit_combination,
    fit_gaussians,
    neighbour_score,
    out_of_fold,
    weighted,
)
from training.measure.predictions import OUTSIDE, Predictions, joined, predict_records
from training.measure.slices import SKIN_TONES
from training.network.model_folder import DEFAULT_CHECKPOINT, DEFAULT_DATA
from training.pictures.data import CAMERA, Modality, Split, lesions, of_split, read_records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.measurement import Measurement
    from training.measure.metrics import Draws
    from training.measure.probes import Probes

    Scores = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    # Of the known, of the lesions outside the classes, of the far.
    Triple = tuple[Scores, Scores, Scores]

FAR_KINDS = tuple(str(kind) for kind in OutlierKind)
# What is asked for: this share of the far cases rejected, at most this share of lesions refused.
WANTED_REJECTED = 0.95
MOST_REFUSED = 0.03
# Of the head that is fitted without a class; scikit-learn's C.
LEFT_OUT_STRENGTH = 1e-3
BOOTSTRAP_ROUNDS = 1000
BOOTSTRAP_SEED = 21
# One side of a two-sided 5 %; and a gap that shows four times in five is called detectable.
ERROR, POWER = 0.025, 0.8

MODALITIES: Mapping[str, tuple[Modality, ...]] = {
    "dermoscopic": (Modality.DERMOSCOPIC,),
    "camera": CAMERA,
}


# The scores that need no training picture on the page; the combination needs none either.
SHIPPABLE: Mapping[OutlierScore, Weights] = {
    OutlierScore.LESION_HEAD: Weights(1.0, 0.0, 0.0, 0.0),
    OutlierScore.ENERGY: Weights(0.0, 1.0, 0.0, 0.0),
    OutlierScore.MAX_SOFTMAX: Weights(0.0, 0.0, 1.0, 0.0),
}


@dataclass(frozen=True)
class Pictures:
    """One split: lesions of the seven classes, lesions outside them, and no lesions."""

    known: Predictions
    outside: Predictions
    far: Predictions

    @property
    def kinds(self) -> list[str]:
        """What is weighed alike, of the known and then of the far."""
        return [probes.kind_of(r) for r in (*self.known.records, *self.far.records)]


def gather(data: Path, checkpoint: Path, split: Split, every: int = 1) -> Pictures:
    """Return a checkpoint's answers on all pictures of a split, or on each n-th."""
    records = read_records(data)
    rest = [r for r in of_split(records, split) if r.diagnosis is None][::every]
    others = predict_records(data, checkpoint, rest)
    is_lesion = np.array([probes.is_lesion(r) for r in rest], dtype=bool)
    known = predict_records(data, checkpoint, lesions(records, split)[::every])
    return Pictures(known, others.where(is_lesion), others.where(~is_lesion))


# ---- figures of one score ----------------------------------------------------------------------


def auroc(known: Scores, unknown: Scores, groups: NDArray[np.intp] | None = None) -> Figure:
    """Return how often a known picture scores above an unknown one; ``n`` counts the unknown.

    With ``groups``, the lesions of the known and then of the unknown, it carries an interval.
    """
    if len(unknown) == 0 or len(known) == 0:
        return Figure(None, 0, Undefined.NO_PICTURES)
    positive = np.arange(len(known) + len(unknown)) < len(known)
    draws = None if groups is None else draw_lesions(groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
    figure = area_under_curve(positive, np.concatenate([known, unknown]), draws)
    return replace(figure, n=len(unknown))


def threshold_refusing(known: Scores, most: float) -> float:
    """Return the highest of the known scores below which at most this share of them lies."""
    return float(np.sort(known)[math.floor(most * len(known) + 1e-9)])


def threshold_rejecting(far: Scores, least: float) -> float:
    """Return the lowest threshold below which at least this share of the far scores lies."""
    return float(np.nextafter(np.sort(far)[math.ceil(least * len(far) - 1e-9) - 1], np.inf))


def choose_threshold(known: Scores, far: Scores, groups: Sequence[Mask]) -> float:
    """Return the threshold with the most room to both limits, each in units of what it allows.

    The limits: at least 95 % of the far rejected, at most 3 % of the known refused **in each
    group** (masks (n,)), so that none pays for the others. Where no threshold keeps both, the
    second holds and as many far as then possible are rejected. Halfway between two scores, rounded
    down to 4 decimals: towards refusing less.
    """
    members = [known[mask] for mask in groups if mask.any()]
    highest = min(threshold_refusing(part, MOST_REFUSED) for part in members)
    values = np.unique(np.concatenate([known, far]))
    candidates = np.append(values[0], (values[1:] + values[:-1]) / 2)
    candidates = candidates[candidates <= highest]
    refused = np.max([_share_below(part, candidates) for part in members], axis=0)
    room = np.minimum(
        (_share_below(far, candidates) - WANTED_REJECTED) / (1.0 - WANTED_REJECTED),
        (MOST_REFUSED - refused) / MOST_REFUSED,
    )
    return math.floor(float(candidates[np.argmax(room)]) * 1e4) / 1e4


def _share_below(scores: Scores, thresholds: Scores) -> Scores:
    return np.searchsorted(np.sort(scores), thresholds, side="left") / len(scores)


def compare(scores: Mapping[OutlierScore, Triple], parts: Pictures) -> dict[str, Any]:
    """Return each score's figures: far, far by kind, the two trade-offs asked for, and near."""
    kinds = np.array([record.detail for record in parts.far.records])
    groups = _groups(parts.known, parts.far)
    compared = {}
    for method, (known, outside, far) in scores.items():
        by_kind = {kind: auroc(known, far[kinds == kind]) for kind in FAR_KINDS}
        compared[str(method)] = {
            "far": auroc(known, far, groups).as_dict(),
            "far_by_kind": {kind: figure.as_dict() for kind, figure in by_kind.items()},
            "far_mean_of_kinds": round(_mean(by_kind.values()), 4),
            "rejected_at_3_percent_refused": share(
                far < threshold_refusing(known, MOST_REFUSED)
            ).as_dict(),
            "refused_at_95_percent_rejected": share(
                known < threshold_rejecting(far, WANTED_REJECTED)
            ).as_dict(),
            "near": auroc(known, outside, _groups(parts.known, parts.outside)).as_dict(),
        }
    return compared


def _mean(figures: Any) -> float:
    return float(np.mean([figure.value for figure in figures if figure.value is not None]))


def _groups(*parts: Predictions) -> NDArray[np.intp]:
    """Return an index per lesion over all parts; a picture of no lesion is its own."""
    return joined(*parts).groups


# ---- who is refused ----------------------------------------------------------------------------


def smallest_detectable(base: float, asked: int) -> float:
    """Return the smallest share that so many lesions would tell from ``base``, 4 times in 5.

    By the exact binomial test: the share under which the count that is too large for ``base``
    comes up with probability 0.8.
    """
    from scipy.stats import beta, binom  # noqa: PLC0415

    too_many = int(binom.isf(ERROR, asked, base)) + 1
    if too_many > asked:
        return 1.0
    # The chance of at least k of n under a share p is a beta distribution function at p.
    return float(beta.ppf(POWER, too_many, asked - too_many + 1))


def gap(refused: Mask, darker: Mask, lighter: Mask, draws: Draws) -> dict[str, Any]:
    """Return by how much the darker pictures are refused more often than the lighter; masks (n,).

    ``detected`` says whether the 95 % interval over lesions leaves out zero;
    ``smallest_detectable_share`` which share of refusals of the darker it takes to show (counting
    lesions, the pictures of one being alike).
    """
    among = {
        "darker": share(refused, darker, draws),
        "lighter": share(refused, lighter, draws),
    }
    document: dict[str, Any] = {name: figure.as_dict() for name, figure in among.items()}
    if among["darker"].value is None or among["lighter"].value is None:
        nothing = Figure(None, 0, Undefined.NO_PICTURES).as_dict()
        return document | {
            "difference": nothing,
            "detected": None,
            "darker_lesions": draws.lesions(darker),
            "smallest_detectable_share": None,
        }
    sides = [
        (draws.weights @ (refused & side), draws.weights @ side.astype(np.float64))
        for side in (darker, lighter)
    ]
    drawn = np.all([whole > 0 for _, whole in sides], axis=0)
    differences = np.subtract(*(part[drawn] / whole[drawn] for part, whole in sides))
    low, high = (float(value) for value in np.percentile(differences, (2.5, 97.5)))
    difference = among["darker"].value - among["lighter"].value
    count = draws.lesions(darker)
    figure = Figure(difference, int((darker | lighter).sum()), None, low, high, count)
    return document | {
        "difference": figure.as_dict(),
        "detected": low > 0.0 or high < 0.0,
        "darker_lesions": count,
        "smallest_detectable_share": round(smallest_detectable(among["lighter"].value, count), 4),
    }


def by_skin(known: Predictions) -> tuple[Mask, Mask]:
    """Return which lesions of MILK10k are on darker and which on lighter skin, (n,) each."""
    darker = np.array([probes.is_on_darker_skin(record) for record in known.records], dtype=bool)
    return darker, known.of_source("milk10k") & ~darker


def _of_tones(known: Predictions, tones: Sequence[int]) -> Mask:
    graded = np.array([record.skin_tone in tones for record in known.records], dtype=bool)
    return graded & known.of_source("milk10k")


def false_refusal(known: Predictions, refused: Mask) -> dict[str, Any]:
    """Return which share of the lesions is refused: in all, by modality, skin tone and class."""
    draws = draw_lesions(known.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)

    def of(mask: Mask) -> dict[str, Any]:
        return share(refused, mask, draws).as_dict()

    return {
        "overall": of(np.ones(len(refused), dtype=bool)),
        "by_modality": {name: of(known.of_modality(*ways)) for name, ways in MODALITIES.items()},
        "by_camera": {str(way): of(known.of_modality(way)) for way in CAMERA},
        "by_skin_tone": {str(t): of(_of_tones(known, grades)) for t, grades in SKIN_TONES.items()},
        "by_class": {str(dx): of(known.labels == index) for index, dx in enumerate(Diagnosis)},
    }


# ---- one class, or one kind, left out ----------------------------------------------------------


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


# ---- choosing and measuring --------------------------------------------------------------------


def score_all(
    train: Predictions, heads: Probes, temperature: float, combination: Weights, parts: Pictures
) -> dict[OutlierScore, Triple]:
    """Return every score of the known, the outside lesions and the far of one split."""
    classes = train.where(train.labels != OUTSIDE)
    full, reduced = (
        fit_gaussians(classes.embedding, classes.labels, dimensions)
        for dimensions in (None, REDUCED_DIMENSIONS)
    )
    scorers: dict[OutlierScore, Callable[[Predictions], Scores]] = {
        OutlierScore.MAHALANOBIS: lambda part: full.score(part.embedding),
        OutlierScore.MAHALANOBIS_REDUCED: lambda part: reduced.score(part.embedding),
        OutlierScore.NEAREST_NEIGHBOUR: lambda part: neighbour_score(
            classes.embedding, part.embedding
        ),
    }
    found: dict[OutlierScore, Triple] = {}
    for method in OutlierScore:
        if method in scorers:
            score = scorers[method]
            found[method] = score(parts.known), score(parts.outside), score(parts.far)
            continue
        weights = SHIPPABLE.get(method, combination)
        known, outside, far = (
            weighted(answers_of(part, heads, temperature), weights)
            for part in (parts.known, parts.outside, parts.far)
        )
        found[method] = known, outside, far
    return found


def choose_method(candidates: Mapping[OutlierScore, tuple[Scores, Scores]]) -> OutlierScore:
    """Return the score with the largest AUROC over all far pictures.

    ``candidates`` hold scores of the known (n,) and the far (m,). Not the mean over kinds: ``val``
    shows 10 wounds, too few to turn the choice on. The first of equals is taken, so the simpler
    stand first.
    """
    areas = {method: auroc(known, far).value or 0.0 for method, (known, far) in candidates.items()}
    return max(areas, key=areas.__getitem__)


def method_of(weights: Weights) -> OutlierScore:
    """Name the score that these weights make."""
    return next((m for m, alone in SHIPPABLE.items() if alone == weights), OutlierScore.COMBINED)


def choose_on(parts: Pictures, heads: Probes, temperature: float) -> dict[str, Any]:
    """Choose score and threshold on these pictures; return them, and how they were chosen."""
    known, far = (answers_of(part, heads, temperature) for part in (parts.known, parts.far))
    candidates = {
        method: (weighted(known, weights), weighted(far, weights))
        for method, weights in SHIPPABLE.items()
    } | {OutlierScore.COMBINED: out_of_fold(known, far, parts.kinds, parts.known.groups)}
    method = choose_method(candidates)
    weights = SHIPPABLE.get(method) or fit_combination(known, far, parts.kinds)
    weights = Weights(**{name: round(value, 6) for name, value in asdict(weights).items()})
    of_known, of_far = weighted(known, weights), weighted(far, weights)
    groups = [parts.known.of_modality(*ways) for ways in MODALITIES.values()]
    groups.append(by_skin(parts.known)[0])
    threshold = choose_threshold(of_known, of_far, groups)
    rejected, refused = np.mean(of_far < threshold), np.mean(of_known < threshold)
    return {
        "weights": asdict(weights),
        "threshold": threshold,
        "selection": {
            "score": str(method),
            "wanted_rejected": WANTED_REJECTED,
            "most_refused": MOST_REFUSED,
            "rejected": round(float(rejected), 4),
            "pictures_of_no_lesion": len(far),
            "refused": round(float(refused), 4),
            "pictures_of_lesions": len(known),
        },
    }


def choose(data: Path, checkpoint: Path, temperature: float) -> dict[str, Any]:
    """Choose score and threshold on ``val``; return them, and how they were chosen."""
    heads = probes.fit(data, checkpoint)
    return choose_on(gather(data, checkpoint, Split.VAL), heads, temperature)


def measure(
    rule: OutOfDistribution, heads: Probes, temperature: float, parts: Pictures
) -> dict[str, Any]:
    """Return what one rule does to one split."""
    known, outside, far = (
        weighted(answers_of(part, heads, temperature), rule.weights)
        for part in (parts.known, parts.outside, parts.far)
    )
    kinds = np.array([record.detail for record in parts.far.records])
    refused = known < rule.threshold
    draws = draw_lesions(parts.known.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)

    def of_far(chosen: Mask) -> dict[str, Any]:
        part = parts.far.where(chosen)
        alone = draw_lesions(part.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
        rejected = share(far[chosen] < rule.threshold, draws=alone)
        area = auroc(known, far[chosen], _groups(parts.known, part))
        return {"auroc": area.as_dict(), "rejected": rejected.as_dict()}

    refusals = false_refusal(parts.known, refused)
    refusals["outside_the_classes"] = share(
        outside < rule.threshold,
        draws=draw_lesions(parts.outside.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED),
    ).as_dict()
    return {
        "chosen": str(method_of(rule.weights)),
        "threshold": rule.threshold,
        "far": {
            "all": of_far(np.ones(len(far), dtype=bool)),
            "by_kind": {kind: of_far(kinds == kind) for kind in FAR_KINDS},
        },
        "false_refusal": refusals,
        "skin_tone_gap_milk10k": gap(refused, *by_skin(parts.known), draws),
        "near": {
            "outside_lesions": auroc(known, outside, _groups(parts.known, parts.outside)).as_dict(),
        },
    }


def figures(measurement: Measurement) -> dict[str, Any] | None:
    """Return the ``out_of_distribution`` of ``evaluation.json``; None for a model without a rule.

    The combination that is compared is the one fitted on ``val``.
    """
    calibration = measurement.calibration()
    chosen = calibration["out_of_distribution"]
    if chosen is None:
        return None
    return figures_of(
        measurement.data,
        measurement.checkpoint,
        measurement.split,
        float(calibration["calibration"]["temperature"]),
        chosen,
        every=measurement.every,
    )


def figures_of(
    data: Path,
    checkpoint: Path,
    split: Split,
    temperature: float,
    chosen: Mapping[str, Any],
    *,
    every: int = 1,
) -> dict[str, Any]:
    """Measure what ``choose`` returned on a split, beside all other scores; see ``figures``."""
    train, heads = probes.train_answers(data, checkpoint), probes.fit(data, checkpoint)
    parts, val = gather(data, checkpoint, split, every), gather(data, checkpoint, Split.VAL)
    known, far = (answers_of(part, heads, temperature) for part in (val.known, val.far))
    combination = fit_combination(known, far, val.kinds)
    rule = OutOfDistribution(Weights(**chosen["weights"]), float(chosen["threshold"]))
    document = measure(rule, heads, temperature, parts)
    document["near"]["leave_one_class_out"] = leave_one_class_out(train, parts.known)
    scores = score_all(train, heads, temperature, combination, parts)
    return document | {
        "scores": compare(scores, parts),
        "unseen_kinds": unseen_kinds(
            train,
            probes.seen_answers(data, checkpoint),
            probes.val_answers(data, checkpoint),
            parts.known,
        ),
    }


def main() -> None:
    """Choose on val, and print what the choice and all other scores do there."""
    parser = argparse.ArgumentParser(
        prog="python -m training.measure.out_of_distribution",
        description=main.__doc__,
        epilog="Needs training/requirements.txt and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    parser.add_argument("--temperature", type=float, default=1.0, help="of the calibration")
    given = parser.parse_args()
    checkpoint = given.checkpoint
    chosen = choose(given.data, checkpoint, given.temperature)
    print(json.dumps(chosen, indent=1))
    document = figures_of(given.data, checkpoint, Split.VAL, given.temperature, chosen)
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()

"""What tells a skin lesion that the model knows from everything else: scores compared, one chosen.

Far is what shows no lesion: ImageNet pictures, dogs and cats, plain skin, wounds. Near is a lesion
outside the seven classes, or one class left out. ``choose`` takes the best score that the page can
compute (``lentigo.model.ood``) and its threshold on ``val``; ``figures`` measures on ``test``. The
lesion head was fitted on ``train``: its pictures choose no threshold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.model.ood import OutOfDistribution, Weights
from lentigo.model.outlier_figures import OutlierScore
from training.measure import probes
from training.measure.metrics import draw_lesions, share
from training.measure.nail_head import nail_from
from training.measure.outlier_areas import (
    BOOTSTRAP_ROUNDS,
    BOOTSTRAP_SEED,
    MOST_REFUSED,
    WANTED_REJECTED,
    auroc,
    choose_threshold,
    compare,
)
from training.measure.outlier_pictures import (
    FAR_KINDS,
    MODALITIES,
    Pictures,
    gather,
    groups_of,
)
from training.measure.outlier_scores import (
    REDUCED_DIMENSIONS,
    answers_of,
    fit_combination,
    fit_gaussians,
    neighbour_score,
    out_of_fold,
    weighted,
)
from training.measure.predictions import OUTSIDE, Predictions, joined, predict_views
from training.measure.refusals import by_skin, false_refusal, gap
from training.measure.unseen import leave_one_class_out, unseen_kinds
from training.network.model_folder import DEFAULT_CHECKPOINT, DEFAULT_DATA
from training.pictures.data import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.measurement import Measurement
    from training.measure.probes import Probes

    Scores = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    # Of the known, of the lesions outside the classes, of the far.
    Triple = tuple[Scores, Scores, Scores]

# The scores that need no training picture on the page; the combination needs none either.
SHIPPABLE: Mapping[OutlierScore, Weights] = {
    OutlierScore.LESION_HEAD: Weights(1.0, 0.0, 0.0, 0.0),
    OutlierScore.ENERGY: Weights(0.0, 1.0, 0.0, 0.0),
    OutlierScore.MAX_SOFTMAX: Weights(0.0, 0.0, 1.0, 0.0),
}


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
    groups.append(np.array([r.on_hand_or_foot for r in parts.known.records], dtype=bool))
    threshold = choose_threshold(of_known, of_far, groups)
    rejected, refused = np.mean(of_far < threshold), np.mean(of_known < threshold)
    return {
        "weights": asdict(weights),
        "threshold": threshold,
        "nail_from": nail_from(heads.nail.logit(parts.known.embedding)),
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
    """Choose score and threshold on ``val``; return them, and how they were chosen.

    Hands, nails and foot ulcers are among what is to be rejected.
    """
    heads = probes.fit(data, checkpoint)
    parts = gather(data, checkpoint, Split.VAL)
    more = predict_views(data, checkpoint, probes.no_lesions(data, Split.VAL))
    return choose_on(replace(parts, far=joined(parts.far, more)), heads, temperature)


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
        area = auroc(known, far[chosen], groups_of(parts.known, part))
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
            "outside_lesions": auroc(
                known, outside, groups_of(parts.known, parts.outside)
            ).as_dict(),
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

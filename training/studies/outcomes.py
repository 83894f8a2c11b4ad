"""What becomes of clean pictures by the page's own rules: refused, uncertain, or labelled.

Of lesions that the model knows, by way of taking and skin tone; of lesions outside the seven
classes; and of one class that the classifier's head was fitted without. Beside it what a simple
score would turn from ``low`` into ``uncertain``. Thresholds are set on ``val``, figures are of
``test``; the few lesions outside the classes are those of every split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.model.calibration import softmax
from lentigo.model.ood import negative_energy
from lentigo.picture.quality import QualityIssue, Severity
from lentigo.priority import Priority
from lentigo.triage.rules import Evidence, Outcome, triage
from training.measure import probes
from training.measure.decisions import decide, reader_of
from training.measure.metrics import FEW_LESIONS, area_under_curve, draw_lesions, share
from training.measure.outlier_areas import BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED, threshold_refusing
from training.measure.outlier_pictures import MODALITIES, gather
from training.measure.predictions import OUTSIDE, joined
from training.measure.refusals import by_skin, false_refusal, gap
from training.measure.unseen import head_without
from training.pictures.data import Split
from training.studies.gate import findings

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from lentigo.model.reading import Reader, Reading
    from lentigo.picture.quality import Finding
    from training.measure.decisions import Decisions
    from training.measure.measurement import Measurement
    from training.measure.predictions import Predictions
    from training.measure.probes import Probes

    Mask = NDArray[np.bool_]
    Scores = NDArray[np.float64]
    Score = Callable[[Predictions, Scores], Scores]

SPLIT = Split.TEST
# A score may turn at most this share of the known lesions.
MOST_TURNED = 0.05
TEMPERATURES = np.geomspace(0.3, 3.0, 93)

REFUSED_BY_GAUGES, NO_LESION = "refused by the gauges", "refused as no lesion"


def margin(probabilities: Scores) -> Scores:
    """Return how far the largest probability is above the second, (n,)."""
    ordered = np.sort(probabilities, axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def certainty(probabilities: Scores) -> Scores:
    """Return minus the entropy in nats, (n,): high where one class has all."""
    return np.asarray((probabilities * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1))


# Every score is higher for what the model knows; all can be computed on the page.
SCORES: Mapping[str, Callable[[NDArray[np.floating], Scores], Scores]] = {
    "max_probability": lambda logits, p: p.max(axis=1),
    "margin": lambda logits, p: margin(p),
    "minus_entropy": lambda logits, p: certainty(p),
    "energy": lambda logits, p: negative_energy(logits),
}


@dataclass(frozen=True)
class Part:
    """Some pictures with what the page would say of them.

    ``outcomes`` (n,) holds a refusal, or the priority of a label.
    """

    decisions: Decisions
    lesion: Scores
    outcomes: NDArray[np.str_]

    @property
    def labelled_low(self) -> Mask:
        """Which pictures are given ``low``, with a name, (n,)."""
        return np.asarray(self.outcomes == str(Priority.LOW))

    def scores(self) -> dict[str, Scores]:
        """Return every score, (n,) each."""
        logits, p = self.decisions.predictions.logits, self.decisions.probabilities
        found = {name: score(logits, p) for name, score in SCORES.items()}
        return found | {
            "lesion_head": self.lesion.astype(np.float64),
            "embedding_norm": np.linalg.norm(self.decisions.predictions.embedding, axis=1),
        }


def outcome_of(reading: Reading, found: tuple[Finding, ...]) -> str:
    """Return the refusal or the priority of one picture, by the page's whole rule set."""
    issues: dict[Severity, frozenset[QualityIssue]] = {
        severity: frozenset(f.issue for f in found if f.severity is severity)
        for severity in Severity
    }
    result = triage(
        Evidence(
            assessment=reading.assessment,
            refusing=issues[Severity.REFUSE],
            warning=issues[Severity.WARN],
            recognition=reading.recognition,
        )
    )
    if result.outcome is Outcome.LABELLED:
        return str(result.priority)
    return REFUSED_BY_GAUGES if issues[Severity.REFUSE] else NO_LESION


def judge_part(
    predictions: Predictions,
    found: list[tuple[Finding, ...]],
    heads: Probes,
    reader: Reader,
) -> Part:
    """Read some pictures as the page does; ``found`` is what the gauges say of each."""
    decisions = decide(predictions, heads.logits(predictions.embedding), reader)
    outcomes = [outcome_of(*each) for each in zip(decisions.readings, found, strict=True)]
    lesion = heads.lesion.logit(predictions.embedding)
    return Part(decisions, lesion.astype(np.float64), np.array(outcomes))


def shares(part: Part, among: Mask | None = None) -> dict[str, Any]:
    """Return the share of each outcome among some pictures, with intervals over lesions."""
    counted = np.ones(len(part.outcomes), dtype=bool) if among is None else among
    draws = draw_lesions(part.decisions.predictions.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
    names = (REFUSED_BY_GAUGES, NO_LESION, *map(str, Priority))
    return {
        "n": int(counted.sum()),
        "lesions": draws.lesions(counted),
        "outcomes": {
            name: share(part.outcomes == name, counted, draws).as_dict() for name in names
        },
    }


def turned(
    val: Mapping[str, Scores], known: Part, outside: Part, most: float = MOST_TURNED
) -> dict[str, Any]:
    """Return what "below a threshold: uncertain" would do, by score.

    The threshold leaves ``most`` of the known of ``val`` below it. Only ``low`` can become
    ``uncertain``: ``low_turned`` counts those.
    """
    figures = {}
    for name, of_known in known.scores().items():
        threshold, of_outside = threshold_refusing(val[name], most), outside.scores()[name]
        positive = np.arange(len(of_known) + len(of_outside)) < len(of_known)
        figures[name] = {
            "auroc": area_under_curve(positive, np.concatenate([of_known, of_outside])).as_dict(),
            "threshold": round(threshold, 4),
        } | {
            side: {
                "below": share(scores < threshold, draws=draws).as_dict(),
                "low": int(part.labelled_low.sum()),
                "low_turned": int((part.labelled_low & (scores < threshold)).sum()),
            }
            for side, part, scores in (
                ("known", known, of_known),
                ("outside", outside, of_outside),
            )
            for draws in [
                draw_lesions(part.decisions.predictions.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
            ]
        }
    return figures


def fit_temperature(logits: Scores, labels: NDArray[np.intp]) -> float:
    """Return the temperature with the least negative log-likelihood; labels index the columns."""
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(logits, float(t))[rows, labels]).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def left_out(train: Predictions, val: Predictions, known: Part, index: int) -> dict[str, Any]:
    """Return what becomes of a class that the head was fitted without.

    The trunk has seen the class, so this flatters. The head has its own temperature, from the other
    classes of ``val``. Gauges and lesion head are left aside.
    """
    others = [other for other in range(len(Diagnosis)) if other != index]
    head = head_without(train, index)
    kept = (val.labels != index) & (val.labels != OUTSIDE)
    on_val = head(val.embedding[kept])
    temperature = fit_temperature(on_val, np.searchsorted(others, val.labels[kept]))
    p_val = softmax(on_val, temperature)
    predictions = known.decisions.predictions
    logits = head(predictions.embedding)
    six = softmax(logits, temperature)
    strange = predictions.labels == index
    draws = draw_lesions(predictions.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
    below = {}
    for name, score in SCORES.items():
        threshold = threshold_refusing(score(on_val, p_val), MOST_TURNED)
        scores = score(logits, six)
        below[name] = {
            "left_out": share(scores < threshold, strange, draws).as_dict(),
            "others": share(scores < threshold, ~strange, draws).as_dict(),
        }
    return {
        "n": int(strange.sum()),
        "lesions": draws.lesions(strange),
        "too_few_to_say": draws.lesions(strange) < FEW_LESIONS,
        "below_at_5_percent_of_the_others": below,
    }


def refused_by(part: Part, found: list[tuple[Finding, ...]]) -> dict[str, Any]:
    """Return false refusals of known lesions: by the gauges, by the lesion head, by either."""
    gauges = np.array([any(f.severity is Severity.REFUSE for f in fs) for fs in found])
    either = np.isin(part.outcomes, (REFUSED_BY_GAUGES, NO_LESION))
    predictions = part.decisions.predictions
    draws = draw_lesions(predictions.groups, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED)
    darker, lighter = by_skin(predictions)
    return {
        name: false_refusal(predictions, refused)
        | {"skin_tone_gap_milk10k": gap(refused, darker, lighter, draws)}
        for name, refused in (("gauges", gauges), ("either", either))
    }


def lesions_outside(data: Path, checkpoint: Path, every: int) -> Predictions:
    """Return answers on lesions of none of the classes, of every split: they are few.

    No split's labels tell the classifier of them; the lesion head was fitted on those of ``train``,
    as lesions.
    """
    train = probes.train_answers(data, checkpoint)
    of_train = train.where(
        np.array(
            [label == OUTSIDE and probes.is_lesion(record)
             for label, record in zip(train.labels, train.records, strict=True)],
            dtype=bool,
        )
    )  # fmt: skip
    return joined(
        *(gather(data, checkpoint, split, every).outside for split in (SPLIT, Split.VAL)), of_train
    )


def measure(measurement: Measurement) -> dict[str, Any]:
    """Return refusals of the known, outcomes of known and strange, and what scores would turn."""
    data, checkpoint = measurement.data, measurement.checkpoint
    reader, heads = reader_of(measurement.calibration()), measurement.probes()
    given = {
        "known": gather(data, checkpoint, SPLIT, measurement.every).known,
        "outside": lesions_outside(data, checkpoint, measurement.every),
    }
    seen = {side: findings(data, list(part.records)) for side, part in given.items()}
    parts = {side: judge_part(part, seen[side], heads, reader) for side, part in given.items()}
    val = gather(data, checkpoint, Split.VAL, measurement.every).known
    clear: list[tuple[Finding, ...]] = [()] * len(val.records)
    of_val = judge_part(val, clear, heads, reader).scores()
    train = probes.train_answers(data, checkpoint)
    return {
        "split": SPLIT,
        "false_refusal": refused_by(parts["known"], seen["known"]),
        "outcomes": {
            side: {
                name: shares(part, part.decisions.predictions.of_modality(*ways))
                for name, ways in MODALITIES.items()
            }
            for side, part in parts.items()
        },
        "scores": turned(of_val, parts["known"], parts["outside"]),
        "left_out": {
            str(diagnosis): left_out(train, val, parts["known"], index)
            for index, diagnosis in enumerate(Diagnosis)
        },
    }

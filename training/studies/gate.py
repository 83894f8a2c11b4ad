"""What the gate saves: a model's answers on corrupted pictures, let through or refused.

One path for both, as on the page: the frame is corrupted, the gauges see that frame and the model
its centred square. Frames are un-squashed to 224 px, what the pictures truly resolve, so a "px" is
one of such a frame. Thresholds were chosen on ``val``; this is measured on ``test``.
"""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.picture import framing, gauges, preprocess
from lentigo.picture.gauges import Gauges
from lentigo.picture.quality import THRESHOLDS, Thresholds, is_refused, judge
from lentigo.priority import Priority
from training.measure.metrics import Draws, accuracy, balanced_accuracy, difference, share
from training.measure.predictions import Cut, seeded_by
from training.measure.slices import draws_of
from training.network.model_folder import SCRATCH, read_json, write_json
from training.pictures.corruptions import CORRUPTIONS
from training.pictures.data import (
    CAMERA,
    FRAME_SIDE_PX,
    Modality,
    Split,
    lesions,
    open_picture,
    read_files,
    read_records,
    unsquash,
)
from training.pictures.frame_corruptions import FRAME_CORRUPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from PIL import Image

    from lentigo.picture.quality import Finding
    from training.measure.decisions import Decisions
    from training.measure.measurement import Measurement
    from training.pictures.corruptions import Apply, Corruption
    from training.pictures.data import Record

    Mask = NDArray[np.bool_]

SPLIT = Split.TEST
SEED = 11
STEPS = ("mild", "middle", "severe")
# Compared with the released ones: those before them, which refused what the model judged well
# (training/LOG.md).
OTHER_THRESHOLDS: Mapping[str, Thresholds] = {
    "blur 0.155, motion 0.12": replace(
        THRESHOLDS, blur_below_detail=0.155, motion_below_detail=0.12
    ),
}
WAYS = {"dermoscopic": (Modality.DERMOSCOPIC,), "camera": CAMERA}


def _studied() -> tuple[Corruption, ...]:
    """Return those of the square's corruptions that light, lens and hand bring, and two more."""
    of_square = {each.name: each for each in CORRUPTIONS}
    of_frame = {each.name: each for each in FRAME_CORRUPTIONS}
    wanted = ("gaussian_blur", "motion_blur", "darkness", "overexposure", "noise")
    return (
        *(replace(of_square[name], name=name.replace("_", " ")) for name in wanted),
        *(of_frame[name] for name in ("downscaling", "too far")),
    )


STUDIED = _studied()


def corrupted_frame(
    stored: Image.Image,
    aspect: float,
    rng: np.random.Generator,
    apply: Apply | None,
    severity: float,
) -> Image.Image:
    """Return the frame of a stored picture at true aspect, corrupted unless ``apply`` is None."""
    frame = unsquash(stored, aspect)
    return frame if apply is None else apply(frame, severity, rng)


def cut_of(corruption: Corruption | None, severity: float = 0.0) -> Cut:
    """Return the model's square of a corrupted frame, or of the clean one."""
    drawn = None if corruption is None else corruption.apply
    name = "clean" if corruption is None else f"{corruption.name} {severity:g} {corruption.unit}"

    def apply(stored: Image.Image, aspect: float, rng: np.random.Generator) -> Image.Image:
        return preprocess.square_picture(corrupted_frame(stored, aspect, rng, drawn, severity))

    return Cut(f"square of the frame of {FRAME_SIDE_PX} px, {name}", apply)


def measured(
    data: Path, records: list[Record], corruption: Corruption | None = None, severity: float = 0.0
) -> list[Gauges]:
    """Return the gauges of each frame, corrupted as ``cut_of`` corrupts it.

    Kept in the scratch folder, whatever the model and the thresholds.
    """
    key = hashlib.sha256(cut_of(corruption, severity).name.encode())
    code = [inspect.getsource(part) for part in (gauges, framing)]
    code.append(inspect.getsource(unsquash))
    code += [] if corruption is None else [inspect.getsource(corruption.apply)]
    key.update("".join(code).encode())
    key.update("\n".join(f"{record.member} {record.aspect}" for record in records).encode())
    kept = SCRATCH / f"gauges-{key.hexdigest()[:20]}.json"
    if not kept.is_file():
        files = read_files(data, records)
        apply = None if corruption is None else corruption.apply
        found = []
        for record in records:
            stored = open_picture(files[record.member])
            frame = corrupted_frame(stored, record.aspect, seeded_by(record), apply, severity)
            found.append(asdict(gauges.measure(frame)))
        write_json(kept, found)
    return [Gauges(**each) for each in read_json(kept)]


def findings(
    data: Path, records: list[Record], corruption: Corruption | None = None, severity: float = 0.0
) -> list[tuple[Finding, ...]]:
    """Return what the gauges find in each frame, corrupted as ``cut_of`` corrupts it."""
    return [judge(each) for each in measured(data, records, corruption, severity)]


def refusals(
    data: Path,
    records: list[Record],
    corruption: Corruption | None,
    severity: float = 0.0,
    thresholds: Thresholds = THRESHOLDS,
) -> Mask:
    """Return which frames the gauges refuse, (n,)."""
    found = measured(data, records, corruption, severity)
    return np.array([is_refused(judge(each, thresholds)) for each in found], dtype=bool)


def figures(decisions: Decisions, among: Mask, draws: Draws | None = None) -> dict[str, Any]:
    """Return what is right, caught and spared among some of the pictures; mask (n,)."""
    chosen = decisions.where(among)
    if draws is not None:
        draws = Draws(draws.groups[among], draws.weights[:, among])
    alarmed = chosen.severity >= Priority.MEDIUM.severity
    return {
        "accuracy": accuracy(chosen.labels, chosen.predicted, draws),
        "balanced_accuracy": balanced_accuracy(chosen.labels, chosen.predicted, draws),
        "malignancy_sensitivity": share(alarmed, chosen.malignant, draws),
        "not_malignant_spared": share(~alarmed, ~chosen.malignant, draws),
    }


def compare(clean: Decisions, corrupted: Decisions, refused: Mask) -> dict[str, Any]:
    """Return the figures of all, of those let through and of those refused.

    ``corrupted`` and ``refused`` (n,) are of the same pictures as ``clean``, in the same order.
    ``harmed`` are pictures that were right when clean and are wrong when corrupted; ``missed`` the
    malignant ones that were given at least medium when clean and are not when corrupted. Of each
    the share that the gate refuses; beside it the share refused of those still right: its cost.
    """
    draws = draws_of(corrupted)
    everything = np.ones(len(refused), dtype=bool)
    before, after = (d.predicted == d.labels for d in (clean, corrupted))
    medium = Priority.MEDIUM.severity
    missed = clean.malignant & (clean.severity >= medium) & (corrupted.severity < medium)
    parts = {
        "all": figures(corrupted, everything, draws),
        "through": figures(corrupted, ~refused, draws),
        "refused": figures(corrupted, refused, draws),
    }
    gains = {
        name: difference(parts["through"][name], parts["all"][name]).as_dict()
        for name in parts["all"]
    }
    return {
        "n": len(refused),
        "share_refused": share(refused, draws=draws).as_dict(),
        **{
            part: {name: figure.as_dict() for name, figure in found.items()}
            for part, found in parts.items()
        },
        "gain": gains,
        "harmed_refused": share(refused, before & ~after, draws).as_dict(),
        "missed_refused": share(refused, missed, draws).as_dict(),
        "still_right_refused": share(refused, after, draws).as_dict(),
    }


def sample(records: list[Record], pictures: int) -> list[Record]:
    """Draw so many pictures of either way of taking them, the same every time, in their order."""
    rng = np.random.default_rng(SEED)
    chosen: list[int] = []
    for ways in WAYS.values():
        pool = [index for index, record in enumerate(records) if record.modality in ways]
        chosen += [pool[place] for place in rng.permutation(len(pool))[:pictures]]
    return [records[index] for index in sorted(chosen)]


def join(parts: list[Decisions]) -> Decisions:
    """Return the pictures of all parts as one; a lesion keeps its name throughout."""
    from training.measure.decisions import Decisions as Made  # noqa: PLC0415
    from training.measure.predictions import joined  # noqa: PLC0415

    return Made(
        joined(*(part.predictions for part in parts)),
        tuple(reading for part in parts for reading in part.readings),
    )


def by_way(clean: Decisions, corrupted: Decisions, refused: Mask) -> dict[str, Any]:
    """Return ``compare`` of all pictures and of either way of taking them."""
    found = {"all pictures": compare(clean, corrupted, refused)}
    for name, ways in WAYS.items():
        mask = corrupted.predictions.of_modality(*ways)
        found[name] = compare(clean.where(mask), corrupted.where(mask), refused[mask])
    return found


@dataclass(frozen=True)
class Corrupted:
    """All pictures under one corruption at one severity; ``step`` is mild, middle or severe."""

    corruption: Corruption
    severity: float
    step: str
    answers: Decisions


def pool(
    data: Path, records: list[Record], clean: Decisions, corrupted: list[Corrupted], by: Thresholds
) -> dict[str, Any]:
    """Return the figures of all corruptions of a step together, and of all steps, by thresholds."""
    refused = [refusals(data, records, each.corruption, each.severity, by) for each in corrupted]
    pooled = {}
    for step in (*STEPS, "any"):
        chosen = [i for i, each in enumerate(corrupted) if step in (each.step, "any")]
        pooled[step] = by_way(
            join([clean] * len(chosen)),
            join([corrupted[i].answers for i in chosen]),
            np.concatenate([refused[i] for i in chosen]),
        )
    return pooled


def measure(measurement: Measurement, pictures: int) -> dict[str, Any]:
    """Return the figures by corruption and severity and of all pooled, by several thresholds."""
    data = measurement.data
    records = sample(lesions(read_records(data), SPLIT)[:: measurement.every], pictures)
    clean = measurement.decisions(records, cut_of(None))
    corrupted = [
        Corrupted(
            corruption, severity, step, measurement.decisions(records, cut_of(corruption, severity))
        )
        for corruption in STUDIED
        for step, severity in zip(STEPS, corruption.severities, strict=True)
    ]
    rows = [
        {
            "corruption": each.corruption.name,
            "severity": each.severity,
            "unit": each.corruption.unit,
        }
        | {
            "pictures": by_way(
                clean, each.answers, refusals(data, records, each.corruption, each.severity)
            ),
            "refused_by_other_thresholds": {
                name: share(refusals(data, records, each.corruption, each.severity, by)).as_dict()
                for name, by in OTHER_THRESHOLDS.items()
            },
        }
        for each in corrupted
    ]
    return {
        "split": SPLIT,
        "pictures": len(records),
        "lesions": len(np.unique(clean.predictions.groups)),
        "clean": by_way(clean, clean, refusals(data, records, None)),
        "rows": rows,
        "pooled": pool(data, records, clean, corrupted, THRESHOLDS),
        "other_thresholds": {
            name: {
                "thresholds": asdict(by),
                "clean": by_way(clean, clean, refusals(data, records, None, thresholds=by)),
                "pooled": pool(data, records, clean, corrupted, by),
            }
            for name, by in OTHER_THRESHOLDS.items()
        },
    }

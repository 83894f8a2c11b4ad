"""What the gate saves: a model's answers on spoilt pictures, let through or refused.

One path for both, as on the page: the frame is spoilt, the gauges see that frame and the model its
centred square. Frames are un-squashed to 224 px, what the pictures truly resolve, so a "px" is one
of such a frame. Thresholds were chosen on ``val``; this is measured on ``test``.
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
from training.measure.paired import NONE_HERE
from training.measure.predictions import Cut, seeded_by
from training.measure.slices import draws_of
from training.network.model_folder import SCRATCH, read_json, write_json
from training.pictures import degrade
from training.pictures.data import (
    CAMERA,
    Modality,
    Split,
    lesions,
    open_picture,
    read_files,
    read_records,
)
from training.studies import gauge_study

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from PIL import Image

    from lentigo.picture.quality import Finding
    from training.measure.decisions import Decisions
    from training.measure.subject import Subject
    from training.pictures.data import Record

    Mask = NDArray[np.bool_]
    Spoil = Callable[[Image.Image, float, np.random.Generator], Image.Image]

SPLIT = Split.TEST
SEED = 11
STEPS = ("mild", "middle", "severe")
# Looked at beside the released ones: those before them, which refused what the model judged well
# (training/LOG.md).
OTHER_THRESHOLDS: Mapping[str, Thresholds] = {
    "blur 0.155, motion 0.12": replace(
        THRESHOLDS, blur_below_detail=0.155, motion_below_detail=0.12
    ),
}
WAYS = {"dermoscopic": (Modality.DERMOSCOPIC,), "camera": CAMERA}


@dataclass(frozen=True)
class Fault:
    """One way to spoil a frame, from mild to severe."""

    name: str
    unit: str
    grades: tuple[float, ...]
    spoil: Spoil


def _faults() -> tuple[Fault, ...]:
    """Return the faults of ``degrade`` that light, lens and hand bring, and two more."""
    wanted = ("gaussian_blur", "motion_blur", "darkness", "overexposure", "noise")
    found = {each.name: each for each in degrade.DEGRADATIONS}
    faults = [
        Fault(name.replace("_", " "), found[name].unit, found[name].amounts, found[name].apply)
        for name in wanted
    ]
    more = {each.name: each for each in gauge_study.DEGRADATIONS}
    faults += [
        Fault(name, more[name].unit, more[name].grades, more[name].change)
        for name in ("downscaling", "too far")
    ]
    return tuple(faults)


FAULTS = _faults()


def spoilt_frame(
    stored: Image.Image, aspect: float, rng: np.random.Generator, spoil: Spoil | None, grade: float
) -> Image.Image:
    """Return the frame of a stored picture at true aspect, spoilt where something spoils it."""
    frame = gauge_study.unsquash(stored, aspect)
    return frame if spoil is None else spoil(frame, grade, rng)


def cut_of(fault: Fault | None, grade: float = 0.0) -> Cut:
    """Return the model's square of a spoilt frame, or of the clean one."""
    spoil = None if fault is None else fault.spoil
    name = "clean" if fault is None else f"{fault.name} {grade:g} {fault.unit}"

    def apply(stored: Image.Image, aspect: float, rng: np.random.Generator) -> Image.Image:
        return preprocess.square_picture(spoilt_frame(stored, aspect, rng, spoil, grade))

    return Cut(f"square of the frame of {gauge_study.FRAME_SIDE_PX} px, {name}", apply)


def measured(
    data: Path, records: list[Record], fault: Fault | None = None, grade: float = 0.0
) -> list[Gauges]:
    """Return the gauges of each frame, spoilt as ``cut_of`` spoils it.

    Kept in the scratch folder, whatever the model and the thresholds.
    """
    key = hashlib.sha256(cut_of(fault, grade).name.encode())
    code = [inspect.getsource(part) for part in (gauges, framing)]
    code.append(inspect.getsource(gauge_study.unsquash))
    code += [] if fault is None else [inspect.getsource(fault.spoil)]
    key.update("".join(code).encode())
    key.update("\n".join(f"{record.member} {record.aspect}" for record in records).encode())
    kept = SCRATCH / f"gauges-{key.hexdigest()[:20]}.json"
    if not kept.is_file():
        files = read_files(data, records)
        spoil = None if fault is None else fault.spoil
        found = []
        for record in records:
            stored = open_picture(files[record.member])
            frame = spoilt_frame(stored, record.aspect, seeded_by(record), spoil, grade)
            found.append(asdict(gauges.measure(frame)))
        write_json(kept, found)
    return [Gauges(**each) for each in read_json(kept)]


def findings(
    data: Path, records: list[Record], fault: Fault | None = None, grade: float = 0.0
) -> list[tuple[Finding, ...]]:
    """Return what the gauges find in each frame, spoilt as ``cut_of`` spoils it."""
    return [judge(each) for each in measured(data, records, fault, grade)]


def refusals(
    data: Path,
    records: list[Record],
    fault: Fault | None,
    grade: float = 0.0,
    thresholds: Thresholds = THRESHOLDS,
) -> Mask:
    """Tell which frames the gauges refuse, (n,)."""
    found = measured(data, records, fault, grade)
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
        "malignancy_sensitivity": share(alarmed, NONE_HERE, chosen.malignant, draws),
        "not_malignant_spared": share(~alarmed, NONE_HERE, ~chosen.malignant, draws),
    }


def compare(clean: Decisions, spoilt: Decisions, refused: Mask) -> dict[str, Any]:
    """Return the figures of all, of those let through and of those refused.

    ``spoilt`` and ``refused`` (n,) are of the same pictures as ``clean``, in the same order.
    ``harmed`` are pictures that were right when clean and are wrong when spoilt; ``missed`` the
    malignant ones that were given at least medium when clean and are not when spoilt. Of each the
    share that the gate refuses; beside it the share refused of those still right: what it costs.
    """
    draws = draws_of(spoilt)
    everything = np.ones(len(refused), dtype=bool)
    before, after = (d.predicted == d.labels for d in (clean, spoilt))
    medium = Priority.MEDIUM.severity
    missed = clean.malignant & (clean.severity >= medium) & (spoilt.severity < medium)
    parts = {
        "all": figures(spoilt, everything, draws),
        "through": figures(spoilt, ~refused, draws),
        "refused": figures(spoilt, refused, draws),
    }
    gains = {
        name: difference(parts["through"][name], parts["all"][name]).as_dict()
        for name in parts["all"]
    }
    return {
        "n": len(refused),
        "share_refused": share(refused, NONE_HERE, draws=draws).as_dict(),
        **{
            part: {name: figure.as_dict() for name, figure in found.items()}
            for part, found in parts.items()
        },
        "gain": gains,
        "harmed_refused": share(refused, NONE_HERE, before & ~after, draws).as_dict(),
        "missed_refused": share(refused, NONE_HERE, missed, draws).as_dict(),
        "still_right_refused": share(refused, NONE_HERE, after, draws).as_dict(),
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
        np.concatenate([part.probabilities for part in parts]),
        tuple(way for part in parts for way in part.modalities),
        tuple(points for part in parts for points in part.points),
        tuple(priority for part in parts for priority in part.priorities),
    )


def by_way(clean: Decisions, spoilt: Decisions, refused: Mask) -> dict[str, Any]:
    """Return ``compare`` of all pictures and of either way of taking them."""
    found = {"all pictures": compare(clean, spoilt, refused)}
    for name, ways in WAYS.items():
        mask = spoilt.predictions.of_modality(*ways)
        found[name] = compare(clean.where(mask), spoilt.where(mask), refused[mask])
    return found


@dataclass(frozen=True)
class Spoilt:
    """All pictures spoilt by one fault and grade; ``step`` is mild, middle or severe."""

    fault: Fault
    grade: float
    step: str
    answers: Decisions


def pool(
    data: Path, records: list[Record], clean: Decisions, spoilt: list[Spoilt], by: Thresholds
) -> dict[str, Any]:
    """Return the figures of all faults of a step together, and of all steps, by thresholds."""
    refused = [refusals(data, records, each.fault, each.grade, by) for each in spoilt]
    pooled = {}
    for step in (*STEPS, "any"):
        chosen = [i for i, each in enumerate(spoilt) if step in (each.step, "any")]
        pooled[step] = by_way(
            join([clean] * len(chosen)),
            join([spoilt[i].answers for i in chosen]),
            np.concatenate([refused[i] for i in chosen]),
        )
    return pooled


def measure(subject: Subject, pictures: int) -> dict[str, Any]:
    """Return the figures by fault and grade and of all faults pooled, by several thresholds."""
    data = subject.data
    records = sample(lesions(read_records(data), SPLIT)[:: subject.every], pictures)
    clean = subject.decisions(records, cut_of(None))
    spoilt = [
        Spoilt(fault, grade, step, subject.decisions(records, cut_of(fault, grade)))
        for fault in FAULTS
        for step, grade in zip(STEPS, fault.grades, strict=True)
    ]
    rows = [
        {"fault": each.fault.name, "grade": each.grade, "unit": each.fault.unit}
        | {
            "pictures": by_way(
                clean, each.answers, refusals(data, records, each.fault, each.grade)
            ),
            "refused_by_other_thresholds": {
                name: share(
                    refusals(data, records, each.fault, each.grade, by), NONE_HERE
                ).as_dict()
                for name, by in OTHER_THRESHOLDS.items()
            },
        }
        for each in spoilt
    ]
    return {
        "split": SPLIT,
        "pictures": len(records),
        "lesions": len(np.unique(clean.predictions.groups)),
        "clean": by_way(clean, clean, refusals(data, records, None)),
        "rows": rows,
        "pooled": pool(data, records, clean, spoilt, THRESHOLDS),
        "other_thresholds": {
            name: {
                "thresholds": asdict(by),
                "clean": by_way(clean, clean, refusals(data, records, None, thresholds=by)),
                "pooled": pool(data, records, clean, spoilt, by),
            }
            for name, by in OTHER_THRESHOLDS.items()
        },
    }

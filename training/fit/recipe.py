"""A training run as its TOML file describes it."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from training.pictures.augment import Augmentation
from training.pictures.sets import Sets

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance

_T = TypeVar("_T", bound="DataclassInstance")

# Share of the run in which the learning rate rises from nothing.
WARM_UP_SHARE = 0.02


@dataclass(frozen=True)
class Stage:
    """A part of the run: until this share of its time, pictures of this side.

    ``frozen_blocks``: the stem and the first so many blocks learn nothing, which buys speed once
    they have learnt enough.
    """

    until: float
    size_px: int
    frozen_blocks: int


@dataclass(frozen=True)
class TaskWeights:
    """How much the loss of each joint task counts; the diagnosis counts 1."""

    modality: float
    lesion: float
    detail: float


@dataclass(frozen=True)
class Distillation:
    """Finished networks teach this one (Hinton et al., 2015), on the same augmented pictures.

    The teachers see them at ``size_px``. ``logits`` weighs the cross entropy with the
    mean of their probabilities, ``features`` how far two feature maps, each through a linear layer
    that is thrown away, are from the first one's (FitNets, ICLR 2015;
    ``training.fit.teacher.two_maps``).
    """

    teachers: tuple[str, ...]
    size_px: int
    logits: float
    features: float


@dataclass(frozen=True)
class Risk:
    """Weights of two binary losses: melanoma or not, malignant or not (``tasks.RISKS``)."""

    melanoma: float
    malignancy: float


@dataclass(frozen=True)
class LesionAnswers:
    """Finished networks say beforehand what they see in all pictures of a lesion together.

    ``weight`` is that of the cross entropy with the mean of their probabilities
    (``training.fit.lesion_answers``).
    """

    teachers: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Twins:
    """This share of a batch is shown a second time, flipped or turned by right angles.

    ``weight`` is that of the distance between the two answers (``joint_network.disagreement``).
    """

    share: float
    weight: float


@dataclass(frozen=True)
class Recipe:
    """One training run: every key must be there but the tables that may be ``None``.

    None may be unknown. ``augmentation`` names what differs from ``Augmentation()``. What ``sets``
    leaves out must be strange to ``start_from`` and to the teachers as well.

    ``network`` is timm's name, or ``model.GRAFTED``. ``start_from`` is a checkpoint whose trunk and
    classifier the run begins with, ``imagenet`` (``training.network.imagenet``), or empty for
    random
    weights. ``minutes`` is the time spent on training, without reading and evaluating. ``batch`` is
    for each process.
    ``unlabelled_share`` of a batch are pictures outside the seven classes, ``camera_share`` of the
    others were taken by a camera (0: as many as the counts of the classes make it).
    ``evaluations`` are spread evenly over the run.
    """

    network: str
    start_from: str
    minutes: float
    batch: int
    learning_rate: float
    weight_decay: float
    label_smoothing: float
    mixup_share: float
    drop_rate: float
    drop_path_rate: float
    weight_average: float
    unlabelled_share: float
    camera_share: float
    seed: int
    threads: int
    readers: int
    checkpoint_every_s: float
    evaluations: int
    task_weights: TaskWeights
    stages: tuple[Stage, ...]
    augmentation: Augmentation
    distillation: Distillation | None
    risk: Risk | None
    lesion_answers: LesionAnswers | None
    twins: Twins | None
    sets: Sets = field(default_factory=Sets)

    def stage_at(self, progress: float) -> Stage:
        """Return the stage at a share 0..1 of the run."""
        return next((s for s in self.stages if progress < s.until), self.stages[-1])

    def learning_rate_at(self, progress: float) -> float:
        """Return the learning rate: a linear warm-up, then a cosine to nothing."""
        warm = min(1.0, progress / WARM_UP_SHARE)
        return self.learning_rate * warm * 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))


_OPTIONAL: dict[str, type[DataclassInstance]] = {
    "distillation": Distillation,
    "risk": Risk,
    "lesion_answers": LesionAnswers,
    "twins": Twins,
}


def _exact(kind: type[_T], table: dict[str, Any], where: str) -> _T:
    """Build a dataclass from a table with exactly its fields; ``SystemExit`` names the others."""
    names = {key.name for key in fields(kind)}
    wrong = sorted(names ^ table.keys())
    if wrong:
        raise SystemExit(f"{where}: missing or unknown: {', '.join(wrong)}")
    return kind(**table)


def read_recipe(path: Path) -> Recipe:
    """Parse a recipe strictly; ``SystemExit`` names what is missing or unknown."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    stages = document.get("stages")
    tasks = document.get("task_weights")
    if isinstance(stages, list):
        document["stages"] = tuple(_exact(Stage, s, f"{path}, stages") for s in stages)
    if isinstance(tasks, dict):
        document["task_weights"] = _exact(TaskWeights, tasks, f"{path}, task_weights")
    for name, kind in _OPTIONAL.items():
        table = document.setdefault(name, None)
        if isinstance(table, dict):
            document[name] = _exact(kind, _with_tuples(table), f"{path}, {name}")
    differs = _with_tuples(document.get("augmentation", {}))
    usual = {key.name: getattr(Augmentation(), key.name) for key in fields(Augmentation)}
    document["augmentation"] = _exact(Augmentation, usual | differs, f"{path}, augmentation")
    sets = _with_tuples(document.get("sets", {"more": (), "left_out": ()}))
    document["sets"] = _exact(Sets, sets, f"{path}, sets")
    return _exact(Recipe, document, str(path))


def _with_tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}

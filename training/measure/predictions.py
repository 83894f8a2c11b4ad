"""What a checkpoint answers on pictures, computed once a picture and kept in ``.cache/training/``.

The released path: ``lentigo.picture.preprocess`` at 224 px, float32; of a photo the mean over four
views (``predict_views``). The one source of answers for calibration, evaluation, the probes and the
out-of-distribution score.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import PIL
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.picture import preprocess
from training.measure.answers import Answers
from training.network.model_folder import SCRATCH
from training.pictures.data import (
    Modality,
    Record,
    Split,
    lesions,
    open_picture,
    read_files,
    read_records,
    shards_of,
    squares,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

BATCH = 32
# So many pictures lie in one file of the store.
KEPT_TOGETHER = 512
# How a square is laid on its sides, in the order of ``preprocess.views``.
SIDES: Mapping[str, Image.Transpose | None] = {
    "as it is": None,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "upside down": Image.Transpose.FLIP_TOP_BOTTOM,
    "turned 180": Image.Transpose.ROTATE_180,
}
# The label of a picture outside the seven classes: another lesion, or no lesion.
OUTSIDE = -1


@dataclass(frozen=True)
class Change:
    """A corruption of the model's square picture, before it is normalised.

    ``name`` is what the cache knows it by, so it has every parameter ("blur 2 px"). ``apply``
    takes an RGB picture of 224x224 and a generator that is seeded by the picture's name, and
    returns such a picture.
    """

    name: str
    apply: Callable[[Image.Image, np.random.Generator], Image.Image]


@dataclass(frozen=True)
class Cut:
    """Another square for the model than the centred one of the picture as it is stored.

    ``name`` is what the cache knows it by, so it has every parameter. ``apply`` takes the stored
    RGB picture, still squashed, its aspect, and a generator that is seeded by the picture's name;
    it returns an RGB picture of 224x224.
    """

    name: str
    apply: Callable[[Image.Image, float, np.random.Generator], Image.Image]


@dataclass(frozen=True)
class Predictions:
    """A checkpoint's answers on n pictures.

    ``logits`` float32 (n, 7); ``labels`` intp (n,), the index in ``Diagnosis`` or ``OUTSIDE``;
    ``embedding`` float32 (n, 1280), the pooled features before the classifier.
    """

    records: tuple[Record, ...]
    logits: NDArray[np.float32]
    labels: NDArray[np.intp]
    embedding: NDArray[np.float32]

    @property
    def groups(self) -> NDArray[np.intp]:
        """An index per lesion (or patient), (n,)."""
        names = [f"{record.source}/{record.group}" for record in self.records]
        return np.unique(names, return_inverse=True)[1]

    def where(self, chosen: NDArray[np.bool_]) -> Predictions:
        """Return the chosen pictures only; ``chosen`` (n,)."""
        records = tuple(r for r, keep in zip(self.records, chosen, strict=True) if keep)
        return Predictions(
            records, self.logits[chosen], self.labels[chosen], self.embedding[chosen]
        )

    def of_modality(self, *modalities: Modality) -> NDArray[np.bool_]:
        """Return which pictures were taken in one of these ways, (n,)."""
        return np.array([record.modality in modalities for record in self.records], dtype=bool)

    def of_source(self, *sources: str) -> NDArray[np.bool_]:
        """Return which pictures come from one of these sets, (n,)."""
        return np.array([record.source in sources for record in self.records], dtype=bool)


def joined(*parts: Predictions) -> Predictions:
    """Return the pictures of all parts, in order."""
    return Predictions(
        tuple(record for part in parts for record in part.records),
        np.concatenate([part.logits for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.embedding for part in parts]),
    )


def turned(picture: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """Lay a square on another side; no pixel is lost."""
    return picture if turn is None else picture.transpose(turn)


def view_of(
    name: str, turn: Image.Transpose | None, shown: Change | Cut | None = None
) -> Change | Cut | None:
    """Return the way to show a picture as ``shown`` does and then lay it on another side."""
    if turn is None:
        return shown
    if shown is None:
        return Change(name, lambda picture, _: turned(picture, turn))
    name = f"{shown.name}, {name}"
    if isinstance(shown, Cut):
        cut = shown.apply
        return Cut(name, lambda picture, aspect, rng: turned(cut(picture, aspect, rng), turn))
    changed = shown.apply
    return Change(name, lambda picture, rng: turned(changed(picture, rng), turn))


def views_of(shown: Change | Cut | None = None) -> list[Change | Cut | None]:
    """Return the four ways to show a picture, as ``shown`` does and laid on its sides."""
    return [view_of(name, turn, shown) for name, turn in SIDES.items()]


def mean_of(views: Sequence[Predictions]) -> Predictions:
    """Return the mean logits and embedding of the same pictures seen several ways."""
    return replace(
        views[0],
        logits=np.mean([each.logits for each in views], axis=0),
        embedding=np.mean([each.embedding for each in views], axis=0),
    )


def labels_of(records: list[Record] | tuple[Record, ...]) -> NDArray[np.intp]:
    """Return the index of each record's diagnosis, ``OUTSIDE`` where it has none, (n,)."""
    order = list(Diagnosis)
    return np.array(
        [OUTSIDE if r.diagnosis is None else order.index(r.diagnosis) for r in records],
        dtype=np.intp,
    )


def predict(
    data: Path,
    checkpoint: Path,
    split: Split,
    resample: Image.Resampling = preprocess.RESAMPLE,
) -> Predictions:
    """Answer on all pictures of the seven classes of a split, from the cache if nothing changed.

    ``resample`` other than the released filter serves only to compare filters.
    """
    return predict_records(data, checkpoint, lesions(read_records(data), split), resample=resample)


def predict_views(
    data: Path, checkpoint: Path, records: list[Record], change: Change | Cut | None = None
) -> Predictions:
    """Answer as the page does of a photo: the mean over its four views (``preprocess.views``)."""
    return mean_of([predict_records(data, checkpoint, records, view) for view in views_of(change)])


def predict_records(
    data: Path,
    checkpoint: Path,
    records: list[Record],
    change: Change | Cut | None = None,
    resample: Image.Resampling = preprocess.RESAMPLE,
) -> Predictions:
    """Answer on any pictures, corrupted by ``change`` if given; ``SystemExit`` if one is missing.

    What was answered before is read from the store: it knows the checkpoint by its content, the
    change or the cut by its name, and each picture by its name, shape and the size of its tar.
    """
    if not checkpoint.is_file():
        raise SystemExit(f"{checkpoint} is not there: give --checkpoint or --data")
    store = Answers(SCRATCH / f"answers-{_key(checkpoint, change, resample)}")
    names = _names(data, records)
    if missing := [records[place] for place in store.missing(names)]:
        for some, *answers in _answers(data, checkpoint, missing, change, resample):
            store.add(_names(data, some), *answers)
    logits, embedding = store.read(names)
    return Predictions(tuple(records), logits, labels_of(records), embedding)


def _key(checkpoint: Path, change: Change | Cut | None, resample: Image.Resampling) -> str:
    key = hashlib.sha256(checkpoint.read_bytes())
    key.update(Path(preprocess.__file__).read_bytes())
    key.update(f"{resample.name}, Pillow {PIL.__version__}".encode())
    if change is not None:
        kind = "cut" if isinstance(change, Cut) else "change"
        key.update(f"{kind}: {change.name}".encode())
    return key.hexdigest()[:20]


def _names(data: Path, records: list[Record]) -> list[str]:
    """Return what the store knows each picture by."""
    sizes = {
        archive: sum(path.stat().st_size for path in shards_of(data, archive))
        for archive in {record.archive for record in records}
    }
    return [f"{r.member} {r.aspect} {r.archive} {sizes[r.archive]}" for r in records]


def seeded_by(record: Record) -> np.random.Generator:
    """Return a generator that draws the same for a picture every time."""
    return np.random.default_rng(
        int.from_bytes(hashlib.sha256(record.member.encode()).digest()[:8], "big")
    )


def _inputs(
    data: Path, records: list[Record], change: Change | Cut | None
) -> Iterator[NDArray[np.float32]]:
    """Yield the model's input, float32 (at most BATCH, 224, 224, 3)."""
    pictures = _pictures(data, records, change)
    while batch := list(itertools.islice(pictures, BATCH)):
        yield np.concatenate([preprocess.normalise(picture) for picture in batch])


def _pictures(
    data: Path, records: list[Record], change: Change | Cut | None
) -> Iterator[Image.Image]:
    """Yield the model's square of each record, RGB of 224x224."""
    if isinstance(change, Cut):
        files = read_files(data, records)
        for record in records:
            stored = open_picture(files[record.member])
            yield change.apply(stored, record.aspect, seeded_by(record))
        return
    for record, square in squares(data, records, preprocess.INPUT_SIZE_PX):
        picture = Image.fromarray(square)
        yield picture if change is None else change.apply(picture, seeded_by(record))


def _answers(
    data: Path,
    checkpoint: Path,
    records: list[Record],
    change: Change | Cut | None,
    resample: Image.Resampling,
) -> Iterator[tuple[list[Record], NDArray[np.float32], NDArray[np.float32]]]:
    """Run the network; yield some hundred records at a time with logits and embedding.

    One thread decodes the next batch meanwhile (Pillow frees the GIL).
    """
    from training.network import model  # noqa: PLC0415

    network = model.load(checkpoint)
    answered: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    given = count = 0
    named = "" if change is None else f", {change.name}"
    released, preprocess.RESAMPLE = preprocess.RESAMPLE, resample
    try:
        inputs = _inputs(data, records, change)
        with ThreadPoolExecutor(1) as decoder:
            upcoming = decoder.submit(next, inputs, None)
            while (batch := upcoming.result()) is not None:
                upcoming = decoder.submit(next, inputs, None)
                answered.append(model.infer(network, batch))
                count += len(batch)
                print(f"\r{count}/{len(records)} pictures{named}", end="", flush=True)
                if count - given >= KEPT_TOGETHER or count == len(records):
                    logits, embedding = map(np.concatenate, zip(*answered, strict=True))
                    yield records[given:count], logits, embedding
                    answered, given = [], count
    finally:
        preprocess.RESAMPLE = released
    print()

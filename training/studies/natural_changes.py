"""Does an ordinary change of the picture turn an urgent melanoma into ``low``, without a word?

The whole chain of the page on every melanoma of a split: the frame is changed as phones and people
change it (``training.pictures.phone_changes``), examined, squared, answered by the released
weights, and triaged with what the gauges say. A fall is in silence when the page says ``low``: a
warning keeps from it. The same gauges are also counted on clean pictures. ``val`` chooses; ``test``
is read at the end.

    python -m training.studies.natural_changes --split val

Every change is kept in the scratch folder: a run that was ended goes on where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import pickle
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.model.reading import Outputs
from lentigo.picture import examination, framing, gauges, ground, preprocess
from lentigo.picture.examination import examine
from lentigo.picture.quality import QualityIssue, Severity, judge
from lentigo.priority import Priority
from lentigo.triage.rules import Evidence, Outcome, Triage, triage
from training.measure.decisions import reader_of
from training.measure.predictions import seeded_by
from training.network.graph_model import only, read_graph_model
from training.network.model_folder import (
    DEFAULT_DATA,
    DEFAULT_MODEL,
    DEFAULT_VARIANT,
    SCRATCH,
    VARIANTS,
    ModelFolder,
    read_json,
)
from training.pictures import corruptions, frame_corruptions, phone, phone_changes
from training.pictures.data import (
    CAMERA,
    Split,
    lesions,
    open_picture,
    read_files,
    read_records,
    unsquash,
)
from training.release.peers import INPUT, write_onnx
from training.studies.natural_document import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray
    from PIL import Image

    from lentigo.model.reading import Reader
    from lentigo.picture.gauges import Gauges
    from lentigo.picture.quality import Finding
    from training.pictures.data import Record
    from training.pictures.phone_changes import NaturalChange

HEADS = ("modality", "lesion", "melanoma", "malignancy", "nail")
OUTPUTS = {"logits": len(Diagnosis), **dict.fromkeys(HEADS, 1)}
WAYS = ("dermoscopic", "camera")
# What decides what is seen of a frame; when any of it changes, every frame is answered again.
CODE = (
    gauges, framing, ground, preprocess, examination,
    phone, phone_changes, corruptions, frame_corruptions,
)  # fmt: skip


def way_of(record: Record) -> str:
    """Return how a picture was taken, as the figures part them."""
    return "camera" if record.modality in CAMERA else "dermoscopic"


@dataclass(frozen=True)
class Seen:
    """What was measured of a picture, and the network's answers on its square.

    ``answers`` are seven logits, and one of each of ``HEADS``.
    """

    gauges: Gauges
    answers: tuple[float, ...]


class Network:
    """The released weights in onnxruntime; every answer is kept by the pixels of its square."""

    def __init__(self, folder: ModelFolder, variant: str) -> None:
        path = folder.path / variant / "model.json"
        content = b"".join(part.read_bytes() for part in sorted(path.parent.iterdir()))
        self.name = hashlib.sha256(content).hexdigest()[:12]
        self._kept = SCRATCH / f"squares-{self.name}.pickle"
        self._answers: dict[bytes, tuple[float, ...]] = {}
        if self._kept.is_file():
            self._answers = pickle.loads(self._kept.read_bytes())
        self._graph = SCRATCH / f"{self.name}.onnx"
        if not self._graph.is_file():
            self._graph.parent.mkdir(parents=True, exist_ok=True)
            write_onnx(only(read_graph_model(path), list(OUTPUTS)), self._graph, OUTPUTS)
        self._session: Any = None

    def __call__(self, square: Image.Image) -> tuple[float, ...]:
        """Return the numbers of a ``Seen``, of an RGB picture of 224x224: the mean of its views."""
        key = hashlib.sha256(square.tobytes()).digest()[:16]
        if key not in self._answers:
            views = preprocess.views(preprocess.normalise(square))
            means = np.mean([self._one(view[np.newaxis]) for view in views], axis=0)
            self._answers[key] = tuple(means.tolist())
        return self._answers[key]

    def _one(self, view: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.concatenate([a.ravel() for a in self._runner().run(list(OUTPUTS), {INPUT: view})])

    def _runner(self) -> Any:
        if self._session is None:
            import onnxruntime  # noqa: PLC0415

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                str(self._graph), options, providers=["CPUExecutionProvider"]
            )
        return self._session

    def keep(self) -> None:
        """Write the answers, so that the next run begins with them."""
        partial = self._kept.with_suffix(".partial")
        partial.write_bytes(pickle.dumps(self._answers))
        partial.replace(self._kept)


def outputs_of(answers: tuple[float, ...]) -> Outputs:
    """Return what a ``Network`` has answered, by name."""
    return Outputs(answers[:7], *answers[7:])


def page_says(reader: Reader, seen: Seen, findings: tuple[Finding, ...]) -> Triage:
    """Return what the page says of what was seen, where the gauges found this."""
    reading = reader.read(outputs_of(seen.answers))
    return triage(
        Evidence(
            assessment=reading.assessment,
            refusing=issues(findings, Severity.REFUSE),
            warning=issues(findings, Severity.WARN),
            recognition=reading.recognition,
        )
    )


def issues(findings: tuple[Finding, ...], severity: Severity) -> frozenset[QualityIssue]:
    """Return the issues of one severity."""
    return frozenset(finding.issue for finding in findings if finding.severity is severity)


@dataclass(frozen=True)
class Gallery:
    """Frames of some records, and for each the frame of a mole of the same set."""

    records: list[Record]
    others: list[Record]
    files: dict[str, bytes]

    @classmethod
    def of(cls, data: Path, records: list[Record], moles: list[Record]) -> Gallery:
        """Read the pictures; each record's mole is drawn by its name."""
        others = []
        for record in records:
            same = (record.source, record.modality)
            alike = [mole for mole in moles if (mole.source, mole.modality) == same] or moles
            others.append(alike[int(seeded_by(record).integers(len(alike)))])
        return cls(records, others, read_files(data, [*records, *others]))

    def frame(self, record: Record) -> Image.Image:
        """Return the frame of a record at true aspect."""
        return unsquash(open_picture(self.files[record.member]), record.aspect)

    def frames(self) -> Iterable[Image.Image]:
        """Yield every frame as it is."""
        return (self.frame(record) for record in self.records)

    def changed(self, change: NaturalChange) -> Iterable[Image.Image]:
        """Yield every frame as the change leaves it."""
        for record, other in zip(self.records, self.others, strict=True):
            yield change.apply(self.frame(record), seeded_by(record), self.frame(other))


def see(
    name: str, network: Network, records: Sequence[Record], frames: Callable[[], Iterable[Any]]
) -> list[Seen]:
    """Return what is seen of each frame, from the scratch folder if no code of it has changed."""
    key = hashlib.sha256(f"{name} {network.name}".encode())
    for module in CODE:
        key.update(Path(str(module.__file__)).read_bytes())
    key.update("\n".join(f"{record.member} {record.aspect}" for record in records).encode())
    path = SCRATCH / "natural" / f"{key.hexdigest()[:20]}.pickle"
    if not path.is_file():
        found = []
        for frame in frames():
            examined = examine(frame)
            found.append(Seen(examined.observation.gauges, network(examined.square())))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(found))
        network.keep()
    kept: list[Seen] = pickle.loads(path.read_bytes())
    return kept


def wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (E. B. Wilson, JASA 1927); (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def is_low(said: Triage) -> bool:
    """Tell whether the page says ``low``, with a label and with nothing to warn of."""
    return said.outcome is Outcome.LABELLED and said.priority is Priority.LOW


def clean_figures(
    records: list[Record], found: list[tuple[Finding, ...]], said: list[Triage]
) -> dict[str, Any]:
    """Return what clean pictures meet, by modality, by skin tone, and for their colour."""
    refused = np.array([bool(issues(each, Severity.REFUSE)) for each in found])
    warned = np.array([bool(each) for each in found]) & ~refused
    low = np.array([is_low(each) for each in said])
    mole = np.array([record.diagnosis is Diagnosis.NV for record in records])
    groups: dict[str, Any] = {}
    for way in WAYS:
        of_way = np.array([way_of(record) == way for record in records])
        tones = {f"{way}, skin tone {tone}": tone for tone in range(6)}
        masks = {way: of_way} | {
            name: of_way & np.array([r.source == "milk10k" and r.skin_tone == t for r in records])
            for name, t in tones.items()
        }
        for name, mask in masks.items():
            if mask.any():
                groups[name] = {
                    "n": int(mask.sum()),
                    "refused": int(refused[mask].sum()),
                    "warned": int(warned[mask].sum()),
                    "moles": int((mole & mask).sum()),
                    "moles_low": int((low & mole & mask).sum()),
                }
    colour = Counter(
        f"{record.diagnosis}, {'refused' if finding.severity is Severity.REFUSE else 'warned'}"
        for record, each in zip(records, found, strict=True)
        for finding in each
        if finding.issue is QualityIssue.COLOUR
    )
    return {"groups": groups, "for_colour": dict(sorted(colour.items()))}


def change_figures(
    change: NaturalChange,
    records: list[Record],
    found: list[tuple[Finding, ...]],
    said: list[Triage],
) -> dict[str, Any]:
    """Return how many of the melanomas that were urgent fall to ``low``, by modality."""
    low = [is_low(each) for each in said]
    refused = [bool(issues(each, Severity.REFUSE)) for each in found]
    warned = [bool(each) and not no for each, no in zip(found, refused, strict=True)]
    interval = wilson(sum(low), len(low))
    return {
        "kind": change.kind,
        "amount": change.amount,
        "n": len(records),
        "low": sum(low),
        "interval": [round(end, 4) for end in interval],
        "low_by_way": {
            way: sum(fell for fell, r in zip(low, records, strict=True) if way_of(r) == way)
            for way in WAYS
        },
        "refused": sum(refused),
        "warned": sum(warned),
    }


def measure(data: Path, folder: ModelFolder, variant: str, split: Split) -> dict[str, Any]:
    """Return the figures of clean pictures and of every change."""
    network, reader = Network(folder, variant), reader_of(read_json(folder.calibration))
    records = lesions(read_records(data), split)
    moles = [record for record in records if record.diagnosis is Diagnosis.NV]
    clean = see("clean", network, records, Gallery.of(data, records, moles).frames)
    found = [judge(seen.gauges) for seen in clean]
    said = [page_says(reader, seen, each) for seen, each in zip(clean, found, strict=True)]
    urgent = [
        record
        for record, each in zip(records, said, strict=True)
        if record.diagnosis is Diagnosis.MEL
        and each.outcome is Outcome.LABELLED
        and each.priority is Priority.URGENT
    ]
    gallery = Gallery.of(data, urgent, moles)
    rows = []
    for change in phone_changes.NATURAL_CHANGES:
        changed = see(change.name, network, urgent, partial(gallery.changed, change))
        findings = [judge(seen.gauges) for seen in changed]
        answers = [page_says(reader, seen, f) for seen, f in zip(changed, findings, strict=True)]
        rows.append(change_figures(change, urgent, findings, answers))
        print(f"{change.name}: {rows[-1]['low']} of {len(urgent)} low in silence", flush=True)
    return {
        "model": f"{folder.path.name}, {variant}",
        "melanomas": sum(record.diagnosis is Diagnosis.MEL for record in records),
        "urgent": {way: sum(way_of(r) == way for r in urgent) for way in WAYS},
        "clean": clean_figures(records, found, said),
        "changes": rows,
    }


def main() -> None:
    """Measure which ordinary changes turn urgent melanomas into low, and write the document."""
    parser = argparse.ArgumentParser(
        prog="python -m training.studies.natural_changes",
        description=main.__doc__,
        epilog="Needs training/requirements-peers.txt, the pictures (--data), a released model.",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument("--variant", choices=VARIANTS, default=DEFAULT_VARIANT)
    parser.add_argument("--split", type=Split, choices=(Split.VAL, Split.TEST), default=Split.VAL)
    given = parser.parse_args()
    figures = measure(given.data, ModelFolder.named(given.model), given.variant, given.split)
    keep({str(given.split): figures})


if __name__ == "__main__":
    main()

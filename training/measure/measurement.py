"""What a measurement is about: a checkpoint, the rules chosen for it, and the pictures of a split.

The measuring commands take the same arguments; what they write for anything but the whole ``test``
split goes to the scratch folder, never into ``models/``.
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.measure.decisions import Decisions, decide, reader_of
from training.measure.predictions import predict_records, predict_views
from training.network.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    SCRATCH,
    ModelFolder,
    read_json,
)
from training.pictures.data import Record, Split, lesions, read_records

if TYPE_CHECKING:
    from training.measure.predictions import Change, Cut, Predictions
    from training.measure.probes import Probes


@dataclass(frozen=True)
class Measurement:
    """``every`` keeps each n-th picture only: to try a command out, never for a released figure."""

    data: Path
    checkpoint: Path
    folder: ModelFolder
    split: Split
    every: int

    @property
    def whole_test(self) -> bool:
        """Whether the figures are those that a release reports."""
        return self.split is Split.TEST and self.every == 1

    def file(self, name: str) -> Path:
        """Return where the figures of this measurement are kept in the scratch folder."""
        part = "" if self.every == 1 else f"-every{self.every}"
        return SCRATCH / f"{name}-{self.folder.path.name}-{self.split}{part}.json"

    def calibration(self) -> dict[str, Any]:
        """Read ``calibration.json`` of the model folder."""
        document: dict[str, Any] = read_json(self.folder.calibration)
        return document

    def fingerprint(self) -> str:
        """Return a name of the checkpoint's content and the calibration's: of stale files."""
        content = hashlib.sha256(self.checkpoint.read_bytes())
        content.update(self.folder.calibration.read_bytes())
        return content.hexdigest()[:20]

    def probes(self) -> Probes:
        """Return the checkpoint's probes, fitted on ``train`` and kept on disk."""
        from training.measure import probes  # noqa: PLC0415

        return probes.fit(self.data, self.checkpoint)

    def records(self) -> list[Record]:
        """Return the pictures of the seven classes in the split."""
        return lesions(read_records(self.data), self.split)[:: self.every]

    def decisions(self, records: list[Record], change: Change | Cut | None = None) -> Decisions:
        """Return what the page would say of some pictures, corrupted by ``change`` if given."""
        return self.judge(self.predictions(records, change))

    def predictions(self, records: list[Record], change: Change | Cut | None = None) -> Predictions:
        """Return what the checkpoint answers on some photos: the mean over four views."""
        return predict_views(self.data, self.checkpoint, records, change)

    def of_one_view(self, records: list[Record], change: Change | Cut | None = None) -> Predictions:
        """Return what the checkpoint answers on some pictures shown once, as in a live view."""
        return predict_records(self.data, self.checkpoint, records, change)

    def judge(self, predictions: Predictions) -> Decisions:
        """Return what the page would say of such answers."""
        heads = self.probes().logits(predictions.embedding)
        return decide(predictions, heads, reader_of(self.calibration()))


def read_arguments(command: str, what: str | None, needs: str) -> Measurement:
    """Parse the arguments that the measuring commands share; hold PyTorch to ``--threads``."""
    return measurement_of(parser_of(command, what, needs).parse_args())


def parser_of(command: str, what: str | None, needs: str) -> argparse.ArgumentParser:
    """Return a parser of the arguments that the measuring commands share."""
    parser = argparse.ArgumentParser(
        prog=f"python -m training.{command}", description=what, epilog=f"Needs {needs}"
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument(
        "--split",
        type=Split,
        choices=(Split.VAL, Split.TEST),
        default=Split.TEST,
        help="val, to look at choices without reading test; written to .cache/training/",
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="each N-th picture only, to try it out"
    )
    parser.add_argument("--threads", type=int, help="of PyTorch; default: as many as it likes")
    return parser


def measurement_of(given: argparse.Namespace) -> Measurement:
    """Return what the arguments name; hold PyTorch to ``--threads``."""
    limit_threads(given.threads)
    return Measurement(
        data=given.data,
        checkpoint=given.checkpoint,
        folder=ModelFolder.named(given.model),
        split=given.split,
        every=given.every,
    )


def limit_threads(threads: int | None) -> None:
    """Hold PyTorch to so many threads; None leaves it as it is."""
    if threads is not None:
        import torch  # noqa: PLC0415

        torch.set_num_threads(threads)

"""Several processes answer as one does."""

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.pictures.data import Modality, Record, Split
from training.pictures.synthetic import Look, draw_lesion

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from training.measure import predictions, probes, together  # noqa: E402
from training.measure.predictions import predict_records  # noqa: E402
from training.network import model  # noqa: E402
from training.network.place import Place  # noqa: E402

COUNT = 5


def records() -> list[Record]:
    return [
        Record("toy", f"toy/{i}.jpg", f"L{i}", Diagnosis.NV, Modality.CLINICAL, 1.0, Split.VAL, "")
        for i in range(COUNT)
    ]


def data_folder(path: Path) -> Path:
    """Drawn lesions, in two shards of one set."""
    for shard, inside in ((0, (0, 1)), (1, (2, 3, 4))):
        with tarfile.open(path / f"toy-{shard}.tar", "w") as tar:
            for index in inside:
                out = io.BytesIO()
                draw_lesion(index, 224, list(Look)[index]).save(out, "PNG")
                entry = tarfile.TarInfo(f"toy/{index}.jpg")
                entry.size = out.tell()
                tar.addfile(entry, io.BytesIO(out.getvalue()))
    return path


def test_a_share_is_nobody_elses_and_nothing_is_left() -> None:
    shares = [Place(rank, 3, torch.device("cpu")).share_of(8) for rank in range(3)]
    assert sorted(index for share in shares for index in share) == list(range(8))
    assert [len(Place(rank, 3, torch.device("cpu")).share_of(0)) for rank in range(3)] == [0] * 3


def test_two_processes_answer_from_shards_as_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_folder(tmp_path)
    torch.manual_seed(3)
    weights = tmp_path / "weights.safetensors"
    model.save(model.build().state_dict(), weights)
    monkeypatch.setattr(predictions, "SCRATCH", tmp_path / "one")
    alone = predict_records(data, weights, records())
    script = tmp_path / "both.py"
    script.write_text(TOGETHER, encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", str(script)]
    environment = os.environ | {"PYTHONPATH": "py:.", "OMP_NUM_THREADS": "1", "DATA": str(data)}
    subprocess.run(command, check=True, env=environment, capture_output=True, timeout=300)
    # Each answered its share, and no picture is asked for again.
    shards = list((tmp_path / "two").glob("answers-*/*.npz"))
    assert sorted(len(np.load(path)["pictures"]) for path in shards) == [2, 3]
    monkeypatch.setattr(predictions, "SCRATCH", tmp_path / "two")
    monkeypatch.setattr(predictions, "_answers", None)
    both = predict_records(data, weights, records())
    # The batches are of other sizes, so sums are rounded otherwise.
    assert np.abs(both.logits - alone.logits).max() < 1e-4
    assert np.abs(both.embedding - alone.embedding).max() < 1e-4
    assert np.abs(np.diff(alone.logits, axis=0)).max() > 1e-3


TOGETHER = """
import os
from pathlib import Path

import torch

from tests.unit.training.measure.test_together import records
from training.measure import predictions
from training.measure.together import answer_share
from training.network.place import Place

torch.set_num_threads(1)
data = Path(os.environ["DATA"])
predictions.SCRATCH = data / "two"
answer_share(data, data / "weights.safetensors", [(records(), None)], Place.find())
torch.distributed.destroy_process_group()
"""


def test_all_that_an_evaluation_reads_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(name: str, split: Split, diagnosis: Diagnosis | None = Diagnosis.NV) -> Record:
        return Record("toy", name, name, diagnosis, Modality.CLINICAL, 1.0, split, "")

    learnt = of("l", Split.TRAIN)
    table = [of("t", Split.TEST), of("n", Split.TEST, None), of("v", Split.VAL), learnt]
    monkeypatch.setattr(together, "read_records", lambda _: table)
    monkeypatch.setattr(probes, "no_lesions", lambda _, split: [of("nail", split, None)])
    monkeypatch.setattr(probes, "train_records", lambda _: [learnt])
    measurement: Any = SimpleNamespace(
        data=Path(), split=Split.TEST, records=lambda: [of("t", Split.TEST)]
    )
    needs = together.needed(measurement)
    shown = [([r.member for r in records], change and change.name) for records, change in needs]
    judged = ["t", "n", "v", "nail"]
    assert shown[:4] == [
        (judged, None), (judged, "mirrored"), (judged, "upside down"), (judged, "turned 180")
    ]  # fmt: skip
    assert shown[4] == (["l"], None)
    assert [names for names, _ in shown[5:]] == [["l"]] * (1 + probes.PARTS)
    assert len({name for _, name in shown[5:]}) == 1 + probes.PARTS


def test_one_process_alone_goes_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.setattr(together, "answer_share", None)
    nobody: Any = None
    assert together.goes_on(nobody)

"""40 photographs of the ``test`` split, through the page and through PyTorch.

They are not part of the repository; without them, or without torch, the tests say what is missing.
The sets hold pictures squashed to a square. Each is resized to its true aspect and uploaded as
PNG, whose pixels are exact, so that the page and Python see the same.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections import Counter, defaultdict
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from lentigo.model.calibration import softmax
from tests.browser.lentigo_page import Answer, LentigoPage, manifest
from tests.browser.pictures import png
from tests.browser.sites import ROOT
from tooling.environment import venv_python
from training.network.model_folder import DEFAULT_CHECKPOINT
from training.pictures.data import Record, Split, lesions, read_files, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(os.environ.get("LENTIGO_DATA") or ROOT.parent / "shared" / "data")
TRAINING_PYTHON = venv_python(ROOT / ".cache" / "training-venv")
COUNT = 40
# Chance is 1/7; the model has about 0.7 to 0.8 on the whole split, less where classes are even.
FAR_ABOVE_CHANCE = 0.4
# The model takes few lesions for none; and what was squashed is softer along one side, which the
# gauges take for movement in two of these 40.
MOST_REFUSED = 4

pytestmark = pytest.mark.skipif(
    not (DATA / "labels.csv").is_file(),
    reason="the picture sets are not there: no labels.csv in LENTIGO_DATA or ../shared/data",
)


def choose(records: list[Record]) -> list[Record]:
    """Take 40, by turns from each class of each set, in the order of the file."""
    cells: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        # In ISIC 2017 "nv" means neither melanoma nor keratosis.
        if record.diagnosis and (record.source, record.diagnosis) != ("isic2017", "nv"):
            cells[record.source, record.diagnosis].append(record)
    by_turns = chain.from_iterable(zip_longest(*(cells[cell] for cell in sorted(cells))))
    return [record for record in by_turns if record is not None][:COUNT]


def unsquashed(content: bytes, aspect: float) -> bytes:
    with Image.open(io.BytesIO(content)) as stored:
        width_px = round(stored.width * max(1.0, aspect))
        height_px = round(stored.height * max(1.0, 1 / aspect))
        return png(stored.convert("RGB").resize((width_px, height_px), Image.Resampling.BICUBIC))


@pytest.fixture(scope="module")
def pictures() -> list[tuple[Record, bytes]]:
    records = choose(lesions(read_records(DATA), Split.TEST))
    assert len(records) == COUNT
    files = read_files(DATA, records)
    return [(record, unsquashed(files[record.member], record.aspect)) for record in records]


_answers: list[Answer | None] = []


@pytest.fixture
def answers(
    lentigo: LentigoPage, pictures: list[tuple[Record, bytes]]
) -> Iterator[list[Answer | None]]:
    """What the page answers, ``None`` where it refuses a picture; asked once."""
    if not _answers:
        for _, data in pictures:
            refused = lentigo.upload(data) == "rejected"
            _answers.append(None if refused else lentigo.answer())
    assert _answers.count(None) <= MOST_REFUSED
    yield _answers


def test_the_answers_on_real_pictures_are_far_above_chance(
    answers: list[Answer | None], pictures: list[tuple[Record, bytes]]
) -> None:
    records = [record for record, _ in pictures]
    assert len({record.diagnosis for record in records}) == 7
    assert len({record.source for record in records}) >= 4
    right: Counter[str] = Counter()
    for record, answer in zip(records, answers, strict=True):
        right[record.source] += answer is not None and answer.diagnosis == record.diagnosis
    shown = Counter(record.source for record in records)
    by_set = ", ".join(f"{name} {right[name]}/{count}" for name, count in sorted(shown.items()))
    accuracy = right.total() / COUNT
    print(f"\n{COUNT} real pictures of the test split: accuracy {accuracy:.2f} ({by_set})")
    assert accuracy >= FAR_ABOVE_CHANCE


def test_the_answers_on_real_pictures_are_those_of_pytorch(
    answers: list[Answer | None], pictures: list[tuple[Record, bytes]], tmp_path: Path
) -> None:
    if not TRAINING_PYTHON.is_file():
        pytest.skip("torch is not there: training/README.md tells how .cache/training-venv is made")
    if not (ROOT / DEFAULT_CHECKPOINT).is_file():
        pytest.skip(f"the checkpoint that was exported is not there: {DEFAULT_CHECKPOINT}")
    for index, (_, data) in enumerate(pictures):
        (tmp_path / f"{index:02}.png").write_bytes(data)
    done = subprocess.run(
        [TRAINING_PYTHON, "-m", "tests.browser.torch_logits", DEFAULT_CHECKPOINT, tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "py"), str(ROOT)])},
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    logits = json.loads(done.stdout.splitlines()[-1])
    facts = manifest()
    pairs = [
        (answer.values, softmax(logits[name], facts.calibration.temperature))
        for name, answer in zip(sorted(logits), answers, strict=True)
        if answer is not None
    ]
    given, expected = (np.array(side) for side in zip(*pairs, strict=True))
    # Moving each logit by e moves no probability by more than e / 2; the page rounds to 1e-4.
    tolerance = (
        facts.variants[facts.default_variant].tolerance_logit / facts.calibration.temperature / 2
        + 1e-4
    )
    print(f"\nlargest difference to PyTorch {np.abs(np.subtract(given, expected)).max():.5f}")
    np.testing.assert_allclose(given, expected, rtol=0, atol=tolerance)

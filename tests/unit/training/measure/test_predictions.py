"""What the network is shown, and when it is asked again; without the network."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.picture import preprocess
from training.measure import predictions
from training.measure.predictions import (
    OUTSIDE,
    Change,
    Cut,
    labels_of,
    predict_records,
    predict_views,
    views_of,
)
from training.pictures.data import Modality, Record, Split

BLACK, GREY = 0, 128


def record(name: str, aspect: float = 1.0, diagnosis: Diagnosis | None = Diagnosis.NV) -> Record:
    return Record("toy", f"toy/{name}", name, diagnosis, Modality.CLINICAL, aspect, Split.VAL, "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one black and one grey picture, and weights."""
    with tarfile.open(tmp_path / "toy.tar", "w") as tar:
        for name, level in (("black", BLACK), ("grey", GREY)):
            out = io.BytesIO()
            Image.new("RGB", (224, 224), (level,) * 3).save(out, "PNG")
            entry = tarfile.TarInfo(f"toy/{name}")
            entry.size = out.tell()
            out.seek(0)
            tar.addfile(entry, out)
    (tmp_path / "weights").write_bytes(b"some weights")
    monkeypatch.setattr(predictions, "SCRATCH", tmp_path / "scratch")
    return tmp_path


def inputs(folder: Path, records: list[Record], change: Change | None = None) -> np.ndarray:
    return np.concatenate(list(predictions._inputs(folder, records, change)))


def test_pictures_come_normalised_and_in_the_order_asked_for(folder: Path) -> None:
    asked = [record("grey"), record("black"), record("grey")] * predictions.BATCH
    batches = list(predictions._inputs(folder, asked, None))
    assert [len(batch) for batch in batches] == [predictions.BATCH] * 3
    means = np.concatenate(batches).mean(axis=(1, 2, 3))
    assert means[:3] == pytest.approx([GREY / 127.5 - 1, -1.0, GREY / 127.5 - 1], abs=1e-6)


def test_a_change_sees_the_square_and_draws_by_the_name_of_the_picture(folder: Path) -> None:
    def draw(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
        assert picture.size == (224, 224)
        return Image.new("RGB", picture.size, (int(rng.integers(1, 256)),) * 3)

    change = Change("a random grey", draw)
    both = inputs(folder, [record("grey"), record("black")], change)
    alone = inputs(folder, [record("black")], change)
    assert both[1].tolist() == alone[0].tolist()
    assert both[0, 0, 0, 0] != both[1, 0, 0, 0]
    # Black is -1; the change leaves none.
    assert both.min() > -1.0


def answering(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Let the n-th time that the network is asked give logits of n; return what it was asked."""
    asked: list[tuple[str, list[str]]] = []

    def answers(
        _: Path, __: Path, records: list[Record], change: Change | None, ___: object
    ) -> Iterator[tuple[list[Record], np.ndarray, np.ndarray]]:
        asked.append(("" if change is None else change.name, [r.group for r in records]))
        for each in records:
            yield [each], np.full((1, 7), len(asked), np.float32), np.zeros((1, 1280), np.float32)

    monkeypatch.setattr(predictions, "_answers", answers)
    return asked


def test_the_network_is_asked_again_only_when_something_has_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch)
    weights, unchanged = folder / "weights", [record("grey"), record("black")]
    darker = Change("darker", lambda picture, _: picture)
    first = predict_records(folder, weights, unchanged)
    assert predict_records(folder, weights, unchanged).logits.tolist() == first.logits.tolist()
    assert len(asked) == 1
    predict_records(folder, weights, unchanged, darker)
    predict_records(folder, weights, [record("grey", aspect=1.5), record("black")])
    predict_records(folder, weights, unchanged, resample=Image.Resampling.LANCZOS)
    both = ["grey", "black"]
    assert asked == [("", both), ("darker", both), ("", ["grey"]), ("", both)]
    weights.write_bytes(b"other weights")
    assert predict_records(folder, weights, unchanged).logits[0, 0] == 5.0


def test_only_pictures_without_an_answer_are_shown_and_the_order_is_that_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch)
    weights, grey, black = folder / "weights", record("grey"), record("black")
    predict_records(folder, weights, [grey])
    found = predict_records(folder, weights, [black, grey, black])
    assert [names for _, names in asked] == [["grey"], ["black"]]
    assert found.logits[:, 0].tolist() == [2.0, 1.0, 2.0]


def test_a_photo_is_shown_in_the_views_of_the_page() -> None:
    levels = np.random.default_rng(5).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    square, rng = Image.fromarray(levels), np.random.default_rng()
    turned = [view.apply(square, rng) for view in views_of() if isinstance(view, Change)]
    expected = preprocess.views(preprocess.normalise(square))
    assert np.array_equal(
        np.concatenate([preprocess.normalise(each) for each in [square, *turned]]), expected
    )


def test_a_change_comes_before_the_views_of_it() -> None:
    def darken(picture: Image.Image, _: np.random.Generator) -> Image.Image:
        return picture.point(lambda level: level // 2)

    corners = Image.fromarray(np.array([[2, 4], [6, 8]], dtype=np.uint8))
    views = [v for v in views_of(Change("darker", darken)) if isinstance(v, Change)]
    assert [view.name for view in views] == [
        "darker", "darker, mirrored", "darker, upside down", "darker, turned 180"
    ]  # fmt: skip
    shown = [view.apply(corners, np.random.default_rng()).tobytes() for view in views]
    assert shown == [bytes(b) for b in ((1, 2, 3, 4), (2, 1, 4, 3), (3, 4, 1, 2), (4, 3, 2, 1))]
    (cut,) = {type(view) for view in views_of(Cut("whole", lambda picture, *_: picture))}
    assert cut is Cut


def test_the_answer_is_the_mean_over_the_views(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch)
    found = predict_views(folder, folder / "weights", [record("grey")])
    assert [name for name, _ in asked] == ["", "mirrored", "upside down", "turned 180"]
    assert found.logits[0].tolist() == [2.5] * 7


def test_what_is_outside_the_classes_has_a_label_of_its_own() -> None:
    outside = record("x", diagnosis=None)
    assert labels_of([record("a"), outside]).tolist() == [
        list(Diagnosis).index(Diagnosis.NV),
        OUTSIDE,
    ]


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nowhere"):
        predict_records(tmp_path, tmp_path / "nowhere", [])


def test_a_cut_sees_the_picture_as_it_is_stored(folder: Path) -> None:
    seen: list[tuple[tuple[int, int], float]] = []

    def cut(stored: Image.Image, aspect: float, rng: np.random.Generator) -> Image.Image:
        seen.append((stored.size, aspect))
        return Image.new("RGB", (224, 224), (int(rng.integers(1, 256)),) * 3)

    asked = [record("grey", aspect=0.5), record("black", aspect=2.0)]
    both = next(iter(predictions._inputs(folder, asked, Cut("grey", cut))))
    assert seen == [((224, 224), 0.5), ((224, 224), 2.0)]
    assert both[0, 0, 0, 0] != both[1, 0, 0, 0]


def test_a_cut_and_a_change_of_one_name_are_kept_apart(folder: Path) -> None:
    released = preprocess.RESAMPLE
    keys = {
        predictions._key(folder / "weights", change, released)
        for change in (
            None,
            Change("same", lambda picture, _: picture),
            Cut("same", lambda picture, _aspect, _rng: picture),
        )
    }
    assert len(keys) == 3

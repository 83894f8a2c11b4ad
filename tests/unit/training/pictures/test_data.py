"""Reading of the picture sets: splits, words, geometry. No picture is needed."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from training.pictures.augment import Augmentation, augment
from training.pictures.data import (
    Split,
    check_splits,
    lesions,
    parse_records,
    read_records,
    squares,
    unsquash,
)

HEAD = (
    "set,file,image_id,group_id,dx,dx_detail,modality,aspect,age,sex,site,skin_tone,split,"
    "licence,mask"
)


def line(name: str, group: str, split: str, dx: str = "nv", aspect: str = "1.0") -> str:
    return f"toy,toy/{name}.jpg,{name},{group},{dx},,clinical,{aspect},,,,3.0,{split},CC0,"


def test_a_lesion_on_two_sides_of_the_split_is_refused() -> None:
    records = parse_records([HEAD, line("a", "L1", "train"), line("b", "L1", "test")])
    with pytest.raises(ValueError, match=r"L1 is in test and train"):
        check_splits(records)


def test_several_pictures_of_a_lesion_on_one_side_are_fine() -> None:
    check_splits(parse_records([HEAD, line("a", "L1", "val"), line("b", "L1", "val")]))


def test_a_picture_outside_the_seven_classes_is_no_lesion_of_a_split() -> None:
    records = parse_records([HEAD, line("a", "L1", "val"), line("b", "L2", "val", dx="")])
    assert [r.diagnosis for r in lesions(records, Split.VAL)] == [Diagnosis.NV]


def test_an_unknown_word_is_refused_with_the_picture_named() -> None:
    with pytest.raises(ValueError, match=r"toy/a\.jpg.*wart"):
        parse_records([HEAD, line("a", "L1", "val", dx="wart")])


def test_missing_data_says_what_the_folder_must_hold(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"labels\.csv is missing.*--data"):
        read_records(tmp_path)


def test_a_squashed_picture_is_cut_square_at_true_aspect(tmp_path: Path) -> None:
    # A frame of 2:1 squashed to 64x64: the centred square is the middle half, all white.
    stored = np.zeros((64, 64, 3), dtype=np.uint8)
    stored[:, 16:48] = 255
    buffer = io.BytesIO()
    Image.fromarray(stored).save(buffer, "PNG")
    with tarfile.open(tmp_path / "toy.tar", "w") as tar:
        entry = tarfile.TarInfo("toy/a.jpg")
        entry.size = len(buffer.getvalue())
        tar.addfile(entry, io.BytesIO(buffer.getvalue()))
    records = parse_records([HEAD, line("a", "L1", "val", aspect="2.0")])
    [(record, square)] = squares(tmp_path, records, 32)
    assert record.aspect == 2.0
    assert square.shape == (32, 32, 3)
    assert square.min() == 255


def test_augmentation_repeats_with_its_seed_and_keeps_to_its_size() -> None:
    rng = np.random.default_rng(5)
    picture = Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    first, again, other = (
        augment(picture, 1.5, 48, Augmentation(), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first.shape == (48, 48, 3)
    assert (first == again).all()
    assert (first != other).any()


def test_a_squashed_picture_gets_its_true_aspect_back() -> None:
    squashed = Image.new("RGB", (224, 224))
    assert unsquash(squashed, 4 / 3).size == (224, 168)
    assert unsquash(squashed, 0.75).size == (168, 224)

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
    read_files,
    read_more,
    read_records,
    squares,
    unsquash,
)
from training.pictures.metadata import Site, parse_metadata

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


METADATA = "image_id,set,site,lesion_id"


def of_set(source: str, name: str, split: str, folder: str = "") -> str:
    member = f"{folder or source}/{name}.jpg"
    return f"{source},{member},{name},{name},nv,,dermoscopic,1.0,,,,,{split},CC0,"


def data_folder(path: Path, labels: list[str], more: list[str], metadata: list[str]) -> Path:
    (path / "more").mkdir()
    (path / "labels.csv").write_text("\n".join([HEAD, *labels]))
    (path / "more/labels.csv").write_text("\n".join([HEAD, *more]))
    (path / "more/metadata.csv").write_text("\n".join([METADATA, *metadata]))
    return path


def test_a_lesion_that_straddles_the_split_goes_to_train_with_all_its_pictures(
    tmp_path: Path,
) -> None:
    sides = {"a": "train", "b": "test", "c": "val", "d": "test", "e": "test"}
    lesion = {"a": "L1", "b": "L1", "c": "L2", "d": "L2", "e": "L3"}
    folder = data_folder(
        tmp_path,
        [of_set("isic2017", name, split) for name, split in sides.items()],
        [],
        [f"{name},isic2017,,{lesion[name]}" for name in sides],
    )
    records = read_records(folder)
    assert [r.split for r in records] == [*[Split.TRAIN] * 4, Split.TEST]
    assert [r.group for r in records] == ["L1", "L1", "L2", "L2", "L3"]


def test_pictures_whose_lesion_is_unknown_are_not_taken_for_one(tmp_path: Path) -> None:
    folder = data_folder(
        tmp_path,
        [of_set("isic2017", "a", "train"), of_set("isic2017", "b", "test")],
        [],
        ["a,isic2017,,", "b,isic2017,,"],
    )
    assert [(r.group, r.split) for r in read_records(folder)] == [
        ("a", Split.TRAIN),
        ("b", Split.TEST),
    ]


def test_the_body_site_tells_hands_and_feet(tmp_path: Path) -> None:
    sites = {"a": "hand", "b": "foot", "c": "palms_soles", "d": "lower_extremity", "e": ""}
    folder = data_folder(
        tmp_path,
        [of_set("toy", name, "val") for name in sites],
        [],
        # The same name in another set is another picture.
        [f"{name},toy,{site}," for name, site in sites.items()] + ["e,other,hand,"],
    )
    records = read_records(folder)
    assert [r.on_hand_or_foot for r in records] == [True, True, True, False, False]
    assert (records[3].site, records[4].site) == (Site.LOWER_EXTREMITY, None)


def test_an_unknown_site_is_refused_with_the_picture_named() -> None:
    with pytest.raises(ValueError, match=r"x.*elbow"):
        parse_metadata([METADATA, "x,toy,elbow,"])


def test_more_pictures_have_sets_and_tars_of_their_own(tmp_path: Path) -> None:
    folder = data_folder(
        tmp_path,
        [of_set("pad_ufes_20", "a", "test")],
        [
            of_set("pad_ufes_20", "b", "test", "pad_ufes_20_more"),
            of_set("ood", "nails/c", "val"),
            of_set("nci_moles", "d", "train"),
        ],
        ["nails/c,ood,nail,"],
    )
    assert [r.source for r in read_records(folder)] == ["pad_ufes_20"]
    more = read_more(folder, "pad_ufes_20_more", "ood_more")
    assert [(r.source, r.archive, r.site) for r in more] == [
        ("pad_ufes_20_more", "more/pad_ufes_20_more.tar", None),
        ("ood_more", "more/ood_more.tar", Site.NAIL),
    ]
    with pytest.raises(SystemExit, match=r"more/ood_more\.tar is missing"):
        read_files(folder, more)


def test_cut_outs_are_only_learnt_from(tmp_path: Path) -> None:
    cut = [of_set("pad_ufes_20_cut", split, split) for split in Split]
    folder = data_folder(tmp_path, [], cut, [])
    assert [r.split for r in read_more(folder, "pad_ufes_20_cut")] == [Split.TRAIN]


def test_an_unknown_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nails: not among .*ood_more"):
        read_more(tmp_path, "nails")


def test_a_set_may_be_split_into_shards(tmp_path: Path) -> None:
    for shard, name in (("toy-0", "a"), ("toy-1", "b"), ("toyish", "c")):
        with tarfile.open(tmp_path / f"{shard}.tar", "w") as tar:
            entry = tarfile.TarInfo(f"toy/{name}.jpg")
            entry.size = 1
            tar.addfile(entry, io.BytesIO(name.encode()))
    records = parse_records([HEAD, line("b", "L1", "val"), line("a", "L2", "val")])
    assert read_files(tmp_path, records) == {"toy/a.jpg": b"a", "toy/b.jpg": b"b"}
    with pytest.raises(SystemExit, match=r"1 pictures are not in their tar, such as toy/c"):
        read_files(tmp_path, parse_records([HEAD, line("c", "L1", "val")]))

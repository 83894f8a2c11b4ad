"""The store of answers: what is kept, by whom, and in which order it comes back."""

from pathlib import Path

import numpy as np
import pytest

from training.measure.answers import EMBEDDING_CHANNELS, Answers


def kept(store: Answers, *pictures: str, at: float) -> None:
    """Keep answers that count up from ``at``."""
    values = np.arange(len(pictures), dtype=np.float32)[:, np.newaxis] + np.float32(at)
    store.add(pictures, np.repeat(values, 7, axis=1), np.repeat(values, EMBEDDING_CHANNELS, axis=1))


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    store = Answers(tmp_path / "none")
    assert store.missing(["a", "b", "a"]) == [0, 1]
    with pytest.raises(KeyError, match="a"):
        store.read(["a"])


def test_answers_of_several_files_come_back_in_the_order_asked_for(tmp_path: Path) -> None:
    store = Answers(tmp_path)
    kept(store, "a", "b", at=1.0)
    kept(Answers(tmp_path), "c", at=5.0)
    logits, embedding = store.read(["c", "a", "b", "c"])
    assert logits[:, 6].tolist() == [5.0, 1.0, 2.0, 5.0]
    assert embedding[:, -1].tolist() == [5.0, 1.0, 2.0, 5.0]
    assert store.missing(["d", "c"]) == [0]
    with pytest.raises(KeyError, match=r"1 pictures.*d"):
        store.read(["a", "d"])


def test_a_file_that_was_not_finished_counts_for_nothing(tmp_path: Path) -> None:
    store = Answers(tmp_path)
    kept(store, "a", at=1.0)
    whole = next(tmp_path.glob("*.npz"))
    whole.rename(whole.with_suffix(".partial"))
    assert store.missing(["a"]) == [0]


def test_no_pictures_have_no_answers(tmp_path: Path) -> None:
    logits, embedding = Answers(tmp_path).read([])
    assert logits.shape == (0, 7)
    assert embedding.shape == (0, EMBEDDING_CHANNELS)

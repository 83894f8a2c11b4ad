"""The head for nails, on hand-made embeddings."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.shown import LESION, NO_LESION, shown
from training.measure.nail_head import nail_from
from training.measure.predictions import Predictions
from training.measure.probes import choose_nail_head, is_nail
from training.pictures.data import Record

NAIL = replace(NO_LESION, source="ood_more", detail="nails")


def test_a_nail_is_named_where_at_most_one_lesion_in_five_hundred_is() -> None:
    # Of 1,000 lesions two may be called a nail: from above the third highest on.
    of_lesions = np.concatenate([np.full(997, -3.0), [0.5, 1.0, 2.0]])
    assert nail_from(of_lesions) == 0.5001


def test_a_nail_is_never_named_where_something_else_is_likelier() -> None:
    assert nail_from(np.full(1000, -3.0)) == 0.0


def at(*pictures: tuple[Record, list[float]]) -> Predictions:
    found = shown(*[(record, 0.0) for record, _ in pictures])
    return replace(found, embedding=np.array([each for _, each in pictures], np.float32))


def test_the_head_tells_nails_from_lesions_and_from_what_else_is_no_lesion() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    assert [is_nail(record) for record in (NAIL, NO_LESION, LESION)] == [True, False, False]
    train = at(*[(NAIL, [1.0, 5.0]), (NO_LESION, [-1.0, 5.0]), (LESION, [0.0, -5.0])] * 100)
    head, losses = choose_nail_head(train, train)
    nail, wound, lesion = head.logit(train.embedding[:3])
    assert nail > 0.0 > max(wound, lesion)
    assert min(losses, key=losses.__getitem__) == 1e-2
    # On other pictures the feature may say the opposite: then the weakest head loses least.
    other = at(*[(NO_LESION, [1.0, 5.0]), (NAIL, [-1.0, 5.0]), (LESION, [0.0, -5.0])] * 100)
    losses = choose_nail_head(train, other)[1]
    assert min(losses, key=losses.__getitem__) == 1e-4

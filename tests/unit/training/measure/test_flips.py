"""Flips and right angles, on hand-made answers."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality as Seen
from lentigo.model.reading import Reading
from lentigo.model.risk import Score, Scores
from lentigo.priority import Points, Risks, assess
from tests.unit.shown import LESION, shown
from training.measure import flips
from training.measure.decisions import Decisions
from training.measure.flips import MEANS, TURNS, after, changes, laid
from training.measure.predictions import Predictions, turned, view_of
from training.pictures.data import Split

CORNERS = Image.fromarray(np.arange(9, dtype=np.uint8).reshape(3, 3))


def test_there_are_eight_views_and_only_one_is_the_picture_as_it_is() -> None:
    assert len({turned(CORNERS, turn).tobytes() for turn in TURNS.values()}) == 8
    assert [name for name, turn in TURNS.items() if view_of(name, turn) is None] == ["as it is"]


@pytest.mark.parametrize("first", TURNS)
@pytest.mark.parametrize("second", TURNS)
def test_a_view_of_a_view_is_a_view(first: str, second: str) -> None:
    both = turned(turned(CORNERS, TURNS[first]), TURNS[second])
    assert turned(CORNERS, TURNS[after(first, second)]).tobytes() == both.tobytes()


def valued(values: dict[str, float]) -> dict[str, Predictions]:
    """One picture whose logits are this number in each view."""
    one = shown((LESION, 0.0))
    return {
        name: replace(one, logits=np.full((1, 7), value), embedding=np.full((1, 2), value))
        for name, value in values.items()
    }


def test_a_mean_of_views_does_not_change_when_the_picture_is_laid_by_one_of_them() -> None:
    views = valued(dict(zip(TURNS, map(float, range(8)), strict=True)))
    for count in MEANS:
        own = list(TURNS)[:count]
        means = {float(laid(views, count, side).logits[0, 0]) for side in own}
        assert means == {sum(range(count)) / count}
        assert float(laid(views, count, own[-1]).embedding[0, 1]) in means
    assert float(laid(views, 1, "turned 90").logits[0, 0]) == 4.0


def judged(predictions: Predictions) -> Decisions:
    """Urgent from a logit of 3 on."""
    mole = tuple(float(diagnosis is Diagnosis.NV) for diagnosis in Diagnosis)
    scores = Scores(Score(0.0), Score(0.0))
    readings = []
    for urgent in predictions.logits[:, 0] >= 3:
        assessment = assess(mole, Risks(0.5 if urgent else 0.0, 0.0), Points(1.0, 0.0))
        readings.append(Reading(mole, scores, Seen.CAMERA, None, None, assessment))
    return Decisions(predictions, tuple(readings))


def test_a_change_is_counted_whichever_side_it_shows_on() -> None:
    two = [judged(replace(shown((LESION, 0.0)), logits=np.full((1, 7), v))) for v in (0.0, 4.0)]
    assert changes([two[0], two[0], two[1]]).tolist() == [True]
    assert changes([two[1], two[1]]).tolist() == [False]


def test_the_share_is_measured_with_one_view_and_with_the_mean_of_several() -> None:
    # Urgent only upside down; the mean of two views of any side stays below 3, or not at all.
    views = valued({name: 4.0 if name == "upside down" else 0.0 for name in TURNS})
    measurement: Any = SimpleNamespace(
        split=Split.VAL,
        every=1,
        records=list,
        of_one_view=lambda _, change: views["as it is" if change is None else change.name],
        judge=judged,
    )
    found = flips.measure(measurement)["changed"]
    assert {name: each["all"]["value"] for name, each in found.items()} == {
        "1 view": 1.0,
        "2 views": 0.0,
        "4 views": 0.0,
    }
    assert found["1 view"]["camera"]["value"] is None
    assert found["1 view"]["milk10k"]["value"] == 1.0

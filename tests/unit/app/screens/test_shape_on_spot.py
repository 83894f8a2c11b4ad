"""What the page says of a photo that was measured, and what it does not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.screens.spot.shape import measurable
from app.spots.events import ShapeDrawn, StoreFault
from app.spots.state import Shaping, Spots
from app.words import IN_ENGLISH
from lentigo.model.modality import Modality
from lentigo.spots.comparison.separation import SEPARATION
from lentigo.spots.comparison.shape import Colour, Shape
from tests.unit.app.screens.test_kept_screens import NEVER
from tests.unit.kept import CAPTURE

SHAPE = Shape(0.12, 9.4, -30.0, 1.44, (Colour.BLACK, Colour.RED), 7.0)
OUTLINE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7))
FOUND = ShapeDrawn(CAPTURE.id, SHAPE, b"jpeg", (200, 100), (0.5, 0.5), OUTLINE)


def html(found: ShapeDrawn | None = FOUND, modality: Modality = Modality.CAMERA) -> str:
    shaping = Shaping(CAPTURE.id, 1, found)
    return measurable(Spots(shaping=shaping), replace(CAPTURE, modality=modality), IN_ENGLISH).text


def text(of: str) -> str:
    return re.sub(r"<[^>]+>", "", of)


@pytest.mark.parametrize("way", SEPARATION)
def test_only_what_separates_is_said_with_the_figures_of_each_set(way: Modality) -> None:
    shown = html(modality=way)
    assert re.findall(r'data-criterion="([^"]+)"', shown) == list(SEPARATION[way])
    for sets in SEPARATION[way].values():
        for one in sets:
            assert f"({one.photos}): in {round(one.auc * 100)} of 100 pairs" in shown
    assert not NEVER.search(text(shown))


def test_values_are_said_in_what_they_mean() -> None:
    said = text(html(modality=Modality.DERMOSCOPIC))
    assert "do not cover each other in 12% of its area" in said
    assert "are 9 steps apart" in said
    assert "it is 20% longer than the edge of a circle" in said
    assert "this cannot say what a spot is" in said


def test_the_edge_and_both_axes_are_drawn_through_the_middle() -> None:
    shown = html()
    assert 'points="60.0,30.0 140.0,30.0 140.0,70.0"' in shown
    lines = re.findall(r'<line x1="(.+?)" y1="(.+?)" x2="(.+?)" y2="(.+?)"/>', shown)
    ends = [tuple(map(float, line)) for line in lines]
    assert len(ends) == 2
    for x1, y1, x2, y2 in ends:
        assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx((100.0, 50.0))
    (a, b, c, d), (e, f, g, h) = ends
    assert (c - a) * (g - e) + (d - b) * (h - f) == pytest.approx(0.0, abs=50.0)


def test_a_photo_of_which_nothing_can_be_told_says_why() -> None:
    assert "could not be measured" in html(ShapeDrawn(CAPTURE.id))
    unsure = html(modality=Modality.UNSURE)
    assert "none is shown" in unsure
    assert "data-criterion" not in unsure


def test_nothing_is_shown_before_it_is_asked_for() -> None:
    shown = measurable(Spots(), CAPTURE, IN_ENGLISH).text
    assert 'aria-expanded="false"' in shown
    assert "<figure" not in shown
    assert 'aria-expanded="true"' in html(None)
    failed = Shaping(CAPTURE.id, 1, fault=StoreFault.MISSING)
    failing = measurable(Spots(shaping=failed), CAPTURE, IN_ENGLISH).text
    assert 'data-fault="missing"' in failing

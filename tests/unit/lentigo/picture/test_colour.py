"""A picture without colour gets no label; with little colour it is never called low."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageEnhance

from lentigo.picture.examination import examine
from lentigo.picture.gauges import measure
from lentigo.picture.quality import QualityIssue, Severity
from training.pictures.phone import contrast, recompressed, saturation, toned
from training.pictures.synthetic import Look, draw_lesion

if TYPE_CHECKING:
    from collections.abc import Callable

PINK = draw_lesion(4, 448, Look.PEARLY_PINK)


def severity_of(picture: Image.Image) -> Severity | None:
    """Return what the gauge for colour asks for; ``None`` where it finds nothing."""
    found = [f for f in examine(picture).findings if f.issue is QualityIssue.COLOUR]
    return found[0].severity if found else None


@cache
def drawn(look: Look) -> Image.Image:
    return draw_lesion(4, 448, look)


def grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


WITHOUT_COLOUR: dict[str, Callable[[Image.Image], Image.Image]] = {
    "greyscale": grey,
    "greyscale, sent as JPEG": lambda picture: recompressed(grey(picture), 70),
    "sepia": lambda picture: toned(picture, (255, 235, 200)),
    "grey in warm light": lambda picture: toned(picture, (255, 245, 228)),
    "grey in blue light": lambda picture: toned(picture, (205, 225, 255)),
    "a tenth of the colour": lambda picture: saturation(picture, 0.1),
}


@pytest.mark.parametrize("way", WITHOUT_COLOUR)
@pytest.mark.parametrize("look", list(Look))
def test_without_colour_there_is_no_label(way: str, look: Look) -> None:
    assert severity_of(WITHOUT_COLOUR[way](drawn(look))) is Severity.REFUSE


def test_the_drawing_in_colour_is_not_refused_for_it() -> None:
    assert severity_of(PINK) is not Severity.REFUSE
    assert severity_of(grey(PINK)) is Severity.REFUSE


@pytest.mark.parametrize(("change", "amount"), [(saturation, 0.3), (contrast, 0.4)])
def test_with_weak_colour_a_picture_is_never_low(
    change: Callable[[Image.Image, float], Image.Image], amount: float
) -> None:
    dark = draw_lesion(7, 448, Look.ASYMMETRIC_DARK)
    assert severity_of(dark) is None
    assert severity_of(change(dark, amount)) is not None


def test_the_spread_is_what_lightness_does_not_tell() -> None:
    """Nothing of a grey ramp or of one hue; half of it with half of the colour."""
    whole, half = measure(PINK).colour_spread, measure(saturation(PINK, 0.5)).colour_spread
    assert half == pytest.approx(0.5 * whole, rel=0.15)
    assert measure(grey(PINK)).colour_spread == pytest.approx(0.0, abs=1e-3)
    assert measure(toned(PINK, (255, 235, 200))).colour_spread < 0.1 * whole


def test_fading_a_picture_raises_the_gauge() -> None:
    steps = [ImageEnhance.Contrast(PINK).enhance(share) for share in (1.0, 0.7, 0.4)]
    values = [measure(step).fade for step in steps]
    assert values == sorted(values)
    assert values[2] - values[0] > 0.5

import math

import pytest
from PIL import Image, ImageDraw

from lentigo.model.modality import Modality
from lentigo.spots.comparison.criterion import Criterion
from lentigo.spots.comparison.photo import Photo, photo_of
from lentigo.spots.comparison.separation import SEPARATION
from lentigo.spots.comparison.shape import Colour, Shape, shape_of, trace
from tests.unit.lentigo.spots.comparison.drawings import MOLE, PLANE_PX, photo, skin, with_mole

PLANE = skin()
MIDDLE = PLANE_PX / 2


def shape(plane: Image.Image) -> Shape:
    found = shape_of(photo_of(photo(plane)))
    assert found is not None
    return found


ROUND = shape(with_mole(PLANE, (40.0, 40.0)))


def test_a_round_even_mole_is_symmetric_smooth_and_of_one_colour() -> None:
    assert ROUND.asymmetry < 0.04
    assert ROUND.border == pytest.approx(1.0, abs=0.1)
    assert len(ROUND.colours) == 1
    assert ROUND.variety < 4.0


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_an_ellipse_is_symmetric_with_its_longer_axis_across(ratio: float) -> None:
    found = shape(with_mole(PLANE, (34.0 * ratio, 34.0)))
    assert found.asymmetry < 0.06
    assert found.axis_deg == pytest.approx(0.0, abs=3.0)


def test_a_mole_with_a_lobe_is_less_symmetric() -> None:
    plane = with_mole(PLANE, (40.0, 40.0))
    box = (MIDDLE + 15, MIDDLE - 60, MIDDLE + 65, MIDDLE - 10)
    ImageDraw.Draw(plane).ellipse(box, MOLE)
    assert shape(plane).asymmetry > ROUND.asymmetry + 0.05


def test_a_jagged_border_is_longer() -> None:
    plane = PLANE.copy()
    places = [
        (
            MIDDLE + (44 if step % 2 else 30) * math.cos(step * math.pi / 8),
            MIDDLE + (44 if step % 2 else 30) * math.sin(step * math.pi / 8),
        )
        for step in range(16)
    ]
    ImageDraw.Draw(plane).polygon(places, MOLE)
    assert shape(plane).border > ROUND.border + 0.15


def test_a_second_colour_is_counted_and_makes_halves_differ() -> None:
    plane = with_mole(PLANE, (44.0, 40.0), colour=(160, 110, 70))
    ImageDraw.Draw(plane).ellipse((MIDDLE - 38, MIDDLE - 20, MIDDLE - 4, MIDDLE + 20), (35, 25, 25))
    found = shape(plane)
    assert {Colour.LIGHT_BROWN, Colour.BLACK} <= set(found.colours)
    assert found.colour_asymmetry > ROUND.colour_asymmetry + 4.0
    assert found.variety > ROUND.variety + 4.0


def test_what_was_measured_is_told_where_it_is() -> None:
    found = trace(photo_of(photo(with_mole(PLANE, (40.0, 40.0)))))
    assert found is not None
    assert found.middle == pytest.approx((160.0, 160.0), abs=2.0)
    radii = [math.dist(point, found.middle) for point in found.outline]
    assert radii == pytest.approx([40.0] * len(radii), abs=3.0)


def test_without_a_spot_or_without_skin_there_is_no_shape() -> None:
    picture = photo(PLANE)
    assert shape_of(Photo(picture, ())) is None
    assert shape_of(Photo(picture, ((0, 0), (1, 0), (1, 1), (0, 1)))) is None


@pytest.mark.parametrize("way", [Modality.DERMOSCOPIC, Modality.CAMERA])
def test_only_what_separates_is_a_finding(way: Modality) -> None:
    found = ROUND.findings(way)
    assert {criterion for criterion, _ in found} == set(SEPARATION[way])
    assert (Criterion.COLOUR_ASYMMETRY, ROUND.colour_asymmetry) in found
    assert Criterion.COLOURS not in SEPARATION[way]
    assert ROUND.findings(Modality.UNSURE) == ()

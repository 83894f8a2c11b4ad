import math

import numpy as np
import pytest
from PIL import Image, ImageOps

from lentigo.model.modality import Modality
from lentigo.spots.comparison.alignment import Alignment, NotAligned, Reason, align
from lentigo.spots.comparison.change import Change, ChangeCode, concerns
from lentigo.spots.comparison.compare import compare
from lentigo.spots.comparison.overlay import UNSEEN, onto_first
from lentigo.spots.comparison.photo import Photo, photo_of
from lentigo.spots.comparison.similarity import Similarity
from lentigo.spots.comparison.twin import Twin
from tests.unit.lentigo.spots.comparison.drawings import (
    MIDDLE,
    SIDE_PX,
    photo,
    skin,
    turned,
    with_mole,
)

PLANE = skin()
MOLED = with_mole(PLANE)
OLDER = photo(MOLED)
# Places of a photo where an alignment is held against the truth.
CORNERS = (MIDDLE, 40 + 40j, 280 + 40j, 40 + 280j, 280 + 280j)


def aligned(first: Image.Image, second: Image.Image) -> Alignment:
    found = align(photo_of(first), photo_of(second))
    assert isinstance(found, Alignment), found
    return found


def changed(second: Image.Image, first: Image.Image = OLDER) -> Change:
    found = compare(photo_of(first), photo_of(second))
    assert found.change is not None, found
    return found.change


def truth(place: Similarity) -> Similarity:
    """The map from the older photo's pixels to those of one taken at ``place``."""
    return place.inverse().after(turned(0.0, 1.0))


@pytest.mark.parametrize(
    ("rotation_deg", "scale", "shift"),
    [(0, 1.0, 0j), (12, 1.0, 6 - 4j), (-35, 1.15, 10 + 0j), (90, 0.9, -8j), (172, 1.2, 5 + 9j)],
)
def test_a_photo_that_was_turned_zoomed_and_moved_is_lined_up(
    rotation_deg: float, scale: float, shift: complex
) -> None:
    place = turned(rotation_deg, scale, shift)
    found = aligned(OLDER, photo(MOLED, place, seed=6))
    assert not found.mirrored
    assert found.correlation > 0.7
    error_px = [abs(found.similarity(corner) - truth(place)(corner)) for corner in CORNERS]
    assert max(error_px) < 1.0
    assert found.similarity.scale == pytest.approx(1 / scale, rel=0.01)


def test_a_photo_fits_itself_without_a_turn() -> None:
    found = aligned(OLDER, OLDER)
    assert found.similarity.scale == pytest.approx(1.0, abs=1e-3)
    assert found.similarity.rotation_deg == pytest.approx(0.0, abs=0.05)
    assert abs(found.similarity.shift) < 0.3
    assert found.correlation > 0.999


def test_the_way_back_is_the_inverse() -> None:
    newer = photo(MOLED, turned(25, 1.1, 4 + 3j), seed=6)
    there, back = aligned(OLDER, newer).similarity, aligned(newer, OLDER).similarity
    for corner in CORNERS:
        assert abs(back(there(corner)) - corner) < 1.5


def test_a_mirrored_photo_is_named_and_lined_up() -> None:
    place = turned(20, 1.05, 3 - 5j)
    found = aligned(OLDER, ImageOps.mirror(photo(MOLED, place, seed=6)))
    assert found.mirrored
    assert abs(found.similarity(40 + 40j) - truth(place)(40 + 40j)) < 1.0


def test_growth_is_not_scaled_away() -> None:
    place = turned(8, 1.0, 4j)
    larger = with_mole(PLANE, (44.0 * 1.25, 34.0 * 1.25))
    found = aligned(OLDER, photo(larger, place, seed=6))
    assert found.similarity.scale == pytest.approx(1.0, abs=0.01)


def test_another_spot_is_not_lined_up() -> None:
    other = photo(with_mole(skin(seed=2)), seed=6)
    assert align(photo_of(OLDER), photo_of(other)) == NotAligned(Reason.NO_MATCH)


def test_a_dermoscope_and_a_bare_camera_are_never_compared() -> None:
    one, other = (photo_of(OLDER, way) for way in (Modality.CAMERA, Modality.DERMOSCOPIC))
    assert align(one, other) == NotAligned(Reason.MODALITY)
    assert isinstance(align(one, photo_of(OLDER, Modality.UNSURE)), Alignment)


def test_an_unchanged_mole_has_no_code() -> None:
    change = changed(photo(MOLED, turned(15, 1.1, 5 + 5j), seed=6))
    assert change.codes == ()
    assert change.area_share == pytest.approx(0.0, abs=0.03)


def test_other_light_is_no_change() -> None:
    newer = photo(MOLED, turned(5, 1.0), seed=6)
    dimmer = Image.fromarray((np.asarray(newer) * (0.8, 0.76, 0.7)).astype(np.uint8))
    assert changed(dimmer).codes == ()


@pytest.mark.parametrize("grown", [1.2, 1.5])
def test_a_grown_mole_is_found_with_its_share(grown: float) -> None:
    factor = math.sqrt(grown)
    newer = photo(with_mole(PLANE, (44.0 * factor, 34.0 * factor)), turned(10, 0.95, 3j), seed=6)
    change = changed(newer)
    assert ChangeCode.GREW in change.codes
    assert ChangeCode.GREW_ON_ONE_SIDE not in change.codes
    assert change.area_share == pytest.approx(grown - 1.0, abs=0.04)
    # The other way round it shrank.
    assert ChangeCode.GREW not in changed(OLDER, first=newer).codes


def test_growth_to_one_side_is_found_on_that_side() -> None:
    change = changed(photo(with_mole(PLANE, (54.0, 34.0), shift=10.0), turned(30, 1.0), seed=6))
    assert ChangeCode.GREW_ON_ONE_SIDE in change.codes
    sectors = change.measured.sectors
    assert sectors is not None
    # The first and the last sector meet at the right.
    assert min(sectors[0], sectors[-1]) > 3 * max(sectors[1:-1])
    assert sum(sectors) == pytest.approx(change.area_share, abs=0.03)


def test_a_new_dark_area_is_found() -> None:
    plane = MOLED.copy()
    plane.paste((52, 28, 24), (288, 266, 306, 294))
    change = changed(photo(plane, turned(10, 1.0), seed=6))
    assert ChangeCode.DARKER_AREA in change.codes
    # 18 by 28 px of an ellipse of 44 by 34, less what smoothing takes from its edge.
    assert change.measured.darker == pytest.approx(18 * 28 / (math.pi * 44 * 34), abs=0.05)
    assert change.measured.paler == 0.0


def test_a_new_pale_area_is_found() -> None:
    plane = MOLED.copy()
    plane.paste((170, 130, 115), (262, 262, 286, 296))
    assert ChangeCode.PALER_AREA in changed(photo(plane, turned(10, 1.0), seed=6)).codes


def test_another_colour_is_found() -> None:
    newer = photo(with_mole(PLANE, colour=(60, 60, 90)), turned(10, 1.0), seed=6)
    assert ChangeCode.COLOUR in changed(newer).codes


def test_shrinking_is_told_but_concerns_nobody() -> None:
    change = changed(photo(with_mole(PLANE, (36.0, 28.0)), turned(10, 1.0), seed=6))
    assert ChangeCode.SHRANK in change.codes
    assert ChangeCode.SHRANK not in concerns(change)
    assert concerns(None) == ()


def test_a_mole_that_the_newer_photo_cuts_has_no_area() -> None:
    change = changed(photo(MOLED, turned(0, 1.0, 130 + 0j), seed=6))
    assert change.area_share is None
    assert change.measured.sectors is None
    assert ChangeCode.GREW not in change.codes


def test_the_outlines_lie_over_each_other_in_the_older_photo() -> None:
    change = changed(photo(with_mole(PLANE, (54.0, 42.0)), turned(40, 0.9, 8j), seed=6))
    older, newer = change.measured.outlines
    for outline, across in ((older, 44.0), (newer, 54.0)):
        radius = max(abs(complex(x, y) - MIDDLE) for x, y in outline)
        assert radius == pytest.approx(across, abs=3.0)


@pytest.mark.parametrize(("mirrored", "twin"), [(False, Twin.SAME), (True, Twin.MIRRORED)])
def test_the_same_photo_twice_is_named(mirrored: bool, twin: Twin) -> None:
    again = OLDER.resize((200, 200))
    found = compare(photo_of(OLDER), photo_of(ImageOps.mirror(again) if mirrored else again))
    assert found.twin is twin
    assert found.alignment is None
    assert found.change is None


def test_a_grown_mole_from_the_same_place_is_not_the_same_photo() -> None:
    larger = photo(with_mole(PLANE, (44.0 * 1.1, 34.0 * 1.1)))
    assert compare(photo_of(OLDER), photo_of(larger)).twin is None


def test_the_newer_photo_lies_over_the_older_one() -> None:
    newer = photo(MOLED, turned(33, 1.1, 6 + 2j), seed=6)
    found = aligned(OLDER, newer)
    over = onto_first(newer, found, OLDER.size)
    assert over.mode == "RGB"
    assert over.size == OLDER.size
    middle = (slice(60, 260), slice(60, 260))
    off = np.asarray(over, np.float32)[middle] - np.asarray(OLDER, np.float32)[middle]
    assert np.abs(off).mean() < 4.0


def test_a_large_newer_photo_is_laid_over_without_a_shift() -> None:
    larger = OLDER.resize((3 * SIDE_PX, 3 * SIDE_PX), Image.Resampling.BICUBIC)
    over = onto_first(larger, Alignment(Similarity(3.0), False, 1.0), OLDER.size)
    off = np.asarray(over, np.float32) - np.asarray(OLDER, np.float32)
    assert np.abs(off).mean() < 2.0


def test_what_the_newer_photo_does_not_show_is_grey() -> None:
    away = Alignment(Similarity(1.0, 10_000 + 0j), False, 1.0)
    assert onto_first(OLDER, away, (3, 2)).getcolors() == [(6, UNSEEN)]


@pytest.mark.parametrize(
    "outline",
    [
        (),
        ((0.5, 0.5),),
        ((0.5, 0.5), (0.5, 0.5), (0.5, 0.5)),
        ((0.5, 0.5), (0.501, 0.5), (0.5, 0.501)),
        ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
        ((0.98, 0.98), (1.0, 0.98), (1.0, 1.0), (0.98, 1.0)),
        ((0.0, 0.0), (1.0, 0.0), (1.0, 0.02), (0.0, 0.02)),
    ],
    ids=["none", "point", "no-area", "tiny", "full-frame", "corner", "sliver"],
)
def test_no_outline_raises(outline: tuple[tuple[float, float], ...]) -> None:
    odd, usual = Photo(OLDER.resize((100, 60)), outline), photo_of(OLDER)
    assert isinstance(align(odd, usual), NotAligned)
    assert isinstance(align(usual, odd), NotAligned)


@pytest.mark.parametrize("size", [(8, 8), (9, 300), (1024, 16)])
def test_no_size_raises(size: tuple[int, int]) -> None:
    usual = photo_of(OLDER)
    odd = Photo(OLDER.resize(size), usual.outline)
    assert isinstance(align(odd, usual), NotAligned)
    assert isinstance(align(usual, odd), NotAligned)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_one_colour_is_not_lined_up(level: int) -> None:
    flat = Photo(Image.new("RGB", (300, 200), (level,) * 3), photo_of(OLDER).outline)
    assert isinstance(align(flat, flat), NotAligned)

"""The drawings and what a point in them means: no hole, nothing beside the body, sides mirrored."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from lentigo.spots.body_outlines import DRAWINGS, middle_of, site_at
from lentigo.spots.body_shapes import WIDTH, Point, Polygon
from lentigo.spots.place import Place, Site, View
from tests.unit.lentigo.spots.test_place import opposite

STEP = 5
# No border lies there: a point on one belongs to one of its sides only, mirrored too.
ASIDE = 0.3


def points(view: View) -> Iterator[Point]:
    """Yield points all over one half of a drawing, and the same mirrored."""
    for x in range(0, int(WIDTH / 2), STEP):
        for y in range(0, int(DRAWINGS[view].height), STEP):
            yield x + ASIDE, y + ASIDE
            yield WIDTH - x - ASIDE, y + ASIDE


@cache
def meant(view: View, point: Point) -> Site | None:
    return site_at(view, point[0] / WIDTH, point[1] / DRAWINGS[view].height)


def is_inside(shape: Polygon, point: Point) -> bool:
    """Whether the outline turns around the point, by its winding (the code counts crossings)."""
    x, y = point
    winding = 0
    for (x0, y0), (x1, y1) in zip(shape, (*shape[1:], shape[0]), strict=True):
        side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        if y0 <= y < y1 and side > 0:
            winding += 1
        elif y1 <= y < y0 and side < 0:
            winding -= 1
    return winding != 0


def on_body(view: View, point: Point) -> bool:
    return any(is_inside(outline, point) for outline in DRAWINGS[view].outlines)


def pointed_at(place: Place) -> tuple[View, Point]:
    assert place.view is not None
    assert place.x is not None
    assert place.y is not None
    return place.view, (place.x * WIDTH, place.y * DRAWINGS[place.view].height)


@pytest.mark.parametrize("site", Site)
def test_the_middle_of_a_place_is_on_the_body_and_means_it(site: Site) -> None:
    place = middle_of(site)
    view, point = pointed_at(place)
    assert place.site is site
    assert meant(view, point) is site
    assert on_body(view, point)


def test_every_place_has_one_middle() -> None:
    middles = Counter(
        area.site for drawing in DRAWINGS.values() for area in drawing.areas if area.middle
    )
    assert middles == dict.fromkeys(Site, 1)


@pytest.mark.parametrize("view", View)
def test_the_body_has_no_hole(view: View) -> None:
    holes = [point for point in points(view) if on_body(view, point) and not meant(view, point)]
    assert holes == []


@pytest.mark.parametrize("view", View)
def test_the_corners_and_the_edges_mean_nothing(view: View) -> None:
    edges = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.5), (1.0, 0.5)]
    assert [site_at(view, x, y) for x, y in edges] == [None] * 6


def test_a_finger_that_just_misses_an_arm_still_means_it() -> None:
    just_beside, far_beside = (202, 224), (212, 224)
    assert meant(View.FRONT, just_beside) is Site.LEFT_FOREARM_INSIDE
    assert meant(View.FRONT, far_beside) is None


@pytest.mark.parametrize("view", View)
def test_the_other_half_means_the_other_side(view: View) -> None:
    every = [meant(view, point) for point in points(view)]
    assert every[1::2] == [site and opposite(site) for site in every[::2]]


@pytest.mark.parametrize(
    ("view", "left"), [(View.FRONT, 0.6), (View.BACK, 0.4), (View.HANDS, 0.25), (View.FEET, 0.25)]
)
def test_the_left_is_where_the_drawing_says(view: View, left: float) -> None:
    """The front as when facing somebody, the back from behind, hands and feet as one's own."""
    sites = {site_at(view, left, y / 20) for y in range(21)} - {None}
    sided = {site for site in sites if site is not None and opposite(site) is not site}
    assert sided
    assert all(site.startswith("left-") for site in sided)


def test_each_drawing_has_the_places_that_it_is_for() -> None:
    shown = {view: {meant(view, point) for point in points(view)} for view in View}
    assert {Site.LIP, Site.LEFT_EYE, Site.RIGHT_EAR, Site.SCALP} <= shown[View.HEAD]
    assert {Site.LEFT_THUMBNAIL, Site.RIGHT_PALM} <= shown[View.HANDS]
    assert {Site.LEFT_BIG_TOE_NAIL, Site.RIGHT_TOENAIL, Site.LEFT_SOLE} <= shown[View.FEET]
    assert not shown[View.FRONT] & {Site.LOWER_BACK, Site.LEFT_EYE, Site.LIP}


def test_all_nails_of_a_hand_but_the_thumb_are_fingernails() -> None:
    row = [meant(View.HANDS, (x, y)) for x, y in ((18, 46), (34, 28), (52, 21), (70, 29), (98, 62))]
    assert row == [Site.LEFT_FINGERNAIL] * 4 + [Site.LEFT_THUMBNAIL]

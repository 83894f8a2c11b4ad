"""Places: their tables, and what a place may say of a drawing."""

import math

import pytest

from lentigo.spots.place import ABOUT, SITES, IsicSite, Place, Region, Site, View, is_hard_to_see
from lentigo.triage.checklist import BodySite


def opposite(site: Site) -> Site:
    """Return the same place on the other side; the place itself in the middle of the body."""
    side, _, name = site.partition("-")
    other = {"left": "right", "right": "left"}.get(side)
    return Site(f"{other}-{name}") if other else site


def test_every_place_is_listed_once_under_its_region() -> None:
    assert set(ABOUT) == set(Site)
    assert [site for region in Region for site in SITES[region]] == list(Site)


@pytest.mark.parametrize("site", Site)
def test_both_sides_are_alike_but_for_the_side(site: Site) -> None:
    one, other = ABOUT[site], ABOUT[opposite(site)]
    assert (one.isic, one.body_site, one.hard) == (other.isic, other.body_site, other.hard)
    assert one.region.removeprefix("left-").removeprefix("right-") == other.region.removeprefix(
        "left-"
    ).removeprefix("right-")


@pytest.mark.parametrize("site", Site)
def test_a_limb_is_listed_under_its_own_side(site: Site) -> None:
    side = ABOUT[site].region.partition("-")[0]
    assert side not in ("left", "right") or site.startswith(f"{side}-")


def test_the_checklist_is_told_where_the_model_has_not_learnt() -> None:
    of = {
        body_site: {
            site.removeprefix("left-") for site in Site if ABOUT[site].body_site is body_site
            and not site.startswith("right-")
        }
        for body_site in BodySite
    }  # fmt: skip
    assert of[BodySite.NAIL] == {"thumbnail", "fingernail", "big-toe-nail", "toenail"}
    assert of[BodySite.MUCOSA] == {"eye", "lip", "genitals", "anus"}
    assert of[BodySite.PALM_OR_SOLE] == {"palm", "sole"}
    assert of[BodySite.FACE_OR_SCALP] == {"scalp", "forehead", "nose", "cheek", "chin"}


@pytest.mark.parametrize(
    ("site", "isic"),
    [
        (Site.NECK_BACK, IsicSite.HEAD_NECK),
        (Site.LIP, IsicSite.ORAL_GENITAL),
        (Site.LEFT_CHEST, IsicSite.ANTERIOR_TORSO),
        (Site.RIGHT_ARMPIT, IsicSite.LATERAL_TORSO),
        (Site.LOWER_BACK, IsicSite.POSTERIOR_TORSO),
        (Site.LEFT_SHOULDER, IsicSite.UPPER_EXTREMITY),
        (Site.RIGHT_BUTTOCK, IsicSite.LOWER_EXTREMITY),
        (Site.LEFT_SOLE, IsicSite.PALMS_SOLES),
    ],
)
def test_a_place_knows_its_site_in_the_archive(site: Site, isic: IsicSite) -> None:
    assert ABOUT[site].isic is isic


def test_every_site_of_the_archive_has_a_place() -> None:
    assert {about.isic for about in ABOUT.values()} == set(IsicSite)


def test_what_is_behind_or_hidden_is_hard_to_see() -> None:
    hard = (Site.SCALP, Site.LEFT_EAR, Site.RIGHT_UPPER_BACK, Site.LEFT_CALF, Site.RIGHT_SOLE)
    assert all(map(is_hard_to_see, hard))
    easy = (Site.NOSE, Site.BELLY, Site.LEFT_FOREARM_INSIDE, Site.RIGHT_SHIN, Site.LEFT_THUMBNAIL)
    assert not any(map(is_hard_to_see, easy))


def test_a_place_may_be_named_alone_or_pointed_at() -> None:
    assert Place(Site.NOSE).view is None
    assert Place(Site.NOSE, View.HEAD, 0.0, 1.0).y == 1.0


@pytest.mark.parametrize(
    ("view", "x", "y"),
    [
        (View.HEAD, None, None),
        (View.HEAD, 0.5, None),
        (None, 0.5, 0.5),
        (View.HEAD, -0.01, 0.5),
        (View.HEAD, 0.5, 1.01),
        (View.HEAD, math.nan, 0.5),
    ],
)
def test_half_a_point_and_one_beside_the_drawing_are_refused(
    view: View | None, x: float | None, y: float | None
) -> None:
    with pytest.raises(ValueError, match=r"view|drawing"):
        Place(Site.NOSE, view, x, y)

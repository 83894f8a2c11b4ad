"""The list of places, and the help for those that one cannot see."""

import re

import pytest

from app.body.sites import hard_to_see_help, site_list
from app.words import IN_ENGLISH
from app.words.places import place_name
from lentigo.spots.place import ABOUT, HardToSee, Region, Site, is_hard_to_see


def test_the_list_has_every_place_and_begins_with_nothing_said() -> None:
    html = site_list(None, IN_ENGLISH).text
    assert re.findall(r'<option value="([^"]*)"', html) == ["", *Site]
    assert '<option value="">Not said</option>' in html
    assert "selected" not in html


def test_places_stand_under_the_parts_of_the_body() -> None:
    html = site_list(None, IN_ENGLISH).text
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', html)
    assert len(groups) == len(Region)
    arm = dict(groups)["Left arm"]
    assert '<option value="left-forearm-inside">Left forearm, inside</option>' in arm


def test_the_chosen_place_is_selected() -> None:
    html = site_list(Site.LEFT_KNEE, IN_ENGLISH).text
    assert re.findall(r'<option value="([^"]*)" selected>', html) == [Site.LEFT_KNEE]


def test_no_two_places_have_one_name_and_a_name_tells_its_side() -> None:
    names = {site: place_name(site, IN_ENGLISH) for site in Site}
    assert len(set(names.values())) == len(Site)
    for site, name in names.items():
        side = site.partition("-")[0]
        assert side not in ("left", "right") or name.startswith(side.capitalize())


@pytest.mark.parametrize("site", Site)
def test_help_is_for_what_is_hard_to_see(site: Site) -> None:
    assert bool(hard_to_see_help(site, IN_ENGLISH)) == is_hard_to_see(site)


def test_each_reason_has_its_own_way_to_find_the_spot() -> None:
    by_reason = {
        about.hard: hard_to_see_help(site, IN_ENGLISH).text
        for site, about in ABOUT.items()
        if about.hard
    }
    assert len(set(by_reason.values())) == len(HardToSee)
    for html in by_reason.values():
        assert "Ask somebody you trust" in html
        assert "mirror" in html
        assert "“Spoken hints”" in html

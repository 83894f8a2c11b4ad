"""The map as HTML: links, a ring where a photo is due, a mark where a spot is placed."""

import re
from xml.etree.ElementTree import Element, fromstring

import pytest

from app.body.drawing import body_map
from app.body.pins import Pin
from app.words import IN_ENGLISH
from lentigo.spots.body_outlines import DRAWINGS
from lentigo.spots.place import Place, Site, View

DUE = Pin(1, "a1", Place(Site.LEFT_FOREARM_INSIDE), due=True, label="Near the wrist")
NOT_DUE = Pin(12, "b2", Place(Site.LOWER_BACK), due=False, label="<b>")
CHOSEN = ".//*[@class='body-chosen']"


def rendered(*pins: Pin, chosen: Place | None = None, placing: bool = False) -> tuple[Element, str]:
    html = body_map(pins, IN_ENGLISH, chosen=chosen, placing=placing).text
    closed = re.sub(r"(<input [^>]*)>", r"\1/>", html.replace(" checked>", ' checked="">'))
    return fromstring(closed), html


def drawing(tree: Element, view: View) -> Element:
    found = tree.find(f".//*[@data-drawing='{view}']")
    assert found is not None
    return found


def test_a_pin_links_to_its_spot_and_says_what_it_is() -> None:
    tree, _ = rendered(DUE, NOT_DUE)
    links = {link.get("href"): link.get("aria-label") for link in tree.iter("a")}
    assert links == {
        "#/spots/a1": "Spot 1: Near the wrist. Left forearm, inside. A photo is due.",
        "#/spots/b2": "Spot 12: <b>. Lower back.",
    }


def test_only_a_pin_whose_photo_is_due_has_a_ring() -> None:
    tree, _ = rendered(DUE, NOT_DUE)
    assert len(drawing(tree, View.FRONT).findall(".//*[@class='pin-ring']")) == 1
    assert drawing(tree, View.BACK).findall(".//*[@class='pin-ring']") == []


def test_a_drawing_is_silent_but_for_its_pins() -> None:
    tree, _ = rendered(DUE)
    front = drawing(tree, View.FRONT)
    assert [group.get("aria-label") for group in front.findall(".//*[@role='group']")] == ["Front"]
    assert front.find(".//svg[@aria-hidden]") is None
    assert {part.get("aria-hidden") for part in front.findall("./div/svg/g")} == {"true"}
    for view in set(View) - {View.FRONT}:
        assert drawing(tree, view).find(".//svg[@aria-hidden='true']") is not None


def test_a_click_means_a_place_only_while_a_spot_is_placed() -> None:
    looking, _ = rendered(DUE)
    assert looking.findall(".//*[@data-action]") == []
    placing, _ = rendered(DUE, placing=True)
    sheets = placing.findall(".//*[@data-action='place-tapped']")
    assert [sheet.get("data-view") for sheet in sheets] == list(View)
    assert list(placing.iter("a")) == []


def test_one_drawing_at_a_time_while_a_spot_is_placed_and_the_keyboard_can_scroll_it() -> None:
    placing, _ = rendered(placing=True)
    assert placing.get("class") == "body-map body-one"
    assert drawing(placing, View.FRONT).get("tabindex") == "0"
    looking, _ = rendered(DUE)
    assert looking.get("class") == "body-map"
    assert drawing(looking, View.FRONT).get("tabindex") is None


def test_the_sheet_has_the_shape_of_its_drawing() -> None:
    tree, _ = rendered()
    for view in View:
        svg = drawing(tree, view).find(".//svg")
        assert svg is not None
        assert svg.get("viewBox") == f"0 0 240 {DRAWINGS[view].height:g}"


@pytest.mark.parametrize(
    ("chosen", "view"),
    [(None, View.FRONT), (Place(Site.LIP), View.HEAD), (Place(Site.LEFT_CALF), View.BACK)],
)
def test_the_drawing_of_the_chosen_place_comes_first_on_a_phone(
    chosen: Place | None, view: View
) -> None:
    tree, _ = rendered(chosen=chosen)
    checked = [field.get("value") for field in tree.iter("input") if field.get("checked") == ""]
    assert checked == [view]
    marked = [each for each in View if drawing(tree, each).find(CHOSEN) is not None]
    assert marked == ([view] if chosen else [])


def test_the_sides_are_named_as_the_drawing_has_them() -> None:
    tree, _ = rendered()
    said = {
        view: [text.text for text in drawing(tree, view).findall(".//*[@class='body-sides']/text")]
        for view in View
    }
    assert said[View.FRONT] == said[View.HEAD] == ["Your right", "Your left"]
    assert said[View.BACK] == ["Your left", "Your right"]
    assert said[View.HANDS] == ["Left hand", "Right hand", "Left palm", "Right palm"]


def test_the_choice_of_drawings_counts_their_pins() -> None:
    tree, _ = rendered(DUE, NOT_DUE)
    names = ["".join(label.itertext()) for label in tree.iter("label")]
    assert names == ["Front (1)", "Back (1)", "Head", "Hands", "Feet"]


def test_what_somebody_wrote_stays_text_and_no_style_stands_in_the_page() -> None:
    _, html = rendered(NOT_DUE)
    assert "<b>" not in html
    assert "style=" not in html

"""The screens of kept spots: what they say, and what they never say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.html import Html
from app.page import Page, view
from app.route import KEPT, Route
from app.screens import compare, saving
from app.spots.apart import Apart
from app.spots.events import Compared, SpotDeleted, StoreFailed, StoreFault, StoreState
from app.spots.saving import FormFault
from app.spots.state import Comparing, Marking, Repeat, Saving, Spots
from app.spots.update import acted, told
from app.words import IN_ENGLISH
from lentigo.errors import Fault, PictureTooLargeError
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.spots.comparison.alignment import Reason
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.comparison.twin import Twin
from lentigo.spots.place import Place, Site
from lentigo.spots.records import ChangeSeen, Overview
from tests.unit.app.spots.test_update import ANSWERED, EARLIER, LATER, known
from tests.unit.builders import photo
from tests.unit.kept import CAPTURE, PERSON, SPOT, captured, seen

PLACED = replace(SPOT, place=Place(Site.LEFT_ELBOW))
FULL = known(PERSON, PLACED, EARLIER, replace(LATER, change_seen=ChangeSeen.NOT_SURE))
NEVER = re.compile(r"\b(safe|all clear|no change|benign|harmless|streak|\d+(\.\d+)? ?mm)\b", re.I)


def rendered(spots: Spots, route: Route) -> str:
    return view(Page(route=route, spots=replace(spots, opened=SPOT.id)))[route].text


@pytest.mark.parametrize("route", sorted(KEPT))
@pytest.mark.parametrize(
    "spots",
    [FULL, known(), known(state=StoreState.LOCKED), Spots(), known(PERSON, SPOT, CAPTURE)],
    ids=["full", "none", "locked", "unread", "one"],
)
def test_each_screen_says_nothing_that_it_must_not(route: Route, spots: Spots) -> None:
    html = rendered(spots, route)
    assert html
    text = re.sub(r"<[^>]+>", " ", html)
    assert not NEVER.search(text), NEVER.search(text)


@pytest.mark.parametrize("route", sorted(KEPT))
@pytest.mark.parametrize("fault", StoreFault)
def test_a_store_that_cannot_be_had_is_told_on_each_screen(route: Route, fault: StoreFault) -> None:
    spots, _ = told(Spots(), StoreFailed(None, fault))
    assert f'data-fault="{fault}"' in rendered(spots, route)


@pytest.mark.parametrize("route", sorted(KEPT))
def test_a_locked_store_shows_nothing_of_what_it_holds(route: Route) -> None:
    assert 'data-testid="unlock"' in rendered(known(state=StoreState.LOCKED), route)


def test_a_list_has_no_scores() -> None:
    html = rendered(FULL, Route.SPOTS)
    assert "%" not in html
    assert 'data-captures="2"' in html
    assert 'data-due="2027-03-30"' in html


def test_an_older_alarm_stands_above_a_milder_photo() -> None:
    urgent = replace(captured(Priority.URGENT), spot=SPOT.id)
    spots = known(PERSON, SPOT, urgent, LATER)
    html = rendered(spots, Route.SPOT)
    assert "On 30 November 2026 Lentigo asked you to see a doctor within 2 weeks." in html
    assert "A newer photo does not change that. Has a doctor looked at it?" in html
    # Another photo would only be a way of waiting.
    assert 'class="quiet" data-action="repeat"' in html
    visited = known(PERSON, replace(SPOT, state=seen(31)), urgent, LATER)
    html = rendered(visited, Route.SPOT)
    assert 'data-testid="standing"' not in html
    assert "A doctor has seen it on 31 December 2026" in html


def form_of_care(html: str) -> str:
    found = re.search(r'<details class="care" id="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_day_to_come_is_named_beside_its_field_and_a_saved_form_closes() -> None:
    spots = known(PERSON, SPOT, CAPTURE)
    html = rendered(spots, Route.SPOT)
    assert "care-fault" not in html
    told = rendered(replace(spots, uncared=FormFault.FUTURE_DAY), Route.SPOT)
    assert "This day has yet to come. Say on which day the doctor looked at it." in told
    # The page leaves open what the visitor has opened, unless it is another one by now.
    assert form_of_care(told) == form_of_care(html)
    visited = rendered(known(PERSON, replace(SPOT, state=seen(3)), CAPTURE), Route.SPOT)
    assert form_of_care(visited) != form_of_care(html)


def test_settings_do_not_send_to_settings() -> None:
    html = rendered(known(PERSON, SPOT, CAPTURE), Route.SETTINGS)
    spots = known(PERSON, SPOT, CAPTURE)
    cleared = replace(spots, collection=replace(spots.collection, persisted=False))
    assert "may clear your spots" not in html
    html = rendered(cleared, Route.SETTINGS)
    assert "may clear your spots" in html
    assert "(Settings)" not in html


def test_what_was_written_is_escaped() -> None:
    spot = replace(SPOT, name="<b>Arm</b>", note='"&')
    html = rendered(known(PERSON, spot, CAPTURE), Route.SPOT)
    assert "<b>Arm" not in html
    assert "&lt;b&gt;Arm" in html


def test_a_spot_is_deleted_after_a_question() -> None:
    spots, _ = acted(FULL, None, SpotDeleted(1, SPOT.id))
    html = rendered(replace(spots, deleting=SPOT.id), Route.SPOT)
    assert 'data-confirmed="yes"' in html
    assert "all 2 photos" in html


def comparison(**found: object) -> str:
    result = replace(Compared("c0", "c2", (b"a", b"b"), (4, 3)), **found)  # type: ignore[arg-type]
    comparing = Comparing(EARLIER.id, LATER.id, 1, result)
    spots = replace(FULL, opened=SPOT.id, comparing=comparing)
    return compare.view(spots, IN_ENGLISH)["compare"].text


@pytest.mark.parametrize("twin", Twin)
def test_the_same_photo_twice_is_named(twin: Twin) -> None:
    html = comparison(twin=twin)
    assert "the same photo twice" in html
    assert 'data-aligned="false"' in html


@pytest.mark.parametrize("reason", Reason)
def test_photos_that_cannot_be_lined_up_stand_beside_each_other(reason: Reason) -> None:
    html = comparison(reason=reason)
    assert 'class="beside"' in html
    assert 'class="over"' not in html
    assert "Look at them beside each other." in html


@pytest.mark.parametrize("code", ChangeCode)
def test_what_was_measured_is_said_in_words(code: ChangeCode) -> None:
    html = comparison(codes=(code,), concerns=(code,), area_share=0.25)
    assert f'data-changes="{code}"' in html
    assert 'data-area-change="0.2500"' in html
    assert "25% more area" in html
    assert "show the spot to a doctor" in html


def test_nothing_measured_does_not_reassure() -> None:
    html = comparison(area_share=0.01)
    assert "what you see yourself counts more" in html
    assert not NEVER.search(html)


def kept_on_screening(spots: Spots) -> dict[str, Html]:
    return saving.view(spots, ANSWERED, False, IN_ENGLISH)


def test_saving_is_offered_after_an_answer_and_asks_for_the_day() -> None:
    assert 'data-testid="save-spot"' in kept_on_screening(known())["save"].text
    form = kept_on_screening(replace(known(), saving=Saving(7)))["save"].text
    assert 'name="taken" required value=""' in form
    here = replace(ANSWERED, taken_here=True)
    form = saving.view(replace(known(), saving=Saving(7)), here, False, IN_ENGLISH)["save"].text
    assert 'value="2026-11-30"' in form
    assert saving.view(known(), None, False, IN_ENGLISH)["save"].text == ""


def test_a_photo_older_than_the_newest_one_is_said_to_stand_before_it() -> None:
    newest = replace(captured(Priority.LOW, days=9), spot=SPOT.id)
    older = replace(captured(Priority.LOW, days=3), spot=SPOT.id)
    late = replace(older, saved=newest.saved + timedelta(minutes=1))
    for last, said in ((late, True), (older, False)):
        spots = replace(known(PERSON, SPOT, newest, last), saved={7: SPOT.id})
        text = kept_on_screening(spots)["save"].text
        assert ("older than the one of 9 December 2026" in text) is said


def test_a_backup_is_asked_for_in_the_list_and_after_a_save_and_nowhere_else() -> None:
    three = [replace(captured(Priority.LOW, days), spot=SPOT.id) for days in range(3)]
    spots = replace(known(PERSON, SPOT, *three), saved={7: SPOT.id})
    for html in (rendered(spots, Route.SPOTS), kept_on_screening(spots)["save"].text):
        assert "3 photos are not in a backup yet." in html
        assert '<a class="button small" href="#/settings">' in html
    assert "backup-due" not in kept_on_screening(replace(spots, saved={}))["save"].text
    fewer = replace(known(PERSON, SPOT, *three[1:]), saved={7: SPOT.id})
    assert "backup-due" not in rendered(fewer, Route.SPOTS)
    assert "backup-due" not in kept_on_screening(fewer)["save"].text


def test_the_earlier_photo_lies_over_the_camera_alone() -> None:
    spots = replace(FULL, repeating=Repeat(SPOT.id, LATER.id, 1))
    assert saving.view(spots, None, True, IN_ENGLISH)["ghost"].text
    assert not saving.view(spots, None, True, IN_ENGLISH)["history"].text
    assert not kept_on_screening(spots)["ghost"].text
    assert 'data-testid="repeating"' in kept_on_screening(spots)["history"].text


def test_photos_that_cannot_be_compared_are_named_before_the_second_one_is_kept() -> None:
    spots = replace(FULL, repeating=Repeat(SPOT.id, LATER.id, 1))
    assert LATER.modality is ANSWERED.modality
    assert 'data-testid="otherwise-taken"' not in kept_on_screening(spots)["history"].text
    through = replace(ANSWERED, modality=Modality.DERMOSCOPIC)
    html = saving.view(spots, through, False, IN_ENGLISH)["history"].text
    assert "cannot be measured against each other" in html


# --- the wide photo -------------------------------------------------------------------------------

AROUND = known(PERSON, replace(PLACED, overview=Overview("wide", 0.25, 0.75)), CAPTURE)


def of_spot(spots: Spots, **marking: object) -> str:
    form = Marking(SPOT.id, **marking) if marking else None  # type: ignore[arg-type]
    return rendered(replace(spots, marking=form), Route.SPOT)


def test_a_wide_photo_is_offered_and_shown_with_a_numbered_ring() -> None:
    html = of_spot(known(PERSON, PLACED, CAPTURE))
    assert html.count(f'data-overview-of="{SPOT.id}"') == 2
    assert 'data-testid="overview"' not in html
    html = of_spot(AROUND)
    assert 'data-blob="wide"' in html
    assert 'x="25%" y="75%" data-x="low" data-y="high"' in html
    assert '<text dy=".35em">1</text>' in html


def test_the_ring_of_another_person_has_no_number() -> None:
    spot = replace(PLACED, person="p2", overview=Overview("wide", 0.5, 0.5))
    assert 'class="tag"' not in of_spot(known(PERSON, spot, CAPTURE))


def test_a_new_wide_photo_is_marked_before_it_is_kept() -> None:
    html = of_spot(AROUND, apart=Apart(photo()))
    assert "Opening the photo" in html
    html = of_spot(AROUND, apart=Apart(photo()), picture=b"jpeg")
    assert "data:image/jpeg;base64," in html
    assert 'name="x" value="0.5"' in html
    assert "disabled" in of_spot(AROUND, apart=Apart(photo()), picture=b"jpeg", request=1)
    assert 'name="x" value="0.25"' in of_spot(AROUND, request=None), "the one that is kept"


def test_what_is_wrong_with_a_wide_photo_is_said_as_elsewhere() -> None:
    error = PictureTooLargeError(Fault.MANY_MEGABYTES, name="wide.jpg", megabytes=200.0)
    html = of_spot(AROUND, error=error)
    assert 'data-testid="overview-fault"' in html
    assert "wide.jpg" in html
    assert "Save it with fewer pixels, and try again." in html
    assert "Crop" not in html
    assert 'data-blob="wide"' in html, "the one before is still there"


def test_a_wide_photo_is_deleted_after_a_question() -> None:
    html = of_spot(AROUND, deleting=True)
    assert 'data-action="overview-deleted" data-spot="s1" data-confirmed="yes"' in html

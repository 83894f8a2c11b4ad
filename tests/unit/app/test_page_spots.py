"""Kept spots and the first screen, together on one page."""

from dataclasses import replace

import pytest

from app.events import (
    AnswersGiven,
    CameraStarted,
    Navigated,
    PageEvent,
    Predicted,
    Reset,
    ResetRefused,
    Whole,
)
from app.page import Page, update, view
from app.route import Route
from app.spots.effects import OpenStore, WriteStore
from app.spots.events import (
    PersonAdded,
    PersonChosen,
    Recalled,
    RepeatWanted,
    SaveAsked,
    SaveConfirmed,
    StoreRead,
    StoreState,
)
from lentigo.model.modality import Modality
from lentigo.spots.lining_up import Earlier
from lentigo.spots.records import Record
from lentigo.triage.checklist import NO_ANSWERS, Answers
from tests.unit.app.spots.test_update import AT, IDS, records_of, stored
from tests.unit.builders import chosen, engine, logits, photo, prepared
from tests.unit.kept import CAPTURE, PERSON, SPOT


def with_store() -> Page:
    page, _ = update(Page(), engine())
    page, effects = update(page, Navigated(1, Route.SPOT, SPOT.id))
    assert OpenStore() in effects
    read = StoreRead(StoreState.OPEN, False, True, stored(PERSON, SPOT, CAPTURE), AT)
    return update(page, read)[0]


def test_the_earlier_photo_lies_over_the_camera_until_the_visitor_starts_again() -> None:
    page, _ = update(with_store(), RepeatWanted(2, SPOT.id))
    page, _ = update(page, Navigated(3, Route.SCREENING))
    page, _ = update(page, CameraStarted(4))
    assert CAPTURE.picture in view(page)["ghost"].text
    assert page.screening.earlier is None
    earlier = Earlier(Modality.CAMERA)
    page, _ = update(page, Recalled(CAPTURE.id, earlier))
    assert page.screening.earlier is earlier
    page, _ = update(page, Reset(5))
    assert page.spots.repeating is None
    assert page.screening.earlier is None
    assert page.session.intent == 5


def test_the_next_spot_is_not_taken_for_the_one_that_was_repeated() -> None:
    page, _ = update(with_store(), RepeatWanted(2, SPOT.id))
    for event in (Navigated(3, Route.SCREENING), CameraStarted(4), chosen(photo(intent=5))):
        page, _ = update(page, event)
        assert page.spots.repeating is not None
    page, _ = update(page, CameraStarted(6, joins=1))
    assert page.spots.repeating is not None, "another photo of the same spot"
    page, _ = update(page, CameraStarted(7))
    assert page.spots.repeating is None


# --- the next person ------------------------------------------------------------------------------

ADA = replace(PERSON, id="p2", name="Ada", about=Answers(weakened_immunity=True))
HERS = replace(SPOT, id="s2", person=ADA.id)
RISK = Answers(melanoma_in_family=True)
BOTH = chosen(photo(number=1), photo(number=2))


def page_with(*records: Record) -> Page:
    page, _ = update(update(Page(), engine())[0], Navigated(1, Route.SPOTS))
    page, _ = update(page, StoreRead(StoreState.OPEN, False, True, stored(*records), AT))
    return update(page, Navigated(1, Route.SCREENING))[0]


def after(page: Page, *events: PageEvent) -> Page:
    for event in events:
        page, _ = update(page, event)
    return page


def answered(page: Page) -> Page:
    """A photo is judged, and can be kept."""
    of = photo(intent=page.session.intent)
    ready = replace(prepared(of), whole=Whole(b"whole"))
    answer = Predicted(of.id, logits(nv=0.9), 60.0, "wasm", 1100.0)
    return after(page, chosen(of), ready, answer)


def offers_next(page: Page) -> bool:
    return 'data-testid="next-person"' in view(page)["actions"].text


def test_the_next_person_finds_nothing_of_what_was_not_saved_and_all_that_was() -> None:
    page = after(answered(page_with(PERSON, SPOT, CAPTURE)), AnswersGiven(2, RISK, 1))
    page = after(page, Reset(3, next_person=True))
    assert page.screening.spots == ()
    assert page.session.person == NO_ANSWERS
    assert page.screening.draft == NO_ANSWERS
    assert page.spots.collection.watched(SPOT.id) is not None
    # Starting again keeps what is known of the same person.
    again = after(answered(page), AnswersGiven(4, RISK, 1), Reset(5))
    assert again.session.person == RISK


def test_several_photos_are_forgotten_for_the_next_person_once_that_is_confirmed() -> None:
    page = after(page_with(PERSON), BOTH, Reset(3, next_person=True))
    assert len(page.screening.spots) == 2
    question = view(page)["row"].text
    assert 'data-action="next-person" data-confirmed="true"' in question
    assert not page.spots.collection.asks_who
    kept = after(page, ResetRefused(4), Reset(5))
    assert 'data-action="reset" data-confirmed="true"' in view(kept)["row"].text
    page = after(page, Reset(4, confirmed=True, next_person=True))
    assert page.screening.spots == ()
    assert page.spots.collection.asks_who


def test_nobody_gets_another_button_but_where_it_is_needed() -> None:
    assert not offers_next(answered(page_with()))
    assert not offers_next(answered(page_with(PERSON, SPOT, CAPTURE)))
    assert offers_next(answered(page_with(PERSON, ADA)))
    assert not offers_next(page_with(PERSON, ADA)), "there is no answer yet"
    # What is known of the person would count for the next one.
    assert offers_next(after(answered(page_with()), AnswersGiven(2, RISK, 1)))


@pytest.mark.parametrize("route", [Route.SPOTS, Route.MAP])
def test_whose_spots_they_are_is_asked_where_it_is_not_known(route: Route) -> None:
    one = after(page_with(PERSON, SPOT, CAPTURE), Navigated(2, route))
    assert 'data-testid="who"' not in str(view(one))
    for page in (
        after(one, Reset(3, next_person=True)),
        after(page_with(PERSON, ADA, SPOT, CAPTURE), Navigated(2, route)),
    ):
        assert 'data-testid="who"' in str(view(page))
        assert SPOT.name not in str(view(page))
        known, _ = update(page, PersonChosen(4, PERSON.id))
        assert 'data-testid="who"' not in str(view(known))


def test_a_spot_is_not_saved_before_it_is_known_whose_it_is() -> None:
    page = answered(after(page_with(PERSON, SPOT, CAPTURE), Reset(3, next_person=True)))
    page, _ = update(page, SaveAsked(4, 1))
    assert 'data-testid="who"' in view(page)["save"].text
    fields = {"taken": "2026-11-30"}
    page, effects = update(page, SaveConfirmed(5, 1, fields, IDS, AT))
    assert effects == ()
    page, (added,) = update(page, PersonAdded(6, {"name": "Ada"}, ("p2",), AT))
    assert isinstance(added, WriteStore)
    assert list(records_of(added)) == ["p2"]


def test_the_first_spot_of_all_makes_its_person_and_asks_for_nobody() -> None:
    page = answered(after(Page(), engine(), Reset(1, next_person=True)))
    page, _ = update(page, SaveAsked(2, 1))
    empty = StoreRead(StoreState.EMPTY, False, None, (), AT)
    page, _ = update(page, empty)
    page, (effect,) = update(page, SaveConfirmed(3, 1, {"taken": "2026-11-30"}, IDS, AT))
    assert isinstance(effect, WriteStore)
    written = tuple(stored(*records_of(effect).values()))
    page, _ = update(page, StoreRead(StoreState.OPEN, False, True, written, AT))
    assert not page.spots.collection.asks_who
    assert len(page.spots.collection.of_person()) == 1


def test_the_next_check_is_about_the_person_who_was_chosen() -> None:
    page = page_with(PERSON, ADA, SPOT, CAPTURE, HERS, replace(CAPTURE, id="c9", spot=HERS.id))
    page, _ = update(page, PersonChosen(2, ADA.id))
    assert page.session.person == ADA.about
    page, _ = update(page, PersonChosen(3, PERSON.id))
    assert page.session.person == PERSON.about
    # Chosen once more, nothing that was said since is lost.
    page = after(page, AnswersGiven(4, RISK, None))
    page, _ = update(page, PersonChosen(5, PERSON.id))
    assert page.session.person == RISK
    page, _ = update(page, RepeatWanted(6, HERS.id))
    assert page.session.person == ADA.about
    # An answer that is shown is never lowered by it.
    shown = answered(page)
    assert update(shown, PersonChosen(7, PERSON.id))[0].session.person == ADA.about


def test_a_person_who_is_gone_is_not_waited_for() -> None:
    page, _ = update(page_with(PERSON, ADA), PersonChosen(2, ADA.id))
    alone = StoreRead(StoreState.OPEN, False, True, stored(PERSON), AT)
    assert update(page, alone)[0].spots.collection.shown_person == PERSON


def test_what_was_said_before_anybody_was_chosen_is_about_the_one_who_is() -> None:
    page = after(page_with(PERSON, ADA), AnswersGiven(2, RISK, None))
    page, _ = update(page, PersonChosen(3, ADA.id))
    assert page.session.person == RISK


def test_what_is_known_of_somebody_is_kept_with_the_first_spot_that_tells_it() -> None:
    nameless = replace(PERSON, about=NO_ANSWERS)
    page = after(answered(page_with(nameless, SPOT, CAPTURE)), AnswersGiven(2, RISK, 1))
    page, _ = update(page, SaveAsked(3, 1))
    fields = {"taken": "2026-11-30", "spot": SPOT.id}
    _, (effect,) = update(page, SaveConfirmed(4, 1, fields, IDS, AT))
    assert isinstance(effect, WriteStore)
    assert records_of(effect)[PERSON.id] == replace(nameless, about=RISK)

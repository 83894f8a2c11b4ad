"""Several photos of one spot, by hand: what is added, what counts, what the page says."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.effects import DecodeFile, ReadPhoto, ShowPicture
from app.events import (
    ActivationToggled,
    AnswersGiven,
    CameraStarted,
    CameraStopped,
    Event,
    FileRead,
    ModalityChosen,
    PictureArrived,
    PictureRefused,
    Predicted,
    Reset,
    Source,
)
from app.screens.screening.spot import LeftOut, Surplus
from app.screens.screening.state import Mode, State
from app.screens.screening.update import update
from lentigo.errors import Fault, NotAPictureError
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue, Severity
from lentigo.priority import Priority
from lentigo.triage.checklist import Answers, BodySite
from tests.unit.app.in_english import announce, view
from tests.unit.builders import (
    chosen,
    finding,
    live_of,
    logits,
    photo,
    photo_of,
    prepared,
    ready,
)

PICTURE = Image.new("RGB", (64, 64))
# p(mel) asks for urgent from 0.2 through a dermoscope, and from 0.4 with a camera.
DERMOSCOPE, CAMERA = 3.0, -3.0


def after(state: State, *events: Event) -> State:
    for event in events:
        state, _ = update(state, event)
    return state


def judged(number: int, modality: float | None = None, **scores: float) -> tuple[Event, ...]:
    """What happens to a photo in hand until the model has answered."""
    of = photo(number=number, intent=number)
    answer = Predicted(number, logits(**scores), 60.0, "wasm", 1100.0, modality)
    return FileRead(number, 1, bytes([number])), prepared(of), answer


def begun(**scores: float) -> State:
    """A spot with one photo."""
    return after(ready(), chosen(photo()), *judged(1, **scores))


def adding(state: State, number: int = 2, joins: int = 1) -> State:
    return after(state, chosen(photo(number=number, intent=number), joins=joins))


def added(state: State, number: int = 2, modality: float | None = None, **scores: float) -> State:
    return after(adding(state, number), *judged(number, modality, **scores))


def tiers(state: State) -> Priority:
    return state.triage.priority


def not_added(state: State) -> str:
    """Return what the page says of photos that do not count."""
    found = re.search(r'data-testid="not-added">(.*?)</div>', view(state)["answer"])
    return found[1] if found else ""


def test_a_second_photo_is_averaged_with_the_first() -> None:
    state = added(begun(mel=0.9, nv=0.1), mel=0.1, nv=0.9)
    answer = state.shown.answer
    assert answer is not None
    assert answer.assessment.probabilities[4] == pytest.approx(0.5, abs=1e-3)
    assert [shot.id for shot in photo_of(state).accepted] == [1, 2]
    assert (state.mode, len(state.spots)) == (Mode.RESULT, 1)


def test_another_photo_comes_before_the_questions_only_where_the_answer_asks_for_it() -> None:
    urgent, uncertain = view(begun(mel=0.9)), view(begun(nv=0.26, bkl=0.25, df=0.25, vasc=0.24))
    assert 'data-priority="uncertain"' in uncertain["answer"]
    assert "add-photo" in uncertain["answer"]
    assert "add-photo" not in uncertain["actions"] + urgent["answer"]
    assert "add-photo" in urgent["actions"]


def test_the_first_answer_stands_while_the_second_photo_is_looked_at() -> None:
    before = begun(mel=0.9)
    state, effects = update(before, chosen(photo(number=2, intent=2), joins=1))
    assert effects == (ReadPhoto(2),)
    assert (state.mode, state.shown.answer) == (Mode.ANALYSING, before.shown.answer)
    html = view(state)["answer"]
    assert 'data-testid="result"' in html
    assert "stays until that is done" in html
    assert "add-photo" not in "".join(view(state).values())
    assert "answer so far stays" in announce(before, state)


def test_an_alarm_falls_by_one_tier_at_most_and_the_page_says_why() -> None:
    state = added(begun(mel=0.9), mel=1e-6)
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.LOW
    assert tiers(state) is Priority.HIGH
    html = view(state)["answer"]
    assert 'data-priority="high"' in html
    assert "One of your photos alone asked for more" in html


def test_more_photos_do_not_wear_an_alarm_down() -> None:
    state = begun(mel=0.9)
    for number in range(2, 6):
        state = added(state, number, mel=1e-6)
    assert len(photo_of(state).accepted) == 5
    assert tiers(state) is Priority.HIGH


def test_uncertain_becomes_low_by_a_photo_that_is_clear() -> None:
    warned = replace(prepared(photo()), findings=(finding(QualityIssue.HAIR, Severity.WARN),))
    file, _, answer = judged(1)
    state = after(ready(), chosen(photo()), file, warned, answer)
    assert tiers(state) is Priority.UNCERTAIN
    state = added(state)
    assert tiers(state) is Priority.LOW
    assert 'data-issues=""' in view(state)["answer"]


def test_a_doubt_stays_as_long_as_every_photo_has_one() -> None:
    state = ready()
    for number, issue in ((1, QualityIssue.HAIR), (2, QualityIssue.DARK)):
        of = photo(number=number, intent=number)
        file, _, answer = judged(number)
        warned = replace(prepared(of), findings=(finding(issue, Severity.WARN),))
        state = after(state, chosen(of, joins=1 if number > 1 else None), file, warned, answer)
    assert tiers(state) is Priority.UNCERTAIN
    assert 'data-issues="hair,dark"' in view(state)["answer"]


def test_a_refused_photo_says_why_while_the_answer_stands() -> None:
    before = begun(mel=0.9)
    of = photo(number=2, intent=2)
    pending = adding(before)
    state = after(pending, FileRead(2, 1, b"2"), prepared(of, QualityIssue.BLUR))
    assert (state.mode, state.shown.answer) == (Mode.RESULT, before.shown.answer)
    assert "not sharp" in not_added(state)
    assert "add-photo" in view(state)["actions"]
    said = announce(pending, state)
    assert "was not added" in said
    assert "stays" in said
    # The next one takes its word away.
    assert not_added(added(state, 3)) == ""


def test_a_file_that_is_no_picture_says_why_while_the_answer_stands() -> None:
    before = begun(mel=0.9)
    error = NotAPictureError(Fault.EMPTY, name="a.jpg")
    broken = PictureRefused(photo(number=2, intent=2), error)
    state = after(adding(before), FileRead(2, 1, b"2"), broken)
    assert (state.mode, state.problem) == (Mode.RESULT, None)
    assert "empty" in not_added(state)


def test_what_is_no_lesion_is_not_added() -> None:
    events = judged(2, mel=0.9)[:-1]
    nothing = Predicted(2, logits(mel=0.9), 60.0, "wasm", 1100.0, lesion=-1.0)
    state = after(adding(begun()), *events, nothing)
    assert (state.mode, len(photo_of(state).accepted)) == (Mode.RESULT, 1)
    assert not_added(state)


def test_the_same_file_counts_once() -> None:
    state, effects = update(adding(begun(mel=0.9)), FileRead(2, 1, bytes([1])))
    assert not any(isinstance(effect, DecodeFile) for effect in effects)
    assert photo_of(state).added[0].stage == LeftOut(Surplus.SAME_PHOTO)
    assert "counts once" in not_added(state)


def test_the_same_moment_of_the_camera_counts_once() -> None:
    still = photo(Source.CAPTURE)
    _, seen, answer = judged(1)
    state = after(ready(), chosen(still), PictureArrived(still, PICTURE), seen, answer)
    again = photo(Source.CAPTURE, number=2, intent=2)
    state = after(state, chosen(again, joins=1), PictureArrived(again, PICTURE))
    assert photo_of(state).added[0].stage == LeftOut(Surplus.SAME_PHOTO)


def test_five_count_and_a_sixth_is_not_looked_at() -> None:
    state = begun()
    for number in range(2, 5):
        state = added(state, number)
    more = tuple(photo(number=number, intent=5) for number in (5, 6))
    state = after(state, chosen(*more, joins=1), *judged(5))
    assert (state.mode, state.working) == (Mode.RESULT, None)
    assert len(photo_of(state).accepted) == 5
    assert photo_of(state).added[-1].stage == LeftOut(Surplus.TOO_MANY)
    assert "5 photos" in not_added(state)
    assert "add-photo" not in "".join(view(state).values())
    assert "For a different spot" in view(state)["actions"]
    # Nor if the host is asked all the same.
    state, effects = update(state, chosen(photo(number=7, intent=7), joins=1))
    assert (state.mode, effects) == (Mode.RESULT, ())


def test_refused_photos_do_not_use_up_the_five() -> None:
    state = begun()
    for number in range(2, 9):
        of = photo(number=number, intent=number)
        refused = prepared(of, QualityIssue.BLUR)
        state = after(adding(state, number), FileRead(number, 1, bytes([number])), refused)
    assert 'data-testid="add-photo"' in view(state)["actions"]
    for number in range(9, 13):
        state = added(state, number)
    assert len(photo_of(state).accepted) == 5


def test_the_photo_of_an_answered_spot_is_not_replaced() -> None:
    state = begun(mel=0.9)
    assert "retake" not in view(state)["actions"]
    state = after(state, chosen(photo(number=2, intent=2), replaces=1), *judged(2, mel=1e-6))
    assert [shot.id for shot in photo_of(state).accepted] == [1, 2]
    assert tiers(state) is Priority.HIGH


def test_another_spot_begins_anew() -> None:
    state = added(begun(mel=0.9), mel=1e-6)
    state = after(state, chosen(photo(number=3, intent=3)), *judged(3, mel=1e-6))
    assert (len(photo_of(state).shots), tiers(state)) == (1, Priority.LOW)
    assert after(state, Reset(4)).spots == ()


def test_several_photos_that_are_chosen_at_once_are_several_spots() -> None:
    photos = tuple(photo(number=number) for number in (1, 2))
    state = after(ready(), chosen(*photos), *judged(1), *judged(2))
    assert [len(spot.shots) for spot in state.spots] == [1, 1]


def test_a_photo_is_added_to_the_spot_of_a_row_that_it_is_of() -> None:
    photos = tuple(photo(number=number) for number in (1, 2))
    state = after(ready(), chosen(*photos), *judged(1), *judged(2))
    state = after(adding(state, 3, joins=2), *judged(3, mel=0.9))
    assert [len(spot.accepted) for spot in state.spots] == [1, 2]
    assert photo_of(state).id == 2
    assert view(state)["row"].count('data-testid="photo"') == 2


def test_each_photo_is_read_by_its_own_modality_and_both_by_the_cautious_points() -> None:
    state = after(ready(), chosen(photo()), *judged(1, CAMERA, mel=0.25))
    assert tiers(state) is Priority.LOW
    state = added(state, 2, CAMERA, mel=0.25)
    assert state.shown.answer is not None
    assert (state.shown.answer.modality, tiers(state)) == (Modality.CAMERA, Priority.LOW)
    state = after(state, ModalityChosen(3, Modality.DERMOSCOPIC, 2))
    assert [s.alone.modality for s in photo_of(state).accepted if s.alone] == [
        Modality.CAMERA,
        Modality.DERMOSCOPIC,
    ]
    assert state.shown.answer is not None
    assert (state.shown.answer.modality, tiers(state)) == (Modality.UNSURE, Priority.URGENT)


def test_every_photo_can_be_corrected() -> None:
    state = added(after(ready(), chosen(photo()), *judged(1, CAMERA)), 2, DERMOSCOPE)
    html = view(state)["answer"]
    pressed = re.findall(r'id="modality-(\w+)-(\d)"[^>]*aria-pressed="true"', html)
    assert pressed == [("camera", "1"), ("dermoscopic", "2")]
    assert 'data-testid="modality" data-modality="unsure"' in html
    assert "not all taken in the same way" in html


def test_answers_only_raise_what_all_photos_ask_for() -> None:
    state = added(begun(mel=0.9), mel=1e-6)
    assert tiers(after(state, AnswersGiven(3, Answers(not_healing=True), 1))) is Priority.URGENT
    outside = after(state, AnswersGiven(3, Answers(body_site=BodySite.NAIL), 1))
    assert (outside.mode, tiers(outside)) == (Mode.REJECTED, Priority.HIGH)


def test_answers_about_the_spot_stay_with_an_added_photo() -> None:
    state = after(begun(), AnswersGiven(2, Answers(bleeding=True), 1))
    state = after(adding(state, 3), *judged(3))
    assert state.shown.answers == Answers(bleeding=True)


def test_the_camera_can_add_a_photo_and_be_closed_without_one() -> None:
    before = begun(mel=0.9)
    state = after(before, CameraStarted(2, joins=1))
    assert (state.mode, live_of(state).joins) == (Mode.LIVE, 1)
    closed = after(state, CameraStopped(3))
    assert (closed.mode, closed.shown.answer) == (Mode.RESULT, before.shown.answer)
    still = photo(Source.CAPTURE, number=2, intent=3)
    state = after(state, chosen(still, joins=1), PictureArrived(still, PICTURE))
    state = after(state, *judged(2, mel=0.9)[1:])
    assert len(photo_of(state).accepted) == 2
    assert 'data-source="capture">Add another photo of this spot' in view(state)["actions"]


def test_the_picture_is_that_of_the_newest_photo_that_counts() -> None:
    state = after(adding(begun()), *judged(2)[:-1])
    assert state.pictured == 1, "one that is looked at does not show yet"
    newer = replace(photo_of(state).added[0], square=b"another")
    state = replace(state, spots=(replace(photo_of(state), added=(newer,)),))
    state, effects = update(state, judged(2)[-1])
    assert (state.pictured, effects) == (2, (ShowPicture(b"another"),))


def test_the_map_is_that_of_the_newest_photo_for_the_answer_of_all() -> None:
    maps = np.zeros((7, 7, 7), dtype=np.float32)
    file, seen, _ = judged(2)
    answer = Predicted(2, logits(mel=0.1), 60.0, "wasm", 1100.0, maps=maps)
    state = after(adding(begun(mel=1.0)), file, seen, answer)
    assert photo_of(state).answer is not None
    state = after(state, ActivationToggled(3, 1))
    assert photo_of(state).activation_shown


def test_the_page_says_what_the_answer_rests_on() -> None:
    before = begun(mel=0.9)
    assert 'data-count="1"' in view(before)["answer"]
    assert view(before)["answer"].count('data-testid="spot-photo"') == 0
    pending = adding(before)
    state = after(pending, *judged(2, mel=1e-6))
    html = view(state)["answer"]
    assert "<strong>2 photos</strong>" in html
    assert re.findall(r'data-testid="spot-photo" data-priority="(\w+)"', html) == ["urgent", "low"]
    assert "now rests on 2 photos" in announce(pending, state)
    assert "remove" not in html.lower()

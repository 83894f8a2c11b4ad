"""Live mode: what is told, when the photo takes itself, what is drawn over the preview."""

from dataclasses import replace

import pytest

from app.effects import Effect, PressShutter
from app.events import AutomaticSet, CameraStalled, CameraStarted, Event, Predicted, Prepared
from app.ports import Cue
from app.screens.screening import coach
from app.screens.screening.coach import CHECKS
from app.screens.screening.live import GOOD_FOR_MS, LINE_UP_MS, STEADY_MS, View
from app.screens.screening.state import Mode, State
from app.screens.screening.update import aimed, update
from app.words import IN_ENGLISH
from lentigo.model.modality import Modality
from lentigo.picture.quality import Finding, QualityIssue, Severity
from lentigo.spots.lining_up import Adjustment, earlier_of
from tests.unit.app import in_english
from tests.unit.builders import chosen, finding, live_frame, live_of, logits, photo, prepared, ready

READY = ready()


def frame(at_ms: float, *findings: Finding) -> Prepared:
    seen = replace(live_frame(int(at_ms)), started_ms=at_ms)
    return replace(prepared(seen), findings=findings)


def film(*frames: Prepared, state: State | None = None) -> tuple[State, list[Effect]]:
    """Show the frames; the engine answers each that it gets before the next."""
    state = state or update(READY, CameraStarted(1))[0]
    asked: list[Effect] = []
    for shown in frames:
        state, effects = update(state, shown)
        asked += effects
        if state.in_flight is not None:
            at_ms = shown.of.started_ms
            answer = Predicted(state.in_flight.of.id, logits(nv=0.9), 60.0, "wasm", at_ms)
            state, _ = update(state, answer)
    return state, asked


def photos(effects: list[Effect]) -> int:
    return sum(isinstance(effect, PressShutter) for effect in effects)


GLARE = finding(QualityIssue.GLARE, Severity.WARN)
HAIR = finding(QualityIssue.HAIR, Severity.WARN)
BLUR = finding(QualityIssue.BLUR)


def test_a_fault_is_told_once_it_lasts() -> None:
    state, _ = film(frame(1000), frame(1100, BLUR))
    assert live_of(state).coach.told is View.OPEN
    assert "Fit the spot in the circle" in in_english.hint(live_of(state))
    state, _ = film(frame(1100 + STEADY_MS, BLUR), state=state)
    assert live_of(state).coach.told == BLUR
    assert "gauge-bad" in in_english.hint(live_of(state))
    state, _ = film(frame(2000), state=state)
    assert live_of(state).coach.told == BLUR, "it goes as it came"
    state, _ = film(frame(2100), frame(2100 + STEADY_MS), state=state)
    assert live_of(state).coach.told is View.GOOD


def test_one_thing_is_told_at_a_time() -> None:
    state, _ = film(*(frame(1000 + 100 * n, BLUR, GLARE) for n in range(6)))
    assert in_english.hint(live_of(state)).count("<p") == 1
    state, _ = film(*(frame(2000 + 100 * n, HAIR) for n in range(6)), state=state)
    assert in_english.hint(live_of(state)) == '<p class="gauge gauge-good">Good. Hold still</p>'


def test_a_camera_that_stands_still_says_only_that() -> None:
    state, _ = film(*(frame(1000 + 100 * n) for n in range(6)))
    state, _ = update(state, CameraStalled(2))
    assert "has stopped" in in_english.hint(live_of(state))


def test_the_photo_takes_itself_once_all_has_been_good_for_a_moment() -> None:
    times = [1000 + 100 * n for n in range(int(GOOD_FOR_MS / 100) + 2)]
    state, effects = film(*(frame(t) for t in times[:-1]))
    assert photos(effects) == 0
    assert 0.9 < live_of(state).coach.good_share < 1
    state, effects = film(frame(times[-1]), state=state)
    assert photos(effects) == 1
    assert live_of(state).coach.good_share == 0
    _, effects = film(frame(times[-1] + 100), state=state)
    assert photos(effects) == 0


def test_the_photo_waits_for_the_button_once_that_is_switched_off() -> None:
    state, _ = update(READY, CameraStarted(1, automatic=False))
    state, effects = film(*(frame(1000 + 100 * n) for n in range(30)), state=state)
    assert photos(effects) == 0
    assert "Good. Now press the button" in in_english.hint(live_of(state))
    assert "ring" not in in_english.outline(live_of(state)), "nothing fills"
    state, _ = update(state, AutomaticSet(2, automatic=True))
    state, effects = film(frame(4100), state=state)
    assert photos(effects) == 1
    assert "Good. Hold still" in in_english.hint(live_of(state))


@pytest.mark.parametrize("fault", [GLARE, BLUR])
def test_one_bad_frame_starts_the_moment_anew(fault: Finding) -> None:
    state, _ = film(*(frame(1000 + 100 * n) for n in range(15)))
    state, effects = film(frame(2500, fault), frame(2600), frame(2700), state=state)
    assert photos(effects) == 0
    assert live_of(state).coach.good_share < 0.2


def test_hair_and_marks_do_not_hold_the_photo_up() -> None:
    _, effects = film(*(frame(1000 + 100 * n, HAIR) for n in range(20)))
    assert photos(effects) == 1


def test_nothing_is_good_before_the_model_has_answered() -> None:
    state, _ = update(READY, CameraStarted(1))
    for n in range(40):
        state, effects = update(state, frame(1000 + 100 * n))
        assert photos(list(effects)) == 0


def test_no_photo_of_what_the_model_does_not_know() -> None:
    state, _ = update(READY, CameraStarted(1))
    for n in range(40):
        state, effects = update(state, frame(1000 + 100 * n))
        assert photos(list(effects)) == 0
        assert state.in_flight is not None
        unknown = Predicted(state.in_flight.of.id, logits(mel=0.9), 60.0, "wasm", 1.0, 0.0, -9.0)
        state, _ = update(state, unknown)
    assert state.shown.issues == (QualityIssue.UNKNOWN_LESION,)


def outlined(at_ms: float, *findings: Finding) -> Prepared:
    return replace(frame(at_ms, *findings), outline=((0.25, 0.5), (0.5, 0.75), (0.75, 0.5)))


def test_the_ring_fills_and_the_outline_is_drawn() -> None:
    state, _ = film(*(outlined(1000 + 300 * n) for n in range(5)))
    html = in_english.outline(live_of(state))
    assert 'points="25.0,50.0 50.0,75.0 75.0,50.0"' in html
    share = 100 * 900 / GOOD_FOR_MS
    assert f'stroke-dasharray="{share:.0f} 100"' in html
    state, _ = film(outlined(2500, BLUR), state=state)
    assert "ring" not in in_english.outline(live_of(state))


def test_no_outline_is_drawn_that_may_be_wrong() -> None:
    state, _ = film(*(outlined(1000 + 100 * n, GLARE) for n in range(6)))
    assert "polygon" not in in_english.outline(live_of(state)), "not all is well"
    state, _ = film(outlined(2000), state=state)
    assert "polygon" not in in_english.outline(live_of(state)), "only in this one frame"


def test_every_check_is_ticked_but_the_one_that_fails() -> None:
    state, _ = film(frame(1000, BLUR, GLARE))
    html = in_english.checks(live_of(state))
    assert html.count("check-bad") == 2
    assert html.count("check-good") == len(CHECKS) - 2


def test_in_the_dark_nothing_but_the_light_is_told() -> None:
    state, _ = film(frame(1000, finding(QualityIssue.DARK)))
    html = in_english.checks(live_of(state))
    assert html.count("<li") == html.count("check-bad") == 1
    assert "Light: not good yet" in html
    dim, _ = film(frame(1000, finding(QualityIssue.DARK, Severity.WARN)))
    assert in_english.checks(live_of(dim)).count("check-good") == len(CHECKS) - 1


def test_what_is_spoken_is_the_change() -> None:
    state, _ = update(READY, CameraStarted(1))
    assert "camera is on" in in_english.spoken(READY, state)
    blurred, _ = film(frame(1000, BLUR), frame(1000 + STEADY_MS, BLUR), state=state)
    assert in_english.spoken(state, blurred) == "The picture is not sharp. Hold still."
    later, _ = film(frame(1100 + STEADY_MS, BLUR), state=blurred)
    assert in_english.spoken(blurred, later) == ""
    good, _ = film(*(frame(3000 + 100 * n) for n in range(6)), state=state)
    assert in_english.spoken(state, good) == "Good. Hold still"


def after(state: State, *events: Event) -> State:
    for event in events:
        state, _ = update(state, event)
    return state


def test_the_hand_feels_what_changed() -> None:
    state, _ = update(READY, CameraStarted(1))
    assert coach.cue(READY, state) is Cue.NONE
    good, _ = film(*(frame(3000 + 100 * n) for n in range(6)), state=state)
    assert coach.cue(state, good) is Cue.GOOD
    assert coach.cue(good, good) is Cue.NONE
    judged = prepared(photo()), Predicted(1, logits(nv=0.9), 60.0, "wasm", 1.0)
    analysing, result, rejected = (
        after(READY, chosen(photo()), *events)
        for events in ((), judged, (prepared(photo(), QualityIssue.BLUR),))
    )
    assert coach.cue(analysing, result) is Cue.TAKEN
    assert coach.cue(analysing, rejected) is Cue.REFUSED
    assert coach.cue(result, rejected) is Cue.NONE, "an answer to a question did that"


def test_after_three_refusals_in_a_row_another_way_is_offered() -> None:
    state = READY
    for n in range(1, 4):
        assert not coach.offers_upload(state)
        spot = photo(number=n, intent=n)
        state, _ = update(state, chosen(spot))
        state, _ = update(state, prepared(spot, QualityIssue.BLUR))
        assert state.mode is Mode.REJECTED
    assert coach.offers_upload(state)
    spot = photo(number=9, intent=9)
    for event in (
        chosen(spot),
        prepared(spot),
        Predicted(9, logits(), 60.0, "wasm", 1.0),
    ):
        state, _ = update(state, event)
    assert state.mode is Mode.RESULT
    assert not coach.offers_upload(state)


# --- a repeat photo -------------------------------------------------------------------------------

SMALL, LARGE = (
    ((0.5 - r, 0.5 - r), (0.5 + r, 0.5 - r), (0.5 + r, 0.5 + r), (0.5 - r, 0.5 + r))
    for r in (0.15, 0.3)
)


def again(outline: tuple[tuple[float, float], ...], count: int, since_ms: float) -> list[Prepared]:
    """Return frames, a tenth of a second apart, in which the spot lies so."""
    frames = (frame(since_ms + 100 * n) for n in range(count))
    return [replace(each, outline=outline, brightness=120.0) for each in frames]


def repeating() -> State:
    """Return a camera over a spot that an earlier photo shows large."""
    earlier = earlier_of(LARGE, (600, 600), Modality.UNSURE, 120.0)
    return aimed(update(READY, CameraStarted(1))[0], earlier)


def hint_of(state: State) -> str:
    return coach.hint(live_of(state), IN_ENGLISH, state.earlier).text


def test_a_repeat_photo_is_lined_up_with_the_earlier_one() -> None:
    state = repeating()
    assert "Bring the spot onto the earlier photo" in hint_of(state)
    state, effects = film(*again(SMALL, 30, 1000), state=state)
    assert live_of(state).coach.told is Adjustment.CLOSER
    assert "A little closer" in hint_of(state)
    assert photos(effects) == 0, "three good seconds would be enough of a new spot"
    html = coach.outline(live_of(state), state.earlier).text
    assert 'class="earlier" points="20.0,20.0 80.0,20.0' in html
    assert "ring" not in html
    lined_up, effects = film(*again(LARGE, 20, 4000), state=state)
    assert live_of(lined_up).coach.told is View.GOOD
    assert photos(effects) == 1


def test_a_spot_that_has_changed_does_not_wait_for_ever() -> None:
    enough = int((LINE_UP_MS + GOOD_FOR_MS) / 100) + 10
    state, effects = film(*again(SMALL, enough, 1000), state=repeating())
    assert photos(effects) == 1
    assert live_of(state).coach.told is not Adjustment.CLOSER


def test_a_slow_device_does_not_wait_longer() -> None:
    slow = [
        replace(each, of=replace(each.of, started_ms=1000.0 + 1000 * n))
        for n, each in enumerate(again(SMALL, 12, 1000))
    ]
    assert photos(film(*slow, state=repeating())[1]) == 1


def test_what_keeps_a_photo_from_being_judged_is_told_before_what_differs() -> None:
    blurred = [replace(each, findings=(BLUR,)) for each in again(SMALL, 10, 3000)]
    state, _ = film(*again(SMALL, 10, 1000), *blurred, state=repeating())
    assert live_of(state).coach.told == BLUR
    assert live_of(state).coach.lined_up_ms < LINE_UP_MS / 4, "that is no time to line up"


def test_a_view_that_comes_and_goes_does_not_flicker() -> None:
    state, _ = film(*again(LARGE, 10, 1000), *again(SMALL, 2, 2000), state=repeating())
    assert live_of(state).coach.told is View.GOOD
    assert live_of(state).coach.good_share == 0


def test_what_differs_is_spoken_once() -> None:
    state = repeating()
    one, _ = film(*again(SMALL, 10, 1000), state=state)
    assert in_english.spoken(state, one) == "A little closer, as last time"
    two, _ = film(*again(SMALL, 2, 2000), state=one)
    assert in_english.spoken(one, two) == ""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.effects import (
    DecodeFile,
    DecodeOnHost,
    Predict,
    Prepare,
    ReadPhoto,
    RestartEngine,
    ShowActivation,
    ShowPicture,
)
from app.events import (
    ActivationToggled,
    AnswersGiven,
    CameraFailed,
    CameraStarted,
    Crashed,
    EngineFailed,
    EngineReplaced,
    Event,
    FileRead,
    ModalityChosen,
    PhotoUnreadable,
    PictureArrived,
    PictureRefused,
    Predicted,
    PredictionFailed,
    Reset,
    Source,
)
from app.screens.screening.state import Mode, State
from app.screens.screening.update import update
from lentigo.errors import (
    CameraRefusedError,
    EngineTimeoutError,
    Fault,
    HostDecodableError,
    LentigoError,
    NoBackendError,
    NotAPictureError,
    PictureTooLargeError,
)
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from lentigo.triage.checklist import NO_ANSWERS, Answers, BodySite
from tests.unit.builders import (
    SQUARE,
    chosen,
    engine,
    live_frame,
    live_of,
    logits,
    photo,
    photo_of,
    prepared,
    ready,
)

PICTURE = Image.new("RGB", (64, 64))
PHOTO = photo()
READY = ready()


def after(state: State, *events: Event) -> State:
    for event in events:
        state, _ = update(state, event)
    return state


def predicted(number: int = 1, at_ms: float = 1100.0, **given: float) -> Predicted:
    return Predicted(number, logits(**given), 60.0, "wasm", at_ms)


def test_the_page_is_ready_when_an_engine_is() -> None:
    state, effects = update(State(), engine())
    assert (state.mode, effects) == (Mode.READY, ())


def test_a_photo_is_decoded_shown_prepared_predicted_and_answered() -> None:
    state, effects = update(READY, chosen(PHOTO))
    assert (state.mode, effects) == (Mode.ANALYSING, (ReadPhoto(PHOTO.id),))
    state, effects = update(state, FileRead(PHOTO.id, 3, b"abc"))
    assert effects == (DecodeFile(PHOTO, b"abc"),)
    state, effects = update(state, PictureArrived(PHOTO, PICTURE))
    assert effects == (Prepare(PHOTO, PICTURE),)
    state, effects = update(state, prepared(PHOTO))
    assert [type(effect) for effect in effects] == [ShowPicture, Predict]
    state, effects = update(state, predicted(mel=0.3))
    assert (state.mode, effects) == (Mode.RESULT, ())
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.URGENT
    assert state.shown.answer.timings.total_ms == 100.0


def test_a_photo_before_the_engine_waits_and_is_answered() -> None:
    state = after(State(), chosen(PHOTO), PictureArrived(PHOTO, PICTURE))
    state, effects = update(state, prepared(PHOTO))
    assert (state.mode, effects) == (Mode.ANALYSING, (ShowPicture(SQUARE),))
    state, effects = update(state, engine())
    assert state.mode is Mode.ANALYSING
    assert [type(effect) for effect in effects] == [Predict]
    assert after(state, predicted()).mode is Mode.RESULT


def test_a_newer_photo_supersedes_the_one_in_flight() -> None:
    newer = photo(number=2, intent=2)
    state = after(READY, chosen(PHOTO), prepared(PHOTO))
    state = after(state, chosen(newer))
    assert (
        after(state, PictureRefused(PHOTO, NotAPictureError(Fault.EMPTY, name="a.jpg"))).mode
        is Mode.ANALYSING
    )
    state, effects = update(state, prepared(newer))
    assert effects == (ShowPicture(SQUARE),), "at most one request is in flight"
    state, effects = update(state, predicted(1, mel=1.0))
    assert [type(effect) for effect in effects] == [Predict]
    assert state.shown.answer is None
    state = after(state, predicted(2))
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.LOW


def test_an_unusable_photo_is_rejected_without_an_answer() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO, QualityIssue.DARK))
    assert (state.mode, state.shown.issues, state.shown.answer) == (
        Mode.REJECTED,
        (QualityIssue.DARK,),
        None,
    )


def test_a_foreign_file_is_an_error_and_a_good_one_then_works() -> None:
    error = NotAPictureError(Fault.EMPTY, name="a.jpg")
    state = after(READY, chosen(PHOTO), PictureRefused(PHOTO, error))
    assert (state.mode, state.problem) == (Mode.ERROR, error)
    good = photo(number=2, intent=2)
    state = after(state, chosen(good), prepared(good), predicted(2))
    assert (state.mode, state.problem) == (Mode.RESULT, None)


def test_a_file_over_the_limit_is_refused_by_its_size() -> None:
    state, effects = update(after(READY, chosen(PHOTO)), FileRead(PHOTO.id, 300_000_000, b""))
    assert effects == ()
    assert isinstance(state.problem, PictureTooLargeError)
    assert state.problem.values["megabytes"] == 300


def test_a_heic_file_goes_to_the_browser_and_comes_back_as_a_picture() -> None:
    state = after(READY, chosen(PHOTO))
    state, effects = update(state, PictureRefused(PHOTO, HostDecodableError(Fault.MISTAKE)))
    assert (state.mode, effects) == (Mode.ANALYSING, (DecodeOnHost(PHOTO.id),))
    state, effects = update(state, PictureArrived(PHOTO, PICTURE))
    assert effects == (Prepare(PHOTO, PICTURE),)
    assert state.problem is None


def test_a_picture_that_the_browser_decodes_may_be_too_small_as_well() -> None:
    state = after(READY, chosen(PHOTO), PictureRefused(PHOTO, HostDecodableError(Fault.MISTAKE)))
    state, effects = update(state, PictureArrived(PHOTO, Image.new("RGB", (1024, 40))))
    assert (state.mode, effects) == (Mode.ERROR, ())
    assert "width_px=1024, height_px=40" in str(state.problem)


def test_a_heic_file_that_the_browser_lacks_too_names_the_format() -> None:
    error = HostDecodableError(Fault.MISTAKE)
    state = after(READY, chosen(PHOTO), PictureRefused(PHOTO, error))
    state = after(state, PhotoUnreadable(PHOTO.id, LentigoError(Fault.MISTAKE)))
    assert (state.mode, state.problem) == (Mode.ERROR, error)


def live_state() -> State:
    return after(READY, CameraStarted(2))


def frame(number: int) -> PictureArrived:
    return PictureArrived(live_frame(number, intent=2), PICTURE)


def test_the_camera_before_the_engine_goes_live_when_it_comes() -> None:
    state = after(State(), CameraStarted(1))
    assert state.mode is Mode.BOOTING
    assert after(state, engine()).mode is Mode.LIVE


def test_of_live_frames_one_is_in_flight_and_only_the_newest_waits() -> None:
    state, effects = update(live_state(), frame(1))
    assert [type(effect) for effect in effects] == [Prepare]
    first, second, third = (prepared(live_frame(number, 2)) for number in (1, 2, 3))
    state, effects = update(state, first)
    assert effects == (Predict(first),)
    state, effects = update(state, second)
    assert effects == ()
    state, effects = update(state, third)
    assert effects == ()
    state, effects = update(state, predicted(1))
    assert effects == (Predict(third),)
    assert state.waiting is None


def test_a_waiting_frame_is_dropped_when_the_view_cannot_be_judged() -> None:
    state = after(live_state(), prepared(live_frame(1, 2)))
    state = after(state, prepared(live_frame(2, 2)))
    state = after(state, prepared(live_frame(3, 2), QualityIssue.DARK))
    assert update(state, predicted(1))[1] == ()


def test_a_live_frame_that_cannot_be_judged_takes_the_answer_away() -> None:
    state = after(live_state(), prepared(live_frame(1, 2)), predicted(1, mel=0.9))
    assert state.shown.answer is not None
    state = after(state, prepared(live_frame(2, 2), QualityIssue.DARK))
    assert (state.mode, state.shown.answer, live_of(state).history.frames) == (Mode.LIVE, None, ())


def test_the_rate_counts_the_live_answers() -> None:
    state = live_state()
    assert live_of(state).rate_hz is None
    for number in range(1, 4):
        state = after(state, prepared(live_frame(number, 2)))
        state = after(state, predicted(number, at_ms=1000.0 + 125 * number))
    assert live_of(state).rate_hz == pytest.approx(8.0)


def test_the_shutter_freezes_a_frame_and_keeps_its_alarm() -> None:
    state = live_state()
    for number in range(1, 6):
        state = after(state, prepared(live_frame(number, 2)), predicted(number))
    still = photo(Source.CAPTURE, 9, intent=3)
    state, effects = update(state, chosen(still))
    assert (state.mode, effects) == (Mode.ANALYSING, (ReadPhoto(still.id),))
    state, effects = update(state, PictureArrived(still, PICTURE))
    assert effects == (Prepare(still, PICTURE),)
    state = after(state, prepared(still), predicted(9, mel=0.25))
    assert state.mode is Mode.RESULT
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.URGENT


def test_a_live_answer_that_comes_after_the_shutter_is_dropped() -> None:
    state = after(live_state(), prepared(live_frame(1, 2)))
    still = photo(Source.CAPTURE, 9, intent=3)
    state = after(state, chosen(still), PictureArrived(still, PICTURE), prepared(still))
    state, effects = update(state, predicted(1, mel=1.0))
    assert state.shown.answer is None
    assert [type(effect) for effect in effects] == [Predict]


def test_frames_after_the_camera_stopped_are_dropped() -> None:
    state, effects = update(after(live_state(), Reset(3)), frame(1))
    assert (state.mode, effects) == (Mode.READY, ())


def test_a_refused_camera_is_an_error_with_a_remedy_and_an_upload_then_works() -> None:
    state = after(READY, CameraFailed(1, CameraRefusedError(Fault.CAMERA_REFUSED)))
    assert state.mode is Mode.ERROR
    assert after(state, chosen(photo(intent=2))).mode is Mode.ANALYSING


def test_a_new_engine_is_asked_what_the_old_one_left_open() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO))
    state, effects = update(state, EngineReplaced())
    assert (state.mode, state.session.running, effects) == (Mode.ANALYSING, None, ())
    state, effects = update(state, engine("wasm"))
    assert [type(effect) for effect in effects] == [Predict]
    assert after(state, predicted()).mode is Mode.RESULT


def test_a_new_engine_that_nobody_waits_for_changes_nothing_that_is_shown() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO), predicted())
    replaced = after(state, EngineReplaced())
    assert (replaced.mode, replaced.shown) == (Mode.RESULT, state.shown)
    assert update(replaced, engine("wasm")) == (state, ())


def test_a_backend_that_fails_is_left_out_and_the_photo_asked_again() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO))
    state, effects = update(
        state, PredictionFailed(PHOTO.id, EngineTimeoutError(Fault.MODEL_NOT_LOADED))
    )
    assert effects == (RestartEngine(("wasm",)),)
    assert after(state, EngineReplaced(), engine("cpu"), predicted()).mode is Mode.RESULT


def test_a_photo_in_flight_outlives_its_engine_beside_a_live_frame() -> None:
    state = after(READY, chosen(PHOTO, photo(number=2)), prepared(PHOTO), CameraStarted(2))
    state = after(state, prepared(live_frame(5, 2)), EngineReplaced())
    _, (sent,) = update(state, engine())
    assert isinstance(sent, Predict)
    assert sent.prepared.of == PHOTO


def test_when_the_last_backend_fails_the_visitor_is_told() -> None:
    state = after(READY, engine("cpu"), chosen(PHOTO))
    error = EngineTimeoutError(Fault.MODEL_NOT_LOADED)
    state, effects = update(after(state, prepared(PHOTO)), PredictionFailed(PHOTO.id, error))
    assert (state.mode, state.problem, effects) == (Mode.ERROR, error, ())


def test_no_engine_at_all_is_an_error_that_stays() -> None:
    error = NoBackendError(Fault.MODEL_NOT_LOADED)
    state = after(State(), EngineFailed(error))
    assert (state.mode, state.problem) == (Mode.ERROR, error)
    state = after(state, chosen(PHOTO), prepared(PHOTO))
    assert (state.mode, state.problem) == (Mode.ERROR, error)
    assert after(state, Reset(5)).mode is Mode.ERROR
    assert after(state, CameraStarted(6)).mode is Mode.ERROR


def test_an_engine_that_is_replaced_after_all_failed_is_an_error_until_it_is_ready() -> None:
    state = after(READY, EngineFailed(NoBackendError(Fault.NO_BACKEND, reasons="none")))
    assert after(state, EngineReplaced()).mode is Mode.ERROR
    assert after(state, EngineReplaced(), engine()).mode is Mode.READY


def test_an_engine_that_fails_later_leaves_the_answer() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO), predicted())
    assert after(state, EngineFailed(NoBackendError(Fault.MODEL_NOT_LOADED))).mode is Mode.RESULT


def test_starting_again_forgets_the_picture_and_keeps_the_engine() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO), predicted(), Reset(7))
    assert (state.mode, state.session.intent, state.shown.answer) == (Mode.READY, 7, None)
    assert state.session.engine is READY.session.engine


def test_a_mistake_over_an_act_is_told_as_an_answer_to_it() -> None:
    state = after(READY, Crashed(LentigoError(Fault.MISTAKE), intent=7))
    assert (state.mode, state.session.intent) == (Mode.ERROR, 7)


def test_a_mistake_of_the_program_is_shown() -> None:
    state = after(READY, chosen(PHOTO), Crashed(LentigoError(Fault.MISTAKE)))
    assert state.mode is Mode.ERROR


# --- the modality --------------------------------------------------------------------------------

SHOWN = (chosen(PHOTO), PictureArrived(PHOTO, PICTURE), prepared(PHOTO))
# certain_from is 0.9, whose logit is 2.2.
DERMOSCOPE, CAMERA, UNCLEAR = 3.0, -3.0, 0.5


def told(modality: float | None, mel: float) -> State:
    return after(READY, *SHOWN, replace(predicted(mel=mel), modality=modality))


@pytest.mark.parametrize(
    ("logit", "modality", "priority"),
    [
        (DERMOSCOPE, Modality.DERMOSCOPIC, Priority.URGENT),
        (CAMERA, Modality.CAMERA, Priority.LOW),
        (UNCLEAR, Modality.UNSURE, Priority.URGENT),
        (None, Modality.UNSURE, Priority.URGENT),
    ],
)
def test_the_scale_is_that_of_the_way_the_picture_was_taken(
    logit: float | None, modality: Modality, priority: Priority
) -> None:
    # p(mel) asks from 0.2 for urgent through a dermoscope, and for nothing at 0.3 with a camera.
    answer = told(logit, mel=0.3).shown.answer
    assert answer is not None
    assert (answer.modality, answer.assessment.priority) == (modality, priority)


def test_a_corrected_modality_is_assessed_again_without_a_prediction() -> None:
    state = told(CAMERA, mel=0.3)
    state, effects = update(state, ModalityChosen(8, Modality.DERMOSCOPIC, 1))
    assert (state.mode, state.session.intent, effects) == (Mode.RESULT, 8, ())
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.URGENT
    assert state.shown.answer.modality is Modality.DERMOSCOPIC
    state = after(state, ModalityChosen(9, Modality.CAMERA, 1))
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.LOW


def test_a_corrected_capture_keeps_the_alarm_of_its_own_frame() -> None:
    state = live_state()
    for number in range(1, 5):
        state = after(state, prepared(live_frame(number, 2)), predicted(number))
    still = photo(Source.CAPTURE, 9, intent=3)
    state = after(state, chosen(still), PictureArrived(still, PICTURE), prepared(still))
    state = after(state, replace(predicted(9, mel=0.3), modality=CAMERA))
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.LOW
    state = after(state, ModalityChosen(4, Modality.DERMOSCOPIC, 9))
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.URGENT


def test_a_modality_without_an_answer_changes_nothing_but_the_intent() -> None:
    state, effects = update(READY, ModalityChosen(8, Modality.CAMERA, 1))
    assert (state, effects) == (replace(READY, session=replace(READY.session, intent=8)), ())


# --- what the answer rests on --------------------------------------------------------------------


def explained() -> State:
    maps = np.zeros((7, 7, 7), dtype=np.float32)
    return after(READY, *SHOWN, replace(predicted(), maps=maps))


def test_the_map_of_the_answer_is_shown_and_hidden_on_request() -> None:
    state, effects = update(explained(), ActivationToggled(2, 1))
    assert photo_of(state).activation_shown
    assert [type(effect) for effect in effects] == [ShowActivation]
    state, effects = update(state, ActivationToggled(3, 1))
    assert (photo_of(state).activation_shown, effects) == (False, (ShowPicture(SQUARE),))


@pytest.mark.parametrize("state", [READY, after(READY, *SHOWN, predicted())])
def test_without_maps_there_is_nothing_to_show(state: State) -> None:
    toggled, effects = update(state, ActivationToggled(2, 1))
    assert (toggled, effects) == (replace(state, session=replace(state.session, intent=2)), ())


def test_a_new_photo_is_shown_without_the_map() -> None:
    newer = photo(number=2, intent=4)
    state = after(explained(), ActivationToggled(3, 1), chosen(newer))
    assert not photo_of(state).activation_shown


# --- what the model does not know ----------------------------------------------------------------


def unfamiliar(number: int = 1, lesion: float = -1.0) -> Predicted:
    return replace(predicted(number, mel=0.9), lesion=lesion)


def test_a_photo_of_something_else_is_rejected_without_an_answer() -> None:
    state = after(READY, *SHOWN, unfamiliar())
    assert (state.mode, state.shown.answer) == (Mode.REJECTED, None)
    assert state.shown.issues == (QualityIssue.UNKNOWN_LESION,)


def test_a_photo_that_the_model_knows_is_answered() -> None:
    assert after(READY, *SHOWN, unfamiliar(lesion=1.0)).mode is Mode.RESULT


def test_a_live_frame_of_something_else_gets_no_label() -> None:
    state = after(live_state(), prepared(live_frame(1, 2)), predicted(1, mel=0.9))
    assert state.shown.answer is not None
    state = after(state, prepared(live_frame(2, 2)), unfamiliar(2))
    assert (state.mode, state.shown.answer) == (Mode.LIVE, None)
    assert state.shown.issues == (QualityIssue.UNKNOWN_LESION,)
    assert live_of(state).history.frames == ()


def test_the_verdict_stands_until_the_model_has_seen_another_frame() -> None:
    state = after(live_state(), prepared(live_frame(1, 2)), unfamiliar())
    state = after(state, prepared(live_frame(2, 2)))
    assert state.shown.issues == (QualityIssue.UNKNOWN_LESION,)
    state = after(state, predicted(2))
    assert state.shown.issues == ()
    assert state.shown.answer is not None


def test_the_next_live_frame_goes_to_the_model_after_one_that_it_does_not_know() -> None:
    state = after(live_state(), prepared(live_frame(1, 2)))
    waiting = prepared(live_frame(2, 2))
    state = after(state, waiting)
    assert update(state, unfamiliar())[1] == (Predict(waiting),)


def test_an_answer_raises_the_priority_of_a_judged_picture_and_taking_it_back_lowers_it_again() -> (
    None
):
    state = after(READY, chosen(PHOTO), prepared(PHOTO), predicted(nv=0.9))
    assert state.triage.priority is Priority.LOW
    state = after(state, AnswersGiven(2, Answers(bleeding=True), 1))
    assert (state.mode, state.session.intent) == (Mode.RESULT, 2)
    assert state.triage.priority.severity > Priority.LOW.severity
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.LOW, "the picture's own stays"
    assert after(state, AnswersGiven(3, NO_ANSWERS, 1)).triage.priority is Priority.LOW


def test_a_place_outside_what_the_model_knows_takes_the_label_away_and_back() -> None:
    state = after(READY, chosen(PHOTO), prepared(PHOTO), predicted(mel=0.9))
    nail = AnswersGiven(2, Answers(body_site=BodySite.NAIL), 1)
    outside = after(state, nail)
    assert (outside.mode, outside.triage.label) == (Mode.REJECTED, None)
    assert outside.triage.priority is Priority.URGENT, "the alarm stays, without its name"
    assert after(outside, AnswersGiven(3, NO_ANSWERS, 1)).mode is Mode.RESULT


def test_a_map_is_taken_off_with_the_label() -> None:
    maps = np.zeros((7, 7, 7), dtype=np.float32)
    answer = Predicted(1, logits(mel=0.9), 60.0, "wasm", 1100.0, maps=maps)
    state = after(READY, chosen(PHOTO), PictureArrived(PHOTO, PICTURE), prepared(PHOTO), answer)
    state = after(state, ActivationToggled(2, 1))
    assert photo_of(state).activation_shown
    state, effects = update(state, AnswersGiven(3, Answers(body_site=BodySite.NAIL), 1))
    assert not photo_of(state).activation_shown
    assert [type(effect) for effect in effects] == [ShowPicture]


def test_what_was_said_before_the_photo_counts_for_it() -> None:
    state = after(READY, AnswersGiven(1, Answers(bleeding=True), None))
    assert state.mode is Mode.READY
    asked = state.triage.priority
    state = after(state, chosen(PHOTO), prepared(PHOTO, QualityIssue.BLUR))
    assert (state.mode, state.triage.priority) == (Mode.REJECTED, asked)


def test_a_sharper_frame_counts_for_more() -> None:
    state = after(READY, CameraStarted(1))
    for number, (sharpness, mel) in enumerate([(0.3, 0.001), (0.1, 0.99)]):
        frame = replace(prepared(live_frame(number)), sharpness=sharpness)
        state = after(state, frame, predicted(number, mel=mel))
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.probabilities[4] == pytest.approx(0.248, abs=1e-3)


def test_frames_that_disagree_leave_no_reassurance() -> None:
    state = after(READY, CameraStarted(1))
    for number, top in enumerate(["nv", "bkl", "df", "nv"]):
        frame = prepared(live_frame(number))
        state = after(state, frame, predicted(number, **{"nv": 0.01, top: 0.98}))
    assert state.shown.answer is not None
    assert state.shown.answer.assessment.priority is Priority.LOW
    assert state.triage.priority is Priority.UNCERTAIN

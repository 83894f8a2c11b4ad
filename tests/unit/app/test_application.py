import io
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.application import Application
from app.bridge.parse import VERSION, UnwantedMessageError, parse_engine, parse_host
from app.events import (
    ActivationToggled,
    AnswersGiven,
    AutomaticSet,
    CameraFailed,
    CameraStalled,
    CameraStarted,
    CameraStopped,
    EngineFailed,
    EngineLoaded,
    FileRead,
    Frame,
    KnownPhoto,
    KnownSpot,
    ModalityChosen,
    Navigated,
    PageEvent,
    Photo,
    PhotoOpened,
    PhotosChosen,
    PhotoUnreadable,
    PictureArrived,
    Predicted,
    PredictionFailed,
    ReminderWanted,
    ReportWanted,
    Reset,
    ResetRefused,
    Resumed,
    Source,
)
from app.keep.document import Report
from app.keep.moment import Moment
from app.keep.reminder import Reminder
from app.page import Page, view
from app.ports import Patch, Wanted
from app.route import Route
from app.spots.effects import OpenStore, ReadPictures, RestoreStore, SpotsEffect, WriteStore
from app.spots.events import (
    OverviewChosen,
    OverviewDeleted,
    OverviewDropped,
    OverviewMarked,
    OverviewOpened,
)
from lentigo.diagnosis import Diagnosis
from lentigo.errors import CameraRefusedError, EngineTimeoutError, Fault, ManifestError
from lentigo.model.modality import Modality
from lentigo.picture.preprocess import to_model_input, views
from lentigo.triage.checklist import NO_ANSWERS, Answers, SkinType
from tests.unit.app.keep.moments import NOON
from tests.unit.builders import chosen, engine, live_frame, logits, manifest_document, photo


@dataclass
class RecordingHost:
    patches: list[Patch] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    decoded: list[int] = field(default_factory=list)
    restarts: list[tuple[str, ...]] = field(default_factory=list)
    photos: int = 0
    given: list[Report | Reminder] = field(default_factory=list)
    asked: list[SpotsEffect] = field(default_factory=list)

    def patch(self, patch: Patch) -> None:
        self.patches.append(patch)

    def show_picture(self, picture: Image.Image) -> None:
        self.pictures.append(picture)

    def read_photo(self, photo_id: int) -> None:
        self.read.append(photo_id)

    def decode_photo(self, photo_id: int) -> None:
        self.decoded.append(photo_id)

    def press_shutter(self) -> None:
        self.photos += 1

    def give_report(self, report: Report) -> None:
        self.given.append(report)

    def give_reminder(self, reminder: Reminder) -> None:
        self.given.append(reminder)

    def restart_engine(self, excluded: tuple[str, ...]) -> None:
        self.restarts.append(excluded)

    def open_store(self) -> None:
        self.asked.append(OpenStore())

    def write_store(self, write: WriteStore) -> None:
        self.asked.append(write)

    def restore_store(self, restore: RestoreStore) -> None:
        self.asked.append(restore)

    def read_pictures(self, read: ReadPictures) -> None:
        self.asked.append(read)


@dataclass
class RecordingEngine:
    requests: list[tuple[int, NDArray[np.float32]]] = field(default_factory=list)
    wanted: list[tuple[Wanted, ...]] = field(default_factory=list)

    def predict(
        self, request_id: int, pixels: NDArray[np.float32], wanted: tuple[Wanted, ...] = ()
    ) -> None:
        self.requests.append((request_id, pixels))
        self.wanted.append(wanted)


@dataclass
class SteppingClock:
    ms: float = 1000.0

    def now_ms(self) -> float:
        self.ms += 1
        return self.ms


def spot_png(size: tuple[int, int] = (320, 240)) -> tuple[Image.Image, bytes]:
    pixels = np.full((size[1], size[0], 3), (210, 170, 150), dtype=np.float64)
    pixels[80:160, 120:200] = (90, 50, 40)
    # Skin's own colours, coarser than the small copy's pixels: without them it is a grey picture.
    mottle = np.random.default_rng(2).normal(0.0, 8.0, (size[1] // 8, size[0] // 8, 3))
    pixels += mottle.repeat(8, axis=0).repeat(8, axis=1)
    picture = Image.fromarray(pixels.astype(np.uint8))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return picture, buffer.getvalue()


def started() -> tuple[Application, RecordingHost, RecordingEngine, SteppingClock]:
    host, model, clock = RecordingHost(), RecordingEngine(), SteppingClock()
    application = Application(host, model, clock)
    application.handle(engine())
    return application, host, model, clock


def choose(application: Application, data: bytes, number: int = 1) -> None:
    """Choose a file, and have the host read it."""
    application.handle(chosen(photo(number=number, intent=number)))
    application.handle(FileRead(number, len(data), data))


def test_a_photo_goes_through_the_whole_application() -> None:
    application, host, model, _ = started()
    picture, data = spot_png()
    choose(application, data)
    request_id, pixels = model.requests[0]
    assert np.array_equal(pixels, views(to_model_input(picture))), "one definition of preprocessing"
    assert host.pictures[0].size == (640, 640)
    application.handle(Predicted(request_id, logits(mel=0.9), 60.0, "wasm", 1300.0))
    assert [patch.state for patch in host.patches] == ["ready", "analysing", "analysing", "result"]
    assert 'data-priority="urgent"' in host.patches[-1].regions["answer"].text


def test_what_the_answer_rests_on_is_laid_over_the_picture_and_taken_off_again() -> None:
    application, host, model, _ = started()
    _, data = spot_png()
    choose(application, data)
    maps = np.zeros((7, 7, 7), dtype=np.float32)
    maps[3, 3, list(Diagnosis).index(Diagnosis.MEL)] = 1.0
    request_id, _ = model.requests[0]
    answered = Predicted(request_id, logits(mel=0.9), 60.0, "wasm", 1300.0, maps=maps)
    application.handle(answered)
    application.handle(ActivationToggled(2, 1))
    application.handle(ActivationToggled(3, 1))
    plain, overlaid, restored = (np.asarray(picture) for picture in host.pictures)
    assert overlaid.shape == plain.shape
    assert (overlaid[320, 320] != plain[320, 320]).any(), "the middle speaks for it"
    assert np.array_equal(overlaid[0, 0], plain[0, 0]), "the corner does not"
    assert np.array_equal(restored, plain)
    assert host.patches[-1].intent == 3


def test_what_the_visitor_wants_to_keep_is_given_to_them() -> None:
    application, host, model, _ = started()
    choose(application, spot_png()[1])
    application.handle(Predicted(model.requests[0][0], logits(mel=0.9), 60.0, "wasm", 1300.0))
    application.handle(ReportWanted(2, 1, NOON))
    application.handle(ReminderWanted(3, 1, NOON))
    report, reminder = host.given
    assert isinstance(report, Report)
    assert isinstance(reminder, Reminder)
    assert Image.open(io.BytesIO(report.figures[0].jpeg)).size == (640, 640)
    assert reminder.name == "reminder-2026-12-07.ics"
    assert [patch.regions for patch in host.patches[-2:]] == [{}, {}]


def test_the_first_word_is_the_whole_page() -> None:
    host = RecordingHost()
    Application(host, RecordingEngine(), SteppingClock()).greet()
    assert host.patches[0].state == "booting"
    assert set(host.patches[0].regions) == set(view(Page()))


def test_only_regions_that_changed_are_sent() -> None:
    application, host, _, _ = started()
    application.handle(Reset(4))
    assert host.patches[-1].regions == {}
    assert host.patches[-1].intent == 4


def test_an_event_that_changes_nothing_sends_nothing() -> None:
    application, host, _, _ = started()
    before = len(host.patches)
    application.handle(PredictionFailed(99, EngineTimeoutError(Fault.MODEL_NOT_LOADED)))
    assert len(host.patches) == before


def test_a_live_frame_is_answered_even_when_nothing_changed() -> None:
    application, host, _, _ = started()
    picture, _ = spot_png()
    application.handle(PictureArrived(live_frame(7), picture), 7)
    assert host.patches[-1].frame == 7


def test_maps_are_asked_for_of_photos_only() -> None:
    application, _, model, _ = started()
    picture, data = spot_png()
    application.handle(CameraStarted(1))
    application.handle(PictureArrived(live_frame(7), picture), 7)
    application.handle(Predicted(7, logits(mel=0.9), 60.0, "wasm", 1300.0))
    choose(application, data, number=8)
    assert [number for number, _ in model.requests] == [7, 8]
    assert model.wanted == [(), (Wanted.MAPS,)]


def test_a_broken_file_reaches_the_page_as_an_error() -> None:
    application, host, model, _ = started()
    choose(application, b"hello")
    assert host.patches[-1].state == "error"
    assert "holds text" in host.patches[-1].regions["answer"].text
    # Its frames would hold the file for as long as the message stands.
    assert application.page.screening.problem is not None
    assert application.page.screening.problem.__traceback__ is None
    assert model.requests == []


# When the visitor acted, as the host says it.
AT = {"since_epoch_ms": 9.5, "ahead_of_utc_min": -60}

# --- messages ------------------------------------------------------------------------------------


def wire(**message: Any) -> dict[str, Any]:
    return {"v": VERSION, "intent": 3, **message}


def test_chosen_photos_are_named_in_one_message() -> None:
    photos = [{"id": 4, "name": "a.jpg"}, {"id": 5, "name": ""}]
    message = wire(
        kind="photos", source="photo", photos=photos, replaces=2, joins=None, started_ms=9.5
    )
    event, frame = parse_host(message, 0.0)
    first, second = (Photo(n, 3, Source.CHOSEN, 9.5, name) for n, name in ((4, "a.jpg"), (5, "")))
    assert (event, frame) == (PhotosChosen(3, (first, second), 2), None)


def test_a_file_message_becomes_a_read_file() -> None:
    event, frame = parse_host(wire(kind="file", id=4, size=3, bytes=b"abc"), 0.0)
    assert (event, frame) == (FileRead(4, 3, b"abc"), None)


@pytest.mark.parametrize(
    ("purpose", "of", "answered"),
    [
        ("live", Frame(8, 3, 1.0), 8),
        ("photo", Photo(8, 3, Source.CHOSEN, 1.0), None),
        ("capture", Photo(8, 3, Source.CAPTURE, 1.0), None),
    ],
)
def test_a_frame_message_becomes_a_picture(
    purpose: str, of: Photo | Frame, answered: int | None
) -> None:
    message = wire(
        kind="frame", id=8, purpose=purpose, rgba=bytes(24), width=3, height=2, started_ms=1.0
    )
    event, frame = parse_host(message, 0.0)
    assert isinstance(event, PictureArrived)
    assert (event.of, event.picture.size, frame) == (of, (3, 2), answered)


@pytest.mark.parametrize(
    ("action", "payload", "event"),
    [
        ("reset", {}, Reset(3)),
        ("reset", {"confirmed": "true"}, Reset(3, confirmed=True)),
        ("reset-refused", {}, ResetRefused(3)),
        ("next-person", {}, Reset(3, next_person=True)),
        ("next-person", {"confirmed": "true"}, Reset(3, confirmed=True, next_person=True)),
        ("report", {"photo": "4", "at": AT}, ReportWanted(3, 4, Moment(9.5, -60))),
        ("remind", {"at": AT}, ReminderWanted(3, None, Moment(9.5, -60))),
        ("open-photo", {"photo": "4"}, PhotoOpened(3, 4)),
        ("activation-toggled", {"testid": "activation", "photo": "4"}, ActivationToggled(3, 4)),
        (
            "modality-chosen",
            {"modality": "camera", "photo": "4"},
            ModalityChosen(3, Modality.CAMERA, 4),
        ),
        (
            "answers",
            {"photo": "4", "answers": {"bleeding": True, "skin-type": "IV"}},
            AnswersGiven(3, Answers(bleeding=True, skin_type=SkinType.IV), 4),
        ),
        ("answers", {"answers": {}}, AnswersGiven(3, NO_ANSWERS, None)),
        ("forget-answers", {"photo": "4"}, AnswersGiven(3, NO_ANSWERS, 4)),
        (
            "camera-started",
            {"replaces": None, "joins": None, "automatic": True},
            CameraStarted(3),
        ),
        (
            "camera-started",
            {"replaces": 4, "joins": None, "automatic": False},
            CameraStarted(3, 4, automatic=False),
        ),
        (
            "camera-started",
            {"replaces": None, "joins": 4, "automatic": True},
            CameraStarted(3, joins=4),
        ),
        ("automatic-set", {"automatic": True}, AutomaticSet(3, True)),
        ("navigated", {"route": "facts", "spot": None}, Navigated(3, Route.FACTS)),
        ("navigated", {"route": "spot", "spot": "s"}, Navigated(3, Route.SPOT, "s")),
        (
            "overview-chosen",
            {"spot": "s", "photo": {"id": 7, "name": "arm.jpg"}, "started_ms": 9.0},
            OverviewChosen(3, "s", Photo(7, 3, Source.CHOSEN, 9.0, "arm.jpg")),
        ),
        (
            "overview-marked",
            {"spot": "s", "fields": {"x": "0.25", "y": "1"}, "ids": ["n"]},
            OverviewMarked(3, "s", 0.25, 1.0, ("n",)),
        ),
        ("overview-opened", {"spot": "s"}, OverviewOpened(3, "s")),
        ("overview-dropped", {}, OverviewDropped(3)),
        ("overview-deleted", {"spot": "s"}, OverviewDeleted(3, "s")),
        (
            "overview-deleted",
            {"spot": "s", "confirmed": "yes"},
            OverviewDeleted(3, "s", confirmed=True),
        ),
        ("camera-stopped", {}, CameraStopped(3)),
        ("camera-stalled", {}, CameraStalled(3)),
    ],
)
def test_actions_become_events(action: str, payload: dict[str, Any], event: PageEvent) -> None:
    assert parse_host(wire(kind="event", action=action, payload=payload), 0.0)[0] == event


NO_FAULT: dict[str, Any] = {"detail": "", "fault": "", "values": {}}


def test_actions_that_tell_of_an_error_bring_it() -> None:
    error = {"name": "NotAllowedError", "message": "no", **NO_FAULT}
    failed, _ = parse_host(wire(kind="event", action="camera-failed", payload=error), 0.0)
    assert isinstance(failed, CameraFailed)
    assert isinstance(failed.error, CameraRefusedError)
    dead = {"name": "EngineTimeoutError", "message": "no progress", **NO_FAULT}
    failed, _ = parse_host(wire(kind="event", action="engine-failed", payload=dead), 0.0)
    assert isinstance(failed, EngineFailed)
    assert isinstance(failed.error, EngineTimeoutError)


def test_an_unreadable_photo_becomes_its_error() -> None:
    error = {"name": "InvalidStateError", "message": "cannot decode", **NO_FAULT}
    event, _ = parse_host(wire(kind="unreadable", id=4, error=error), 0.0)
    assert isinstance(event, PhotoUnreadable)
    assert event.photo_id == 4


def test_another_application_is_told_what_this_one_knew() -> None:
    application, host, _, _ = started()
    first, second, third = (photo(number=number) for number in (1, 2, 3))
    application.handle(chosen(first, second))
    application.handle(chosen(third, joins=2))
    application.handle(ModalityChosen(1, Modality.DERMOSCOPIC, 3))
    application.handle(AnswersGiven(2, Answers(bleeding=True, skin_type=SkinType.IV), 2))
    application.handle(ModalityChosen(3, Modality.CAMERA, 2))
    application.handle(PhotoOpened(4, 2))
    memento = next(patch.memento for patch in reversed(host.patches) if patch.memento)
    event, _ = parse_host(wire(kind="resume", memento=memento) | {"intent": 9}, 0.0)
    more = (KnownPhoto(third, Modality.DERMOSCOPIC),)
    spots = (
        KnownSpot(first, NO_ANSWERS, False, None),
        KnownSpot(second, Answers(bleeding=True), False, Modality.CAMERA, more),
    )
    assert memento is not None
    assert json.loads(memento)["photos"] == [1, 2, 3], "the host holds what is added as well"
    assert event == Resumed(9, spots, 2, Answers(skin_type=SkinType.IV), NO_ANSWERS)


def test_the_application_that_takes_over_looks_at_the_opened_photo_first() -> None:
    application, host, _, _ = started()
    spots = tuple(KnownSpot(photo(number=n), NO_ANSWERS, False, None) for n in (1, 2, 3))
    application.handle(Resumed(7, spots, 2, NO_ANSWERS, NO_ANSWERS))
    assert (host.read, host.patches[-1].state) == ([2], "analysing")


def loaded_message(manifest: str) -> dict[str, Any]:
    return {
        "v": VERSION,
        "kind": "loaded",
        "manifest": manifest,
        "variant": "float16",
        "backend": "wasm",
        "adapter": "",
        "warmup_ms": 10,
        "parity_error": 0.001,
        "skipped": [],
    }


def test_a_loaded_engine_brings_its_manifest() -> None:
    event, _ = parse_engine(loaded_message(json.dumps(manifest_document())), 0.0)
    assert isinstance(event, EngineLoaded)
    assert (event.manifest.id, event.backend) == ("test-model", "wasm")


def test_an_engine_with_a_broken_manifest_has_failed() -> None:
    event, _ = parse_engine(loaded_message("{}"), 0.0)
    assert isinstance(event, EngineFailed)
    assert isinstance(event.error, ManifestError)


NOT_TOLD = ("modality", "lesion", "melanoma", "malignancy", "nail", "maps")


def prediction_message(**changes: Any) -> dict[str, Any]:
    return {
        "v": VERSION,
        "kind": "prediction",
        "id": 2,
        "logits": [0.0] * 7,
        "embedding": [],
        "modality": 1.5,
        "lesion": -0.5,
        "melanoma": -2.5,
        "malignancy": 0.25,
        "nail": -4.0,
        "maps": list(range(7 * 7 * 7)),
        "inference_ms": 61,
        "backend": "wasm",
        **changes,
    }


def test_predictions_are_stamped_with_the_time_of_their_arrival() -> None:
    event, _ = parse_engine(prediction_message(), 77.0)
    assert event == Predicted(2, (0.0,) * 7, 61.0, "wasm", 77.0, 1.5, -0.5, -2.5, 0.25, -4.0)


def test_maps_arrive_as_rows_columns_and_channels() -> None:
    event, _ = parse_engine(prediction_message(), 77.0)
    assert isinstance(event, Predicted)
    assert event.maps is not None
    assert event.maps.shape == (7, 7, 7)
    assert event.maps.dtype == np.float32
    assert event.maps[2, 3, 4] == (2 * 7 + 3) * 7 + 4


def test_what_a_model_does_not_tell_is_none() -> None:
    event, _ = parse_engine(prediction_message(**dict.fromkeys(NOT_TOLD)), 77.0)
    assert isinstance(event, Predicted)
    assert {getattr(event, name) for name in NOT_TOLD} == {None}


@pytest.mark.parametrize("wrong", [{"logits": [0.0] * 6}, {"maps": [0.0] * 49}])
def test_an_answer_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    event, _ = parse_engine(prediction_message(**wrong), 77.0)
    assert isinstance(event, PredictionFailed)


def test_the_download_is_none_of_pythons_business() -> None:
    with pytest.raises(UnwantedMessageError):
        parse_engine({"v": VERSION, "kind": "progress"}, 0.0)


@pytest.mark.parametrize("parse", [parse_host, parse_engine])
def test_unknown_messages_and_versions_are_refused(parse: Any) -> None:
    with pytest.raises(ValueError, match="protocol 1"):
        parse(wire(kind="file") | {"v": 1}, 0.0)
    with pytest.raises(ValueError, match="no message of kind 'nonsense'"):
        parse(wire(kind="nonsense"), 0.0)

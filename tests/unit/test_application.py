import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.application import Application
from app.bridge.parse import UnwantedMessageError, parse_engine, parse_host
from app.events import (
    ActivationToggled,
    AnswersGiven,
    CameraFailed,
    CameraStarted,
    EngineFailed,
    EngineLoaded,
    Event,
    FileChosen,
    FileUndecodable,
    ModalityChosen,
    PictureArrived,
    Predicted,
    PredictionFailed,
    PredictionLate,
    Reset,
    Source,
)
from app.ports import Patch
from app.state import State
from app.view import view
from lentigo.checklist import NO_ANSWERS, Answers, SkinType
from lentigo.diagnosis import Diagnosis
from lentigo.errors import CameraRefusedError, EngineTimeoutError, ManifestError
from lentigo.modality import Modality
from lentigo.preprocess import to_model_input
from tests.unit.builders import engine, logits, manifest_document, subject


@dataclass
class RecordingHost:
    patches: list[Patch] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    decoded: list[int] = field(default_factory=list)
    restarts: list[tuple[str, ...]] = field(default_factory=list)
    photos: int = 0

    def patch(self, patch: Patch) -> None:
        self.patches.append(patch)

    def show_picture(self, picture: Image.Image) -> None:
        self.pictures.append(picture)

    def decode_file(self, file_id: int) -> None:
        self.decoded.append(file_id)

    def press_shutter(self) -> None:
        self.photos += 1

    def restart_engine(self, excluded: tuple[str, ...]) -> None:
        self.restarts.append(excluded)


@dataclass
class RecordingEngine:
    requests: list[tuple[int, NDArray[np.float32]]] = field(default_factory=list)

    def predict(self, request_id: int, pixels: NDArray[np.float32]) -> None:
        self.requests.append((request_id, pixels))


@dataclass
class SteppingClock:
    ms: float = 1000.0
    alarms: list[tuple[float, Event]] = field(default_factory=list)

    def now_ms(self) -> float:
        self.ms += 1
        return self.ms

    def later(self, delay_ms: float, event: Event) -> Callable[[], None]:
        alarm = (delay_ms, event)
        self.alarms.append(alarm)
        return lambda: self.alarms.remove(alarm)


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


def test_a_photo_goes_through_the_whole_application() -> None:
    application, host, model, clock = started()
    picture, data = spot_png()
    application.handle(FileChosen(subject(), len(data), data))
    request_id, pixels = model.requests[0]
    assert np.array_equal(pixels, to_model_input(picture)), "one definition of preprocessing"
    assert host.pictures[0].size == (640, 640)
    assert clock.alarms == [(30_000.0, PredictionLate(request_id))]
    application.handle(Predicted(request_id, logits(mel=0.9), 60.0, "wasm", 1300.0))
    assert [patch.state for patch in host.patches] == ["ready", "analysing", "result"]
    assert 'data-priority="urgent"' in host.patches[-1].regions["answer"]


def test_what_the_answer_rests_on_is_laid_over_the_picture_and_taken_off_again() -> None:
    application, host, model, _ = started()
    _, data = spot_png()
    application.handle(FileChosen(subject(), len(data), data))
    maps = np.zeros((7, 7, 7), dtype=np.float32)
    maps[3, 3, list(Diagnosis).index(Diagnosis.MEL)] = 1.0
    request_id, _ = model.requests[0]
    answered = Predicted(request_id, logits(mel=0.9), 60.0, "wasm", 1300.0, maps=maps)
    application.handle(answered)
    application.handle(ActivationToggled(2))
    application.handle(ActivationToggled(3))
    plain, overlaid, restored = (np.asarray(picture) for picture in host.pictures)
    assert overlaid.shape == plain.shape
    assert (overlaid[320, 320] != plain[320, 320]).any(), "the middle speaks for it"
    assert np.array_equal(overlaid[0, 0], plain[0, 0]), "the corner does not"
    assert np.array_equal(restored, plain)
    assert host.patches[-1].intent == 3


def test_only_the_request_in_flight_has_a_deadline() -> None:
    application, _, model, clock = started()
    _, data = spot_png()
    for number in (1, 2):
        application.handle(FileChosen(subject(number=number), len(data), data))
        application.handle(Predicted(number, logits(nv=0.9), 60.0, "wasm", 1300.0))
    assert [request_id for request_id, _ in model.requests] == [1, 2]
    assert clock.alarms == [(30_000.0, PredictionLate(2))]


def test_the_first_word_is_the_whole_page() -> None:
    host = RecordingHost()
    Application(host, RecordingEngine(), SteppingClock()).greet()
    assert host.patches[0].state == "booting"
    assert set(host.patches[0].regions) == set(view(State()))


def test_only_regions_that_changed_are_sent() -> None:
    application, host, _, _ = started()
    application.handle(Reset(4))
    assert host.patches[-1].regions == {}
    assert host.patches[-1].intent == 4


def test_an_event_that_changes_nothing_sends_nothing() -> None:
    application, host, _, _ = started()
    before = len(host.patches)
    application.handle(PredictionLate(99))
    assert len(host.patches) == before


def test_a_live_frame_is_answered_even_when_nothing_changed() -> None:
    application, host, _, _ = started()
    picture, _ = spot_png()
    application.handle(PictureArrived(subject(Source.LIVE, 7), picture), 7)
    assert host.patches[-1].frame == 7


def test_a_broken_file_reaches_the_page_as_an_error() -> None:
    application, host, model, _ = started()
    application.handle(FileChosen(subject(), 5, b"hello"))
    assert host.patches[-1].state == "error"
    assert "holds text" in host.patches[-1].regions["answer"]
    assert model.requests == []


# --- messages ------------------------------------------------------------------------------------


def wire(**message: Any) -> dict[str, Any]:
    return {"v": 3, "intent": 3, **message}


def test_a_file_message_becomes_a_chosen_file() -> None:
    message = wire(kind="file", id=4, name="a.jpg", type="", size=3, bytes=b"abc", started_ms=9.5)
    event, frame = parse_host(message, 0.0)
    assert isinstance(event, FileChosen)
    assert (event.subject.id, event.subject.intent, event.subject.started_ms) == (4, 3, 9.5)
    assert (event.data, event.size, frame) == (b"abc", 3, None)


@pytest.mark.parametrize(
    ("purpose", "source", "answered"),
    [
        ("live", Source.LIVE, 8),
        ("capture", Source.CAPTURE, None),
        ("decoded", Source.PHOTO, None),
    ],
)
def test_a_frame_message_becomes_a_picture(
    purpose: str, source: Source, answered: int | None
) -> None:
    message = wire(
        kind="frame", id=8, purpose=purpose, rgba=bytes(24), width=3, height=2, started_ms=1.0
    )
    event, frame = parse_host(message, 0.0)
    assert isinstance(event, PictureArrived)
    assert (event.subject.source, event.picture.size, frame) == (source, (3, 2), answered)


def test_actions_become_events() -> None:
    assert parse_host(wire(kind="event", action="reset", payload={}), 0.0)[0] == Reset(3)
    toggled = wire(kind="event", action="activation-toggled", payload={"testid": "activation"})
    assert parse_host(toggled, 0.0)[0] == ActivationToggled(3)
    chosen = wire(kind="event", action="modality-chosen", payload={"modality": "camera"})
    assert parse_host(chosen, 0.0)[0] == ModalityChosen(3, Modality.CAMERA)
    answers = wire(kind="event", action="answers", payload={"bleeding": True, "skin-type": "IV"})
    given = Answers(bleeding=True, skin_type=SkinType.IV)
    assert parse_host(answers, 0.0)[0] == AnswersGiven(3, given)
    forgotten = wire(kind="event", action="forget-answers", payload={})
    assert parse_host(forgotten, 0.0)[0] == AnswersGiven(3, NO_ANSWERS)
    started_message = wire(kind="event", action="camera-started", payload={})
    assert parse_host(started_message, 0.0)[0] == CameraStarted(3)
    error = {"name": "NotAllowedError", "message": "no", "detail": ""}
    failed, _ = parse_host(wire(kind="event", action="camera-failed", payload=error), 0.0)
    assert isinstance(failed, CameraFailed)
    assert isinstance(failed.error, CameraRefusedError)
    dead = {"name": "EngineTimeoutError", "message": "no progress", "detail": ""}
    failed, _ = parse_host(wire(kind="event", action="engine-failed", payload=dead), 0.0)
    assert isinstance(failed, EngineFailed)
    assert isinstance(failed.error, EngineTimeoutError)


def test_an_undecodable_file_becomes_its_error() -> None:
    error = {"name": "InvalidStateError", "message": "cannot decode", "detail": ""}
    event, _ = parse_host(wire(kind="undecodable", id=4, error=error), 0.0)
    assert isinstance(event, FileUndecodable)
    assert event.subject_id == 4


def loaded_message(manifest: str) -> dict[str, Any]:
    return {
        "v": 3,
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


def prediction_message(**changes: Any) -> dict[str, Any]:
    return {
        "v": 3,
        "kind": "prediction",
        "id": 2,
        "logits": [0.0] * 7,
        "embedding": [],
        "modality": 1.5,
        "lesion": -0.5,
        "maps": list(range(7 * 7 * 7)),
        "inference_ms": 61,
        "backend": "wasm",
        **changes,
    }


def test_predictions_are_stamped_with_the_time_of_their_arrival() -> None:
    event, _ = parse_engine(prediction_message(), 77.0)
    assert event == Predicted(2, (0.0,) * 7, 61.0, "wasm", 77.0, 1.5, -0.5)


def test_maps_arrive_as_rows_columns_and_channels() -> None:
    event, _ = parse_engine(prediction_message(), 77.0)
    assert isinstance(event, Predicted)
    assert event.maps is not None
    assert event.maps.shape == (7, 7, 7)
    assert event.maps.dtype == np.float32
    assert event.maps[2, 3, 4] == (2 * 7 + 3) * 7 + 4


def test_what_a_model_does_not_tell_is_none() -> None:
    event, _ = parse_engine(prediction_message(modality=None, lesion=None, maps=None), 77.0)
    assert isinstance(event, Predicted)
    assert (event.modality, event.lesion, event.maps) == (None, None, None)


@pytest.mark.parametrize("wrong", [{"logits": [0.0] * 6}, {"maps": [0.0] * 49}])
def test_an_answer_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    event, _ = parse_engine(prediction_message(**wrong), 77.0)
    assert isinstance(event, PredictionFailed)


def test_the_download_is_none_of_pythons_business() -> None:
    with pytest.raises(UnwantedMessageError):
        parse_engine({"v": 3, "kind": "progress"}, 0.0)


@pytest.mark.parametrize("parse", [parse_host, parse_engine])
def test_unknown_messages_and_versions_are_refused(parse: Any) -> None:
    with pytest.raises(ValueError, match="protocol 1"):
        parse(wire(kind="file") | {"v": 1}, 0.0)
    with pytest.raises(ValueError, match="no message of kind 'nonsense'"):
        parse(wire(kind="nonsense"), 0.0)

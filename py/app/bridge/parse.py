"""From a message of ``js/shared/protocol.js``, as Python values, to an event. Pure: tested in
CPython."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.bridge.parse_store import moment, parse_act, parse_store
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
    ModalityChosen,
    Navigated,
    NothingChosen,
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
    Source,
)
from app.memento import parse_memento
from app.route import Route
from lentigo.diagnosis import Diagnosis
from lentigo.errors import Fault, LentigoError, ManifestError, from_wire
from lentigo.model.class_activation import MAPS_SHAPE
from lentigo.model.manifest import parse_manifest
from lentigo.model.modality import Modality
from lentigo.picture.preprocess import picture_from_rgba
from lentigo.triage.checklist import NO_ANSWERS, parse_answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.events import PageEvent

VERSION = 8
# The purpose of a frame that the camera gives while it is aimed; what else comes is a photo.
LIVE = "live"


class UnwantedMessageError(Exception):
    """A message that is none of the application's business, such as the download's progress."""


def _error(value: Mapping[str, Any]) -> LentigoError:
    name, told, detail = str(value["name"]), str(value["message"]), str(value["detail"])
    return from_wire(name, told, detail, str(value["fault"]), value["values"])


def _check_version(message: Mapping[str, Any]) -> None:
    if message["v"] != VERSION:
        raise ValueError(f"protocol {message['v']} is not {VERSION}")


def parse_host(message: Mapping[str, Any], now_ms: float) -> tuple[PageEvent, int | None]:
    """Parse a message of the host; also returns the id of the frame that waits for an answer."""
    _check_version(message)
    intent = int(message["intent"])
    match message["kind"]:
        case "event":
            return _parse_action(message, intent), None
        case "photos":
            return _parse_photos(message, intent), None
        case "file":
            size, data = int(message["size"]), bytes(message["bytes"])
            return FileRead(int(message["id"]), size, data), None
        case "frame":
            return _parse_frame(message, intent)
        case "unreadable":
            return PhotoUnreadable(int(message["id"]), _error(message["error"])), None
        case "resume":
            return parse_memento(message["memento"], intent), None
        case "store-read" | "store-written" | "store-failed" | "store-pictures":
            return parse_store(message), None
        case kind:
            raise ValueError(f"the host sends no message of kind {kind!r}")


def _parse_photos(message: Mapping[str, Any], intent: int) -> PageEvent:
    source, started_ms = Source(message["source"]), float(message["started_ms"])
    photos = tuple(
        Photo(int(photo["id"]), intent, source, started_ms, photo["name"])
        for photo in message["photos"]
    )
    return PhotosChosen(intent, photos, message["replaces"], message["joins"])


def _parse_action(message: Mapping[str, Any], intent: int) -> PageEvent:  # noqa: PLR0912 (one a line)
    payload = message["payload"]
    match message["action"]:
        case "reset":
            return Reset(intent, "confirmed" in payload)
        case "next-person":
            return Reset(intent, "confirmed" in payload, next_person=True)
        case "reset-refused":
            return ResetRefused(intent)
        case "open-photo":
            return PhotoOpened(intent, int(payload["photo"]))
        case "navigated":
            return Navigated(intent, Route(payload["route"]), payload["spot"])
        case "nothing-chosen":
            return NothingChosen(intent, _error(payload))
        case "camera-started":
            automatic = bool(payload["automatic"])
            return CameraStarted(intent, payload["replaces"], payload["joins"], automatic)
        case "automatic-set":
            return AutomaticSet(intent, bool(payload["automatic"]))
        case "camera-stopped":
            return CameraStopped(intent)
        case "camera-stalled":
            return CameraStalled(intent)
        case "camera-failed":
            return CameraFailed(intent, _error(payload))
        case "engine-failed":
            return EngineFailed(_error(payload))
        case "modality-chosen":
            return ModalityChosen(intent, Modality(payload["modality"]), int(payload["photo"]))
        case "activation-toggled":
            return ActivationToggled(intent, int(payload["photo"]))
        case "answers":
            answers = parse_answers(payload["answers"])
            return AnswersGiven(intent, answers, _photo_of(payload))
        case "forget-answers":
            return AnswersGiven(intent, NO_ANSWERS, _photo_of(payload))
        case "report":
            return ReportWanted(intent, _photo_of(payload), moment(payload["at"]))
        case "remind":
            return ReminderWanted(intent, _photo_of(payload), moment(payload["at"]))
        case action:
            act = parse_act(action, payload, intent)
            if act is None:
                raise ValueError(f"the host sends no action {action!r}")
            return act


def _photo_of(payload: Mapping[str, Any]) -> int | None:
    """Return the photo that an element of the page belongs to (``data-photo``), if to any."""
    return int(payload["photo"]) if "photo" in payload else None


def _parse_frame(message: Mapping[str, Any], intent: int) -> tuple[PageEvent, int | None]:
    number, started_ms = int(message["id"]), float(message["started_ms"])
    width_px, height_px = int(message["width"]), int(message["height"])
    picture = picture_from_rgba(bytes(message["rgba"]), width_px, height_px)
    if message["purpose"] == LIVE:
        return PictureArrived(Frame(number, intent, started_ms), picture), number
    photo = Photo(number, intent, Source(message["purpose"]), started_ms)
    return PictureArrived(photo, picture), None


def parse_engine(message: Mapping[str, Any], now_ms: float) -> tuple[PageEvent, int | None]:
    """Parse a message of the engine; a broken manifest becomes ``EngineFailed``.

    Raises ``UnwantedMessageError`` for the progress of the download, which the host shows.
    """
    _check_version(message)
    match message["kind"]:
        case "progress":
            raise UnwantedMessageError
        case "loaded":
            try:
                manifest = parse_manifest(message["manifest"])
            except ManifestError as error:
                return EngineFailed(error), None
            loaded = EngineLoaded(
                manifest,
                message["variant"],
                message["backend"],
                message["adapter"],
                float(message["warmup_ms"]),
                float(message["parity_error"]),
            )
            return loaded, None
        case "failed":
            return EngineFailed(_error(message["error"])), None
        case "prediction":
            return _parse_prediction(message, now_ms), None
        case "prediction-failed":
            return PredictionFailed(int(message["id"]), _error(message["error"])), None
        case kind:
            raise ValueError(f"the engine sends no message of kind {kind!r}")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _parse_prediction(message: Mapping[str, Any], now_ms: float) -> PageEvent:
    """Parse an answer; one of another shape than this program's becomes ``PredictionFailed``."""
    request_id = int(message["id"])
    logits = tuple(float(value) for value in message["logits"])
    if len(logits) != len(Diagnosis):
        wrong = LentigoError(Fault.LOGITS, given=len(logits), wanted=len(Diagnosis))
        return PredictionFailed(request_id, wrong)
    maps = message["maps"]
    places = None if maps is None else np.array(maps, dtype=np.float32)
    if places is not None and places.size != np.prod(MAPS_SHAPE):
        wrong = LentigoError(Fault.MAPS, given=places.size, wanted=" x ".join(map(str, MAPS_SHAPE)))
        return PredictionFailed(request_id, wrong)
    return Predicted(
        request_id,
        logits,
        float(message["inference_ms"]),
        message["backend"],
        now_ms,
        modality=_number(message["modality"]),
        lesion=_number(message["lesion"]),
        melanoma=_number(message["melanoma"]),
        malignancy=_number(message["malignancy"]),
        nail=_number(message["nail"]),
        maps=None if places is None else places.reshape(MAPS_SHAPE),
    )

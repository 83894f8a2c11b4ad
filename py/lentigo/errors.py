"""Everything that can go wrong, as one small tree of codes; the page has the words.

A fault names what happened, and its values the datum; ``next_step`` is what the visitor can do.
``str(error)`` is for developers. An error crosses a thread once, as
``{"name", "message", "detail", "fault", "values"}``, and becomes one of these classes again.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fault(StrEnum):
    """What went wrong. The names of the values that go with each are those in its sentence."""

    EMPTY = "empty"
    TOO_MANY_PIXELS = "too-many-pixels"
    DAMAGED = "damaged"
    UNKNOWN_FORMAT = "unknown-format"
    TEXT_FILE = "text-file"
    DAMAGED_FILE_OF_TYPE = "damaged-file-of-type"
    NOT_KNOWN_TO_THE_BROWSER = "not-known-to-the-browser"
    NOT_READ_HERE = "not-read-here"
    NOT_A_PHOTO = "not-a-photo"
    FEW_PIXELS = "few-pixels"
    FEW_PIXELS_DECODED = "few-pixels-decoded"
    STRIP = "strip"
    MANY_MEGAPIXELS = "many-megapixels"
    MORE_THAN_MEMORY = "more-than-memory"
    MANY_MEGABYTES = "many-megabytes"
    STOPPED_TWICE = "stopped-twice"
    NOT_A_FILE = "not-a-file"
    FOLDER = "folder"
    WEB_ADDRESS = "web-address"
    TEXT_DROPPED = "text-dropped"
    FILE_UNREADABLE = "file-unreadable"
    CAMERA_GIVES_NOTHING = "camera-gives-nothing"
    CAMERA_REFUSED = "camera-refused"
    CAMERA_ABSENT = "camera-absent"
    CAMERA_BUSY = "camera-busy"
    PIXELS_HIDDEN = "pixels-hidden"
    MODEL_FILE_ELSEWHERE = "model-file-elsewhere"
    MODEL_FILE_UNREACHABLE = "model-file-unreachable"
    MODEL_FILE_MISSING = "model-file-missing"
    MODEL_FILE_DAMAGED = "model-file-damaged"
    MODEL_FILE_NOT_JSON = "model-file-not-json"
    MODEL_FILE_OF_ANOTHER_BUILD = "model-file-of-another-build"
    MODEL_SHARD_UNLISTED = "model-shard-unlisted"
    NO_SUCH_MODEL = "no-such-model"
    NO_SUCH_BACKEND = "no-such-backend"
    NO_BACKEND = "no-backend"
    MODEL_NOT_LOADED = "model-not-loaded"
    MODEL_PROGRAM_MISSING = "model-program-missing"
    MODEL_SILENT = "model-silent"
    MODEL_PROGRAM_STOPPED = "model-program-stopped"
    MISTAKE = "mistake"
    LOGITS = "logits"
    MAPS = "maps"
    IN_OTHER_WORDS = "in-other-words"


class NextStep(StrEnum):
    """What the visitor can do about an error."""

    RELOAD = "reload"
    CHOOSE_ANOTHER = "choose-another"
    CHOOSE_AGAIN = "choose-again"
    SAVE_FIRST = "save-first"
    OPEN_FOLDER = "open-folder"
    TAKE_AGAIN = "take-again"
    CROP = "crop"
    CHOOSE_ORIGINAL = "choose-original"
    SAVE_AS_JPEG = "save-as-jpeg"
    TELL_THE_HOST = "tell-the-host"
    ANOTHER_BROWSER = "another-browser"
    CHECK_CONNECTION = "check-connection"
    WITHOUT_MODEL = "without-model"
    WITHOUT_BACKEND = "without-backend"
    CHOOSE_A_PHOTO = "choose-a-photo"
    ALLOW_CAMERA = "allow-camera"
    ALLOW_CAMERA_IN_APP = "allow-camera-in-app"
    NO_CAMERA = "no-camera"
    FREE_CAMERA = "free-camera"


class LentigoError(Exception):
    """Base of the tree: a fault with the values that its sentence names, and what to do next."""

    next_step: ClassVar[NextStep] = NextStep.RELOAD
    told: ClassVar[Fault | None] = None

    def __init__(self, fault: Fault, /, *, detail: str = "", **values: str | float) -> None:
        given = ", ".join(f"{name}={value!r}" for name, value in values.items())
        super().__init__(f"{fault}: {given}" if given else str(fault))
        self.fault = fault
        self.values = values
        self.detail = detail


class PictureError(LentigoError):
    """The visitor's file cannot be used as a picture."""

    next_step = NextStep.CHOOSE_ANOTHER


class EmptyFileError(PictureError):
    """The file holds no bytes."""

    next_step = NextStep.CHOOSE_AGAIN


class NotAPictureError(PictureError):
    """The bytes are not a picture: text, a document, a film, or nothing known here."""


class NotAFileError(PictureError):
    """What was dropped or pasted holds no file. ``told`` stands for the browser's own words."""

    next_step = NextStep.SAVE_FIRST
    told = Fault.NOT_A_FILE


class FolderError(NotAFileError):
    """A folder was dropped."""

    next_step = NextStep.OPEN_FOLDER
    told = Fault.FOLDER


class WebAddressError(NotAFileError):
    """An address was dropped, or a picture out of another page, which comes as its address."""

    told = Fault.WEB_ADDRESS


class TextError(NotAFileError):
    """Text was dropped or pasted."""

    told = Fault.TEXT_DROPPED


class UnreadableFileError(PictureError):
    """The browser could not read the file: moved, forbidden, or not downloaded."""

    next_step = NextStep.CHOOSE_AGAIN
    told = Fault.FILE_UNREADABLE


class BrokenPictureError(PictureError):
    """The format is known, but the data are cut off or damaged."""

    next_step = NextStep.TAKE_AGAIN


class PictureTooLargeError(PictureError):
    """More pixels than can be decoded within the memory of a phone."""

    next_step = NextStep.CROP


class PictureTooSmallError(PictureError):
    """Too few pixels, on one side at least, to show a lesion."""

    next_step = NextStep.CHOOSE_ORIGINAL


class UnsupportedPictureError(PictureError):
    """A picture, sound as far as is known, of a kind that is not read here."""

    next_step = NextStep.SAVE_AS_JPEG


class HostDecodableError(UnsupportedPictureError):
    """A picture that is not read here but by some browsers (HEIC, AVIF): this one may try."""


class TooLargeHereError(HostDecodableError):
    """A picture that takes more memory than Python may have; the browser has its own."""

    next_step = NextStep.CROP


class ManifestError(LentigoError):
    """The model's manifest breaks its schema; ``what`` says where, in a developer's words."""

    next_step = NextStep.TELL_THE_HOST

    def __init__(self, what: str, *, detail: str = "") -> None:
        super().__init__(Fault.IN_OTHER_WORDS, detail=detail, what=what)
        self.args = (what,)


class EngineError(LentigoError):
    """The model could not be run."""

    next_step = NextStep.ANOTHER_BROWSER


class ModelFileError(EngineError):
    """A file of the model is missing, cut off, or not the one that the manifest names."""

    next_step = NextStep.CHECK_CONNECTION


class NoSuchModelError(EngineError):
    """The page's address asks for weights that the model has not."""

    next_step = NextStep.WITHOUT_MODEL


class NoSuchBackendError(EngineError):
    """The page's address asks for a backend that there is not."""

    next_step = NextStep.WITHOUT_BACKEND


class NoBackendError(EngineError):
    """Every backend failed to start or gave wrong answers on the golden vectors."""


class EngineTimeoutError(EngineError):
    """The engine did not answer in time, on any backend."""


class CameraError(LentigoError):
    """The camera gives no picture. ``told`` stands for the browser's own, technical words."""

    next_step = NextStep.CHOOSE_A_PHOTO
    told = Fault.CAMERA_GIVES_NOTHING


class CameraRefusedError(CameraError):
    """The visitor or the browser refused the camera."""

    next_step = NextStep.ALLOW_CAMERA
    told = Fault.CAMERA_REFUSED


class CameraRefusedInAppError(CameraRefusedError):
    """The same in an installed app, which shows no address that the permission stands beside."""

    next_step = NextStep.ALLOW_CAMERA_IN_APP


class CameraAbsentError(CameraError):
    """There is no camera, or the page is not served over HTTPS."""

    next_step = NextStep.NO_CAMERA
    told = Fault.CAMERA_ABSENT


class CameraBusyError(CameraError):
    """Another program holds the camera."""

    next_step = NextStep.FREE_CAMERA
    told = Fault.CAMERA_BUSY


class HiddenPixelsError(CameraError):
    """The browser gives the page noise in place of a picture's pixels, to keep devices alike."""

    told = Fault.PIXELS_HIDDEN


_OF_THE_HOST: tuple[type[LentigoError], ...] = (
    ModelFileError,
    NoSuchModelError,
    NoSuchBackendError,
    NoBackendError,
    EngineTimeoutError,
    EngineError,
    BrokenPictureError,
    PictureTooLargeError,
    NotAFileError,
    FolderError,
    WebAddressError,
    TextError,
    UnreadableFileError,
    CameraError,
    CameraRefusedInAppError,
    HiddenPixelsError,
)
_BY_NAME: dict[str, type[LentigoError]] = {
    **{kind.__name__: kind for kind in _OF_THE_HOST},
    # DOMException names that getUserMedia rejects with (Media Capture and Streams, 10.2).
    "NotAllowedError": CameraRefusedError,
    "SecurityError": CameraRefusedError,
    "NotFoundError": CameraAbsentError,
    "OverconstrainedError": CameraAbsentError,
    "NotReadableError": CameraBusyError,
    "AbortError": CameraBusyError,
}


def from_wire(
    name: str,
    message: str,
    detail: str = "",
    fault: str = "",
    values: Mapping[str, str | float] = MappingProxyType({}),
) -> LentigoError:
    """Make the error that crossed a thread; ``message`` is what a developer reads there.

    An unknown name becomes ``LentigoError`` and keeps the name in its detail. Where no ``fault``
    came, the message is all that can be said, unless the class stands for it.
    """
    kind = _BY_NAME.get(name)
    if kind is None:
        told = f"{name}: {detail}" if detail else name
        return LentigoError(Fault.IN_OTHER_WORDS, detail=told, what=message)
    if kind.told is not None:
        return kind(kind.told, detail=f"{name}: {message}")
    if fault:
        return kind(Fault(fault), detail=detail, **values)
    return kind(Fault.IN_OTHER_WORDS, detail=detail, what=message)

"""Everything that can happen to the application; what it asks for is in ``app.effects``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.spots.events import OverviewAct, SizeAct, SpotsAct, StoreEvent

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from app.keep.moment import Moment
    from app.route import Route
    from lentigo.errors import LentigoError
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality
    from lentigo.picture.gauges import Spectrum
    from lentigo.picture.quality import Finding
    from lentigo.triage.checklist import Answers


class Source(StrEnum):
    """Where a photo comes from: a file that was chosen, or the shutter."""

    CHOSEN = "photo"
    CAPTURE = "capture"


@dataclass(frozen=True)
class Photo:
    """One photo on its way through the program.

    ``id`` is the host's id of the file or capture and also names the request to the engine; a
    newer picture has a higher one. ``intent`` counts the visitor's acts and says with which of them
    it came; ``started_ms`` is when the visitor chose it, since the epoch.
    """

    id: int
    intent: int
    source: Source
    started_ms: float
    name: str = ""


@dataclass(frozen=True)
class Frame:
    """One frame of the open camera; ``id``, ``intent`` and ``started_ms`` as in ``Photo``."""

    id: int
    intent: int
    started_ms: float


# --- events ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EngineLoaded:
    """An engine has passed its golden vectors; times in ms, ``parity_error`` in logits."""

    manifest: Manifest
    variant: str
    backend: str
    adapter: str
    warmup_ms: float
    parity_error: float


@dataclass(frozen=True)
class EngineFailed:
    """No engine can be had."""

    error: LentigoError


@dataclass(frozen=True)
class PhotosChosen:
    """The visitor chose files, or pressed the shutter; what they hold is read when asked for.

    ``replaces`` is the photo of the same spot that these shall take the place of, ``joins`` one
    that they shall be added to, if there is one.
    """

    intent: int
    photos: tuple[Photo, ...]
    replaces: int | None = None
    joins: int | None = None


@dataclass(frozen=True)
class NothingChosen:
    """Something was dropped or pasted that holds no file; ``error`` says what it was."""

    intent: int
    error: LentigoError


@dataclass(frozen=True)
class FileRead:
    """The host has read a file; ``data`` is empty if ``size`` is over the limit."""

    photo_id: int
    size: int
    data: bytes


@dataclass(frozen=True)
class PhotoUnreadable:
    """The host could not read a file, or neither Pillow nor the browser can decode it."""

    photo_id: int
    error: LentigoError


@dataclass(frozen=True)
class PhotoOpened:
    """The visitor wants to see one photo of the row."""

    intent: int
    photo_id: int


@dataclass(frozen=True)
class PictureArrived:
    """An RGB picture, upright; ``taken`` is the day that its file tells, if it does."""

    of: Photo | Frame
    picture: Image.Image
    taken: date | None = None


@dataclass(frozen=True)
class PictureRefused:
    """A file is no usable picture."""

    photo: Photo
    error: LentigoError


@dataclass(frozen=True)
class Whole:
    """A photo with the skin around the spot, as JPEG of at most ``WORKING_SIDE_PX`` a side.

    ``outline`` runs around the lesion, (x, y) in 0..1 of it; empty if none was found.
    """

    picture: bytes
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A picture was judged and normalised.

    ``findings`` are what is wrong with it, refusals first. ``pixels`` is float32 nx224x224x3 in
    [-1, 1], of a photo its four views, of a live frame one. ``outline`` runs around the lesion,
    (x, y) in 0..1 of the square that is judged; empty if none was found. ``sharpness`` is
    ``Gauges.detail_best``, the frame's weight among others. ``scene`` says whether it shows what
    the frame before it showed, and ``brightness`` is that of ``Gauges``. ``square`` is that square
    as the page shows it, and ``thumbnail`` a small one, both as JPEG, empty for a live frame;
    ``whole`` is the photo itself.
    """

    of: Photo | Frame
    findings: tuple[Finding, ...]
    pixels: NDArray[np.float32]
    preprocess_ms: float
    outline: tuple[tuple[float, float], ...]
    sharpness: float
    scene: Spectrum | None = field(default=None, compare=False)
    brightness: float = 0.0
    square: bytes = b""
    thumbnail: bytes = b""
    whole: Whole | None = None


@dataclass(frozen=True)
class Predicted:
    """The engine answered with seven finite logits.

    ``modality``, ``lesion``, ``melanoma``, ``malignancy`` and ``nail`` are a logit each, ``maps``
    is float32 (7, 7, 7) as in ``lentigo.model.class_activation``; each is ``None`` if the model
    does not provide it.
    """

    request_id: int
    logits: tuple[float, ...]
    inference_ms: float
    backend: str
    at_ms: float
    modality: float | None = None
    lesion: float | None = None
    melanoma: float | None = None
    malignancy: float | None = None
    nail: float | None = None
    maps: NDArray[np.float32] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PredictionFailed:
    """The engine gave up on a request."""

    request_id: int
    error: LentigoError


@dataclass(frozen=True)
class EngineReplaced:
    """The engine hung or died; another one is starting and knows nothing of any request."""


@dataclass(frozen=True)
class Navigated:
    """The visitor went to another screen: by a link, a bookmark, Back or Forward.

    ``spot`` is the kept spot that the address names, if it names one.
    """

    intent: int
    route: Route
    spot: str | None = None


@dataclass(frozen=True)
class CameraStarted:
    """The preview runs and frames will come.

    ``replaces`` is the photo of the same spot that is to be taken again, ``joins`` one that another
    is to be added to, if there is one; ``automatic`` says whether the photo is
    taken once all is well.
    """

    intent: int
    replaces: int | None = None
    joins: int | None = None
    automatic: bool = True


@dataclass(frozen=True)
class AutomaticSet:
    """The visitor chose, while aiming, whether the photo is taken once all is well."""

    intent: int
    automatic: bool


@dataclass(frozen=True)
class CameraStopped:
    """The visitor closed the camera without a photo, or left the page for another."""

    intent: int


@dataclass(frozen=True)
class CameraStalled:
    """The camera is on and gives no more frames."""

    intent: int


@dataclass(frozen=True)
class CameraFailed:
    """The camera could not be opened, or went away."""

    intent: int
    error: LentigoError


@dataclass(frozen=True)
class Reset:
    """The visitor wants to start again; several photos are only forgotten once it is confirmed.

    ``next_person`` says that it will be about somebody else, of whom nothing is known.
    """

    intent: int
    confirmed: bool = False
    next_person: bool = False


@dataclass(frozen=True)
class ResetRefused:
    """The visitor keeps the photos after all."""

    intent: int


@dataclass(frozen=True)
class ModalityChosen:
    """The visitor says how a picture was taken: with a camera or through a dermoscope."""

    intent: int
    modality: Modality
    photo_id: int


@dataclass(frozen=True)
class ActivationToggled:
    """The visitor wants to see what an answer rests on, or the picture alone again."""

    intent: int
    photo_id: int


@dataclass(frozen=True)
class AnswersGiven:
    """All answers to the questions as they stand now, or none when they shall be forgotten.

    ``photo_id`` is the photo whose spot they are about; ``None`` before there is one.
    """

    intent: int
    answers: Answers
    photo_id: int | None


@dataclass(frozen=True)
class KnownPhoto:
    """What is known of a photo before it was looked at; as in
    ``app.screens.screening.spot.Shot``."""

    photo: Photo
    modality: Modality | None


@dataclass(frozen=True)
class ReportWanted:
    """The visitor wants a report for the doctor; ``photo_id`` as in ``AnswersGiven``."""

    intent: int
    photo_id: int | None
    at: Moment


@dataclass(frozen=True)
class ReminderWanted:
    """The visitor wants to be reminded; ``photo_id`` as in ``AnswersGiven``."""

    intent: int
    photo_id: int | None
    at: Moment


@dataclass(frozen=True)
class KnownSpot:
    """What is known of a spot before its photos were looked at; as in
    ``app.screens.screening.spot.SpotInPhoto``."""

    photo: Photo
    answers: Answers
    kept: bool
    modality: Modality | None
    added: tuple[KnownPhoto, ...] = ()


@dataclass(frozen=True)
class Resumed:
    """This application takes the place of one that has died, and gets what that one knew.

    ``spots`` are a photo each, with what the visitor said of it; ``opened`` is the one to show.
    """

    intent: int
    spots: tuple[KnownSpot, ...]
    opened: int | None
    person: Answers
    draft: Answers


@dataclass(frozen=True)
class Crashed:
    """The program itself made a mistake on the event before, which came with this act."""

    error: LentigoError
    intent: int = 0


# What the visitor did; each comes with the number of the act.
Act = (
    PhotosChosen
    | NothingChosen
    | PhotoOpened
    | Navigated
    | CameraStarted
    | AutomaticSet
    | CameraStopped
    | CameraStalled
    | CameraFailed
    | Reset
    | ResetRefused
    | ModalityChosen
    | ActivationToggled
    | AnswersGiven
    | ReportWanted
    | ReminderWanted
    | Resumed
)
# What the first screen is about.
Event = (
    EngineLoaded
    | EngineFailed
    | EngineReplaced
    | FileRead
    | PhotoUnreadable
    | PictureArrived
    | PictureRefused
    | Prepared
    | Predicted
    | PredictionFailed
    | Crashed
    | Act
)
PageEvent = Event | StoreEvent | SpotsAct | OverviewAct | SizeAct

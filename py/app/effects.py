"""Every effect that an update can ask for; ``app.application`` performs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.spots.effects import SpotsEffect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from app.events import Frame, Photo, Prepared
    from app.keep.moment import Moment
    from lentigo.diagnosis import Diagnosis


@dataclass(frozen=True)
class ReadPhoto:
    """Ask the host for a photo.

    Leads to ``FileRead``, ``PictureArrived`` or ``PhotoUnreadable``.
    """

    photo_id: int


@dataclass(frozen=True)
class DecodeFile:
    """Decode with Pillow; leads to ``PictureArrived`` or ``PictureRefused``."""

    photo: Photo
    data: bytes


@dataclass(frozen=True)
class DecodeOnHost:
    """Let the browser try a format that Pillow lacks."""

    photo_id: int


@dataclass(frozen=True)
class Prepare:
    """Crop, judge and normalise a picture; leads to ``Prepared``."""

    of: Photo | Frame
    picture: Image.Image


@dataclass(frozen=True)
class ShowPicture:
    """Show the square that is judged; JPEG, as in ``Prepared``."""

    square: bytes


@dataclass(frozen=True)
class ShowActivation:
    """Show the square with the map of a diagnosis laid over it; ``maps`` is float32 (7, 7, 7)."""

    square: bytes
    maps: NDArray[np.float32]
    diagnosis: Diagnosis


@dataclass(frozen=True)
class Predict:
    """Send a picture to the engine."""

    prepared: Prepared


@dataclass(frozen=True)
class PressShutter:
    """Take the photo: everything has been good for a moment. The visitor can switch this off."""


@dataclass(frozen=True)
class GiveReport:
    """Give the visitor a report of the spot that is shown, made at a time."""

    at: Moment


@dataclass(frozen=True)
class GiveReminder:
    """Give the visitor a reminder of the spot that is shown, asked for at a time."""

    at: Moment


@dataclass(frozen=True)
class RestartEngine:
    """Replace an engine that cannot answer."""

    excluded: tuple[str, ...]


Effect = (
    ReadPhoto
    | DecodeFile
    | DecodeOnHost
    | Prepare
    | ShowPicture
    | ShowActivation
    | Predict
    | PressShutter
    | GiveReport
    | GiveReminder
    | RestartEngine
    | SpotsEffect
)

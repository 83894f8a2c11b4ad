"""What the application asks of the world outside; ``bridge`` implements it in the browser.

The messages behind these calls are typed in ``js/shared/protocol.js``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from app.html import Html
    from app.keep.document import Report
    from app.keep.reminder import Reminder
    from app.spots.effects import ReadPictures, RestoreStore, WriteStore


class Cue(StrEnum):
    """A short vibration, on a device that has one; the host knows their lengths."""

    NONE = ""
    GOOD = "good"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True)
class Patch:
    """What changes on the page: HTML by region, and the state of the whole.

    ``intent`` is the last wish of the visitor that this patch knows of, ``frame`` the camera frame
    that it answers, ``announce`` what a screen reader shall say now (empty: nothing) and ``cue``
    what the hand shall feel. ``has_picture`` says whether there is a picture to show, ``memento``
    what the application that takes this one's place must be told; ``None`` if that is as before.
    """

    state: str
    intent: int
    frame: int | None = None
    regions: Mapping[str, Html] = field(default_factory=dict)
    announce: str = ""
    cue: Cue = Cue.NONE
    has_picture: bool = False
    memento: str | None = None


class Host(Protocol):
    """The main thread."""

    def patch(self, patch: Patch) -> None:
        """Show a patch."""

    def show_picture(self, picture: Image.Image) -> None:
        """Show an RGB picture in place of the camera's preview."""

    def read_photo(self, photo_id: int) -> None:
        """Ask for a photo; a ``FileRead``, ``PictureArrived`` or ``PhotoUnreadable`` follows."""

    def decode_photo(self, photo_id: int) -> None:
        """Ask the browser to decode it; a ``PictureArrived`` or ``PhotoUnreadable`` follows."""

    def give_report(self, report: Report) -> None:
        """Make a PDF of a report, and let the visitor share or save it."""

    def give_reminder(self, reminder: Reminder) -> None:
        """Let the visitor save a calendar file."""

    def open_store(self) -> None:
        """Read what is kept; a ``StoreRead`` or ``StoreFailed`` follows."""

    def write_store(self, write: WriteStore) -> None:
        """Write to the store; a ``StoreWritten`` or ``StoreFailed`` follows."""

    def restore_store(self, restore: RestoreStore) -> None:
        """Take from the backup that was opened; a ``StoreWritten`` or ``StoreFailed`` follows."""

    def read_pictures(self, read: ReadPictures) -> None:
        """Read pictures that are kept; a ``PicturesRead`` or ``StoreFailed`` follows."""

    def press_shutter(self) -> None:
        """Take the photo, unless the visitor has switched that off."""

    def restart_engine(self, excluded: tuple[str, ...]) -> None:
        """Throw the engine away and start another one without these backends."""


class Wanted(StrEnum):
    """What the engine reports of a picture only when it is asked to."""

    MAPS = "maps"


class Engine(Protocol):
    """The worker that runs the model."""

    def predict(
        self, request_id: int, pixels: NDArray[np.float32], wanted: tuple[Wanted, ...] = ()
    ) -> None:
        """Send float32 nx224x224x3 in [-1, 1], n views of a picture.

        A ``Predicted`` of the mean over the views, or a ``PredictionFailed``, follows.
        """


class Clock(Protocol):
    """Time, passed in so that tests own it."""

    def now_ms(self) -> float:
        """Milliseconds since the epoch, on the same clock as the page's ``started_ms``."""

"""A photo that belongs to a kept spot and is judged by nobody: read and decoded. Pure.

It takes the way of every photo until it is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from app.effects import DecodeFile, DecodeOnHost, ReadPhoto
from app.events import FileRead, Frame, PhotoUnreadable, PictureArrived, PictureRefused
from lentigo.errors import Fault, HostDecodableError, PictureTooLargeError, PictureTooSmallError
from lentigo.picture.decode import MINIMUM_SIDE_PX

if TYPE_CHECKING:
    from PIL import Image

    from app.effects import Effect
    from app.events import Photo
    from lentigo.errors import LentigoError

PhotoEvent = FileRead | PictureArrived | PictureRefused | PhotoUnreadable


@dataclass(frozen=True)
class Apart:
    """The photo; ``unread`` is Pillow's verdict while the browser tries, ``error`` the last word.

    ``picture`` is RGB, once it has been decoded.
    """

    photo: Photo
    unread: LentigoError | None = None
    error: LentigoError | None = None
    picture: Image.Image | None = None

    def asks(self) -> tuple[Effect, ...]:
        """Return what begins the reading."""
        return (ReadPhoto(self.photo.id),)

    def is_of(self, event: PhotoEvent) -> bool:
        """Tell whether an event is about this photo."""
        match event:
            case FileRead() | PhotoUnreadable():
                return event.photo_id == self.photo.id
            case PictureRefused():
                return event.photo.id == self.photo.id
            case PictureArrived():
                return not isinstance(event.of, Frame) and event.of.id == self.photo.id

    def read(self, event: PhotoEvent) -> tuple[Apart, tuple[Effect, ...]]:
        """Take the next step: decode it, or say why it cannot be used."""
        photo = self.photo
        match event:
            case FileRead(_, size, data):
                if size <= len(data):
                    return self, (DecodeFile(photo, data),)
                fault = Fault.MANY_MEGABYTES
                large = PictureTooLargeError(fault, name=photo.name, megabytes=size / 1e6)
                return replace(self, error=large), ()
            case PictureRefused(_, HostDecodableError() as error):
                return replace(self, unread=error), (DecodeOnHost(photo.id),)
            case PictureRefused(_, error):
                return replace(self, error=error), ()
            case PhotoUnreadable(_, error):
                # Pillow's verdict names the format, so it says more than the browser's.
                return replace(self, error=self.unread or error), ()
            case PictureArrived(_, picture):
                width_px, height_px = picture.size
                if min(width_px, height_px) >= MINIMUM_SIDE_PX:
                    return replace(self, picture=picture), ()
                fault = Fault.FEW_PIXELS_DECODED
                few = PictureTooSmallError(fault, width_px=width_px, height_px=height_px)
                return replace(self, error=few), ()
            case _:
                assert_never(event)

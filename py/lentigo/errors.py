"""Everything that can go wrong, as one small tree.

A message names the datum; ``remedy`` says what the visitor can do. An error crosses a thread
once, as ``{"name", "message", "detail"}``, and becomes one of these classes again.
"""

from __future__ import annotations


class LentigoError(Exception):
    """Base of the tree. ``remedy`` is one sentence that the page shows under the message."""

    remedy = "Reload the page and try again."

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class PictureError(LentigoError):
    """The visitor's file cannot be used as a picture."""

    remedy = "Choose another photo, as JPEG, PNG or WebP."


class EmptyFileError(PictureError):
    """The file holds no bytes."""

    remedy = "Choose the photo again; if it lies in a cloud folder, download it first."


class NotAPictureError(PictureError):
    """The bytes are not a picture: text, a document, a film, or nothing known here."""


class NotAFileError(PictureError):
    """What was dropped or pasted holds no file. ``headline`` stands for the browser's own words."""

    remedy = "Save the picture to this device and choose the file."
    headline = "That is not a file."


class FolderError(NotAFileError):
    """A folder was dropped."""

    remedy = "Open the folder and choose the photo itself."
    headline = "That is a folder, not a photo."


class WebAddressError(NotAFileError):
    """An address was dropped, or a picture out of another page, which comes as its address."""

    headline = "That is a web address, not a photo."


class TextError(NotAFileError):
    """Text was dropped or pasted."""

    headline = "That is text, not a photo."


class UnreadableFileError(PictureError):
    """The browser could not read the file: moved, forbidden, or not downloaded."""

    remedy = "Choose the photo again; if it lies in a cloud folder, download it first."
    headline = "The file could not be read."


class BrokenPictureError(PictureError):
    """The format is known, but the data are cut off or damaged."""

    remedy = "Take the photo again, or copy the file once more from where it came."


class PictureTooLargeError(PictureError):
    """More pixels than can be decoded within the memory of a phone."""

    remedy = "Crop the photo to the lesion, or save it with fewer pixels, and try again."


class PictureTooSmallError(PictureError):
    """Too few pixels, on one side at least, to show a lesion."""

    remedy = (
        "Choose the original photo rather than a thumbnail or a strip: at least 64 pixels a side."
    )


class UnsupportedPictureError(PictureError):
    """A picture, sound as far as is known, of a kind that is not read here."""

    remedy = "Open the photo on your device, save it as JPEG, and choose that file."


class HostDecodableError(UnsupportedPictureError):
    """A picture that is not read here but by some browsers (HEIC, AVIF): this one may try."""


class TooLargeHereError(HostDecodableError):
    """A picture that takes more memory than Python may have; the browser has its own."""

    remedy = PictureTooLargeError.remedy


class ManifestError(LentigoError):
    """The model's manifest breaks its schema."""

    remedy = "The site was not deployed completely. Reload; if it stays, tell whoever runs it."


class EngineError(LentigoError):
    """The model could not be run."""

    remedy = "Reload the page. If it stays, try another browser, such as a current Chrome or Edge."


class ModelFileError(EngineError):
    """A file of the model is missing, cut off, or not the one that the manifest names."""

    remedy = "Check the connection and reload the page."


class NoSuchModelError(EngineError):
    """The page's address asks for weights that the model has not."""

    remedy = "Take “model=” out of the page’s address and load it again."


class NoSuchBackendError(EngineError):
    """The page's address asks for a backend that there is not."""

    remedy = "Take “backend=” out of the page’s address and load it again."


class NoBackendError(EngineError):
    """Every backend failed to start or gave wrong answers on the golden vectors."""


class EngineTimeoutError(EngineError):
    """The engine did not answer in time, on any backend."""


class CameraError(LentigoError):
    """The camera gives no picture. ``headline`` stands for the browser's own, technical words."""

    remedy = "You can still choose a photo."
    headline = "The camera gives no picture."


class CameraRefusedError(CameraError):
    """The visitor or the browser refused the camera."""

    remedy = "Allow the camera in the browser’s address bar and try again, or choose a photo."
    headline = "The browser was not allowed to use the camera."


class CameraAbsentError(CameraError):
    """There is no camera, or the page is not served over HTTPS."""

    remedy = "Choose a photo instead. A camera needs a page that is served over HTTPS."
    headline = "No camera was found."


class CameraBusyError(CameraError):
    """Another program holds the camera."""

    remedy = "Close the other program that uses the camera and try again, or choose a photo."
    headline = "The camera is in use or was disconnected."


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


def from_wire(name: str, message: str, detail: str = "") -> LentigoError:
    """Make the error that crossed a thread as ``{name, message, detail}``.

    An unknown name becomes ``LentigoError`` and keeps the name in its detail.
    """
    kind = _BY_NAME.get(name)
    if kind is None:
        return LentigoError(message, detail=f"{name}: {detail}" if detail else name)
    if issubclass(kind, CameraError | NotAFileError | UnreadableFileError):
        return kind(kind.headline, detail=f"{name}: {message}")
    return kind(message, detail=detail)

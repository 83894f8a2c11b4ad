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
    """The bytes are not a picture in any format known here."""


class BrokenPictureError(PictureError):
    """The format is known, but the data are cut off or damaged."""

    remedy = "Take the photo again, or copy the file once more from where it came."


class PictureTooLargeError(PictureError):
    """More pixels than can be decoded within the memory of a phone."""

    remedy = "Crop the photo to the lesion, or save it with fewer pixels, and try again."


class PictureTooSmallError(PictureError):
    """Too few pixels to show a lesion."""

    remedy = "Choose the original photo rather than a thumbnail: at least 64 pixels a side."


class HostDecodableError(PictureError):
    """A format that Pillow lacks but this browser may know (HEIC, AVIF)."""

    remedy = "Open the photo on your device, save it as JPEG, and choose that file."


class ManifestError(LentigoError):
    """The model's manifest breaks its schema."""

    remedy = "The site was not deployed completely. Reload; if it stays, tell whoever runs it."


class EngineError(LentigoError):
    """The model could not be run."""

    remedy = "Reload the page. If it stays, try another browser, such as a current Chrome or Edge."


class ModelFileError(EngineError):
    """A file of the model is missing, cut off, or not the one that the manifest names."""

    remedy = "Check the connection and reload the page."


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


class BootError(LentigoError):
    """A stage of the start did not finish in time."""


_BY_NAME: dict[str, type[LentigoError]] = {
    "ModelFileError": ModelFileError,
    "NoBackendError": NoBackendError,
    "EngineTimeoutError": EngineTimeoutError,
    "EngineError": EngineError,
    "BootError": BootError,
    "BrokenPictureError": BrokenPictureError,
    # DOMException names that getUserMedia rejects with (Media Capture and Streams, 10.2).
    "NotAllowedError": CameraRefusedError,
    "SecurityError": CameraRefusedError,
    "NotFoundError": CameraAbsentError,
    "OverconstrainedError": CameraAbsentError,
    "NotReadableError": CameraBusyError,
    "AbortError": CameraBusyError,
    "CameraError": CameraError,
}


def from_wire(name: str, message: str, detail: str = "") -> LentigoError:
    """Make the error that crossed a thread as ``{name, message, detail}``.

    An unknown name becomes ``LentigoError`` and keeps the name in its detail.
    """
    kind = _BY_NAME.get(name)
    if kind is None:
        return LentigoError(message, detail=f"{name}: {detail}" if detail else name)
    if issubclass(kind, CameraError):
        return kind(kind.headline, detail=f"{name}: {message}")
    return kind(message, detail=detail)

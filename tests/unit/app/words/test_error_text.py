"""What the page says of an error that a script reports, in English."""

import pytest

from app.words import IN_ENGLISH
from app.words.errors import error_text
from lentigo.errors import from_wire


@pytest.mark.parametrize(
    ("name", "message", "next_step"),
    [
        ("NotAFileError", "file", "save"),
        ("FolderError", "That is a folder, not a photo.", "Open the folder"),
        ("WebAddressError", "address", "Save"),
        ("TextError", "text", "Save"),
        ("UnreadableFileError", "read", "cloud folder"),
        ("NotFoundError", "No camera was found.", "photo"),
        ("NotAllowedError", "Camera access is blocked.", "photo"),
        ("CameraRefusedInAppError", "Camera access is blocked.", "Apps, Lentigo, Permissions"),
        ("HiddenPixelsError", "hide what is in pictures", "choose a photo"),
        ("NotReadableError", "in use or was disconnected", "photo"),
    ],
)
def test_what_a_browser_refuses_is_said_with_a_remedy(
    name: str, message: str, next_step: str
) -> None:
    said = error_text(from_wire(name, "what a browser says"), IN_ENGLISH)
    assert message.lower() in said.message.lower()
    assert next_step.lower() in said.next_step.lower()

"""The screen that everybody opens: a photo or the camera, an answer, the questions."""

from app.screens.screening.announcements import announce
from app.screens.screening.answered import answered
from app.screens.screening.state import Mode, State
from app.screens.screening.update import aimed, concerning, noted, update
from app.screens.screening.view import view

__all__ = [
    "Mode",
    "State",
    "aimed",
    "announce",
    "answered",
    "concerning",
    "noted",
    "update",
    "view",
]

"""The screen that everybody opens: a photo or the camera, an answer, the questions."""

from app.screens.screening.announcements import announce
from app.screens.screening.answered import answered
from app.screens.screening.state import State
from app.screens.screening.update import aimed, noted, update
from app.screens.screening.view import view

__all__ = ["State", "aimed", "announce", "answered", "noted", "update", "view"]

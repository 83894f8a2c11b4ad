"""What is kept when somebody asks for it: people, spots, and photos with their answers of that day.

Pure values. ``lentigo.spots.archive`` writes and reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from lentigo.model.modality import Modality
from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from datetime import date, datetime

    from lentigo.model.reading import Outputs
    from lentigo.picture.quality import QualityIssue
    from lentigo.priority import Priority
    from lentigo.spots.place import Place
    from lentigo.spots.scale.size import Size
    from lentigo.triage.checklist import Answers, Question

# What a visitor may write, in characters (ours): a name fits a list, a note a page.
NAME_LENGTH = 60
NOTE_LENGTH = 1000


class Care(StrEnum):
    """What has become of a spot."""

    WATCHED = "watched"
    SEEN = "seen"
    """A doctor has looked at it."""
    REMOVED = "removed"


@dataclass(frozen=True)
class CareState:
    """What has become of a spot, on which day, and when the visitor said so (UTC).

    ``heard`` names what Lentigo had asked for by then beside its answers
    (``HistoryRequest.name``). A watched one has none of these.
    """

    care: Care = Care.WATCHED
    on: date | None = None
    said: datetime | None = None
    heard: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if {self.on is None, self.said is None} != {self.care is Care.WATCHED}:
            raise ValueError(f"a spot that is {self.care} has the day {self.on}, said {self.said}")


@dataclass(frozen=True)
class Person:
    """Whose spots they are. ``about`` is what is known of the person alone."""

    id: str
    name: str
    created: datetime
    about: Answers = NO_ANSWERS


@dataclass(frozen=True)
class Overview:
    """A wide photo of the skin around a spot; it is never judged.

    ``picture`` is the key of a JPEG in the store, and (``x``, ``y``) where the spot is, in 0..1 of
    its width and height.
    """

    picture: str
    x: float
    y: float

    def __post_init__(self) -> None:
        if not (0.0 <= self.x <= 1.0 and 0.0 <= self.y <= 1.0):
            raise ValueError(f"({self.x}, {self.y}) is not on a photo")


@dataclass(frozen=True)
class KeptSpot:
    """One spot of a person; ``created`` is in UTC."""

    id: str
    person: str
    name: str
    created: datetime
    note: str = ""
    place: Place | None = None
    state: CareState = CareState()
    overview: Overview | None = None


class ChangeSeen(StrEnum):
    """The answer to "Do you see a change in size, shape or colour?"."""

    YES = "yes"
    NOT_SURE = "not-sure"
    NO = "no"


@dataclass(frozen=True)
class Judged:
    """What Lentigo answered on the day, by which model.

    ``outputs`` are the network's logits, those of the mean where several photos were read together.
    ``rules`` are the codes of every request (``lentigo.triage.rules.code_of``).
    """

    priority: Priority
    rules: tuple[str, ...]
    model: str
    variant: str
    outputs: Outputs | None = None


@dataclass(frozen=True)
class Capture:
    """One photo of a spot with what was made of it.

    ``taken`` is the day of the photo and ``answered`` that of the answer, on the visitor's
    calendar; ``saved`` is in UTC. ``outline`` runs around the lesion, (x, y) in 0..1 of the
    picture; empty if none was found. ``picture`` and ``thumbnail`` are the keys of JPEGs in the
    store, both empty once the photo was deleted and only what it asked for is left. ``answers`` are
    those about the spot. ``change_seen`` and ``changes`` are what the visitor sees beside an
    earlier photo, whose name ``change_since`` is, and ``concerns`` the codes of what was measured
    there. ``size`` is known where the spot was measured by a coin.
    """

    id: str
    spot: str
    taken: date
    answered: date
    saved: datetime
    picture: str
    thumbnail: str
    judged: Judged
    modality: Modality = Modality.UNSURE
    issues: tuple[QualityIssue, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()
    answers: Answers = NO_ANSWERS
    change_seen: ChangeSeen | None = None
    changes: tuple[Question, ...] = ()
    change_since: str | None = None
    concerns: tuple[str, ...] = ()
    size: Size | None = None

    @property
    def is_deleted(self) -> bool:
        """Whether the photo is gone, and only what it asked for is left."""
        return not self.picture

    def without_photo(self) -> Capture:
        """Return what is left of it once its photo was deleted."""
        judged = replace(self.judged, outputs=None)
        return replace(self, picture="", thumbnail="", outline=(), judged=judged)

    @property
    def order(self) -> tuple[date, datetime]:
        """Where it stands among the photos of its spot: by its day, then by when it was saved."""
        return self.taken, self.saved


@dataclass(frozen=True)
class Backup:
    """Which photos are in a backup: there is one such record.

    ``made`` is when the last one was begun here (UTC), which holds all that was saved by then.
    ``restored`` are the photos saved later that came out of another one.
    """

    made: datetime | None = None
    restored: frozenset[str] = frozenset()
    id: str = "backup"

    def holds(self, capture: Capture) -> bool:
        """Tell whether a photo is in a backup."""
        in_last = self.made is not None and capture.saved <= self.made
        return in_last or capture.id in self.restored


Record = Person | KeptSpot | Capture | Backup


def pictures_of(record: Record) -> tuple[str, ...]:
    """Return the keys of the pictures that belong to a record."""
    match record:
        case Capture():
            return () if record.is_deleted else (record.picture, record.thumbnail)
        case KeptSpot(overview=Overview(picture=picture)):
            return (picture,)
        case _:
            return ()

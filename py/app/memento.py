"""What another application needs to know to take this one's place: as JSON, for the host to keep.

The host does not read it but for ``photos``, the ids of what it still has to hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.events import KnownPhoto, KnownSpot, Photo, Resumed, Source
from lentigo.model.modality import Modality
from lentigo.triage.checklist import as_document, parse_answers

if TYPE_CHECKING:
    from app.screens.screening.spot import Shot, SpotInPhoto
    from app.screens.screening.state import State


def memento(state: State) -> str:
    """Write down the photos and what the visitor said; not what was found, which is found again."""
    document = {
        "photos": [shot.id for shot in state.shots],
        "spots": [_spot(spot) for spot in state.spots],
        "opened": state.opened,
        "person": as_document(state.session.person),
        "draft": as_document(state.draft),
    }
    return json.dumps(document)


def _spot(spot: SpotInPhoto) -> dict[str, Any]:
    return {
        **_photo(spot),
        "answers": as_document(spot.answers),
        "kept": spot.kept,
        "added": [_photo(shot) for shot in spot.added],
    }


def _photo(shot: Shot) -> dict[str, Any]:
    photo = shot.photo
    return {
        "id": photo.id,
        "intent": photo.intent,
        "source": str(photo.source),
        "started_ms": photo.started_ms,
        "name": photo.name,
        "modality": shot.modality,
    }


def parse_memento(text: str, intent: int) -> Resumed:
    """Read a memento; ``KeyError`` or ``ValueError`` if it is none."""
    document = json.loads(text)
    return Resumed(
        intent,
        tuple(_known(spot) for spot in document["spots"]),
        document["opened"],
        parse_answers(document["person"]),
        parse_answers(document["draft"]),
    )


def _known(spot: dict[str, Any]) -> KnownSpot:
    first = _known_photo(spot)
    added = tuple(_known_photo(photo) for photo in spot["added"])
    answers = parse_answers(spot["answers"])
    return KnownSpot(first.photo, answers, spot["kept"], first.modality, added)


def _known_photo(value: dict[str, Any]) -> KnownPhoto:
    photo = Photo(
        value["id"], value["intent"], Source(value["source"]), value["started_ms"], value["name"]
    )
    return KnownPhoto(photo, None if value["modality"] is None else Modality(value["modality"]))

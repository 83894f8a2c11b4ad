"""What another application needs to know to take this one's place: as JSON, for the host to keep.

The host does not read it but for ``photos``, the ids of what it still has to hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.events import KnownSpot, Photo, Resumed, Source
from lentigo.model.modality import Modality
from lentigo.triage.checklist import as_document, parse_answers

if TYPE_CHECKING:
    from app.screens.screening.spot import SpotInPhoto
    from app.screens.screening.state import State


def memento(state: State) -> str:
    """Write down the photos and what the visitor said; not what was found, which is found again."""
    document = {
        "photos": [spot.id for spot in state.spots],
        "spots": [_spot(spot) for spot in state.spots],
        "opened": state.opened,
        "person": as_document(state.session.person),
        "draft": as_document(state.draft),
    }
    return json.dumps(document)


def _spot(spot: SpotInPhoto) -> dict[str, Any]:
    photo = spot.photo
    return {
        "id": photo.id,
        "intent": photo.intent,
        "source": str(photo.source),
        "started_ms": photo.started_ms,
        "name": photo.name,
        "answers": as_document(spot.answers),
        "kept": spot.kept,
        "modality": spot.modality,
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
    photo = Photo(
        spot["id"], spot["intent"], Source(spot["source"]), spot["started_ms"], spot["name"]
    )
    modality = None if spot["modality"] is None else Modality(spot["modality"])
    return KnownSpot(photo, parse_answers(spot["answers"]), spot["kept"], modality)

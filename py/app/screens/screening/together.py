"""Several photos of one spot: which of them count, and the answer for all. Pure.

Photos are only ever added: none is taken out, and none of an answered spot is replaced.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from itertools import takewhile
from typing import TYPE_CHECKING

from app.screens.screening.spot import Answer, LeftOut, Surplus
from lentigo.model.recent_frames import RecentFrames
from lentigo.model.several_photos import mean_outputs, read_together
from lentigo.triage.several_photos import MOST_PHOTOS

if TYPE_CHECKING:
    from app.screens.screening.spot import Shot, SpotInPhoto


def digest_of(content: bytes) -> str:
    """Return what tells a photo from every other one."""
    return sha256(content).hexdigest()


def came_before(spot: SpotInPhoto, photo_id: int, digest: str) -> bool:
    """Tell whether the spot already has the photo of this digest."""
    earlier = takewhile(lambda shot: shot.id != photo_id, spot.shots)
    return any(shot.digest == digest for shot in earlier)


def with_more(spot: SpotInPhoto, shots: tuple[Shot, ...]) -> SpotInPhoto:
    """Add photos; of earlier ones that did not count nothing is said any more."""
    kept = tuple(shot for shot in spot.added if shot.alone is not None or shot.is_pending)
    return _without_surplus(replace(spot, added=(*kept, *shots)))


def answered_anew(spot: SpotInPhoto) -> SpotInPhoto:
    """Answer for all photos that count, after one of them was judged or is read otherwise."""
    spot = _without_surplus(spot)
    others = [shot for shot in spot.accepted if shot is not spot]
    return replace(spot, together=_answer_of_all(spot) if others else None)


def _without_surplus(spot: SpotInPhoto) -> SpotInPhoto:
    if len(spot.accepted) < MOST_PHOTOS:
        return spot
    left_out = LeftOut(Surplus.TOO_MANY)
    added = tuple(replace(s, stage=left_out) if s.is_pending else s for s in spot.added)
    return replace(spot, added=added)


def _answer_of_all(spot: SpotInPhoto) -> Answer | None:
    answers = [shot.alone for shot in spot.accepted if shot.alone is not None]
    newest = answers[-1]
    if len(answers) == 1:
        return newest
    outputs = [answer.outputs for answer in answers]
    reading = read_together(
        newest.manifest.reader, outputs, [answer.modality for answer in answers]
    )
    return replace(
        newest,
        assessment=reading.assessment,
        outputs=mean_outputs(outputs),
        # Frames before the camera are of one photo; photos are compared by the rule itself.
        history=RecentFrames(),
        modality=reading.modality,
        recognition=reading.recognition,
    )

"""The answer that is shown, as it can be kept. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import Source
from app.screens.screening.keep import has_answer
from app.spots.saving import Answered
from lentigo.model.modality import Modality
from lentigo.spots.records import Judged
from lentigo.triage.rules import code_of

if TYPE_CHECKING:
    from app.screens.screening.spot import SpotInPhoto
    from app.screens.screening.state import State


def answered(state: State) -> Answered | None:
    """Return the answer that is shown with its photo; ``None`` if there is not both."""
    spot = state.photographed
    if spot is None or not has_answer(state):
        return None
    shot, answer = spot.pictured, spot.answer
    if shot.whole is None:
        return None
    return Answered(
        shot.id,
        shot.whole,
        shot.thumbnail,
        shot.taken,
        shot.photo.source is Source.CAPTURE,
        tuple(finding.issue for finding in shot.findings),
        answer.modality if answer else Modality.UNSURE,
        _judged(state, spot),
        spot.answers,
        state.session.person,
    )


def _judged(state: State, spot: SpotInPhoto) -> Judged:
    triage, answer, running = state.triage, spot.answer, state.session.running
    return Judged(
        triage.priority,
        tuple(dict.fromkeys(code_of(request) for request in triage.requests)),
        answer.manifest.id if answer else "",
        running.variant if running else "",
        answer.outputs if answer else None,
    )

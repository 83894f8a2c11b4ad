"""Kept records, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lentigo.model.modality import Modality
from lentigo.model.reading import Outputs
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from lentigo.spots.records import Capture, Care, CareState, ChangeSeen, Judged, KeptSpot, Person
from lentigo.triage.checklist import Answers, Question

DAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)

PERSON = Person("p1", "", NOON, Answers(had_melanoma=True))
SPOT = KeptSpot("s1", PERSON.id, "Mole", NOON, note="seen in the bath")
CAPTURE = Capture(
    id="c1",
    spot=SPOT.id,
    taken=DAY,
    answered=DAY,
    saved=NOON,
    picture="b1",
    thumbnail="b2",
    judged=Judged(
        Priority.LOW,
        ("top-class.nv",),
        "lentigo-v1",
        "float16",
        Outputs((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7), melanoma=-3.0),
    ),
    modality=Modality.CAMERA,
    issues=(QualityIssue.BLUR,),
    outline=((0.25, 0.25), (0.75, 0.25), (0.5, 0.75)),
    answers=Answers(change_in_size=False, large_diameter=True),
    change_seen=ChangeSeen.YES,
    changes=(Question.IRREGULAR_COLOUR,),
    concerns=("grown",),
)


def captured(priority: Priority, days: int = 0, name: str = "") -> Capture:
    """Return a photo with this answer, so many days after the first."""
    return replace(
        CAPTURE,
        id=name or f"c{days}",
        taken=DAY + timedelta(days=days),
        answered=DAY + timedelta(days=days),
        saved=NOON + timedelta(days=days),
        judged=replace(CAPTURE.judged, priority=priority),
        answers=Answers(),
        change_seen=None,
        changes=(),
        concerns=(),
    )


def seen(days: int, care: Care = Care.SEEN) -> CareState:
    """Return the state of a spot that a doctor has looked at, so many days after the first."""
    return CareState(care, DAY + timedelta(days=days), NOON + timedelta(days=days, hours=1))

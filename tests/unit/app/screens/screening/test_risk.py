"""What a priority means among a thousand people; the counts can be worked out by hand."""

import json
import re

from app.screens.screening.risk import natural_risk
from app.words import IN_ENGLISH
from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import Manifest, parse_manifest
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from tests.unit.builders import manifest_document
from tests.unit.evaluations import evaluation_document


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def with_tiers(tiers: dict[str, dict[str, int]]) -> Manifest:
    """A manifest with these camera pictures, and none through a dermoscope."""
    evaluation = evaluation_document()
    nobody = {str(priority): 0 for priority in Priority}
    for kind, given in (("camera", tiers), ("dermoscopic", {})):
        evaluation["slices"][kind]["priority"]["pictures_by_class_and_tier"] = {
            str(diagnosis): nobody | given.get(diagnosis, {}) for diagnosis in Diagnosis
        }
    return parse_manifest(json.dumps({**manifest_document(), "evaluation": evaluation}))


def risk(known: Manifest, priority: Priority, modality: Modality) -> str:
    return natural_risk(known, priority, modality, IN_ENGLISH).text


def of_a_thousand(html: str) -> tuple[int, int]:
    """The people with this answer, and those of them with a skin cancer."""
    told = re.search(r"about (\d+) get .*? picture; (\d+) of them", text(html))
    assert told
    return int(told[1]), int(told[2])


RISK = {
    "mel": {"low": 1, "uncertain": 1, "medium": 0, "high": 0, "urgent": 48},
    "nv": {"low": 60, "uncertain": 20, "medium": 10, "high": 5, "urgent": 5},
}


def test_a_priority_is_told_as_people_out_of_a_thousand_at_the_declared_prevalence() -> None:
    known = with_tiers(RISK)
    # 91 of 1,000 have one of the cancers: 87 of them get at least high, as 10 % of the 909 others.
    high = risk(known, Priority.HIGH, Modality.CAMERA)
    assert of_a_thousand(high) == (87 + 91, 87)
    assert "this priority or a higher one" in high
    assert "skin cancer" in high
    assert of_a_thousand(risk(known, Priority.MEDIUM, Modality.UNSURE)) == (87 + 182, 87)
    low = risk(known, Priority.LOW, Modality.CAMERA)
    assert of_a_thousand(low) == (1000 - 87 - 182, 4)
    assert "all the same" in low


def test_urgent_is_told_of_the_one_disease_that_asks_for_it() -> None:
    carcinomas = {"bcc": {"low": 0, "high": 950, "urgent": 50}}
    urgent = risk(with_tiers({**RISK, **carcinomas}), Priority.URGENT, Modality.CAMERA)
    # 25 of 1,000 have a melanoma: 24 of them are urgent, and 5 % of the 975 others.
    assert of_a_thousand(urgent) == (24 + 49, 24)
    assert "24 of them have a melanoma." in text(urgent)
    assert "25 melanomas in 1,000" in text(urgent)
    assert "or a higher one" not in urgent


def test_a_risk_that_is_not_known_is_not_made_up() -> None:
    few = with_tiers({**RISK, "mel": {"urgent": 29}})
    assert risk(few, Priority.URGENT, Modality.CAMERA) == ""
    assert risk(with_tiers(RISK), Priority.URGENT, Modality.DERMOSCOPIC) == ""
    nothing = parse_manifest(json.dumps(manifest_document()))
    assert risk(nothing, Priority.URGENT, Modality.CAMERA) == ""

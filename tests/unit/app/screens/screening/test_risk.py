"""What a priority means in people; the counts can be worked out by hand."""

import json
import re

from app.screens.screening.risk import natural_risk, tier_meaning
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
    return text(natural_risk(known, priority, modality, IN_ENGLISH).text)


def told(said: str) -> tuple[int, int]:
    """How many with a cancer, of how many people with this answer."""
    found = re.match(r"Of ([\d,]+) people who .*?, about (\d+) ha", said)
    assert found
    return int(found[2]), int(found[1].replace(",", ""))


RISK = {
    "mel": {"low": 1, "uncertain": 1, "medium": 0, "high": 0, "urgent": 48},
    "nv": {"low": 60, "uncertain": 20, "medium": 10, "high": 5, "urgent": 5},
}


def test_a_priority_is_told_as_people_who_get_it_at_the_declared_prevalence() -> None:
    known = with_tiers(RISK)
    # 1 in 11 has a cancer: 96 % of them get at least high, as 10 % of the others: 48 in 98.
    high = risk(known, Priority.HIGH, Modality.CAMERA)
    assert told(high) == (49, 100)
    assert "this answer or a more urgent one" in high
    # 96 % and 20 %: 48 in 148.
    assert told(risk(known, Priority.MEDIUM, Modality.UNSURE)) == (32, 100)


def test_urgent_is_told_of_the_one_disease_that_asks_for_it() -> None:
    carcinomas = {"bcc": {"low": 0, "high": 950, "urgent": 50}}
    urgent = risk(with_tiers({**RISK, **carcinomas}), Priority.URGENT, Modality.CAMERA)
    # 36 of 1,436 have a melanoma: 96 % of them get it, and 5 % of the others: 34.56 in 104.56.
    assert urgent.startswith(
        "Most people who get this answer do not have melanoma: about 33 in 100 do. Have it checked"
    )
    assert "25 have a melanoma (Walter" in urgent
    assert "or a more urgent one" not in urgent


def test_what_most_people_do_not_have_is_said_of_most_people_only() -> None:
    # Of 2 in 200 others and 48 in 50 melanomas, at 36 in 1,436: 34.56 in 48.56.
    moles = {"nv": {"low": 198, "urgent": 2}}
    urgent = risk(with_tiers({**RISK, **moles}), Priority.URGENT, Modality.CAMERA)
    assert told(urgent) == (71, 100)
    assert "Most people" not in urgent


def test_fewer_than_one_in_a_hundred_is_told_of_a_thousand_and_never_as_nobody() -> None:
    # 4 % of the cancers and 80 % of the others: 0.04 / 8.04, 5 in 1,000.
    low = risk(with_tiers(RISK), Priority.LOW, Modality.CAMERA)
    assert told(low) == (5, 1000)
    assert "all the same" in low
    none_missed = with_tiers({**RISK, "mel": {"urgent": 50}})
    assert told(risk(none_missed, Priority.LOW, Modality.CAMERA)) == (1, 1000)


def test_an_answer_has_one_denominator_until_its_source_is_unfolded() -> None:
    html = natural_risk(with_tiers(RISK), Priority.URGENT, Modality.CAMERA, IN_ENGLISH).text
    shown, folded = html.split("<details")
    assert re.findall(r"\d+", text(shown)) == ["33", "100"]
    assert "Where this comes from" in folded
    assert "1,000" in folded


def test_a_risk_that_is_not_known_is_not_made_up() -> None:
    few = with_tiers({**RISK, "mel": {"urgent": 29}})
    assert risk(few, Priority.URGENT, Modality.CAMERA) == ""
    assert risk(with_tiers(RISK), Priority.URGENT, Modality.DERMOSCOPIC) == ""
    nothing = parse_manifest(json.dumps(manifest_document()))
    assert risk(nothing, Priority.URGENT, Modality.CAMERA) == ""
    assert tier_meaning(nothing, Priority.URGENT, Modality.CAMERA, IN_ENGLISH) == ""


def test_a_tier_is_explained_by_those_whom_it_hits_wrongly() -> None:
    known = with_tiers(RISK)

    def said(priority: Priority) -> str:
        return tier_meaning(known, priority, Modality.CAMERA, IN_ENGLISH)

    assert said(Priority.URGENT) == (
        "Of 100 ordinary moles photographed with a camera, 5 were told “within 2 weeks” too."
    )
    assert "10 were told “within 4 weeks” or sooner" in said(Priority.HIGH)
    assert "20 were sent to a doctor" in said(Priority.MEDIUM)
    for spared in (Priority.LOW, Priority.UNCERTAIN):
        assert "Of 100 melanomas" in said(spared)
        assert "4 were not sent to a doctor either" in said(spared)


def test_a_dermoscopes_pictures_are_counted_and_named_apart() -> None:
    evaluation = evaluation_document()
    known = parse_manifest(json.dumps({**manifest_document(), "evaluation": evaluation}))
    # The fixture has too few pictures of a class; with twice as many, 3 of 4 are urgent.
    tiers = evaluation["slices"]["dermoscopic"]["priority"]["pictures_by_class_and_tier"]
    tiers["nv"] = {**tiers["nv"], "low": 10, "urgent": 30}
    more = parse_manifest(json.dumps({**manifest_document(), "evaluation": evaluation}))
    way = Modality.DERMOSCOPIC
    assert tier_meaning(known, Priority.URGENT, way, IN_ENGLISH) == ""
    assert tier_meaning(more, Priority.URGENT, way, IN_ENGLISH) == (
        "Of 100 ordinary moles photographed through a dermoscope, 75 were told “within 2 weeks” "
        "too."
    )

import json
from typing import Any

from app.facts import false_alarm, model_facts
from lentigo.manifest import Manifest, parse_manifest
from lentigo.priority import Priority
from tests.unit.builders import manifest_document


def facts(metrics: dict[str, Any]) -> str:
    return model_facts(parse_manifest(json.dumps({**manifest_document(), "metrics": metrics})))


def test_the_figures_are_those_of_the_evaluation() -> None:
    share = {"value": 0.9, "n": 51, "low": 0.81, "high": 0.97}
    priority = dict.fromkeys(["melanoma_urgent", "malignant_at_least_medium", "naevus_low"], share)
    html = facts({"slices": {"camera": {"pictures": 523, "lesions": 504, "priority": priority}}})
    assert "523 pictures of 504 lesions" in html
    assert html.count("90 % of 51 <small>(81 % to 97 %)</small>") == 3
    assert "Dermoscope" not in html


def test_an_undefined_figure_is_not_a_number() -> None:
    share = {"value": None, "n": 0, "reason": "no melanoma"}
    priority = dict.fromkeys(["melanoma_urgent", "malignant_at_least_medium", "naevus_low"], share)
    html = facts({"slices": {"camera": {"pictures": 5, "lesions": 5, "priority": priority}}})
    assert html.count("too few to say") == 3


def test_a_model_without_an_evaluation_says_so() -> None:
    assert "no evaluation" in facts({})


def with_naevi(tiers: dict[str, int]) -> Manifest:
    metrics = {"slices": {"camera": {"priority": {"pictures_by_class_and_tier": {"nv": tiers}}}}}
    return parse_manifest(json.dumps({**manifest_document(), "metrics": metrics}))


def test_an_alarm_says_how_many_ordinary_moles_get_it_too() -> None:
    manifest = with_naevi({"low": 7, "uncertain": 0, "medium": 2, "high": 3, "urgent": 72})
    assert "of 84 photos of ordinary moles it gave 72" in false_alarm(manifest, Priority.URGENT)
    assert "it gave 77" in false_alarm(manifest, Priority.MEDIUM)


def test_low_is_no_alarm_and_an_unknown_rate_is_not_made_up() -> None:
    assert false_alarm(with_naevi({"low": 1, "urgent": 9}), Priority.LOW) == ""
    assert false_alarm(parse_manifest(json.dumps(manifest_document())), Priority.URGENT) == ""

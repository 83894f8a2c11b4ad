import json
from typing import Any

from app.facts import model_facts
from lentigo.manifest import parse_manifest
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

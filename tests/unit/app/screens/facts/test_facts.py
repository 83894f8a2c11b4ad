import json
import re
from typing import Any

import pytest

from app.screens.facts.view import model_facts
from app.words import IN_ENGLISH
from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import Manifest, parse_manifest
from tests.unit.builders import manifest_document
from tests.unit.evaluations import evaluation_document, figure, undefined


def manifest(evaluation: dict[str, Any] | None) -> Manifest:
    return parse_manifest(json.dumps({**manifest_document(), "evaluation": evaluation}))


def facts(evaluation: dict[str, Any] | None) -> str:
    return model_facts(manifest(evaluation), IN_ENGLISH).text


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def camera(**changes: Any) -> dict[str, Any]:
    evaluation = evaluation_document()
    evaluation["slices"]["camera"] |= changes
    return evaluation


def with_priority(**figures: Any) -> dict[str, Any]:
    return camera(priority={**evaluation_document()["slices"]["camera"]["priority"], **figures})


def dots(html: str, kind: str) -> int:
    drawn = re.search(rf'class="hundred {kind}">.*?class="dots-full" d="([^"]*)"', html)
    assert drawn
    return drawn[1].count("M")


def test_the_figures_are_those_of_the_evaluation() -> None:
    share = {"value": 0.9, "n": 51, "low": 0.81, "high": 0.97}
    evaluation = with_priority(
        **dict.fromkeys(["melanoma_urgent", "malignant_at_least_medium", "naevus_low"], share)
    )
    evaluation["slices"]["camera"] |= {"pictures": 523, "lesions": 504}
    html = facts(evaluation)
    assert "523 pictures of 504 lesions" in text(html)
    assert html.count("90 % of 51 <small>(81 % to 97 %)</small>") == 3


def test_a_kind_without_pictures_is_left_out() -> None:
    evaluation = evaluation_document()
    assert "Dermoscope (HAM10000)" in facts(evaluation)
    evaluation["slices"]["dermoscopic_ham10000"]["pictures"] = 0
    assert "Dermoscope (HAM10000)" not in facts(evaluation)
    evaluation["slices"]["camera"]["pictures"] = 0
    assert "no evaluation" in facts(evaluation)


def test_an_undefined_figure_is_not_a_number() -> None:
    before = facts(evaluation_document()).count("too few to say")
    names = ["melanoma_urgent", "malignant_at_least_medium", "not_malignant_below_medium"]
    html = facts(with_priority(**dict.fromkeys(names, undefined())))
    assert html.count("too few to say") == before + 2
    assert "hundred" not in html


def test_a_model_without_an_evaluation_says_so_and_still_who_it_is() -> None:
    html = facts(None)
    assert "no evaluation" in html
    assert "test-model" in html


def test_the_first_words_are_people_of_a_hundred() -> None:
    caught = {"value": 0.962, "n": 379, "low": 0.94, "high": 0.98}
    spared = {"value": 0.55, "n": 144, "low": 0.5, "high": 0.6}
    html = facts(with_priority(malignant_at_least_medium=caught, not_malignant_below_medium=spared))
    words = text(html)
    assert "it sent 96 to a doctor and missed 4" in words
    assert "it sent 45 to a doctor too" in words
    assert "On 379 pictures; the true number lies between 94 and 98" in words
    assert "On 144 pictures; the true number lies between 40 and 50" in words
    assert dots(html, "dots-caught") == 96
    assert dots(html, "dots-alarm") == 45


@pytest.mark.parametrize(("value", "missed"), [(0.998, 1), (1.0, 0), (0.004, 99)])
def test_only_all_of_them_is_a_hundred(value: float, missed: int) -> None:
    share = {"value": value, "n": 500}
    words = text(facts(with_priority(malignant_at_least_medium=share)))
    assert f"to a doctor and missed {missed}." in words


def test_a_share_on_too_few_lesions_is_neither_said_nor_drawn() -> None:
    few = figure(1.0, 6, too_few_to_say=True)
    html = facts(with_priority(malignant_at_least_medium=few))
    assert "dots-caught" not in html
    assert "100 % of 6" not in html


def test_a_declared_prevalence_is_told_in_people_with_its_source() -> None:
    evaluation = evaluation_document()
    words = text(facts(evaluation))
    assert "suspected of malignancy, about 30 are one of these" in words
    assert "it would send 28 of them to a doctor and miss 2. It would also send 400" in words
    assert "Koelink et al., BMC Family Practice 15:29, 2014: benign to malignant 10" in words
    evaluation["natural_frequencies"]["malignancy"]["camera"] = None
    assert "Of 1,000" not in text(facts(evaluation))


def test_each_disease_has_its_sensitivity_or_why_it_has_none() -> None:
    evaluation = camera()
    sensitivity = evaluation["slices"]["camera"]["sensitivity"]
    sensitivity["mel"] = figure(0.43, 51, lesions=50, too_few_to_say=False)
    sensitivity["df"] = figure(1.0, 3, lesions=3, too_few_to_say=True)
    sensitivity["vasc"] = undefined()
    html = facts(evaluation)
    assert re.search(r"Melanoma</th><td>43 % of 51", html)
    assert re.search(r"Dermatofibroma</th><td>too few to say", html)
    assert re.search(r"Vascular lesion</th><td>no pictures", html)


def test_calibration_is_told_in_points_and_drawn() -> None:
    html = facts(camera(ece_after={"value": 0.059, "n": 523}))
    assert "Camera or phone: off by 6 points on average." in html
    # The fixture's second bin says 90 % and is right in 85 %; the picture counts from the top.
    assert '<circle cx="90.0" cy="15.0"' in html
    assert "said 40 %, right 50 %" in html
    assert "less than 1 point " in facts(camera(ece_after={"value": 0.004, "n": 523}))


def test_what_is_refused_stands_by_kind_and_so_do_the_lesions_refused_by_mistake() -> None:
    html = facts(evaluation_document())
    assert re.search(r"All of these</th><td>97 % of 210", html)
    assert re.search(r"Wounds</th><td>90 % of 40", html)
    assert re.search(r"Plain skin</th><td>too few to say", html)
    assert re.search(r"With a camera or phone</th><td>5 % of 400", html)
    assert re.search(r"On skin graded dark \(0-1\)</th><td>too few to say", html)


def test_whether_darker_skin_is_refused_more_often_is_said_or_called_untested() -> None:
    evaluation = evaluation_document()
    gap = evaluation["out_of_distribution"]["skin_tone_gap_milk10k"]
    assert "is untested: only 18 lesions" in facts(evaluation)
    gap["difference"] = {"value": 0.01, "n": 325, "low": -0.03, "high": 0.09}
    assert "was not seen to refuse darker skin more often. A share of 22 %" in facts(evaluation)
    gap |= {"detected": True, "difference": {"value": 0.06, "n": 325, "low": 0.02, "high": 0.1}}
    assert "darker skin more often</strong>, by 6 points" in facts(evaluation)


def test_dark_skin_with_too_few_lesions_is_named_and_has_no_figure() -> None:
    html = facts(evaluation_document())
    assert "Too few to say</strong> how it does on skin graded dark (0-1)" in html
    assert re.search(r"dark \(0-1\)</th><td>6</td><td>too few to say", html)
    assert re.search(r"light \(4-5\)</th><td>91</td><td>98 % of 91", html)


def test_the_fault_that_costs_most_is_computed() -> None:
    evaluation = evaluation_document()

    found = evaluation["robustness"]

    def measured(auc: float) -> dict[str, Any]:
        camera = found["unchanged"]["camera"] | {"malignancy_auc": figure(auc)}
        return {**found["unchanged"], "camera": camera}

    found["unchanged"] = measured(0.9)
    for name in found["corruptions"]:
        found["corruptions"][name] = [{"severity": 3.0, "slices": measured(0.91)}]
    assert "changed little" in facts(evaluation)
    found["corruptions"]["darkness"] = [{"severity": 3.0, "slices": measured(0.85)}]
    found["corruptions"]["motion_blur"][0] = {"severity": 3.0, "slices": measured(0.7)}
    assert "in 90 % of the pairs" in facts(evaluation)
    assert "motion blur cost most" in facts(evaluation)


@pytest.mark.parametrize(
    ("block", "title"),
    [
        ("out_of_distribution", "Pictures that it refuses"),
        ("robustness", "Blurred, dark or tilted pictures"),
    ],
)
def test_a_section_that_a_model_lacks_is_left_out(block: str, title: str) -> None:
    assert title in facts(evaluation_document())
    assert title not in facts({**evaluation_document(), block: None})


def test_the_facts_carry_no_inline_style_and_escape_what_the_manifest_says() -> None:
    document = {**manifest_document(), "evaluation": evaluation_document(), "id": "<script>"}
    html = model_facts(parse_manifest(json.dumps(document)), IN_ENGLISH).text
    assert "style=" not in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_card_and_the_licence_can_be_found() -> None:
    html = facts(evaluation_document())
    assert "docs/generated/model-card.md" in html
    assert "Learned from:" in html


def test_the_facts_of_another_manifest_are_other_facts() -> None:
    one, other = manifest(evaluation_document()), manifest(None)
    assert model_facts(one, IN_ENGLISH) != model_facts(other, IN_ENGLISH)
    assert model_facts(one, IN_ENGLISH) is model_facts(one, IN_ENGLISH)


def test_each_section_has_a_heading_below_that_of_the_page() -> None:
    html = facts(evaluation_document())
    assert html.count("<details><summary><h2>") == 8
    assert "<h1" not in html


def test_the_licence_says_that_it_is_inherited_only_where_it_is() -> None:
    assert "none: most of the training pictures carry it" in facts(None)
    document = {**manifest_document(), "licence": "MIT"}
    own = model_facts(parse_manifest(json.dumps(document)), IN_ENGLISH).text
    assert "MIT. The program around" in own


def test_every_diagnosis_is_named() -> None:
    html = facts(evaluation_document())
    assert html.count('<th scope="row">') > len(Diagnosis)

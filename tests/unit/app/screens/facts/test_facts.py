import json
import re
from typing import Any

import pytest

from app.screens.facts.tables import model_tables
from app.screens.facts.view import model_facts
from app.words import IN_ENGLISH
from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import Manifest, parse_manifest
from lentigo.priority import Priority
from tests.unit.builders import manifest_document
from tests.unit.evaluations import evaluation_document, figure, undefined


def manifest(evaluation: dict[str, Any] | None) -> Manifest:
    return parse_manifest(json.dumps({**manifest_document(), "evaluation": evaluation}))


def facts(evaluation: dict[str, Any] | None) -> str:
    """The tables, where most figures stand."""
    return model_tables(manifest(evaluation), IN_ENGLISH).text


def first(evaluation: dict[str, Any] | None) -> str:
    return model_facts(manifest(evaluation), IN_ENGLISH).text


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def camera(**changes: Any) -> dict[str, Any]:
    evaluation = evaluation_document()
    evaluation["slices"]["camera"] |= changes
    return evaluation


def with_priority(**figures: Any) -> dict[str, Any]:
    return camera(priority={**evaluation_document()["slices"]["camera"]["priority"], **figures})


def with_tiers(kind: str, **classes: dict[str, int]) -> dict[str, Any]:
    """An evaluation with these pictures of some classes, and 40 low ones of the others."""
    evaluation = evaluation_document()
    nobody = {str(priority): 0 for priority in Priority}
    evaluation["slices"][kind]["priority"]["pictures_by_class_and_tier"] = {
        str(diagnosis): nobody | classes.get(diagnosis, {"low": 40}) for diagnosis in Diagnosis
    }
    return evaluation


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
    assert html.count("90% of 51 <small>(81% to 97%)</small>") == 3


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


def test_a_model_without_an_evaluation_says_so_and_still_who_it_is() -> None:
    for html in (facts(None), first(None)):
        assert "no evaluation" in html
        assert "test-model" in html


MOLES = {"low": 20, "medium": 2, "urgent": 78}
MELANOMAS = {"low": 4, "uncertain": 1, "high": 5, "urgent": 90}


def test_the_first_words_are_moles_melanomas_and_people() -> None:
    html = first(with_tiers("camera", nv=MOLES, mel=MELANOMAS))
    words = text(html)
    assert "Of 100 ordinary moles photographed with a camera, 78 were told “within" in words
    assert "Of 100 melanomas photographed with a camera, 90 were told “within" in words
    assert "and 5 were not sent to a doctor at all" in words
    # 36 of 1,436 have a melanoma, 90% of whom get it, as do 78 of 220 of the others.
    assert "Of 100 people told “within 2 weeks” , about 6 have a melanoma" in words
    assert dots(html, "dots-alarm") == 78
    assert dots(html, "dots-caught") == 90
    assert "Through a dermoscope" not in words, "the fixture has too few of those"


def test_a_dermoscopes_pictures_follow_those_of_a_camera() -> None:
    evaluation = with_tiers("camera", nv=MOLES, mel=MELANOMAS)
    through = with_tiers("dermoscopic", nv={"low": 60, "urgent": 40}, mel={"low": 2, "high": 98})
    evaluation["slices"]["dermoscopic"] = through["slices"]["dermoscopic"]
    words = text(first(evaluation))
    assert "magnifier), 40 were." in words
    assert "Through a dermoscope, 2 were not sent." in words


def test_the_first_page_has_three_sentences_a_door_and_their_source() -> None:
    html = first(with_tiers("camera", nv=MOLES, mel=MELANOMAS))
    shown, rest = html.split("<details>")
    assert len(text(shown).split()) < 90
    assert "Where this comes from" in rest
    assert "Walter et al." in rest
    assert 'href="#/facts/tables"' in rest
    assert "<table" not in html


@pytest.mark.parametrize(("urgent", "said"), [(998, 99), (1000, 100), (2, 1), (0, 0)])
def test_only_all_of_them_is_a_hundred(urgent: int, said: int) -> None:
    moles = {"low": 1000 - urgent, "urgent": urgent}
    words = text(first(with_tiers("camera", nv=moles)))
    assert f"with a camera, {said} were told" in words


def test_what_too_few_pictures_stand_behind_is_neither_said_nor_drawn() -> None:
    html = first(with_tiers("camera", nv={"urgent": 29}, mel=MELANOMAS))
    assert "dots-alarm" not in html
    assert "ordinary moles" not in html
    assert "dots-caught" in html


def test_the_worth_of_following_it_is_said_and_drawn() -> None:
    html = facts(evaluation_document())
    # 90% caught and 60% spared at a prevalence of 2.5%: 22.5 of 412.5 alarmed, 2.5 of 587.5.
    assert "whoever would have 18 to 235 spots looked at to find one" in text(html)
    assert html.count('<svg class="decision"') == 4
    # 22.5 - 390 * 3 / 97 of 1,000, and 25 - 975 * 3 / 97.
    assert re.search(r"At a risk of 3 ?%, in cancers found", html)
    assert "following Lentigo 10.4, sending everybody -5.2, sending nobody 0" in html


def test_a_curve_that_too_few_stand_behind_is_left_out() -> None:
    evaluation = evaluation_document()
    few = figure(0.9, 6, too_few_to_say=True)
    evaluation["slices"]["camera"]["decision"]["melanoma"]["sensitivity"] = few
    assert facts(evaluation).count('<svg class="decision"') == 3
    for kind in ("camera", "dermoscopic"):
        for curve in evaluation["slices"][kind]["decision"].values():
            curve["by_score"] = []
    assert "sending everybody?" not in facts(evaluation)
    for figures in evaluation["slices"].values():
        del figures["decision"]
    assert "sending everybody?" not in facts(evaluation), "it was not measured"


def test_an_alarm_that_missed_nobody_has_no_upper_end() -> None:
    evaluation = evaluation_document()
    curve = evaluation["slices"]["camera"]["decision"]["melanoma"]
    curve["sensitivity"] = figure(1.0, 50)
    # 25 of 415 alarmed.
    assert "whoever would have 17 or more spots looked at" in facts(evaluation)


def test_an_alarm_that_tells_nothing_is_worth_more_nowhere() -> None:
    evaluation = evaluation_document()
    curve = evaluation["slices"]["camera"]["decision"]["melanoma"]
    curve |= {"sensitivity": figure(0.3, 50), "specificity": figure(0.6, 120)}
    assert "nowhere does more good than both" in facts(evaluation)


def test_a_declared_prevalence_is_told_in_people_with_its_source() -> None:
    evaluation = evaluation_document()
    words = text(facts(evaluation))
    assert "suspected of malignancy, about 30 are one of these" in words
    assert "it would send 28 of them to a doctor and miss 2. It would also send 400" in words
    assert "Koelink et al., BMC Family Practice 15:29, 2014: benign to malignant 10" in words
    evaluation["natural_frequencies"]["malignancy"]["camera"] = None
    assert "suspected of malignancy" not in text(facts(evaluation))


def test_each_disease_has_its_sensitivity_or_why_it_has_none() -> None:
    evaluation = camera()
    sensitivity = evaluation["slices"]["camera"]["sensitivity"]
    sensitivity["mel"] = figure(0.43, 51, lesions=50, too_few_to_say=False)
    sensitivity["df"] = figure(1.0, 3, lesions=3, too_few_to_say=True)
    sensitivity["vasc"] = undefined()
    html = facts(evaluation)
    assert re.search(r"Melanoma</th><td>43% of 51", html)
    assert re.search(r"Dermatofibroma</th><td>too few to say", html)
    assert re.search(r"Vascular lesion</th><td>no pictures", html)


def test_calibration_is_told_in_points_and_drawn() -> None:
    html = facts(camera(ece_after={"value": 0.059, "n": 523}))
    assert "Camera or phone: off by 6 points on average." in html
    # The fixture's second bin says 90% and is right in 85%; the picture counts from the top.
    assert '<circle cx="90.0" cy="15.0"' in html
    assert "said 40%, right 50%" in html
    assert "less than 1 point " in facts(camera(ece_after={"value": 0.004, "n": 523}))


def test_what_is_refused_stands_by_kind_and_so_do_the_lesions_refused_by_mistake() -> None:
    html = facts(evaluation_document())
    assert re.search(r"All of these</th><td>97% of 210", html)
    assert re.search(r"Wounds</th><td>90% of 40", html)
    assert re.search(r"Plain skin</th><td>too few to say", html)
    assert re.search(r"With a camera or phone</th><td>5% of 400", html)
    assert re.search(r"On skin graded dark \(0-1\)</th><td>too few to say", html)


def test_whether_darker_skin_is_refused_more_often_is_said_or_called_untested() -> None:
    evaluation = evaluation_document()
    gap = evaluation["out_of_distribution"]["skin_tone_gap_milk10k"]
    assert "is untested: only 18 lesions" in facts(evaluation)
    gap["difference"] = {"value": 0.01, "n": 325, "low": -0.03, "high": 0.09}
    assert "was not seen to refuse darker skin more often. A share of 22%" in facts(evaluation)
    gap |= {"detected": True, "difference": {"value": 0.06, "n": 325, "low": 0.02, "high": 0.1}}
    assert "darker skin more often</strong>, by 6 points" in facts(evaluation)


def test_dark_skin_with_too_few_lesions_is_named_and_has_no_figure() -> None:
    html = facts(evaluation_document())
    assert "Too few to say</strong> how it does on skin graded dark (0-1)" in html
    assert re.search(r"dark \(0-1\)</th><td>6</td><td>too few to say", html)
    assert re.search(r"light \(4-5\)</th><td>91</td><td>98% of 91", html)


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
    assert "in 90% of the pairs" in facts(evaluation)
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
    html = model_tables(parse_manifest(json.dumps(document)), IN_ENGLISH).text
    assert "style=" not in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_card_and_the_licence_can_be_found() -> None:
    html = facts(evaluation_document())
    assert "docs/generated/model-card.md" in html
    assert "Learned from:" in html


def test_the_facts_of_another_manifest_are_other_facts() -> None:
    one, other = manifest(evaluation_document()), manifest(None)
    assert model_tables(one, IN_ENGLISH) != model_tables(other, IN_ENGLISH)
    assert model_tables(one, IN_ENGLISH) is model_tables(one, IN_ENGLISH)


def test_each_section_has_a_heading_below_that_of_the_page() -> None:
    html = facts(evaluation_document())
    assert html.count("<details><summary><h2>") == 10
    assert "<h1" not in html


def test_the_licence_says_that_it_is_inherited_only_where_it_is() -> None:
    assert "none: most of the training pictures carry it" in facts(None)
    document = {**manifest_document(), "licence": "MIT"}
    own = model_tables(parse_manifest(json.dumps(document)), IN_ENGLISH).text
    assert "MIT. The program around" in own


def test_every_diagnosis_is_named() -> None:
    html = facts(evaluation_document())
    assert html.count('<th scope="row">') > len(Diagnosis)

"""The model card and its figures are made of the released files, whatever these leave open."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from app.words import IN_ENGLISH
from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import Corruption
from lentigo.model.figures import Figure, Undefined
from lentigo.model.manifest import Manifest, parse_manifest
from lentigo.model.outlier_figures import OutlierKind, SkinTone
from lentigo.model.selection import Criterion
from lentigo.model.slice_figures import Slice
from lentigo.model.strict import read
from lentigo.prevalence import Population
from tests.unit.builders import manifest_document
from tests.unit.evaluations import (
    evaluation,
    evaluation_document,
    figure,
    scales_document,
    undefined,
)
from training.card import card as model_card
from training.card import names
from training.card.card import FIGURES, made_of
from training.card.conditions import tone_row
from training.card.drawing import Axis, Box, draw_matrix
from training.card.figures import draw_all, roc, selective
from training.card.markdown import flow, percent, plain
from training.card.targets import TARGETS
from training.network.model_folder import DEFAULT_MODEL

SVG = "{http://www.w3.org/2000/svg}"


def manifest(**changes: Any) -> Manifest:
    document = {**manifest_document(), "scales": scales_document(), **changes}
    return parse_manifest(json.dumps(document))


def render(document: dict[str, Any]) -> str:
    return model_card.render(manifest(), evaluation(document))


def targets(document: dict[str, Any], **changes: Any) -> dict[str, list[str]]:
    found = evaluation(document)
    rows = [target.judge(manifest(**changes), found) for target in TARGETS]
    return {row[0]: row for row in rows}


def shown(document: dict[str, Any]) -> Figure:
    return read(Figure, document)


def flat(card: str) -> str:
    return " ".join(card.split())


# --- one figure -----------------------------------------------------------------------------------


def test_a_figure_is_written_with_its_interval() -> None:
    assert percent(Figure(value=0.5, n=4, low=0.25, high=0.75)) == "50.0 % (25.0–75.0)"
    assert plain(Figure(value=0.5, n=4)) == "0.500"


def test_too_few_lesions_hide_the_figure() -> None:
    assert percent(shown(figure(1.0, 6, too_few_to_say=True))) == "too few to say"


def test_an_undefined_figure_says_why_and_a_missing_one_that_it_was_not_measured() -> None:
    assert plain(shown(undefined("one-side"))) == "— (all images on one side)"
    assert plain(None) == "not measured"


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Slice, names.SLICES),
        (OutlierKind, names.OUTLIERS),
        (SkinTone, names.SKIN_TONES),
        (Corruption, names.CORRUPTIONS),
        (Population, names.POPULATIONS),
        (Criterion, names.CRITERIA),
        (Undefined, names.UNDEFINED),
        (Diagnosis, names.DIAGNOSES),
    ],
)
def test_the_card_has_words_for_every_code(codes: Any, words: dict[Any, Any]) -> None:
    assert set(words) == set(codes)


def test_the_card_calls_the_diagnoses_as_the_page_does() -> None:
    for diagnosis, name in names.DIAGNOSES.items():
        assert IN_ENGLISH(f"diagnosis.{diagnosis}") == name


# --- targets --------------------------------------------------------------------------------------


def test_a_target_is_judged_on_the_point_estimate_not_on_the_interval() -> None:
    document = evaluation_document()
    of_slice = document["slices"]["dermoscopic_ham10000"]
    of_slice["balanced_accuracy"] = {"value": 0.78, "n": 9, "low": 0.1, "high": 0.9}
    of_slice["melanoma_auc"] = {"value": 0.9299, "n": 9, "low": 0.92, "high": 0.99}
    of_slice["ece_after"] = {"value": 0.0301, "n": 9}
    rows = targets(document)
    assert rows["Balanced accuracy, HAM10000"][2:] == ["78.0 % (10.0–90.0)", "**met**"]
    assert rows["Melanoma AUC, HAM10000"][3] == "not met"
    assert rows["Calibration error, HAM10000"][3] == "not met"


def test_what_a_target_lacks_is_not_measured_rather_than_met() -> None:
    rows = targets(evaluation_document() | {"out_of_distribution": None, "quantised": None})
    assert rows["AUROC against images of no lesion"][2:] == ["not measured", "not measured"]
    assert rows["Decisions that uint8 changes"][3] == "not measured"


def test_size_and_parameters_come_from_the_manifest() -> None:
    rows = targets(evaluation_document(), parameters=7_100_000)
    assert rows["Parameters, millions"][2:] == ["7.10", "not met"]
    assert rows["Download in float16, MB"][3] == "**met**"


# --- the card -------------------------------------------------------------------------------------


def test_a_full_evaluation_leaves_nothing_unmeasured() -> None:
    card = render(evaluation_document())
    assert "not measured" not in card.lower()
    for words in ("never a diagnosis", "too few to say", "CLEAR Derm", "no cases", "**met**"):
        assert words in flat(card)


def test_the_worth_of_an_alarm_stands_at_half_and_twice_the_prevalence_too() -> None:
    card = render(evaluation_document())
    assert "![Decision curves of the rule and of its score](figures/decision.svg)" in card
    rows = [
        line for line in card.splitlines() if line.startswith("| Urgent for melanoma: clinical")
    ]
    # 90 % caught and 60 % spared: of 1,000 at 2.5 %, 22.5 in 412.5 alarmed and 2.5 in 587.5 spared.
    assert [row.split(" | ")[1:4] for row in rows[-3:]] == [
        ["1.2 %", "0.2 %", "2.8 %"],
        ["2.5 %", "0.4 %", "5.5 %"],
        ["5.0 %", "0.9 %", "10.6 %"],
    ]
    assert "| 10.4 | -5.2 |" in rows[-2]


def test_decision_curves_that_cannot_be_told_say_why() -> None:
    document = evaluation_document()
    few = figure(0.9, 6, too_few_to_say=True)
    for of_slice in document["slices"].values():
        for curve in of_slice["decision"].values():
            curve["sensitivity"] = few
    assert "Decision curves: too few to say." in render(document)
    for of_slice in document["slices"].values():
        del of_slice["decision"]
    assert "Decision curves: not measured." in render(document)
    assert "decision" not in draw_all(evaluation(document))


@pytest.mark.parametrize("name", ["modality", "out_of_distribution", "robustness", "quantised"])
def test_a_section_that_was_not_measured_says_so(name: str) -> None:
    assert "Not measured." not in render(evaluation_document())
    assert "Not measured." in render({**evaluation_document(), name: None})


def test_every_figure_may_be_undefined() -> None:
    def without_values(document: Any) -> Any:
        if isinstance(document, dict):
            if "value" in document:
                return undefined("one-side")
            return {key: without_values(below) for key, below in document.items()}
        return (
            [without_values(below) for below in document]
            if isinstance(document, list)
            else document
        )

    card = render(without_values(evaluation_document()))
    assert "all images on one side" in card
    assert "None" not in card


def test_a_kind_of_picture_that_nobody_has_is_left_out() -> None:
    document = evaluation_document()
    document["slices"]["smartphone"]["pictures"] = 0
    card = render(document)
    assert "Clinical, smartphone" not in card
    assert "Clinical, all" in card


def test_a_tone_with_too_few_lesions_has_no_figure_at_all() -> None:
    dark = tone_row(SkinTone.DARK, evaluation().skin_tones_milk10k[SkinTone.DARK])
    assert dark[3:] == ["too few to say"] * 3


def test_paragraphs_are_broken_and_tables_are_not() -> None:
    row = "| " + "x " * 80 + "|"
    flowed = flow("word " * 40 + f"\n\n\n\n{row}")
    assert max(len(line) for line in flowed.split("\n\n")[0].split("\n")) <= 100
    assert flowed.split("\n\n")[1] == row.strip()


def test_people_are_counted_at_each_declared_prevalence() -> None:
    card = render(evaluation_document())
    assert "| Malignant, medium or more: clinical | 3.0 % | 30 | 28 | 2 | 400 |" in card
    assert "| Melanoma, urgent: clinical | 2.5 % | 25 | 22 | 3 | 350 |" in card
    assert "Melanoma, urgent: dermoscopic" not in card
    assert "Walter et al., British Journal of General Practice 63:e345-e353, 2013" in flat(card)


def test_pictures_of_no_lesion_are_judged_by_kind_and_few_of_them_are_too_few() -> None:
    card = render(evaluation_document())
    assert "taught it, and test, what to refuse" in flat(card)
    assert "| **combined**, chosen | 0.996 | 0.996 | 90.0 % | 4.0 % | 0.600 |" in card
    assert "| Wounds | 40 | 0.980 (0.930–1.000) | 90.0 % (85.0–95.0) |" in card
    assert "| Plain skin (abdomen) | 12 | too few to say | too few to say |" in card
    assert "| `df` | too few to say | too few to say | too few to say | too few to say |" in card
    assert "outside the seven classes: AUROC too few to say" in flat(card)


def test_a_gap_between_skin_tones_is_said_or_called_too_few() -> None:
    document = evaluation_document()
    gap = document["out_of_distribution"]["skin_tone_gap_milk10k"]
    assert "too few to say; only 18 lesions" in flat(render(document))
    gap["difference"] = {"value": 0.01, "n": 325, "low": -0.03, "high": 0.09}
    assert "+1.0 points (-3.0 to +9.0): no gap was" in flat(render(document))
    gap["detected"] = True
    assert "+1.0 points (-3.0 to +9.0): a gap was" in flat(render(document))


# --- the figures ----------------------------------------------------------------------------------


def test_every_figure_is_drawn_is_xml_and_can_be_read_out() -> None:
    drawn = draw_all(evaluation())
    names = {"roc", "decision", "reliability", "confusion", "selective", "robustness"}
    assert set(drawn) == names
    for svg in drawn.values():
        root = ElementTree.fromstring(svg)
        assert root.findtext(f"{SVG}title")
        assert root.findtext(f"{SVG}desc")


def test_nothing_is_drawn_of_what_was_not_measured() -> None:
    document = evaluation_document() | {"robustness": None}
    for figures in document["slices"].values():
        figures["pictures"] = 0
    assert draw_all(evaluation(document)) == {}


def test_undefined_steps_are_left_out_of_a_curve() -> None:
    document = evaluation_document()
    for figures in document["slices"].values():
        for step in figures["selective"]:
            step["malignancy_sensitivity"] = undefined()
    svg = selective(evaluation(document))
    assert svg is not None
    ElementTree.fromstring(svg)


def test_the_curve_goes_where_the_points_lie() -> None:
    document = evaluation_document()
    document["slices"]["camera"]["roc"]["melanoma"] = [[0, 0], [0.5, 1], [1, 1]]
    svg = roc(evaluation(document))
    assert svg is not None
    # The plot of melanoma is 280 px wide and high, from (80, 102).
    assert "M80 382L220 102L360 102" in svg


def test_an_axis_cuts_what_lies_outside() -> None:
    axis = Axis("", 0.5, 1.0, ())
    assert [axis.share(value) for value in (0.0, 0.75, 2.0)] == [0.0, 0.5, 1.0]


def test_a_matrix_shades_by_the_share_of_the_row_and_leaves_an_empty_row_empty() -> None:
    svg = draw_matrix("two", ["a", "b"], [[6, 2], [0, 0]], Box(0, 0, 100, 100))
    assert re.findall(r">(\d+ %)<", svg) == ["75 %", "25 %"]
    assert svg.count("<rect") == 4


# --- what is released -----------------------------------------------------------------------------


def test_the_figures_in_docs_are_those_of_the_released_model() -> None:
    _, drawn = made_of(DEFAULT_MODEL)
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in FIGURES.glob("*.svg")}
    assert on_disk == drawn


def test_the_numbers_of_a_card_are_those_of_the_evaluation() -> None:
    document = evaluation_document()
    document["slices"]["camera"]["sensitivity"][str(Diagnosis.MEL)] = figure(0.4321, 50)
    assert "43.2 % (38.2–48.2) of 50" in render(document)
    assert "43.2 %" not in render(evaluation_document())

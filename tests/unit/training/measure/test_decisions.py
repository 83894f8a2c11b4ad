"""The rules of the page applied to a split, and the figures of a slice, on hand-made answers."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.events import Predicted
from app.screens.screening.update import update
from app.session import Running, Session
from lentigo.model.manifest import parse_manifest
from lentigo.model.modality import Modality as Estimated
from lentigo.model.ood import Recognition
from lentigo.model.slice_figures import SliceFigures
from lentigo.model.strict import read
from lentigo.priority import Priority
from tests.unit.builders import chosen, engine, photo, prepared, ready
from training.measure.decisions import (
    BCC,
    MEL,
    NV,
    ORDER,
    Condition,
    Decisions,
    HeadLogits,
    at_prevalence,
    decide,
    reader_of,
    readings,
)
from training.measure.predictions import Predictions
from training.measure.slices import Conformal, evaluate_skin_tones, evaluate_slice, slices_of
from training.network.model_folder import DEFAULT_MODEL, ModelFolder, read_json
from training.pictures.data import Modality, Record, Split


def scale(intercept: float, bcc: float, confident: float) -> dict[str, Any]:
    return {
        "melanoma": {"classes": 1.0, "head": 0.0, "intercept": intercept},
        "malignancy": {"classes": 1.0, "head": 0.0, "intercept": -1.578},
        "bcc": bcc,
        "confident": confident,
    }


CALIBRATION = {
    "out_of_distribution": None,
    "calibration": {"temperature": 1.0},
    # By the classes alone. Through a dermoscope p(mel) asks for medium from 0.59 and for urgent
    # from 0.9, with a camera for urgent from 0.1; malignancy asks from 0.6.
    "scales": {
        "dermoscopic": scale(-2.0, bcc=0.4, confident=0.2),
        "camera": scale(2.382, bcc=0.5, confident=0.4),
    },
    "modality": {"certain_from": 0.9},
}


def record(index: int, label: int, way: Modality, source: str = "toy", tone: int = 3) -> Record:
    return Record(
        source, f"{source}/{index}.jpg", f"L{index}", ORDER[label], way, 1.0, Split.VAL, "CC0",
        skin_tone=tone,
    )  # fmt: skip


def answers(
    probabilities: list[dict[int, float]],
    labels: list[int],
    ways: list[Modality] | None = None,
    **more: object,
) -> Predictions:
    """Predictions whose softmax at temperature 1 gives these probabilities, the rest even."""
    rows = []
    for given in probabilities:
        rest = (1.0 - sum(given.values())) / (7 - len(given))
        rows.append([given.get(index, rest) for index in range(7)])
    ways = ways or [Modality.CLINICAL] * len(labels)
    records = tuple(
        record(i, label, way, **more)  # type: ignore[arg-type]
        for i, (label, way) in enumerate(zip(labels, ways, strict=True))
    )
    return Predictions(
        records,
        np.log(np.array(rows)).astype(np.float32),
        np.array(labels, dtype=np.intp),
        np.zeros((len(labels), 1280), np.float32),
    )


def decided(predictions: Predictions, modality: list[float]) -> Decisions:
    return decide(predictions, HeadLogits(modality=np.array(modality)), reader_of(CALIBRATION))


def test_the_estimated_modality_picks_the_thresholds_and_doubt_the_cautious_ones() -> None:
    same = [{MEL: 0.15, NV: 0.8}] * 3
    # The truth is a dermoscope each time: only what the model believes may count.
    truth = [Modality.DERMOSCOPIC] * 3
    found = decided(answers(same, [MEL] * 3, truth), [5.0, -5.0, 0.5])
    assert found.modalities == (Estimated.DERMOSCOPIC, Estimated.CAMERA, Estimated.UNSURE)
    assert found.priorities == (Priority.LOW, Priority.URGENT, Priority.URGENT)
    assert found.asks("melanoma_urgent").tolist() == [False, True, True]


def test_page_and_evaluation_read_a_prediction_alike() -> None:
    folder = ModelFolder.named(DEFAULT_MODEL)
    manifest = parse_manifest(folder.manifest.read_text(encoding="utf-8"))
    rng = np.random.default_rng(7)
    rows = rng.normal(0.0, 2.0, (60, 7))
    heads = HeadLogits(*rng.normal(0.0, 4.0, (4, 60)))
    read = readings(reader_of(read_json(folder.calibration)), rows, heads)
    for index, (row, reading) in enumerate(zip(rows, read, strict=True)):
        state = ready(session=Session(engine=Running(replace(engine(), manifest=manifest))))
        for event in (chosen(photo()), prepared(photo())):
            state, _ = update(state, event)
        told = heads.at(index)
        predicted = Predicted(
            1, tuple(row), 9.0, "wasm", 1000.0,
            told["modality"], told["lesion"], told["melanoma"], told["malignancy"],
        )  # fmt: skip
        state, _ = update(state, predicted)
        page = state.shown
        if reading.recognition is Recognition.NOT_A_LESION:
            assert page.answer is None
            assert page.findings[0].value == reading.known_score
        else:
            assert page.answer is not None
            assert page.answer.modality is reading.modality
            assert page.answer.recognition is reading.recognition
            # The page's is the mean of one frame.
            assert page.answer.assessment.probabilities == pytest.approx(reading.probabilities)
            assert page.answer.assessment.priority is reading.assessment.priority
            assert page.answer.assessment.alarm_reached == pytest.approx(
                reading.assessment.alarm_reached
            )
    assert {each.recognition for each in read} == {Recognition.LESION, Recognition.NOT_A_LESION}
    assert len({each.assessment.priority for each in read}) >= 3


def test_another_prevalence_moves_the_risks_and_nothing_else() -> None:
    found = decided(answers([{MEL: 0.11, NV: 0.8}, {BCC: 0.6}], [MEL, BCC]), [-5.0, -5.0])
    half, double = (at_prevalence(found, factor) for factor in (0.5, 2.0))
    assert found.priorities == (Priority.URGENT, Priority.HIGH)
    assert half.priorities == (Priority.HIGH, Priority.HIGH)
    assert double.risk(Condition.MELANOMA)[0] == pytest.approx(
        2 * found.risk(Condition.MELANOMA)[0], rel=0.05
    )
    assert np.array_equal(half.probabilities, found.probabilities)


def test_a_model_that_cannot_tell_the_modality_is_always_cautious() -> None:
    reader = reader_of(CALIBRATION | {"modality": None})
    (reading,) = readings(reader, np.zeros((1, 7)), HeadLogits(modality=np.array([9.0])))
    assert reading.modality is Estimated.UNSURE


def test_camera_pictures_are_close_ups_and_phone_pictures() -> None:
    ways = [Modality.DERMOSCOPIC, Modality.CLINICAL, Modality.SMARTPHONE]
    masks = slices_of(answers([{NV: 0.9}] * 3, [NV] * 3, ways))
    assert masks["camera"].tolist() == [False, True, True]
    assert masks["dermoscopic"].tolist() == [True, False, False]
    assert not masks["dermoscopic_ham10000"].any()


def test_a_slice_has_every_figure_that_card_and_page_read() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is in the training environment only")
    predictions = answers(
        [{MEL: 0.6, NV: 0.3}, {MEL: 0.05, NV: 0.9}, {MEL: 0.01, NV: 0.98}, {MEL: 0.2, NV: 0.7}],
        [MEL, MEL, NV, NV],
    )
    found = evaluate_slice(
        decided(predictions, [-5.0] * 4), Conformal(0.9, {"dermoscopic": 0.5, "camera": 0.04})
    )
    assert found["accuracy"]["value"] == 0.75
    assert found["accuracy"]["too_few_to_say"] is True
    assert found["melanoma_auc"]["value"] == 0.75
    assert found["sensitivity"]["mel"]["value"] == 0.5
    assert found["sensitivity"]["df"]["too_few_to_say"] is True
    assert found["sensitivity"]["df"]["lesions"] == 0
    assert found["priority"]["melanoma_urgent"]["value"] == 0.5
    # The second melanoma, of 0.05, reaches the point for high.
    assert found["priority"]["melanoma_at_least_high"]["value"] == 1.0
    assert found["priority"]["melanoma_below_medium"]["value"] == 0.0
    assert found["priority"]["naevus_urgent"]["value"] == 0.5
    assert found["priority"]["naevus_low"]["value"] == 0.5
    assert [each["factor"] for each in found["other_prevalences"]] == [0.5, 2.0]
    assert found["priority"]["pictures_by_class_and_tier"]["mel"]["urgent"] == 1
    assert found["operating"]["melanoma_urgent"]["specificity"]["value"] == 0.5
    assert found["confusion"][MEL][NV] == 1
    # Sets hold what has at least 0.04: both melanomas are in theirs.
    assert found["conformal"]["coverage"]["value"] == 1.0
    assert found["conformal"]["mean_set_size"] == (2 + 2 + 1 + 2) / 4
    assert found["roc"]["melanoma"][-1] == (1.0, 1.0)
    assert found["selective"][0]["malignancy_sensitivity"]["value"] == 1.0
    assert read(SliceFigures, json.loads(json.dumps(found))).accuracy.value == 0.75


def test_sets_are_larger_where_the_modality_is_unsure() -> None:
    thresholds = Conformal(0.9, {"dermoscopic": 0.2, "camera": 0.1}).of(
        (Estimated.DERMOSCOPIC, Estimated.CAMERA, Estimated.UNSURE)
    )
    assert thresholds.tolist() == [0.2, 0.1, 0.1]


def test_a_slice_without_pictures_says_so_everywhere() -> None:
    empty = answers([{NV: 0.9}], [NV]).where(np.array([False]))
    found = evaluate_slice(decided(empty, []), Conformal(0.9, {"camera": 0.5}))
    assert found["accuracy"]["value"] is None
    assert found["ece_after"]["reason"] == "no-pictures"
    assert found["conformal"]["mean_set_size"] is None


def test_skin_tones_with_few_malignant_lesions_are_too_few_to_say() -> None:
    predictions = answers([{MEL: 0.9}, {NV: 0.9}], [MEL, NV], source="milk10k", tone=1)
    found = evaluate_skin_tones(decided(predictions, [-5.0, -5.0]))
    dark = found["dark"]
    assert (dark["pictures"], dark["malignant_lesions"], dark["too_few_to_say"]) == (2, 1, True)
    assert dark["malignant_at_least_medium"]["value"] == 1.0
    assert found["light"]["malignancy_auc"]["value"] is None

"""Scores, likelihood ratios and risks, by hand."""

import math

import pytest

from lentigo.model.modality import Modality
from lentigo.model.risk import Line, Scale, Scales, Score, Scores, scores_of
from lentigo.prevalence import MALIGNANCY, MELANOMA
from lentigo.priority import Assessment
from tests.unit.lentigo.test_priority import probabilities

EVEN = Line(1.0, 0.5, 0.0)
SCALES = Scales(
    dermoscopic=Scale(Line(1.0, 0.0, 2.0), Line(1.0, 0.0, -1.0), bcc=0.3, confident=0.2),
    camera=Scale(Line(1.0, 0.0, 1.0), Line(1.0, 0.0, 0.0), bcc=0.2, confident=0.5),
)


def test_a_likelihood_ratio_of_one_leaves_the_prevalence() -> None:
    assert EVEN.posterior(Score(0.0), 0.025) == pytest.approx(0.025)


def test_odds_are_multiplied() -> None:
    odds = 7.0 * 0.025 / 0.975
    assert EVEN.posterior(Score(math.log(7.0)), 0.025) == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize("score", [-1e4, 1e4])
def test_no_score_overflows(score: float) -> None:
    assert 0.0 <= Line(3.0, 0.0, 0.0).posterior(Score(score), 0.025) <= 1.0


def test_each_condition_has_its_own_prevalence() -> None:
    risks = Scale(EVEN, EVEN, 0.3, 0.4).risks(Scores(Score(0.0), Score(0.0)))
    assert risks.melanoma == pytest.approx(MELANOMA.value)
    assert risks.malignancy == pytest.approx(MALIGNANCY.value)


def test_an_unsure_modality_takes_the_larger_risks_and_the_larger_doubt() -> None:
    scores = Scores(Score(-1.0), Score(0.5))

    def assessed(modality: Modality) -> Assessment:
        return SCALES.assess(probabilities(bkl=0.6), SCALES.risks(scores, modality), modality)

    unsure = assessed(Modality.UNSURE)
    dermoscopic, camera = (scale.risks(scores) for scale in SCALES.of(Modality.UNSURE))
    assert unsure.risks.melanoma == dermoscopic.melanoma > camera.melanoma
    assert unsure.risks.malignancy == camera.malignancy > dermoscopic.malignancy
    for certain in (Modality.DERMOSCOPIC, Modality.CAMERA):
        assert unsure.priority.severity >= assessed(certain).priority.severity


def test_both_parts_of_a_score_count() -> None:
    assert EVEN.posterior(Score(1.0, 2.0), 0.5) == EVEN.posterior(Score(2.0, 0.0), 0.5)


def test_the_classes_are_weighed_against_all_others() -> None:
    values = probabilities(mel=0.2, bcc=0.1, akiec=0.05)
    scores = scores_of([math.log(max(value, 1e-12)) for value in values], melanoma=1.5)
    assert scores.melanoma.classes == pytest.approx(math.log(0.2 / 0.8))
    assert scores.malignancy.classes == pytest.approx(math.log(0.35 / 0.65))
    assert (scores.melanoma.head, scores.malignancy.head) == (1.5, 0.0)


def test_a_line_that_does_not_look_is_refused() -> None:
    with pytest.raises(ValueError, match="together are at least"):
        Line(0.0, 0.05, 0.0)

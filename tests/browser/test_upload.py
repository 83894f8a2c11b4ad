"""A photo that is uploaded gets a whole, consistent answer."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from PIL import Image

from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.calibration import softmax
from lentigo.model.modality import Modality
from tests.browser.lentigo_page import LentigoPage, manifest
from tests.browser.pictures import lesion, png, unknown
from tests.browser.sites import MODEL, ROOT
from training.pictures.synthetic import Look

# The page writes probabilities with four decimals.
ROUNDING = 0.5e-4


@pytest.mark.parametrize("look", Look)
def test_a_drawn_lesion_gets_a_whole_and_consistent_answer(
    lentigo: LentigoPage, look: Look
) -> None:
    answer = lentigo.judge(png(lesion(look)))
    values = answer.values
    assert sum(values) == pytest.approx(1, abs=7 * ROUNDING)
    top = max(Diagnosis, key=lambda diagnosis: answer.probabilities[diagnosis])
    assert answer.diagnosis == top
    assert answer.confidence == pytest.approx(answer.probabilities[top], abs=2 * ROUNDING)
    malignancy = sum(answer.probabilities[diagnosis] for diagnosis in MALIGNANT)
    assert answer.malignancy == pytest.approx(malignancy, abs=4 * ROUNDING)
    taken = Modality(lentigo.attribute("modality", "data-modality"))
    assert answer.priority == manifest().scales.assess(values, answer.risks, taken).priority
    assert 0 < answer.preprocess_ms <= answer.total_ms
    assert 0 < answer.inference_ms <= answer.total_ms


def test_the_drawn_lesions_get_different_answers(lentigo: LentigoPage) -> None:
    answers = {look: lentigo.judge(png(lesion(look))).values for look in Look}
    assert len(set(answers.values())) == len(answers)


def test_a_picture_that_the_model_does_not_know_gets_no_label(lentigo: LentigoPage) -> None:
    assert lentigo.upload(png(unknown())) == "rejected"
    assert "unknown-lesion" in lentigo.attribute("quality", "data-issues").split(",")
    assert lentigo.page.locator("[data-testid=result], [data-testid=probability]").count() == 0


def golden_cases() -> list[dict[str, object]]:
    document = json.loads((ROOT / MODEL / "golden.json").read_text(encoding="utf-8"))
    cases: list[dict[str, object]] = document["cases"]
    return cases


def test_the_page_answers_as_pytorch_does_on_the_golden_pictures(lentigo: LentigoPage) -> None:
    """The whole way from a file to the bars, against logits from before the conversion."""
    facts = manifest()
    # Moving each logit by e moves no probability by more than e / 2.
    tolerance = (
        facts.variants[facts.default_variant].tolerance_logit / facts.calibration.temperature / 2
    )
    compared = 0
    for case in golden_cases():
        drawn = np.frombuffer(base64.b64decode(str(case["rgb"])), dtype=np.uint8)
        small = drawn.reshape(int(str(case["height"])), int(str(case["width"])), 3)
        repeat = int(str(case["repeat"]))
        picture = Image.fromarray(small.repeat(repeat, axis=0).repeat(repeat, axis=1))
        assert picture.size == (224, 224)
        if lentigo.upload(png(picture)) == "rejected":
            # Drawn for its logits; the model need not take it for a lesion.
            assert "unknown-lesion" in lentigo.attribute("quality", "data-issues").split(",")
            continue
        expected = softmax(
            json.loads(json.dumps(case["mean_of_views"])), facts.calibration.temperature
        )
        answer = lentigo.answer()
        assert answer is not None
        np.testing.assert_allclose(answer.values, expected, rtol=0, atol=tolerance + ROUNDING)
        compared += 1
    assert compared >= 2


@pytest.mark.parametrize(
    ("kind", "carrier"), [("drop", "dataTransfer"), ("paste", "clipboardData")]
)
def test_a_photo_can_be_dropped_or_pasted(lentigo: LentigoPage, kind: str, carrier: str) -> None:
    at_once = lentigo.page.evaluate(
        """([kind, carrier, bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], 'spot.png', { type: 'image/png' }));
          const Kind = kind === 'drop' ? DragEvent : ClipboardEvent;
          const event = new Kind(kind, { [carrier]: data, bubbles: true, cancelable: true });
          document.querySelector('main').dispatchEvent(event);
          return document.querySelector('[data-testid=app]').dataset.state;
        }""",
        [kind, carrier, list(png(lesion()))],
    )
    assert at_once == "analysing"
    assert lentigo.wait_for("result", "rejected", "error") == "result"

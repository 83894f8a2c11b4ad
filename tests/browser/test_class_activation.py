"""What the answer rests on, and how the picture was taken: asked for and corrected on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lentigo.model.modality import Modality
from tests.browser.lentigo_page import manifest
from tests.browser.pictures import lesion, png

if TYPE_CHECKING:
    from tests.browser.lentigo_page import LentigoPage

pytestmark = pytest.mark.skipif(
    manifest().outputs.maps is None, reason="the released model gives no maps"
)


def picture(page: LentigoPage) -> str:
    """The picture on the page, as it is shown."""
    return str(page.page.evaluate("document.querySelector('[data-picture]').toDataURL()"))


def wait_for_pressed(page: LentigoPage, pressed: str) -> None:
    page.page.wait_for_selector(f"[data-testid=activation][aria-pressed={pressed}]")


def test_the_map_is_laid_over_the_picture_and_taken_off_by_the_keyboard(
    lentigo: LentigoPage,
) -> None:
    lentigo.judge(png(lesion()))
    plain = picture(lentigo)
    lentigo.page.focus("[data-testid=activation]")
    lentigo.page.keyboard.press("Enter")
    wait_for_pressed(lentigo, "true")
    assert picture(lentigo) != plain
    assert "not why" in lentigo.text("[data-region=activation]")
    assert "not why" in lentigo.text("[data-announcer]")
    assert lentigo.state == "result"
    focused = lentigo.page.evaluate("document.activeElement.dataset.testid")
    assert focused == "activation", "the focus stays on the button"
    lentigo.page.keyboard.press("Space")
    wait_for_pressed(lentigo, "false")
    assert picture(lentigo) == plain
    assert "not why" not in lentigo.text("[data-region=activation]")


_LISTEN = """
import numpy
import app.bridge.browser as browser
heard = {}
parse = browser.parse_engine
def listen(message, now_ms):
    told = {name: len(message[name] or ()) for name in ("embedding", "maps")}
    heard[message["id"]] = [told["embedding"], told["maps"]]
    return parse(message, now_ms)
browser.parse_engine = listen
pixels = numpy.zeros((1, 224, 224, 3), numpy.float32)
None
"""


def test_what_is_large_crosses_only_when_it_is_asked_for(lentigo: LentigoPage) -> None:
    lentigo.run_python(_LISTEN)
    for number, wanted in enumerate(((), ("embedding",), ("maps",), ("maps", "embedding"))):
        lentigo.run_python(f"bridge._engine.predict({1000 + number}, pixels, given)", wanted)
    lentigo.judge(png(lesion()))
    heard = list(
        lentigo.run_python("browser.__dict__.update(parse_engine=parse) or heard").values()
    )
    assert heard == [[0, 0], [1280, 0], [0, 343], [1280, 343], [0, 343]]


def test_another_photo_comes_without_the_map(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    lentigo.press("activation")
    wait_for_pressed(lentigo, "true")
    lentigo.judge(png(lesion(seed=5)))
    wait_for_pressed(lentigo, "false")


def test_the_modality_is_shown_and_its_correction_assesses_again(lentigo: LentigoPage) -> None:
    answer = lentigo.judge(png(lesion()))
    assert Modality(lentigo.attribute("modality", "data-modality")) in list(Modality)
    lentigo.unfold_comparison()
    for chosen in (Modality.CAMERA, Modality.DERMOSCOPIC):
        lentigo.page.click(f"#modality-{chosen}")
        lentigo.page.wait_for_selector(f"[data-testid=modality][data-modality={chosen}]")
        corrected = lentigo.answer()
        assert corrected is not None
        assert corrected.probabilities == answer.probabilities
        expected = manifest().scales.assess(answer.values, corrected.risks, chosen)
        assert corrected.priority == expected.priority
        assert lentigo.page.get_attribute(f"#modality-{chosen}", "aria-pressed") == "true"


def test_asking_again_and_again_leaves_no_tensor_behind(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    before = lentigo.tensors()
    for pressed in ("true", "false") * 3:
        lentigo.press("activation")
        wait_for_pressed(lentigo, pressed)
    lentigo.judge(png(lesion()))
    assert lentigo.tensors() == before

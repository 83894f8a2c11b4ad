"""Another photo of the same spot, with the released model: the answer changes as the rule says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority
from lentigo.triage.several_photos import FLOOR
from tests.browser.pictures import blurred, lesion, png
from tests.browser.slow_world import SlowWorld
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.lentigo_page import LentigoPage

# The released model gives them urgent and low.
URGENT, LOW = (
    png(lesion(look, seed=seed))
    for look, seed in ((Look.ASYMMETRIC_DARK, 10), (Look.PALE_CENTRE, 5))
)
BLURRED = png(blurred(lesion(Look.ASYMMETRIC_DARK)))


@pytest.fixture
def world(lentigo: LentigoPage) -> Iterator[SlowWorld]:
    world = SlowWorld(lentigo)
    yield world
    world.mend()


def add(page: LentigoPage, data: bytes, name: str) -> None:
    """Add a photo as the visitor does; does not wait for the answer."""
    with page.page.expect_file_chooser() as chooser:
        page.page.click("[data-testid=add-photo]")
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def count(page: LentigoPage) -> str | None:
    return page.page.get_attribute("[data-testid=spot-photos]", "data-count")


def test_a_second_photo_of_a_spot_changes_the_answer_as_the_rule_says(
    lentigo: LentigoPage, world: SlowWorld
) -> None:
    urgent = lentigo.judge(URGENT, "urgent.png")
    low = lentigo.judge(LOW, "low.png")
    assert (urgent.priority, low.priority) == (Priority.URGENT, Priority.LOW)
    assert count(lentigo) == "1"

    # The first answer stands while the second photo is looked at.
    world.hold("second.png")
    add(lentigo, URGENT, "second.png")
    lentigo.wait_for("analysing")
    lentigo.page.wait_for_selector("[data-testid=spot-photos] >> text=stays until that is done")
    assert lentigo.page.is_visible("[data-testid=result][data-priority=low]")
    world.release("second.png")
    lentigo.page.wait_for_selector("[data-testid=spot-photos][data-count='2']")
    assert lentigo.wait_for("result") == "result"
    answer = lentigo.answer()
    assert answer is not None
    melanoma = [one.probabilities[Diagnosis.MEL] for one in (low, answer, urgent)]
    assert melanoma == sorted(set(melanoma)), "the answer lies between those of both photos"
    assert Priority(answer.priority).severity >= FLOOR[Priority.URGENT].severity
    tiers = lentigo.page.locator("[data-testid=spot-photo]")
    assert [tile.get_attribute("data-priority") for tile in tiers.all()] == ["low", "urgent"]

    # What cannot be judged, or came before, says why, and the answer stands.
    for data, name, why in ((BLURRED, "blurred.png", "sharp"), (LOW, "again.png", "counts once")):
        add(lentigo, data, name)
        lentigo.page.wait_for_selector(f"[data-testid=not-added] >> text={name}")
        assert lentigo.wait_for("result") == "result"
        assert why in lentigo.text("[data-testid=not-added]")
        assert (count(lentigo), lentigo.answer()) == ("2", answer)

    # Another photo without that button is another spot.
    assert lentigo.judge(LOW, "other.png").priority == Priority.LOW
    assert count(lentigo) == "1"


def test_the_camera_adds_a_photo_to_its_spot(lentigo: LentigoPage, world: SlowWorld) -> None:
    world.show(lesion(Look.PALE_CENTRE, seed=5))
    lentigo.press("start-camera")
    lentigo.wait_for("live")
    lentigo.take_photos_by_hand()
    lentigo.page.wait_for_selector("[data-state=live] [data-testid=result]")
    lentigo.press("capture")
    assert lentigo.wait_for("result", "rejected", "error") == "result"
    lentigo.press("add-photo")
    lentigo.wait_for("live")
    world.show(lesion(Look.ASYMMETRIC_DARK))
    lentigo.page.wait_for_selector("[data-state=live] [data-testid=result][data-priority=urgent]")
    lentigo.press("capture")
    lentigo.page.wait_for_selector("[data-state=result] [data-testid=spot-photos][data-count='2']")
    assert lentigo.page.is_visible("[data-picture]")
    assert world.open_cameras == 0

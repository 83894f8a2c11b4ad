"""The page is about the last photo, whatever is slow, refused, frozen or dropped meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.words import IN_ENGLISH
from lentigo.priority import Priority
from tests.browser.pictures import blurred, lesion, png
from tests.browser.slow_world import SlowWorld, data_url
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FilePayload

    from tests.browser.lentigo_page import LentigoPage

# The released model gives them urgent, high and low.
URGENT, HIGH, LOW = (
    png(lesion(look, seed=seed))
    for look, seed in ((Look.ASYMMETRIC_DARK, 10), (Look.SCALY_PINK, 8), (Look.PALE_CENTRE, 5))
)
LESION = lesion(Look.ASYMMETRIC_DARK)
TILE = "[data-testid=photo]"


@pytest.fixture
def world(lentigo: LentigoPage) -> Iterator[SlowWorld]:
    world = SlowWorld(lentigo)
    yield world
    world.mend()
    assert world.open_cameras == 0 or lentigo.state == "live"


def choose(page: LentigoPage, **files: bytes) -> None:
    """Choose several files at once, by name; does not wait for the answers."""
    payload: list[FilePayload] = [
        {"name": f"{name}.png", "mimeType": "image/png", "buffer": data}
        for name, data in files.items()
    ]
    page.page.set_input_files("[data-testid=upload]", payload)


def tiers(page: LentigoPage) -> list[str | None]:
    """The tiers in the row, as they stand."""
    return [tile.get_attribute("data-priority") for tile in page.page.locator(TILE).all()]


def aim(page: LentigoPage, world: SlowWorld) -> None:
    """Open the camera at a spot, and wait for the provisional answer."""
    world.show(LESION)
    page.press("start-camera")
    page.wait_for("live")
    page.take_photos_by_hand()
    page.page.wait_for_selector("[data-state=live] [data-testid=result]")


def wait_settled(page: LentigoPage, count: int) -> None:
    """Wait until every photo of the row was looked at."""
    page.page.wait_for_function(
        """([tile, count]) => {
          const tiles = [...document.querySelectorAll(tile)];
          return tiles.length === count && tiles.every((one) => !one.ariaBusy)
            && document.body.dataset.state !== 'analysing';
        }""",
        arg=[TILE, count],
    )


# --- one photo -----------------------------------------------------------------------------------


def test_a_file_that_is_read_slowly_never_replaces_a_newer_photo(
    lentigo: LentigoPage, world: SlowWorld
) -> None:
    world.hold("old.png")
    lentigo.choose(LOW, "old.png")
    lentigo.wait_for("analysing")
    answer = lentigo.judge(URGENT, "new.png")
    assert answer.priority == Priority.URGENT
    world.release("old.png")
    # What comes after the old file's bytes in the port is a new photo's answer.
    assert lentigo.judge(HIGH, "newest.png").priority == Priority.HIGH
    assert lentigo.count("result") == 1


def test_a_file_that_cannot_be_read_is_told(lentigo: LentigoPage, world: SlowWorld) -> None:
    world.break_("gone.png")
    assert lentigo.upload(URGENT, "gone.png") == "error"
    assert "could not be read" in lentigo.text("[data-region=answer]")
    assert lentigo.count("result") == lentigo.count("probability") == 0


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([("text/uri-list", "https://example.org/a.jpg")], "web address"),
        ([("text/plain", "a mole")], "text"),
    ],
)
def test_what_is_no_file_says_what_to_do_and_takes_nothing_away(
    lentigo: LentigoPage, world: SlowWorld, parts: list[tuple[str, str]], words: str
) -> None:
    lentigo.judge(URGENT)
    world.drop(*parts)
    lentigo.page.wait_for_selector("[data-testid=notice]")
    assert words in lentigo.text("[data-testid=notice]")
    assert "choose the file" in lentigo.text("[data-testid=notice]")
    assert (lentigo.state, lentigo.count("result")) == ("result", 1)


def test_a_dropped_folder_is_named(lentigo: LentigoPage, world: SlowWorld) -> None:
    lentigo.page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([], 'holiday'));
          const event = new DragEvent('drop', {dataTransfer: transfer, cancelable: true});
          const folder = {isDirectory: true, name: 'holiday'};
          DataTransferItem.prototype.webkitGetAsEntry = () => folder;
          document.dispatchEvent(event);
          DataTransferItem.prototype.webkitGetAsEntry = () => null;
        }"""
    )
    assert lentigo.wait_for("error", "result", "rejected") == "error"
    assert "folder" in lentigo.text("[data-region=answer]")


# --- the camera ----------------------------------------------------------------------------------


def test_a_permission_that_comes_late_opens_no_camera_over_a_newer_photo(
    lentigo: LentigoPage, world: SlowWorld
) -> None:
    world.hold()
    lentigo.press("start-camera")
    lentigo.page.wait_for_selector("[data-camera=asking]:not([hidden])")
    assert lentigo.judge(URGENT).priority == Priority.URGENT
    assert not lentigo.page.is_visible("[data-camera=asking]")
    world.release()
    lentigo.page.wait_for_function("world.streams.length > 0")
    lentigo.page.wait_for_function("world.live() === 0")
    assert (lentigo.state, lentigo.count("result")) == ("result", 1)


def test_a_refusal_beside_an_answer_leaves_the_answer(
    lentigo: LentigoPage, world: SlowWorld
) -> None:
    lentigo.judge(URGENT)
    world.break_()
    lentigo.press("start-camera")
    lentigo.page.wait_for_selector("[data-testid=notice]")
    assert IN_ENGLISH("error.camera-refused") in lentigo.text("[data-testid=notice]")
    assert (lentigo.state, lentigo.count("result")) == ("result", 1)


def test_a_double_click_opens_one_camera(lentigo: LentigoPage, world: SlowWorld) -> None:
    world.show(LESION)
    world.hold()
    lentigo.page.dblclick("[data-testid=start-camera]")
    world.release()
    lentigo.wait_for("live")
    assert world.open_cameras == 1
    lentigo.page.click("[data-action=stop-camera]")
    lentigo.wait_for("ready")
    assert world.open_cameras == 0


def test_no_camera_starts_in_a_page_in_the_background(
    lentigo: LentigoPage, world: SlowWorld
) -> None:
    world.hold()
    lentigo.press("start-camera")
    lentigo.page.wait_for_selector("[data-camera=asking]:not([hidden])")
    given = lentigo.page.evaluate("world.streams.length")
    lentigo.page.evaluate(
        """() => {
          Object.defineProperty(document, 'hidden', {value: true, configurable: true});
          document.dispatchEvent(new Event('visibilitychange'));
          delete document.hidden;
        }"""
    )
    world.release()
    lentigo.page.wait_for_function("(given) => world.streams.length > given", arg=given)
    lentigo.page.wait_for_function("world.live() === 0")
    assert lentigo.state == "ready"


def test_a_photo_that_is_chosen_while_live_closes_the_camera(
    lentigo: LentigoPage, world: SlowWorld
) -> None:
    aim(lentigo, world)
    assert lentigo.judge(HIGH).priority == Priority.HIGH
    assert world.open_cameras == 0
    assert not lentigo.page.is_visible("[data-camera=preview]")
    assert lentigo.page.is_visible("[data-picture]")


def test_a_frozen_camera_keeps_no_answer(lentigo: LentigoPage, world: SlowWorld) -> None:
    aim(lentigo, world)
    world.freeze()
    lentigo.page.wait_for_selector("[data-region=gauges] >> text=The camera has stopped")
    assert (lentigo.state, lentigo.count("result")) == ("live", 0)
    world.mend()
    lentigo.page.wait_for_selector("[data-state=live] [data-testid=result]")
    lentigo.page.click("[data-action=stop-camera]")
    lentigo.wait_for("ready")


def test_the_shutter_on_another_spot_names_that_one(lentigo: LentigoPage, world: SlowWorld) -> None:
    aim(lentigo, world)
    # The other spot is there for no longer than it takes to press.
    lentigo.page.evaluate(
        """async (url) => {
          await world.show(url);
          const video = document.querySelector('[data-camera=preview]');
          await new Promise((seen) => setTimeout(seen, 60));
          await new Promise((seen) => video.requestVideoFrameCallback(seen));
          document.querySelector('[data-testid=capture]').click();
        }""",
        data_url(lesion(Look.PALE_CENTRE, seed=5)),
    )
    assert lentigo.wait_for("result", "rejected", "error") == "result"
    answer = lentigo.answer()
    assert answer is not None
    assert answer.priority == Priority.LOW


# --- answers to questions ------------------------------------------------------------------------


def tick(page: LentigoPage, name: str) -> None:
    page.unfold_questions()
    page.page.check(f"#answer-{name}")


def ticked(page: LentigoPage) -> list[str]:
    boxes = page.page.locator("[data-testid=questionnaire] input:checked").all()
    return [str(box.get_attribute("name")) for box in boxes]


def test_answers_go_with_their_spot_and_the_person_stays_known(lentigo: LentigoPage) -> None:
    lentigo.judge(LOW)
    tick(lentigo, "bleeding")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=high]")
    tick(lentigo, "had-melanoma")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=urgent]")
    assert lentigo.judge(LOW, "next.png").priority == Priority.HIGH, "the person's risk stays"
    assert ticked(lentigo) == ["had-melanoma"]
    lentigo.start_again()
    assert ticked(lentigo) == ["had-melanoma"]
    lentigo.page.click("[data-action=forget-answers]")
    # The host unticks at once; the answer goes when Python has heard of it.
    lentigo.page.wait_for_selector("[data-testid=verdict]", state="detached")
    assert ticked(lentigo) == []


def test_a_verdict_does_not_outlive_its_spot(lentigo: LentigoPage) -> None:
    lentigo.judge(LOW)
    tick(lentigo, "bleeding")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=high]")
    lentigo.start_again()
    assert (lentigo.count("verdict"), ticked(lentigo)) == (0, [])


def test_the_same_spot_taken_again_keeps_its_answers_and_says_so(lentigo: LentigoPage) -> None:
    assert lentigo.upload(png(blurred(LESION)), "blurred.png") == "rejected"
    tick(lentigo, "bleeding")
    lentigo.page.wait_for_selector("[data-testid=verdict][data-priority=high]")
    with lentigo.page.expect_file_chooser() as chooser:
        lentigo.page.click("#retake")
    chooser.value.set_files({"name": "again.png", "mimeType": "image/png", "buffer": LOW})
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=high]")
    assert ticked(lentigo) == ["bleeding"]
    assert "were kept" in lentigo.text("[data-testid=kept]")
    # Another photo, chosen by hand, is another spot.
    assert lentigo.judge(LOW, "other.png").priority == Priority.LOW


# --- several files -------------------------------------------------------------------------------


def test_of_several_files_each_is_judged_and_the_most_severe_opens(lentigo: LentigoPage) -> None:
    choose(lentigo, low=LOW, urgent=URGENT, high=HIGH)
    assert lentigo.state == "analysing"
    wait_settled(lentigo, 3)
    assert tiers(lentigo) == ["urgent", "high", "low"]
    answer = lentigo.answer()
    assert answer is not None
    assert (answer.priority, lentigo.count("result")) == (Priority.URGENT, 1)
    assert lentigo.page.locator(f"{TILE}[aria-current]").get_attribute("data-priority") == "urgent"
    # Each keeps its own answers.
    lentigo.page.click(f"{TILE}[data-priority=low]")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=low]")
    tick(lentigo, "growing-nodule")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=urgent]")
    assert sorted(filter(None, tiers(lentigo))) == ["high", "urgent", "urgent"]
    lentigo.page.click(f"{TILE}[data-priority=high]")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=high]")
    assert ticked(lentigo) == []
    # A new choice adds to the row.
    lentigo.choose(LOW, "fourth.png")
    lentigo.wait_for("analysing")
    wait_settled(lentigo, 4)
    assert (lentigo.count("result"), len(tiers(lentigo))) == (1, 4)
    # It is not emptied by a slip.
    lentigo.page.click("#reset")
    lentigo.page.wait_for_selector("[data-testid=confirm-reset]")
    assert lentigo.page.evaluate("document.activeElement.id") == "reset-refused"
    lentigo.page.click("#reset-refused")
    lentigo.page.wait_for_selector("[data-testid=confirm-reset]", state="detached")
    assert len(tiers(lentigo)) == 4
    lentigo.page.click("#reset")
    lentigo.page.click("[data-action=reset][data-confirmed]")
    lentigo.wait_for("ready")
    assert tiers(lentigo) == []


def test_bad_files_of_a_row_stop_nothing(lentigo: LentigoPage, world: SlowWorld) -> None:
    world.break_("gone.png")
    choose(lentigo, gone=LOW, text=b"hello", blurred=png(blurred(LESION)), good=LOW)
    wait_settled(lentigo, 4)
    assert tiers(lentigo) == ["", "", "", "low"], "what was not seen comes before low"
    lentigo.page.click(f"{TILE}[data-priority=low]")
    lentigo.page.wait_for_selector("[data-testid=result]")
    confirm_start_again(lentigo)


def test_a_photo_opened_by_the_visitor_stays_open(lentigo: LentigoPage, world: SlowWorld) -> None:
    world.hold("last.png")
    choose(lentigo, first=LOW, last=URGENT)
    lentigo.page.click(f"{TILE}[data-priority=low]")
    lentigo.wait_for("result")
    world.release("last.png")
    wait_settled(lentigo, 2)
    assert tiers(lentigo) == ["urgent", "low"]
    answer = lentigo.answer()
    assert answer is not None
    assert answer.priority == Priority.LOW
    confirm_start_again(lentigo)


def test_a_hundred_files_wait_their_turn(lentigo: LentigoPage, world: SlowWorld) -> None:
    world.hold("n0.png")
    # All ends with the answer to the first, so the others can be small.
    small = png(lesion(size_px=96))
    choose(lentigo, n0=LOW, **{f"n{index}": small for index in range(1, 99)})
    lentigo.page.wait_for_function(
        "(tile) => document.querySelectorAll(tile).length === 99", arg=TILE
    )
    lentigo.choose(URGENT, "hundredth.png")
    lentigo.page.wait_for_function(
        "(tile) => document.querySelectorAll(tile).length === 100", arg=TILE
    )
    assert lentigo.state == "analysing"
    world.release("n0.png")
    lentigo.page.wait_for_selector(f"{TILE}[data-priority=low]")
    confirm_start_again(lentigo)


def confirm_start_again(page: LentigoPage) -> None:
    page.page.click("#reset")
    page.page.click("[data-action=reset][data-confirmed]")
    page.wait_for("ready")

"""Random walks through the page while files, permissions and predictions are slow.

``LENTIGO_WALK_ACTS`` and ``LENTIGO_WALK_SEED`` ask for longer and other walks.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from lentigo.priority import Priority
from tests.browser.pictures import blurred, lesion, png
from tests.browser.slow_world import SlowWorld
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FilePayload

    from tests.browser.lentigo_page import LentigoPage

ACTS = int(os.environ.get("LENTIGO_WALK_ACTS", "200"))
FIRST_SEED = int(os.environ.get("LENTIGO_WALK_SEED", "1"))
WALKS = 4
# After so many acts the visitor waits until all is still, and the page is looked at.
REST_EVERY = 8
LONGEST_DELAY_MS = 250
LESION = lesion(Look.ASYMMETRIC_DARK)
# What the released model makes of each; "" is no answer.
FILES = {
    "urgent": (png(LESION), "urgent"),
    "high": (png(lesion(Look.SCALY_PINK, seed=8)), "high"),
    "low": (png(lesion(Look.PALE_CENTRE, seed=5)), "low"),
    "blurred": (png(blurred(LESION)), ""),
    "text": (b"hello", ""),
}
# Where a photo stands in the row.
SEVERITY = {**{str(p): float(p.severity) for p in Priority}, "": 0.5}

# Each answer of the engine waits as long as the walk wants.
_SLOW_ENGINE = """() => {
  const data = tf.Tensor.prototype.data;
  globalThis.delay_ms = 0;
  tf.Tensor.prototype.data = async function () {
    if (globalThis.delay_ms) await new Promise((over) => setTimeout(over, globalThis.delay_ms));
    return data.call(this);
  };
}"""


@dataclass
class Expected:
    """What the page should show, by the words of the rule."""

    row: list[str] = field(default_factory=list)
    opened: int | None = None

    def choose(self, tiers: list[str]) -> None:
        self.row = [*self.row, *tiers] if len(self.row) > 1 else tiers
        self.opened = None

    @property
    def shown(self) -> str | None:
        """The tier of the photo that is shown; ``None`` if there is none."""
        if not self.row:
            return None
        if self.opened is not None:
            return self.row[self.opened]
        return max(self.row, key=lambda tier: SEVERITY[tier])


@pytest.fixture(scope="module")
def walker(_shared_lentigo: LentigoPage) -> Iterator[LentigoPage]:
    page = _shared_lentigo
    page.engine.evaluate(_SLOW_ENGINE)
    yield page
    page.engine.evaluate("globalThis.delay_ms = 0")


class Walk:
    def __init__(self, page: LentigoPage, seed: int) -> None:
        self.page = page
        self.world = SlowWorld(page)
        self.world.show(LESION)
        self.random = random.Random(seed)
        self.expected = Expected()
        self.ids: list[str] = []
        self.log: list[str] = []
        self.number = 0

    def act(self) -> None:
        acts = (self.choose, self.choose, self.camera, self.shutter, self.stop, self.drop_text)
        more = (self.start_again, self.open_one, self.double_click, self.hide)
        act = self.random.choice((*acts, *more))
        self.log.append(act.__name__)
        act()

    def click(self, selector: str) -> bool:
        """Click what is there and visible at this moment; returns whether it was."""
        return bool(
            self.page.page.evaluate(
                """(selector) => {
                  const found = document.querySelector(selector);
                  if (!found?.checkVisibility()) return false;
                  found.click();
                  return true;
                }""",
                selector,
            )
        )

    def choose(self) -> None:
        names = self.random.choices(list(FILES), k=self.random.choice((1, 1, 1, 2, 3)))
        files: list[FilePayload] = []
        for name in names:
            self.number += 1
            path = f"{name}-{self.number}.png"
            self.world.delay(self.random.randrange(LONGEST_DELAY_MS), path)
            files.append({"name": path, "mimeType": "image/png", "buffer": FILES[name][0]})
        self.page.page.set_input_files("[data-testid=upload]", files)
        assert self.page.state == "analysing"
        self.expected.choose([FILES[name][1] for name in names])

    def camera(self) -> None:
        self.world.delay(self.random.randrange(LONGEST_DELAY_MS))
        if self.click("[data-testid=start-camera]") and self.random.random() < 0.5:
            self.aim()

    def double_click(self) -> None:
        if self.click("[data-testid=start-camera]"):
            self.click("[data-testid=start-camera]")
            self.aim()

    def aim(self) -> None:
        self.page.wait_for("live")
        self.page.take_photos_by_hand()
        self.rest_if_opening()

    def shutter(self) -> None:
        self.rest_if_opening()
        if self.click("[data-testid=capture]"):
            self.expected.choose(["urgent"])

    def stop(self) -> None:
        self.rest_if_opening()
        self.click("[data-action=stop-camera]")

    def drop_text(self) -> None:
        self.rest_if_opening()
        self.world.drop(("text/plain", "a mole"))

    def start_again(self) -> None:
        self.rest_if_opening()
        if not self.click("[data-action=reset]:not([data-confirmed])"):
            return
        if len(self.expected.row) > 1:
            self.page.page.wait_for_selector("[data-testid=confirm-reset]")
            if self.random.random() < 0.5:
                assert self.click("#reset-refused")
                return
            assert self.click("[data-action=reset][data-confirmed]")
        self.expected = Expected()

    def open_one(self) -> None:
        self.rest_if_opening()
        ids = self.page.page.evaluate(
            """() => [...document.querySelectorAll('[data-testid=photo]')]
              .filter((tile) => tile.checkVisibility()).map((tile) => Number(tile.dataset.photo))"""
        )
        # The row of before may still stand there.
        if not ids or len(ids) != len(self.expected.row) or self.page.state == "analysing":
            return
        chosen = self.random.choice(ids)
        assert self.click(f"#photo-{chosen}")
        self.expected.opened = sorted(ids).index(chosen)

    def hide(self) -> None:
        self.rest_if_opening()
        self.page.page.evaluate(
            """() => {
              Object.defineProperty(document, 'hidden', {value: true, configurable: true});
              document.dispatchEvent(new Event('visibilitychange'));
              delete document.hidden;
            }"""
        )

    def rest_if_opening(self) -> None:
        """A camera that may or may not open meanwhile decides what is forgotten."""
        self.world.wait_until_still()
        self.page.page.evaluate("new Promise(requestAnimationFrame)")
        if self.page.state == "live" and len(self.expected.row) < 2:
            self.expected = Expected()

    def rest(self) -> None:
        """Wait until nothing goes on, and look at the page."""
        page = self.page
        self.rest_if_opening()
        if page.state == "live":
            self.stop()
            page.page.wait_for_selector("[data-state=live]", state="detached")
        page.page.wait_for_function(
            """() => {
              const tiles = [...document.querySelectorAll('[data-testid=photo]')];
              return !['analysing', 'live', 'booting'].includes(document.body.dataset.state)
                && tiles.every((tile) => !tile.ariaBusy);
            }"""
        )
        assert self.world.open_cameras == 0
        answer = page.answer()
        shown = self.expected.shown
        if shown:
            assert answer is not None, self.log
            assert (answer.priority, page.state) == (shown, "result"), self.log
        else:
            assert answer is None, self.log
        assert page.count("result") == (1 if shown else 0)
        tiles = page.page.locator("[data-testid=photo]").count()
        assert tiles == (len(self.expected.row) if len(self.expected.row) > 1 else 0), self.log


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + WALKS))
def test_a_random_walk_always_ends_at_the_last_photo(walker: LentigoPage, seed: int) -> None:
    walk = Walk(walker, seed)
    walker.guard.verify()
    for number in range(1, ACTS // WALKS + 1):
        walker.engine.evaluate(f"globalThis.delay_ms = {walk.random.randrange(LONGEST_DELAY_MS)}")
        walk.act()
        if number % REST_EVERY == 0:
            walk.rest()
    walk.rest()
    walk.world.mend()
    walker.start_again()
    walker.guard.verify()

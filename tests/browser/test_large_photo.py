"""A photo of 12 megapixels leaves the page alive while it is worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.lentigo_page import SETTLED
from tests.browser.pictures import jpeg, large, lesion

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.lentigo_page import LentigoPage

_WATCH = """() => {
  globalThis.watched = {frames: 0, tasks: []};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watched.tasks.push(Math.round(entry.duration));
  }).observe({type: 'longtask'});
  const app = document.querySelector('[data-testid=app]');
  const tick = () => {
    if (app.dataset.state === 'analysing') watched.frames += 1;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def test_a_photo_of_12_megapixels_is_answered_while_the_page_goes_on(
    lentigo: LentigoPage, tmp_path: Path
) -> None:
    # As a file, since Playwright would build one from bytes in the page's own thread.
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg(large(lesion(), 4032, 3024), quality=90))
    lentigo.page.evaluate(_WATCH)
    lentigo.page.set_input_files("[data-testid=upload]", photo)
    assert lentigo.wait_for(*SETTLED) == "result"
    answer = lentigo.answer()
    assert answer is not None
    watched = lentigo.page.evaluate("watched")
    print(
        f"\n12 MP: {answer.total_ms:.0f} ms in all; {watched['frames']} animation frames "
        f"meanwhile; main-thread tasks over 50 ms: {watched['tasks'] or 'none'}"
    )
    # A page that stood still would not have drawn once between the choice and the answer.
    assert watched["frames"] > 1

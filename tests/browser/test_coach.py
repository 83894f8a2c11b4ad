"""Aiming, with Chromium's fake camera: the right remedies, the photo that takes itself, no dog."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from app.words import IN_ENGLISH
from app.words.picture import HINT
from lentigo.picture.gauges import measure
from lentigo.picture.quality import QualityIssue, Remedy, judge
from lentigo.priority import Priority
from tests.browser.lentigo_page import FAKE_CAMERA, LentigoPage, launch
from tests.browser.pictures import blurred, dark, far, lesion, png, scenes, unknown, wide
from tests.browser.test_real_pictures import DATA, unsquashed
from tests.browser.tour import DESKTOP, PHONE
from training.pictures.data import CAMERA, Record, Split, lesions, read_files, read_records
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

REAL = pytest.mark.skipif(
    not (DATA / "labels.csv").is_file(),
    reason="the picture sets are not there: no labels.csv in LENTIGO_DATA or ../shared/data",
)
SCREEN = (640, 480)
# Writes down each hint that stands over the preview, once, in order.
_RECORD = """() => {
  globalThis.hints = [];
  const region = document.querySelector('[data-region=gauges]');
  new MutationObserver(() => {
    const hint = region.querySelector('.gauge-bad')?.textContent ?? '';
    if (hint && globalThis.hints.at(-1) !== hint) globalThis.hints.push(hint);
  }).observe(region, {childList: true, subtree: true, characterData: true});
}"""
# Counts every label that stands in the page at any time.
_COUNT_LABELS = """() => {
  globalThis.labels = 0;
  const label = '[data-testid=result], [data-testid=probability]';
  new MutationObserver(() => { labels += document.querySelectorAll(label).length; })
    .observe(document.body, {childList: true, subtree: true});
}"""

# A device with these voices, which writes down what is said and felt. As in some browsers, voices
# tell of no change.
_VOICES = """(names) => {
  const voices = names.map((name) => ({name, lang: 'en-GB', localService: name === 'local'}));
  Object.assign(globalThis, {said: [], felt: []});
  globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(globalThis, 'speechSynthesis', {value: {
    getVoices: () => voices,
    cancel() {},
    speak: ({text, voice}) => said.push([voice.name, text]),
  }});
  Object.defineProperty(navigator, 'vibrate', {value: (lengths_ms) => felt.push(lengths_ms)});
}"""


@dataclass(frozen=True)
class Cinema:
    """A browser whose camera plays what lies at ``film``, read anew whenever the camera opens."""

    browser: Browser
    site: str
    film: Path

    def show(self, *shots: tuple[Image.Image, int]) -> None:
        """Put on another film: pictures, each for so many frames."""
        scenes(self.film, shots)

    @contextmanager
    def page(self, *voices: str) -> Iterator[LentigoPage]:
        """A ready page on a device with these voices."""
        with LentigoPage(self.browser, self.site) as page:
            page.page.add_init_script(f"({_VOICES})({json.dumps(voices)})")
            page.boot("?backend=wasm")
            page.page.evaluate(_RECORD)
            yield page


@pytest.fixture(scope="module")
def cinema(
    playwright: Playwright, site: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cinema]:
    film = scenes(tmp_path_factory.mktemp("cinema") / "film.mjpeg", [(Image.new("RGB", SCREEN), 1)])
    browser = launch(playwright, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}")
    yield Cinema(browser, site, film)
    browser.close()


@pytest.fixture(scope="module")
def voiceless(cinema: Cinema) -> Iterator[LentigoPage]:
    with cinema.page() as page:
        yield page


@pytest.fixture
def aiming(voiceless: LentigoPage) -> Iterator[LentigoPage]:
    """A ready page of the cinema that tells nothing of the tests before."""
    voiceless.page.evaluate("globalThis.hints = []")
    yield voiceless
    voiceless.start_again()
    voiceless.guard.verify()


def pictures_of(records: list[Record]) -> Iterator[Image.Image]:
    files = read_files(DATA, records)
    for record in records:
        with Image.open(io.BytesIO(unsquashed(files[record.member], record.aspect))) as opened:
            yield opened.convert("RGB").resize(SCREEN, Image.Resampling.BICUBIC)


def issues_of(picture: Image.Image) -> list[QualityIssue]:
    return [finding.issue for finding in judge(measure(picture))]


def real_lesion() -> Image.Image:
    """The sharpest of some naevi of the test split: they are stored small, and shown enlarged."""
    records = lesions(read_records(DATA), Split.TEST)
    naevi = [r for r in records if (r.source, r.diagnosis) == ("ham10000", "nv")][:40]
    measured = [(measure(picture), picture) for picture in pictures_of(naevi)]
    faultless = [
        (gauges, picture)
        for gauges, picture in measured
        if not judge(gauges) and issues_of(far(picture)) == [QualityIssue.TOO_FAR]
    ]
    return max(faultless, key=lambda pair: pair[0].detail_worst)[1]


def real_dog() -> Image.Image:
    """A dog; one of ImageNet's breeds that is in no split that the model was fitted on, if any."""
    dogs = [r for r in read_records(DATA) if r.source == "ood" and "_dog" in r.member]
    return next(pictures_of([min(dogs, key=lambda record: record.split is Split.TRAIN)]))


def first_at(hints: list[str], remedy: Remedy) -> int:
    words = IN_ENGLISH(HINT[remedy])
    assert words in hints, f"{words!r} was never told; there was {hints}"
    return hints.index(words)


@pytest.mark.parametrize("kind", ["drawn", pytest.param("real", marks=REAL)])
def test_dark_then_blurred_then_far_then_good_leads_to_a_photo_and_a_result(
    cinema: Cinema, aiming: LentigoPage, kind: str
) -> None:
    page = aiming
    good = wide(lesion(Look.EVEN_BROWN)) if kind == "drawn" else real_lesion()
    good = good.resize(SCREEN)
    cinema.show((dark(good), 90), (blurred(good), 90), (far(good), 90), (good, 600))
    page.press("start-camera")
    assert page.wait_for("result", "rejected", "error") == "result"
    hints = page.page.evaluate("hints")
    order = [
        first_at(hints, Remedy.MORE_LIGHT),
        first_at(hints, Remedy.FOCUS_AT_20_CM),
        first_at(hints, Remedy.ZOOM_IN),
    ]
    assert order == sorted(order), hints
    assert page.count("result") == 1
    assert page.count("probability") == 7
    assert page.page.evaluate("document.querySelector('[data-camera=preview]').srcObject") is None


@pytest.mark.parametrize("kind", ["drawn", pytest.param("dog", marks=REAL)])
def test_a_film_of_something_else_never_gets_a_label_nor_a_photo(
    cinema: Cinema, aiming: LentigoPage, kind: str
) -> None:
    page = aiming
    other = wide(unknown()) if kind == "drawn" else real_dog()
    cinema.show((other, 60))
    page.page.evaluate(_COUNT_LABELS)
    page.press("start-camera")
    page.page.wait_for_selector("[data-state=live] [data-testid=quality]")
    page.page.wait_for_timeout(6000)
    assert page.state == "live", "the photo does not take itself"
    assert page.attribute("quality", "data-issues") != ""
    assert page.page.evaluate("labels") == 0
    page.press("capture")
    assert page.wait_for("result", "rejected", "error") == "rejected"
    assert page.page.evaluate("labels") == 0


def test_the_photo_waits_for_the_hand_once_that_is_switched_off(
    cinema: Cinema, aiming: LentigoPage
) -> None:
    page = aiming
    cinema.show((wide(lesion(Look.EVEN_BROWN)), 60))
    page.press("start-camera")
    page.take_photos_by_hand()
    page.page.wait_for_selector("[data-state=live] [data-testid=result]")
    page.page.wait_for_timeout(5000)
    assert page.state == "live"
    assert not page.page.locator("#ring").is_visible()
    page.page.click("[data-camera=auto]")
    assert page.wait_for("result", "rejected", "error") == "result"


def test_hints_are_spoken_by_a_local_voice_and_felt(cinema: Cinema) -> None:
    good = wide(lesion(Look.EVEN_BROWN)).resize(SCREEN)
    cinema.show((dark(good), 120), (good, 600))
    with cinema.page("remote", "local") as page:
        page.press("start-camera")
        page.page.click("[data-camera=voice]")
        assert page.wait_for("result", "rejected", "error") == "result"
        said = page.page.evaluate("said")
        assert {voice for voice, _ in said} == {"local"}
        words = " ".join(text for _, text in said)
        assert IN_ENGLISH(HINT[Remedy.MORE_LIGHT]) in words
        assert "Check again in 8 weeks" in words
        assert page.page.evaluate("felt.length") >= 2, "once when all is well, once for the photo"


def test_a_voice_that_would_send_the_words_away_is_not_offered(cinema: Cinema) -> None:
    cinema.show((dark(wide(lesion())), 60))
    with cinema.page("remote") as page:
        page.press("start-camera")
        page.page.wait_for_selector("[data-region=gauges] .gauge-bad")
        assert not page.page.is_visible("[data-camera=voice]")
        assert page.page.evaluate("said") == []


def test_three_refusals_offer_another_way(lentigo: LentigoPage) -> None:
    night = png(dark(wide(lesion())))
    # Those that a test before this one left are forgotten.
    lentigo.judge(png(lesion()))
    for count in range(3):
        assert lentigo.count("offer") == 0, count
        assert lentigo.upload(night, f"night-{count}.png") == "rejected"
    lentigo.page.wait_for_selector("[data-testid=offer]")


def test_answers_by_keyboard_raise_the_priority_and_say_so(lentigo: LentigoPage) -> None:
    page = lentigo.page
    priority = Priority(lentigo.judge(png(wide(lesion(Look.PALE_CENTRE)))).priority)
    assert priority is Priority.LOW
    page.evaluate("document.querySelector('[data-testid=questionnaire]').open = false")
    page.focus("[data-testid=questionnaire] > summary")
    page.keyboard.press("Enter")
    page.focus("#answer-change-in-size")
    page.keyboard.press("Space")
    page.focus("#more-questions > summary")
    page.keyboard.press("Enter")
    page.focus("#answer-irregular-colour")
    page.keyboard.press("Space")
    page.wait_for_selector("[data-testid=result][data-priority=urgent]")
    raised = lentigo.text("[data-testid=raised]")
    assert "Raised by your answers" in raised
    assert "seven-point checklist" in raised
    assert "Urgent" in lentigo.text("[data-announcer]")
    focused = page.evaluate("document.activeElement.id")
    assert focused == "answer-irregular-colour", "a patch must not take the focus away"
    page.focus("[data-action=show-answer]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "See a doctor within 2 weeks"
    assert page.get_attribute("[data-testid=questionnaire]", "open") is None

    lentigo.unfold_questions()
    page.select_option("#answer-body-site", "nail")
    assert lentigo.wait_for("rejected", "error") == "rejected"
    assert lentigo.count("result") == lentigo.count("probability") == 0
    assert lentigo.attribute("outside", "data-outside") == "nail"
    assert lentigo.attribute("verdict", "data-priority") == "urgent"

    page.click("[data-action=forget-answers]")
    assert lentigo.wait_for("result", "error") == "result"
    page.wait_for_selector("[data-testid=result][data-priority=low]")
    assert not page.is_checked("#answer-change-in-size")
    assert page.input_value("#answer-body-site") == ""


# Ticks a box, or chooses in a list, in the middle of the screen; returns where it is, in px.
_ANSWER = """([id, value]) => {
  const field = document.getElementById(id);
  field.scrollIntoView({block: 'center', behavior: 'instant'});
  const {top} = field.getBoundingClientRect();
  if (field.type === 'checkbox') field.click();
  else {
    field.value = value;
    field.dispatchEvent(new Event('change', {bubbles: true}));
  }
  return top;
}"""


@pytest.mark.parametrize("anchor", ["auto", "none"])
def test_a_question_stays_under_the_finger_while_the_answer_changes(
    lentigo: LentigoPage, anchor: str
) -> None:
    """Also in a browser that does not hold what is seen in its place (``overflow-anchor``)."""
    page = lentigo.page
    page.set_viewport_size(PHONE)
    page.evaluate(f"document.documentElement.style.overflowAnchor = '{anchor}'")
    lentigo.judge(png(wide(lesion(Look.PALE_CENTRE))))
    lentigo.unfold_questions()
    for name, value, wanted in (
        ("bleeding", "", "[data-testid=result][data-priority=high]"),
        ("growing-nodule", "", "[data-testid=result][data-priority=urgent]"),
        # This one changes the state too, and does not fetch the view away.
        ("body-site", "nail", "[data-state=rejected] [data-testid=outside]"),
    ):
        before_px = page.evaluate(_ANSWER, [f"answer-{name}", value])
        page.wait_for_selector(wanted, state="attached")
        box = page.locator(f"#answer-{name}").bounding_box()
        assert box
        assert box["y"] == pytest.approx(before_px, abs=1), name
    page.evaluate("document.documentElement.style.overflowAnchor = ''")
    page.set_viewport_size(DESKTOP)


@REAL
def test_a_melanoma_that_the_picture_does_not_show_is_raised_by_the_answers(
    lentigo: LentigoPage,
) -> None:
    melanomas = [r for r in lesions(read_records(DATA), Split.TEST) if r.diagnosis == "mel"]
    # More of the clinical images are missed, so that one is found sooner.
    melanomas.sort(key=lambda record: record.modality not in CAMERA)
    for picture in pictures_of(melanomas):
        if lentigo.upload(png(picture)) != "result":
            continue
        answer = lentigo.answer()
        assert answer is not None
        if answer.priority != "urgent":
            break
    else:
        pytest.fail("every melanoma of the test split is urgent: choose another picture")
    lentigo.unfold_questions()
    for question in ("change-in-size", "irregular-shape"):
        lentigo.page.check(f"#answer-{question}")
    lentigo.page.wait_for_selector("[data-testid=result][data-priority=urgent]")
    assert lentigo.count("raised") == 1
    lentigo.page.click("[data-action=forget-answers]")

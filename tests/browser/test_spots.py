"""Spots that are kept: saved, found again, compared, locked, taken along, deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from app.words import IN_ENGLISH
from app.words.dates import day_text
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import far, lesion, png, wide
from tests.browser.slow_world import SlowWorld
from tests.browser.test_accessibility import faults
from tests.browser.test_keep import MOST_LOOKS, read, saved, today
from tests.browser.tour import PHONE, keeping
from tests.unit.lentigo.spots.scale.drawings import COIN, SPOT, photo
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, FilePayload

MOLE = png(wide(lesion(Look.EVEN_BROWN, 600)))
SAME_MOLE = png(wide(lesion(Look.EVEN_BROWN, 560, seed=8)))
SUSPICIOUS = png(wide(lesion(Look.ASYMMETRIC_DARK, 600)))
PASSCODE = "correct horse battery staple"
# Writes down what stands over the preview.
_NOTE_HINTS = """() => {
  globalThis.hints = [];
  const region = document.querySelector('[data-region=gauges]');
  new MutationObserver(() => hints.push(region.textContent))
    .observe(region, {childList: true, subtree: true, characterData: true});
}"""
DATABASES = """async () => {
  const all = (await indexedDB.databases()).map(({ name }) => name);
  return all.filter((name) => !name.startsWith('IDBMap'));  // PyScript's own, which are empty
}"""


def day(ago: int) -> str:
    """The day so many days ago, as a form takes it. A visit counts for what was seen until then."""
    return (today() - timedelta(days=ago)).isoformat()


def told(ago: int) -> str:
    """The same day, as the page says it."""
    return day_text(today() - timedelta(days=ago), IN_ENGLISH)


@pytest.fixture(scope="module")
def _ready(chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site) as page:
        yield page.boot("?backend=wasm")


@pytest.fixture
def keeper(_ready: LentigoPage) -> Iterator[LentigoPage]:
    """A ready page, shared, on which nothing is kept."""
    yield _ready
    go(_ready, "#/settings", "[data-testid=delete-all]")
    _ready.press("delete-all")
    _ready.press("delete-all-now")
    _ready.page.wait_for_function(f"async () => !(await ({DATABASES})()).length")
    go(_ready, "#/", "[data-route=screening]")
    _ready.start_again()
    _ready.guard.verify()


def save(page: LentigoPage, photo: bytes, taken: str, name: str = "", spot: str = "") -> None:
    """Judge a photo and save it, as a new spot or with one that is there."""
    page.start_again()
    page.judge(photo)
    page.press("save-spot")
    page.page.wait_for_selector("[data-testid=save-form]")
    if spot:
        page.page.select_option("#save-which", spot)
    else:
        page.page.fill("#save-name", name)
    page.page.fill("#save-taken", taken)
    page.press("save-now")
    page.page.wait_for_selector("[data-testid=saved]")


def mark_area(page: LentigoPage) -> None:
    """Keep a wide photo of the spot that is shown, with its mark on the left, a bit down."""
    photo: FilePayload = {"name": "arm.png", "mimeType": "image/png", "buffer": MOLE}
    page.page.set_input_files("[data-testid=overview-file]", photo)
    page.page.wait_for_selector("[data-testid=overview-form] img")
    mark = page.page.locator("[data-testid=overview-form] [data-mark]")
    box = mark.bounding_box()
    assert box is not None
    mark.click(position={"x": 0.25 * box["width"], "y": 0.5 * box["height"]})
    mark.press("ArrowDown")
    mark.press("Shift+ArrowDown")
    page.press("overview-save")
    page.page.wait_for_selector("[data-testid=overview] img[src^=blob]")


def assert_marked(page: LentigoPage) -> None:
    """The photo is there, and the mark where it was put."""
    page.page.wait_for_selector("[data-testid=overview]")
    # What nobody sees is not read.
    page.page.locator("[data-testid=overview]").scroll_into_view_if_needed()
    page.page.wait_for_selector("[data-testid=overview] img[src^=blob]")
    loaded = "document.querySelector('[data-testid=overview] img').naturalWidth"
    page.page.wait_for_function(f"{loaded} === 800")
    ring = page.page.locator("[data-testid=overview] [data-ring]")
    place = [float(str(ring.get_attribute(name)).rstrip("%")) for name in ("x", "y")]
    assert place == pytest.approx([25, 56], abs=1)


def measure_by_a_coin(page: LentigoPage) -> None:
    """Have the spot measured in a photo with a coin; the coin is named first."""
    page.page.click("#shape-asked")
    coin: FilePayload = {"name": "coin.png", "mimeType": "image/png", "buffer": png(photo())}
    page.page.set_input_files("[data-testid=coin-file]", coin)
    assert page.page.locator("#coin:invalid").count() == 1
    page.page.select_option("#coin", "euro-1")
    page.page.set_input_files("[data-testid=coin-file]", coin)
    page.page.wait_for_selector("[data-testid=is-coin]")
    assert page.count("diameter") == 0
    page.press("the-coin")
    page.page.wait_for_selector("[data-testid=diameter]")
    true_mm = SPOT.major / COIN.major * 23.25
    assert float(page.attribute("diameter", "data-mm")) == pytest.approx(true_mm, rel=0.1)


def go(page: LentigoPage, route: str, wanted: str) -> None:
    """Go to a screen and wait for what it shows."""
    page.page.evaluate("(hash) => { location.hash = hash; }", route)
    page.page.wait_for_selector(wanted)


def spot_id(page: LentigoPage) -> str:
    return page.attribute("spot", "data-spot")


def test_a_spot_is_kept_and_found_again(keeper: LentigoPage) -> None:
    page = keeper.page
    assert page.evaluate(DATABASES) == []
    save(keeper, MOLE, day(30), "Mole on the arm")
    page.click("[data-testid=saved] a")
    page.wait_for_selector("[data-testid=overview-file]")
    note: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Dear diary"}
    page.set_input_files("[data-testid=overview-file]", note)
    page.wait_for_selector("[data-testid=overview-fault]")
    mark_area(keeper)
    keeper.open("?backend=wasm#/spots")
    page.wait_for_selector("[data-testid=spot] img[src^=blob]")
    assert keeper.attribute("spot", "data-captures") == "1"
    assert "Mole on the arm" in keeper.text("[data-testid=spot]")
    page.click("[data-testid=spot] a")
    page.wait_for_selector("[data-route=spot] [data-testid=photo] img[src^=blob]")
    assert page.evaluate("document.querySelector('[data-testid=photo] img').naturalWidth") > 600
    assert told(30) in keeper.text("[data-testid=photo]")
    assert_marked(keeper)
    measure_by_a_coin(keeper)
    keeper.press("overview-delete")
    keeper.press("overview-delete-now")
    page.wait_for_selector("[data-testid=overview]", state="detached")
    page.go_back()
    page.wait_for_selector("[data-route=spots] [data-testid=spot]")


def test_a_repeat_photo_is_compared_and_a_change_asks_for_a_doctor(  # noqa: PLR0915 (one story)
    keeper: LentigoPage,
) -> None:
    page, world = keeper.page, SlowWorld(keeper)
    save(keeper, MOLE, day(61), "Ελιά στο χέρι")
    go(keeper, "#/spots", "[data-testid=spot]")
    spot = spot_id(keeper)
    go(keeper, f"#/spots/{spot}", "[data-testid=repeat]")
    mark_area(keeper)
    # Too dark for the photo to take itself.
    world.show(Image.new("RGB", (640, 480), (9, 8, 8)))
    keeper.press("repeat")
    keeper.wait_for("live")
    page.wait_for_selector("[data-region=ghost] img[src^=blob]", state="attached")
    page.press("[data-camera=ghost]", "Home")
    page.wait_for_selector("[data-region=ghost]", state="hidden")
    page.press("[data-camera=ghost]", "End")
    page.wait_for_selector("[data-region=ghost] img", state="visible")
    # From farther away than last time, then as last time.
    keeper.take_photos_by_hand()
    page.evaluate(_NOTE_HINTS)
    view = wide(lesion(Look.EVEN_BROWN, 600))
    world.show(far(view, 0.5))
    page.wait_for_function("hints.includes('A little closer, as last time')")
    world.show(view)
    page.wait_for_selector("[data-region=gauges] .gauge-good")
    page.wait_for_selector("[data-region=outline] .earlier", state="attached")
    page.click("[data-action=stop-camera]")
    page.wait_for_selector("[data-state=live]", state="detached")
    keeper.judge(SAME_MOLE)
    page.wait_for_selector("[data-testid=repeating]")
    keeper.press("save-spot")
    page.wait_for_selector("[data-testid=save-form]")
    assert page.input_value("#save-which") == spot
    page.fill("#save-taken", day(0))
    keeper.press("save-now")
    page.wait_for_selector("[data-testid=saved]")
    go(keeper, f"#/spots/{spot}/compare", "[data-testid=comparison]")
    assert keeper.attribute("comparison", "data-aligned") in {"true", "false"}
    assert keeper.count("standing") == 0
    page.check("[name=seen][value=yes]")
    page.check("[data-form=change] [name=change-in-size]")
    page.click("[data-action=change-answered]")
    page.wait_for_selector("[data-region=compare] [data-testid=standing][data-priority=high]")
    go(keeper, f"#/spots/{spot}", "[data-testid=care]")
    name, pdf = saved(keeper, "spot-report")
    reader, text = read(pdf)
    assert keeper.text("[data-region=spot] [data-testid=kept-file]") == f"Saved as {name}."
    # Both photos (the area is the first one), and the name, whose letters the fonts of PDF lack.
    assert len(reader.pages[0].images) == 3
    assert "?" not in text
    for said in (
        "See a doctor within",
        f"Photo of {told(61)}. No scale.",
        f"Photo of {told(0)}. No scale.",
        "Beside an earlier photo the person saw a change. What has changed: Changed in size.",
        "The ring is around the spot.",
        "A photo cannot rule out skin cancer.",
        "Doctor’s note",
    ):
        assert said in text, said
    page.click("[data-testid=care] > summary")
    page.fill("#care-on", day(0))
    keeper.press("care-seen")
    page.wait_for_selector("[data-region=spot] [data-testid=standing]", state="detached")
    assert page.locator("[data-testid=care][open]").count() == 0
    # A photo can go; what was asked because of it does not.
    page.click("[data-testid=delete-photo] >> nth=0")
    page.wait_for_selector("text=What Lentigo answered to it stays")
    keeper.press("delete-photo-now")
    page.wait_for_selector("[data-testid=deleted-photo]")
    assert page.locator("[data-testid=photo]").count() == 1


def test_an_older_alarm_is_not_taken_back(keeper: LentigoPage) -> None:
    save(keeper, SUSPICIOUS, day(30), "Mole")
    go(keeper, "#/spots", "[data-testid=spot]")
    spot = spot_id(keeper)
    go(keeper, f"#/spots/{spot}", "[data-region=spot] [data-testid=standing]")
    go(keeper, "#/", "[data-route=screening]")
    save(keeper, MOLE, day(0), spot=spot)
    go(keeper, f"#/spots/{spot}", "[data-testid=photo]:nth-child(2)")
    assert "does not change that" in keeper.text("[data-route=spot] [data-testid=standing]")
    go(keeper, "#/spots", "[data-testid=spot][data-captures='2']")
    assert "See a doctor" in keeper.text("[data-testid=spot]")


def test_a_day_that_has_yet_to_come_keeps_what_was_filled_in(keeper: LentigoPage) -> None:
    page = keeper.page
    keeper.judge(MOLE)
    keeper.press("save-spot")
    page.wait_for_selector("[data-testid=save-form]")
    page.fill("#save-name", "Mole")
    page.fill("#save-taken", "2126-01-01")
    keeper.press("save-now")
    page.wait_for_selector("[data-testid=save-fault]")
    assert page.input_value("#save-name") == "Mole"
    # Pointing at the drawing keeps it too, and chooses from the list.
    page.click("[data-testid=save-form] .draw > summary")
    drawing = page.locator("[data-testid=save-form] [data-view=front]")
    box = drawing.bounding_box()
    assert box is not None
    drawing.click(position={"x": 0.45 * box["width"], "y": 0.3 * box["height"]})
    page.wait_for_function("document.querySelector('[data-testid=save-form] #site').value !== ''")
    assert page.input_value("#save-name") == "Mole"


def test_a_passcode_locks_and_a_wrong_one_waits(keeper: LentigoPage) -> None:
    page = keeper.page
    save(keeper, MOLE, day(30), "Mole")
    go(keeper, "#/settings", "[data-testid=passcode]")
    page.fill("#new-passcode", PASSCODE)
    page.fill("#new-passcode-again", PASSCODE)
    page.click("[data-action=set-passcode]")
    page.wait_for_selector("[data-testid=lock]")
    told = page.text_content("[data-testid=passcode] [data-vault-told]")
    assert told == "The passcode is set."
    keeper.press("lock")
    page.wait_for_selector("[data-route=settings] [data-testid=unlock]")
    go(keeper, "#/spots", "[data-region=spots] [data-testid=unlock]")
    assert keeper.count("spot") == 0
    page.fill("[data-region=spots] [name=passcode]", "not this one at all")
    page.click("[data-region=spots] [data-action=unlock]")
    page.wait_for_selector("[data-region=spots] [data-vault-told]:not(:empty)")
    page.wait_for_timeout(1500)
    page.fill("[data-region=spots] [name=passcode]", PASSCODE)
    page.click("[data-region=spots] [data-action=unlock]")
    page.wait_for_selector("[data-testid=spot]")
    # It comes off for somebody who knows it.
    go(keeper, "#/settings", "[data-testid=passcode]")
    page.click("[data-testid=remove-passcode] >> xpath=ancestor::details/summary")
    for passcode in ("not this one at all", PASSCODE):
        page.wait_for_selector("[data-form=no-passcode]")
        assert keeper.count("lock") == 1
        page.fill("#passcode-now", passcode)
        keeper.press("remove-passcode")
        page.wait_for_selector(
            "[data-form=no-passcode] .notice-error, body:not(:has(#passcode-now))"
        )
    told = page.text_content("[data-testid=passcode] [data-vault-told]")
    assert told == "The passcode is off."
    assert keeper.count("lock") == 0
    keeper.open("?backend=wasm#/spots")
    page.wait_for_selector("[data-testid=spot] img[src^=blob]")


def test_a_backup_brings_everything_back_elsewhere(
    keeper: LentigoPage, chromium: Browser, site: str, tmp_path: Path
) -> None:
    page = keeper.page
    save(keeper, MOLE, day(30), "Mole")
    page.click("[data-testid=saved] a")
    page.wait_for_selector("[data-testid=overview-file]")
    mark_area(keeper)
    go(keeper, "#/settings", "[data-testid=backup]")
    page.wait_for_function(
        "document.querySelector('#backup-phrase').value.split(/[- ]/).length > 5"
    )
    phrase = page.input_value("#backup-phrase")
    with page.expect_download() as download:
        keeper.press("backup")
    backup = tmp_path / "backup.age"
    download.value.save_as(backup)
    assert b"Mole" not in backup.read_bytes()
    without = "bridge._application.page.spots.collection.without_backup"
    for _ in range(MOST_LOOKS):
        if keeper.run_python(without) == 0:
            break
        page.wait_for_timeout(20)
    else:
        raise AssertionError("it does not know of the backup")
    with LentigoPage(chromium, site) as other:
        other.boot("?backend=wasm#/settings")
        other.page.wait_for_selector("[data-testid=restore]")
        other.page.fill("#restore-phrase", "six words that nobody ever chose")
        other.page.set_input_files("[data-testid=restore]", backup)
        other.page.click("[data-action=inspect-backup]")
        told = "[data-region=settings] [data-form=restore] [data-vault-told]"
        other.page.wait_for_function(
            f"document.querySelector('{told}').textContent.includes('do not open')"
        )
        other.page.fill("#restore-phrase", phrase)
        other.page.click("[data-action=inspect-backup]")
        other.page.wait_for_selector("[data-testid=backup-found][data-new='3']")
        other.press("restore-now")
        other.page.wait_for_selector("[data-testid=restored-records]")
        go(other, "#/spots", "[data-testid=spot] img[src^=blob]")
        assert "Mole" in other.text("[data-testid=spot]")
        other.page.click("[data-testid=spot] a")
        assert_marked(other)


def test_what_a_newer_lentigo_has_written_is_said_and_left_alone(keeper: LentigoPage) -> None:
    page = keeper.page
    save(keeper, MOLE, day(30), "Mole")
    newer = '{"kind":"mood","version":99}'
    at_the_vault = (
        "async (json) => { const vault = (await import('./js/page/vault.js')).openVault(); %s }"
    )
    put = "await vault.write({puts: [{key: 'n', json, revision: 0}], blobs: [], deletes: []})"
    page.evaluate(at_the_vault % put, newer)
    go(keeper, "#/spots", "[data-testid=unread]")
    assert "Nothing of it was changed" in keeper.text("[data-testid=unread]")
    assert keeper.count("spot") == 1
    go(keeper, "#/", "[data-route=screening]")
    save(keeper, MOLE, day(29), "Another mole")
    kept = "return (await vault.records()).find(({key}) => key === 'n').json"
    assert page.evaluate(at_the_vault % kept) == newer


def test_axe_finds_nothing_serious_in_any_screen(keeper: LentigoPage) -> None:
    before = keeper.page.viewport_size
    assert before is not None
    keeper.page.set_viewport_size(PHONE)
    found = []
    seen = []
    for state, page in keeping(keeper):
        seen.append(state)
        found += [f"{state} {fault}" for fault in faults(page.page)]
    keeper.page.set_viewport_size(before)
    keeper.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert len(seen) == len(set(seen)) >= 7
    assert not found, "\n".join(found)


def test_what_was_filled_in_about_a_spot_stays_with_it(keeper: LentigoPage) -> None:
    page = keeper.page
    ids = []
    for name in ("Mole", "Freckle"):
        save(keeper, MOLE, day(30), name)
        page.click(".saved a")
        page.wait_for_selector(f"[data-testid=spot-name]:has-text('{name}')")
        ids.append(page.evaluate("location.hash"))
    page.click("[data-testid=describe] > summary")
    page.fill("#spot-name", "Freckle on the arm")
    go(keeper, ids[0], "[data-testid=spot-name]:has-text('Mole')")
    assert page.get_attribute("[data-testid=describe]", "open") is None
    assert page.input_value("#spot-name") == "Mole"


def tab_to(page: LentigoPage, wanted: str) -> None:
    """Press the tab key until something has the focus."""
    for _ in range(200):
        page.page.keyboard.press("Tab")
        if page.page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def enter(page: LentigoPage, wanted: str, then: str) -> None:
    """Go to something by the tab key, press it, and wait for what follows."""
    tab_to(page, wanted)
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector(then)


def test_everything_is_done_by_the_keyboard(keeper: LentigoPage) -> None:
    page = keeper.page
    save(keeper, MOLE, day(61), "Mole")
    keeper.start_again()
    keeper.judge(SAME_MOLE)
    enter(keeper, "[data-testid=save-spot]", "[data-testid=save-form]")
    tab_to(keeper, "#save-which")
    page.keyboard.press("ArrowDown")
    tab_to(keeper, "#save-taken")
    page.keyboard.type("11012026")
    enter(keeper, "[data-testid=save-now]", "[data-testid=saved]")
    enter(keeper, ".saved a", "[data-testid=photo]:nth-child(2)")
    enter(keeper, "[data-testid=shape] button", "[data-testid=finding], [data-testid=no-shape]")
    # Above them by now.
    page.evaluate("document.querySelector('[data-screen=spot] h1').focus()")
    enter(keeper, "[data-testid=compare]", "[data-testid=comparison]")
    tab_to(keeper, "[name=seen]")
    page.keyboard.press("Space")
    tab_to(keeper, "[data-form=change] [name=change-in-size]")
    page.keyboard.press("Space")
    enter(keeper, "[data-action=change-answered]", "[data-region=compare] [data-testid=standing]")
    page.evaluate("document.querySelector('[data-screen=compare] h1').focus()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-route=spot]")
    enter(keeper, "[data-testid=describe] > summary", "[data-testid=describe][open]")
    tab_to(keeper, "[data-testid=describe] [name=site]")
    page.keyboard.press("ArrowDown")
    enter(keeper, "[data-action=spot-described]", "[data-region=spot] .place")
    page.evaluate("document.querySelector('[data-screen=spot] .back a').focus()")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-route=spots] [data-testid=spot]")
    enter(keeper, ".kept-nav [href='#/map']", "[data-route=map] a.pin")
    enter(keeper, "a.pin", "[data-route=spot]")
    enter(keeper, "[data-testid=delete-spot]", "[data-testid=delete-spot-now]")
    enter(keeper, "[data-testid=delete-spot-now]", "[data-route=spot] [data-testid=no-spot]")


def test_everything_can_be_deleted(keeper: LentigoPage) -> None:
    page = keeper.page
    save(keeper, MOLE, day(30), "Mole")
    go(keeper, "#/spots", "[data-testid=spot]")
    go(keeper, f"#/spots/{spot_id(keeper)}", "[data-testid=delete-spot]")
    keeper.press("delete-spot")
    keeper.press("delete-spot-now")
    page.wait_for_selector("[data-route=spot] [data-testid=no-spot]")
    go(keeper, "#/settings", "[data-testid=delete-all]")
    keeper.press("delete-all")
    keeper.press("delete-all-now")
    page.wait_for_function(f"async () => !(await ({DATABASES})()).length")
    go(keeper, "#/spots", "[data-testid=no-spots]")

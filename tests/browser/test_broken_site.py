"""A site with a file missing or damaged says so, and what to do; it never hangs."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from app.words import IN_ENGLISH
from app.words.errors import next_step_text
from lentigo.errors import (
    LentigoError,
    ManifestError,
    ModelFileError,
    NoSuchBackendError,
    NoSuchModelError,
)
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import MODEL, ROOT, SHARD, AlteredHosting, served
from tooling.distribution import pin_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = f"{MODEL}/manifest.json"
NUMPY = next(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "vendor/pyodide").glob("numpy-*.whl")
)


def damaged_shard() -> bytes:
    data = bytearray((ROOT / SHARD).read_bytes())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def manifest_that_misses_melanomas() -> bytes:
    document = json.loads((ROOT / MANIFEST).read_text(encoding="utf-8"))
    document["scales"]["camera"]["melanoma"]["intercept"] = -10.0
    return json.dumps(document).encode()


@dataclass(frozen=True)
class Broken:
    """What is wrong with a site, what the page says, and what the browser writes about it."""

    words: str
    remedy: str
    missing: frozenset[str] = frozenset()
    replaced: dict[str, Callable[[], bytes]] = field(default_factory=dict)
    expected: tuple[str, ...] = ()


BROKEN = {
    "shard missing": Broken(
        f"{SHARD} is missing (status 404)",
        next_step_text(ModelFileError.next_step, IN_ENGLISH),
        missing=frozenset({SHARD}),
        expected=(f"status 404: .*{SHARD}",),
    ),
    "shard damaged": Broken(
        f"{SHARD} is damaged or of another version",
        next_step_text(ModelFileError.next_step, IN_ENGLISH),
        replaced={SHARD: damaged_shard},
    ),
    "manifest no JSON": Broken(
        "manifest.json is not JSON",
        next_step_text(ModelFileError.next_step, IN_ENGLISH),
        replaced={MANIFEST: lambda: b"<!doctype html>"},
    ),
    "manifest with a threshold that cannot be meant": Broken(
        "scales.camera.melanoma.intercept is a number in -6..6, not -10.0",
        next_step_text(ManifestError.next_step, IN_ENGLISH),
        replaced={MANIFEST: manifest_that_misses_melanomas},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_model_leads_to_a_message_and_a_remedy(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    broken = BROKEN[name]
    replaced = {}
    for path, make in broken.replaced.items():
        replaced[path] = tmp_path / "altered"
        replaced[path].write_bytes(make())
    hosting = AlteredHosting(ROOT, missing=broken.missing, replaced=replaced)
    with (
        served(hosting) as url,
        LentigoPage(chromium, url, expected=broken.expected) as page,
    ):
        page.open("?backend=wasm")
        assert page.wait_for("ready", "error") == "error"
        page.page.wait_for_selector("[data-region=answer] .notice")
        said = page.text("[data-region=answer]")
        assert broken.words in said
        assert broken.remedy in said
        assert page.count("result") == page.count("probability") == 0
        assert page.page.is_visible("[data-testid=disclaimer]")
        # Without a model a photo gets the same message, not a hang.
        assert page.upload(png(lesion())) == "error"
        assert broken.words in page.text("[data-region=answer]")


# What the browser and PyScript write on the console about it is theirs to word.
NOT_STARTED = ("console error", "console warning", "page error", "failed: ")
FAILED = "[data-testid=app][data-state=error][data-boot=failed]"
# Every failed start is told within this time; a busy machine may take longer.
TOLD_WITHIN_MS = 15_000
GENEROUS = 4
PROMPT_MS = 1_500


@pytest.mark.parametrize(
    "path",
    [
        "js/page/host.js",
        "js/python/pyodide.js",
        "js/engine/engine.js",
        "vendor/pyscript/core.js",
        "vendor/pyodide/pyodide.mjs",
        "vendor/pyodide/pyodide.asm.wasm",
        NUMPY,
        "py/main.py",
        "py/app/screens/screening/update.py",
    ],
)
def test_a_site_without_a_program_says_that_it_cannot_start(chromium: Browser, path: str) -> None:
    with (
        served(AlteredHosting(ROOT, missing=frozenset({path}))) as url,
        LentigoPage(
            chromium, url, expected=(f"status 404: .*{path}",), allowed=NOT_STARTED
        ) as page,
    ):
        check_cannot_start(page)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        # A browser that does not know the syntax, and one that lacks a function.
        ("js/page/camera.js", b"const = 1;"),
        ("js/page/host.js", b"undefined.toString();"),
        ("js/engine/engine.js", b"const = 1;"),
        ("vendor/pyodide/pyodide.asm.wasm", b"\0asm\1\0\0\0 and no more"),
        ("py/main.py", b"raise RuntimeError"),
    ],
)
def test_a_program_that_fails_at_once_says_that_it_cannot_start(
    chromium: Browser, tmp_path: Path, path: str, source: bytes
) -> None:
    broken = tmp_path / path.rpartition("/")[2]
    broken.write_bytes(source)
    with (
        served(AlteredHosting(ROOT, replaced={path: broken})) as url,
        LentigoPage(chromium, url, allowed=NOT_STARTED) as page,
    ):
        check_cannot_start(page)


DENIED = "() => { throw new DOMException('denied', 'SecurityError'); }"
NO_STORAGE = f"""
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {{
    Object.defineProperty(globalThis, name, {{ get: {DENIED} }});
  }}
  globalThis.BroadcastChannel = class {{ constructor() {{ ({DENIED})(); }} }};
"""


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("delete globalThis.WebAssembly;", "Lockdown Mode switches it off"),
        (NO_STORAGE, "Allow site data"),
        ("delete HTMLScriptElement.prototype.noModule;", "too old for Lentigo"),
    ],
)
def test_a_browser_that_cannot_run_it_is_told_what_is_missing(
    chromium: Browser, site: str, lacking: str, words: str
) -> None:
    with LentigoPage(chromium, site, allowed=NOT_STARTED) as page:
        page.page.add_init_script(lacking)
        assert words in check_cannot_start(page, feigned=lacking is not NO_STORAGE)


def test_a_slow_link_is_no_fault(chromium: Browser) -> None:
    """A file that is long in coming is waited for, and the page says that it waits."""
    gate = threading.Event()
    path = "vendor/pyodide/pyodide.asm.wasm"
    with (
        served(AlteredHosting(ROOT, gates={path: gate})) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.page.clock.install()
        with page.page.expect_request(f"**/{path}"):
            page.open("?backend=wasm")
        page.page.clock.run_for(2 * TOLD_WITHIN_MS)
        assert page.state == "booting"
        assert "This takes longer than usual" in page.text("[data-stage=python]")
        gate.set()
        assert page.wait_for("ready", "error") == "ready"


def check_cannot_start(page: LentigoPage, *, feigned: bool = False) -> str:
    """Open the page and see it say, in time, that it cannot start; returns what it says.

    What is only feigned to be missing is there in the workers: the start succeeds after all.
    """
    page.page.clock.install()
    page.open("?backend=wasm")
    # Much is told at once; for what is told by a short time limit the page's time is made to pass.
    try:
        page.page.wait_for_selector(FAILED, state="attached", timeout=PROMPT_MS)
    except PlaywrightTimeoutError:
        page.page.clock.run_for(TOLD_WITHIN_MS - PROMPT_MS)
        page.page.wait_for_selector(FAILED, state="attached", timeout=GENEROUS * TOLD_WITHIN_MS)
    assert page.page.is_visible("[data-action=reload]")
    said = page.text(".boot-failed")
    assert "see a doctor without waiting" in said
    assert page.page.is_visible("[data-testid=disclaimer]")
    assert page.count("result") == page.count("probability") == 0
    # A photo gets the same message, not a hang.
    page.choose(png(lesion()))
    if feigned:
        page.wait_for("result")
    else:
        assert page.state == "error", "in the same task"
        assert "see a doctor without waiting" in page.text(".boot-failed")
    return said


@pytest.mark.parametrize(
    ("query", "words", "error"),
    [
        (
            "?backend=wasm&model=nonsense",
            "There is no model “nonsense”. Available: float16, uint8.",
            NoSuchModelError,
        ),
        ("?backend=wasm&model=__proto__", "There is no model “__proto__”.", NoSuchModelError),
        (
            "?backend=nonsense",
            "There is no backend “nonsense”. Available: webgpu, wasm, webgl, cpu.",
            NoSuchBackendError,
        ),
    ],
)
def test_what_the_address_asks_for_in_vain_is_named(
    chromium: Browser, site: str, query: str, words: str, error: type[LentigoError]
) -> None:
    with LentigoPage(chromium, site) as page:
        page.open(query)
        assert page.wait_for("ready", "error") == "error"
        page.page.wait_for_selector("[data-region=answer] .notice")
        said = page.text("[data-region=answer]")
        assert words in said
        assert next_step_text(error.next_step, IN_ENGLISH) in said


def test_an_address_that_asks_for_nothing_is_no_mistake(chromium: Browser, site: str) -> None:
    with LentigoPage(chromium, site) as page:
        page.boot("?backend=wasm&model=")


def pinned_page(folder: Path) -> Path:
    """The page as a build has it: with the sha256 of the manifest that it was built with."""
    (folder / MODEL).mkdir(parents=True)
    shutil.copyfile(ROOT / MANIFEST, folder / MANIFEST)
    shutil.copyfile(ROOT / "index.html", folder / "index.html")
    pin_manifest(folder)
    return folder / "index.html"


@pytest.mark.parametrize("altered", [False, True])
def test_a_build_takes_no_other_manifest_than_its_own(
    chromium: Browser, tmp_path: Path, altered: bool
) -> None:
    page_file = pinned_page(tmp_path / "site")
    replaced = {"": page_file, "index.html": page_file}
    if altered:
        # One that would be believed otherwise.
        document = json.loads((ROOT / MANIFEST).read_text(encoding="utf-8"))
        document["scales"]["camera"]["melanoma"]["intercept"] = -5.9
        replaced[MANIFEST] = tmp_path / "altered.json"
        replaced[MANIFEST].write_text(json.dumps(document), encoding="utf-8")
    hosting = AlteredHosting(ROOT, replaced=replaced)
    with served(hosting) as url, LentigoPage(chromium, url) as page:
        page.open("?backend=wasm")
        state = page.wait_for("ready", "error")
        assert state == ("error" if altered else "ready")
        if altered:
            page.page.wait_for_selector("[data-region=answer] .notice")
            said = page.text("[data-region=answer]")
            assert "manifest.json is not the one that this page was built with" in said
            assert next_step_text(ModelFileError.next_step, IN_ENGLISH) in said

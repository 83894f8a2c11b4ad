"""A site with a file missing or damaged says so, and what to do; it never hangs."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

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


def manifest_with_a_key_too_many() -> bytes:
    document = json.loads((ROOT / MANIFEST).read_text(encoding="utf-8"))
    return json.dumps({**document, "surprise": 1}).encode()


def manifest_that_misses_melanomas() -> bytes:
    document = json.loads((ROOT / MANIFEST).read_text(encoding="utf-8"))
    document["operating_points"]["camera"]["mel"] = 1.0
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
        ModelFileError.remedy,
        missing=frozenset({SHARD}),
        expected=(f"status 404: .*{SHARD}",),
    ),
    "shard damaged": Broken(
        f"{SHARD} is damaged or of another version",
        ModelFileError.remedy,
        replaced={SHARD: damaged_shard},
    ),
    "manifest no JSON": Broken(
        "manifest.json is not JSON",
        ModelFileError.remedy,
        replaced={MANIFEST: lambda: b"<!doctype html>"},
    ),
    "manifest with a threshold that cannot be meant": Broken(
        "operating_points.camera.mel is a number in 0.001..0.5, not 1.0",
        ManifestError.remedy,
        replaced={MANIFEST: manifest_that_misses_melanomas},
    ),
    "manifest with an unknown key": Broken(
        "unknown surprise",
        ManifestError.remedy,
        replaced={MANIFEST: manifest_with_a_key_too_many},
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
NOT_STARTED = ("console error", "console warning")


@pytest.mark.parametrize(
    "path",
    ["vendor/pyscript/core.js", "js/engine.js", "vendor/pyodide/pyodide.mjs", "py/app/update.py"],
)
def test_a_site_without_a_program_says_that_it_cannot_start(chromium: Browser, path: str) -> None:
    with (
        served(AlteredHosting(ROOT, missing=frozenset({path}))) as url,
        LentigoPage(
            chromium, url, expected=(f"status 404: .*{path}",), allowed=NOT_STARTED
        ) as page,
    ):
        page.open("?backend=wasm")
        check_cannot_start(page)


@pytest.mark.parametrize("path", ["vendor/pyodide/pyodide.asm.wasm", NUMPY])
def test_a_start_of_which_nothing_is_heard_ends_with_a_message(
    chromium: Browser, path: str
) -> None:
    """PyScript tells nobody of these; a time limit does, and here its time is made to pass."""
    with (
        served(AlteredHosting(ROOT, missing=frozenset({path}))) as url,
        LentigoPage(
            chromium, url, expected=(f"status 404: .*{path}",), allowed=NOT_STARTED
        ) as page,
    ):
        page.page.clock.install()
        with page.page.expect_console_message(
            lambda message: "numpy" in message.text or "wasm" in message.text
        ):
            page.open("?backend=wasm")
        page.page.clock.fast_forward(10 * 60 * 1000)
        check_cannot_start(page)


def check_cannot_start(page: LentigoPage) -> None:
    assert page.wait_for("ready", "error") == "error"
    assert page.page.is_visible("[data-action=reload]")
    assert "Reload the page" in page.text(".boot-failed")
    assert page.page.is_visible("[data-testid=disclaimer]")
    assert page.count("result") == page.count("probability") == 0


@pytest.mark.parametrize(
    ("query", "words", "error"),
    [
        (
            "?backend=wasm&model=nonsense",
            "There is no model “nonsense”. There is “float16” and “uint8”.",
            NoSuchModelError,
        ),
        ("?backend=wasm&model=__proto__", "There is no model “__proto__”.", NoSuchModelError),
        (
            "?backend=nonsense",
            "There is no backend “nonsense”. There is webgpu, webgl, wasm, cpu.",
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
        assert error.remedy in said


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
        document["operating_points"]["camera"]["mel"] = 0.49
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
            assert ModelFileError.remedy in said

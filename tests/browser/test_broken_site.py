"""A site with a file missing or damaged says so, and what to do; it never hangs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from lentigo.errors import ManifestError, ModelFileError
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import MODEL, ROOT, SHARD, AlteredHosting, served

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


def test_a_variant_that_the_model_lacks_is_named(chromium: Browser, site: str) -> None:
    with LentigoPage(chromium, site) as page:
        page.open("?backend=wasm&model=float3")
        assert page.wait_for("ready", "error") == "error"
        page.page.wait_for_selector("[data-region=answer] .notice")
        assert "float3" in page.text("[data-region=answer]")

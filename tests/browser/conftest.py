"""Chromium and the site, shared by all browser tests.

A start of the page takes seconds, so ``lentigo`` is one page for many tests: each finds it in
``ready`` and is judged on what the guard saw during that test alone.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.lentigo_page import LentigoPage, launch
from tests.browser.sites import ROOT, AlteredHosting, served, with_way_into_python
from tests.browser.vault_tab import DELETE_ALL, VaultTab, vault_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser of most tests: no camera, a software GPU."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The repository's site, no special headers, with a way into Python."""
    replaced = with_way_into_python(tmp_path_factory.mktemp("site"))
    with served(AlteredHosting(ROOT, replaced=replaced)) as url:
        yield url


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build, in a folder ``some/sub/path`` of an empty host; to be read only."""
    out = tmp_path_factory.mktemp("host") / "some" / "sub" / "path"
    subprocess.run(
        [sys.executable, "serve.py", "build", "--out", str(out)], cwd=ROOT, check=True, timeout=300
    )
    return out


@pytest.fixture(scope="session")
def _shared_lentigo(chromium: Browser, site: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, site) as page:
        yield page.boot("?backend=wasm")


@pytest.fixture
def lentigo(_shared_lentigo: LentigoPage) -> Iterator[LentigoPage]:
    """A ready page on WASM, shared; must be left where ``reset`` leads back to ``ready``."""
    page = _shared_lentigo
    page.guard.verify()
    yield page
    page.start_again()
    page.guard.verify()


@pytest.fixture(scope="session")
def vault_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page that starts no Python, for the tests of the vault."""
    with vault_site(tmp_path_factory.mktemp("quiet")) as url:
        yield url


@pytest.fixture(scope="module")
def _shared_quiet(chromium: Browser, vault_url: str) -> Iterator[LentigoPage]:
    with LentigoPage(chromium, vault_url) as page:
        page.page.goto(vault_url)
        yield page


@pytest.fixture
def quiet(_shared_quiet: LentigoPage) -> Iterator[LentigoPage]:
    """A browser that has kept nothing, shared; its own page has no vault."""
    yield _shared_quiet
    first, *tabs = _shared_quiet.page.context.pages
    for page in tabs:
        page.close()
    first.evaluate(DELETE_ALL)
    try:
        _shared_quiet.guard.verify()
    finally:
        _shared_quiet.guard.expected = ()


@pytest.fixture
def tab(quiet: LentigoPage) -> VaultTab:
    """A tab of a browser that has kept nothing."""
    return VaultTab.beside(quiet)

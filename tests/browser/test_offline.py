"""The whole page from its own cache: all of it without a network, or online without a worker.

``test_service_worker.py`` has what the worker keeps, serves and replaces.
"""

from __future__ import annotations

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser.kept_builds import KEPT, until
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import SHARD, running

if TYPE_CHECKING:
    from pathlib import Path

ISOLATED = "[crossOriginIsolated, typeof SharedArrayBuffer !== 'undefined']"


class _CachingHost(SimpleHTTPRequestHandler):
    """A static host that lets browsers keep files for a while, as GitHub Pages does."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def host(dist: Path) -> ThreadingHTTPServer:
    handler = partial(_CachingHost, directory=str(dist.parents[2]))
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)


# What no answer needs: the worker's own file, licences and other extras (tooling/offline.py).
UNNEEDED = r"(\bsw\.js|(jspdf|idb|backup|vault/[\w/-]+)\.js|\.(cdx\.json|txt|md|d\.ts)|LICENSE)$"
JSPDF = "vendor/jspdf/jspdf.js"
# Of a backup's phrase: all of the vault and its libraries are needed for them.
WORDS = "async () => (await import('./js/page/vault.js')).openVault().words()"


def address(host: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{host.server_address[1]}/some/sub/path/"


def test_after_one_visit_the_page_answers_offline_and_isolated(
    chromium: Browser, host: ThreadingHTTPServer
) -> None:
    url = address(host)
    # The browser itself looks for a new worker, and tells the page nothing of it; the worker looks
    # for the extras that it has not kept yet.
    with LentigoPage(chromium, url, allowed=(f"status 502: .*{UNNEEDED}",)) as page:
        with running(host):
            page.boot("?backend=wasm")
            online = page.judge(png(lesion()))
            page.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            until(page, KEPT, JSPDF)
            assert page.page.evaluate(ISOLATED) == [False, False]
        asked = [seen.url.removeprefix(url) for seen in page.proxy.seen]
        # Keeping begins when the start is over, with what the browser has already got.
        assert asked.index("sw.js") > max(asked.index(SHARD), asked.index("vendor/tfjs/tfjs.js"))
        # Nothing of the start waits for what only a report needs.
        assert asked.index(JSPDF) > asked.index("sw.js")
        assert asked.count(SHARD) == 1

        page.page.context.set_offline(True)
        page.boot("?backend=wasm")
        for place in (page.page, page.engine, page.python):
            assert place.evaluate(ISOLATED) == [True, True]
        offline = page.judge(png(lesion()))
        assert offline.priority == online.priority
        # Threads add up in another order.
        for here, there in zip(offline.values, online.values, strict=True):
            assert abs(here - there) <= 2e-4
        with page.page.expect_download() as download:
            page.press("report")
        assert len(PdfReader(download.value.path()).pages) == 1
        assert len(page.page.evaluate(WORDS).split()) == 6
        page.press("save-spot")
        page.page.fill("#save-taken", "2026-11-01")
        page.press("save-now")
        page.page.wait_for_selector("[data-testid=saved]")
        page.page.reload()
        assert page.wait_for("ready", "error") == "ready"
        page.judge(png(lesion()))
        page.page.evaluate("() => { location.hash = '#/spots'; }")
        page.page.wait_for_selector("[data-testid=spot] img[src^=blob]")
        later = {seen.url.removeprefix(url) for seen in page.proxy.seen[len(asked) :]}
        assert [path for path in later if not re.search(UNNEEDED, path)] == []


def test_where_service_workers_are_blocked_the_page_works_online(
    chromium: Browser, host: ThreadingHTTPServer
) -> None:
    blocked = "Service Worker registration blocked by Playwright"
    with (
        running(host),
        LentigoPage(chromium, address(host), expected=(blocked,), service_workers="block") as page,
    ):
        page.boot("?backend=wasm")
        page.judge(png(lesion()))
        assert "sw.js" not in {seen.url.split("/")[-1] for seen in page.proxy.seen}

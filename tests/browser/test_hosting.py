"""The same answers from every kind of host: bare, isolated, a build under a sub-path."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from playwright.sync_api import Browser

from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import ROOT, running, served
from tooling.server import Hosting

if TYPE_CHECKING:
    from pathlib import Path

ISOLATION = "[crossOriginIsolated, typeof SharedArrayBuffer !== 'undefined']"


def test_the_page_needs_no_special_headers(lentigo: LentigoPage) -> None:
    assert lentigo.page.evaluate(ISOLATION) == [False, False]
    assert lentigo.engine.evaluate(ISOLATION) == [False, False]
    assert lentigo.python.evaluate(ISOLATION) == [False, False]
    lentigo.judge(png(lesion()))


def test_the_answers_are_the_same_under_isolation_headers(
    chromium: Browser, lentigo: LentigoPage
) -> None:
    with (
        served(Hosting(ROOT, isolated=True)) as url,
        LentigoPage(chromium, url) as page,
    ):
        page.boot("?backend=wasm")
        assert page.page.evaluate(ISOLATION) == [True, True]
        assert page.engine.evaluate(ISOLATION) == [True, True]
        assert page.python.evaluate(ISOLATION) == [True, True]
        here, there = page.judge(png(lesion())), lentigo.judge(png(lesion()))
        # Threads add up in another order.
        for one, other in zip(here.values, there.values, strict=True):
            assert abs(one - other) <= 2e-4
        assert here.priority == there.priority


def test_a_build_runs_from_a_plain_static_host_under_a_sub_path(
    chromium: Browser, lentigo: LentigoPage, dist: Path
) -> None:
    assert (dist / ".nojekyll").is_file()
    handler = partial(_PlainHost, directory=str(dist.parents[2]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/some/sub/path/"
    with running(server), LentigoPage(chromium, url) as page:
        page.boot("?backend=wasm")
        assert page.page.evaluate(ISOLATION) == [False, False]
        assert page.judge(png(lesion())).values == lentigo.judge(png(lesion())).values
        outside = [seen.url for seen in page.proxy.seen if not seen.url.startswith(url)]
        assert outside == []


class _PlainHost(SimpleHTTPRequestHandler):
    """Python's own static server, without its log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

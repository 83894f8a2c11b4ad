"""What a built page says of itself: told or read from the sources, never invented."""

import subprocess
from pathlib import Path

import pytest

from tooling import imprint
from tooling.errors import ToolingError
from tooling.imprint import Imprint, imprint_of
from tooling.layout import REPOSITORY, Layout

PLACES = "".join(f'<dd data-imprint="{name}"></dd>' for name in ("source", "version", "date"))
ADDRESS = "https://git.example/owner/lentigo"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    return Layout(tmp_path)


def test_nothing_is_invented(layout: Layout) -> None:
    assert imprint_of(layout, None, {}) == Imprint("1.2.3", "", "")


def test_the_address_is_the_one_asked_for_else_the_runners(layout: Layout) -> None:
    github = {"GITHUB_SERVER_URL": "https://hub.example", "GITHUB_REPOSITORY": "a/b"}
    assert imprint_of(layout, None, github).source == "https://hub.example/a/b"
    assert imprint_of(layout, None, {"CI_PROJECT_URL": ADDRESS}).source == ADDRESS
    assert imprint_of(layout, ADDRESS, github).source == ADDRESS
    assert imprint_of(layout, "", github).source == ""


@pytest.mark.parametrize("source", ["http://a.example", "javascript:alert(1)", 'https://a"b'])
def test_what_is_no_https_address_is_refused(layout: Layout, source: str) -> None:
    with pytest.raises(ToolingError, match="no https address"):
        imprint_of(layout, source, {})


def test_the_date_is_that_of_the_sources(layout: Layout) -> None:
    assert imprint_of(layout, None, {"SOURCE_DATE_EPOCH": "86400"}).date == "1970-01-02"
    told = {"GIT_COMMITTER_DATE": "2026-05-04T12:00:00Z"}
    who = ["-c", "user.name=n", "-c", "user.email=e@x.example"]
    for command in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "m"]):
        subprocess.run(
            ["git", *command],
            cwd=layout.root,
            env=told | {"PATH": "/usr/bin:/bin"},
            check=True,
        )
    assert imprint_of(layout, None, {}).date == "2026-05-04"


def test_a_page_is_told_what_is_known_and_the_rest_stays_empty(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(PLACES)
    imprint.write(tmp_path, Imprint("1.2.3", "", f"{ADDRESS}?a&b"))
    assert page.read_text() == (
        f'<dd data-imprint="source"><a href="{ADDRESS}?a&amp;b" rel="noreferrer">'
        f'{ADDRESS}?a&amp;b</a></dd><dd data-imprint="version">1.2.3</dd>'
        '<dd data-imprint="date"></dd>'
    )
    with pytest.raises(ToolingError, match="0 places for its version"):
        imprint.write(tmp_path, Imprint("1.2.3", "", ""))


def test_the_real_page_has_the_places(tmp_path: Path) -> None:
    page = (REPOSITORY.root / "index.html").read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    imprint.write(tmp_path, Imprint("1.2.3", "2026-05-04", ADDRESS))
    built = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f'href="{ADDRESS}"' in built
    assert ">1.2.3<" in built

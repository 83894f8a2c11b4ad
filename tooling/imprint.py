"""Which version a built page is, of which day, and where its makers are reached.

Nothing of it is invented: what the build is not told, and cannot read from the sources, stays
empty, and the page then leaves the line out.
"""

import re
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from tooling import site
from tooling.errors import ToolingError
from tooling.layout import Layout

OPTION = "--source"
_ADDRESS = re.compile(r"https://[^\s\"'<>]+")


@dataclass(frozen=True)
class Imprint:
    """``source`` is an https address, ``date`` an ISO date; either may be empty."""

    version: str
    date: str
    source: str


def imprint_of(layout: Layout, source: str | None, environment: Mapping[str, str]) -> Imprint:
    """Return what a build can say of itself; ``source`` is what was asked for, if anything was.

    Raises ToolingError for an address that is none.
    """
    project = tomllib.loads((layout.root / "pyproject.toml").read_text(encoding="utf-8"))
    address = source if source is not None else _of_the_runner(environment)
    if address and not _ADDRESS.fullmatch(address):
        raise ToolingError(
            f"{OPTION} {address} is no https address", "give one: https://host/owner/repository"
        )
    return Imprint(project["project"]["version"], _date(layout.root, environment), address)


def _of_the_runner(environment: Mapping[str, str]) -> str:
    """Return the repository's address as GitHub's or GitLab's runner gives it; else nothing."""
    server, name = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
    return f"{server}/{name}" if server and name else environment.get("CI_PROJECT_URL", "")


def _date(root: Path, environment: Mapping[str, str]) -> str:
    """Return the day of the sources, not of the build: the same sources make the same page."""
    since_1970_s = environment.get("SOURCE_DATE_EPOCH", "")
    if since_1970_s.isdecimal():
        return datetime.fromtimestamp(int(since_1970_s), UTC).date().isoformat()
    if not (root / ".git").exists():
        return ""
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%cs"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # no git
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""


def write(folder: Path, imprint: Imprint) -> None:
    """Write it into the page of a build; raises ToolingError where the page has no place for it."""
    path = folder / site.INDEX
    page = path.read_text(encoding="utf-8")
    address = escape(imprint.source)
    for name, html in {
        "version": escape(imprint.version),
        "date": escape(imprint.date),
        "source": f'<a href="{address}" rel="noreferrer">{address}</a>' if address else "",
    }.items():
        place = f'<dd data-imprint="{name}"></dd>'
        if page.count(place) != 1:
            raise ToolingError(
                f"{site.INDEX} has {page.count(place)} places for its {name} instead of one",
                f"git checkout -- {site.INDEX}",
            )
        page = page.replace(place, place.replace("></dd>", f">{html}</dd>"))
    path.write_text(page, encoding="utf-8")

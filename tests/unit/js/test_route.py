"""Which screen an address names."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from app.route import Route
from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

ROUTE = (REPOSITORY.root / "js" / "page" / "route.js").as_uri()


def run(folder: Path, expression: str) -> object:
    script = folder / "run.mjs"
    script.write_text(
        f"import {{ hashOf, isUnknown, routeOf }} from '{ROUTE}';\n"
        f"console.log(JSON.stringify({expression}));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    read: object = json.loads(done.stdout)
    return read


@pytest.mark.parametrize(
    ("fragment", "route", "unknown"),
    [
        ("", "screening", False),
        ("#/", "screening", False),
        ("#/facts", "facts", False),
        ("#/facts/", "screening", True),
        ("#/xyz", "screening", True),
        ("#/__proto__", "screening", True),
        ("#main", None, False),
        ("#facts", None, False),
    ],
)
def test_a_hash_names_a_screen(
    tmp_path: Path, fragment: str, route: str | None, unknown: bool
) -> None:
    asked = json.dumps(fragment)
    assert run(tmp_path, f"[routeOf({asked}), isUnknown({asked})]") == [route, unknown]


def test_every_screen_has_a_hash_that_leads_to_it(tmp_path: Path) -> None:
    names = [str(route) for route in Route]
    assert run(tmp_path, f"{json.dumps(names)}.map((name) => routeOf(hashOf(name)))") == names

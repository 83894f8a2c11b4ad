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
        f"import {{ addressOf, hashOf, isUnknown }} from '{ROUTE}';\n"
        f"console.log(JSON.stringify({expression}));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    read: object = json.loads(done.stdout)
    return read


@pytest.mark.parametrize(
    ("fragment", "route", "spot", "unknown"),
    [
        ("", "screening", None, False),
        ("#/", "screening", None, False),
        ("#/facts", "facts", None, False),
        ("#/facts/", "screening", None, True),
        ("#/spots", "spots", None, False),
        ("#/spots/0f3a-1b", "spot", "0f3a-1b", False),
        ("#/spots/0f3a-1b/compare", "compare", "0f3a-1b", False),
        ("#/spots/", "screening", None, True),
        ("#/spots/../map", "screening", None, True),
        ("#/spots/a b", "screening", None, True),
        ("#/xyz", "screening", None, True),
        ("#/__proto__", "screening", None, True),
        ("#main", None, None, False),
        ("#facts", None, None, False),
    ],
)
def test_a_hash_names_a_screen(
    tmp_path: Path, fragment: str, route: str | None, spot: str | None, unknown: bool
) -> None:
    asked = json.dumps(fragment)
    address = None if route is None else {"route": route, "spot": spot}
    assert run(tmp_path, f"[addressOf({asked}), isUnknown({asked})]") == [address, unknown]


def test_every_screen_has_a_hash_that_leads_to_it(tmp_path: Path) -> None:
    of_spot = {Route.SPOT, Route.COMPARE}
    addresses = [{"route": str(r), "spot": "id" if r in of_spot else None} for r in Route]
    found = run(tmp_path, f"{json.dumps(addresses)}.map((one) => addressOf(hashOf(one)))")
    assert found == addresses

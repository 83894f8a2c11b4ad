"""Which files are the site, and the table of Python files in its configuration."""

import tomllib
from pathlib import Path

import pytest

from tooling import site


def test_the_site_holds_what_a_visitor_needs_and_nothing_else(root: Path) -> None:
    assert [str(path) for path in site.files(root)] == [
        "index.html",
        "pyscript.toml",
        "js/page/host.js",
        "py/lentigo/__init__.py",
        "py/lentigo/priority.py",
        "py/main.py",
        "vendor/pyodide/pyodide-lock.json",
        "vendor/pyodide/pyodide.asm.wasm",
    ]


def test_the_files_table_is_found_stale_and_regenerated(root: Path) -> None:
    assert site.stale_python_files(root) == [
        "./py/lentigo/__init__.py is missing",
        "./py/lentigo/priority.py is missing",
        "./py/lentigo/gone.py is no module of py/",
    ]
    assert site.regenerate_python_files(root)
    assert site.stale_python_files(root) == []
    assert not site.regenerate_python_files(root)
    text = (root / "pyscript.toml").read_text()
    assert text.startswith("# A comment that must stay.\n")
    assert tomllib.loads(text) == {
        "packages": ["numpy", "pillow"],
        "files": {
            "./py/lentigo/__init__.py": "./lentigo/__init__.py",
            "./py/lentigo/priority.py": "./lentigo/priority.py",
        },
        "other": {"key": 1},
    }


@pytest.mark.parametrize("config", ["packages = []", "packages = []\n", "\n[other]\nkey = 1\n"])
def test_a_files_table_is_added_where_there_is_none_and_removed_again(config: str) -> None:
    table = {"./py/a.py": "a.py"}
    added = site.with_python_files(config, table)
    assert tomllib.loads(added) == {**tomllib.loads(config), "files": table}
    assert tomllib.loads(site.with_python_files(added, {})) == tomllib.loads(config)


def test_a_link_that_leads_out_of_the_site_is_not_followed(root: Path) -> None:
    outside = root.parent / "outside.js"
    outside.write_text("")
    (root / "js" / "link.js").symlink_to(outside)
    assert site.locate(root, "/js/link.js") is None

"""What must hold of the documents: their links, the files they name, the form of decisions."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.contract.tree import ROOT, committed_files

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
DOCUMENTS = [path for path in committed_files() if path.suffix == ".md"]
# Logs tell what was, in the names of its time.
PRESENT = [path for path in DOCUMENTS if path.name not in {"CHANGELOG.md", "LOG.md"}]
HEAD = re.compile(r"# (\d{4}) (.+)\n\n- Date: (\S+)\n- Status: (.+)\n\n\S")
SUPERSEDING = re.compile(r"(?:superseded|amended) by \[(\d{4})\]")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_to_a_file(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not link.startswith(("http", "mailto:")):
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", PRESENT, ids=named)
def test_every_file_that_is_named_exists(path: Path) -> None:
    """A name is from the repository's root or from py/, where the modules are imported from."""
    text = path.read_text(encoding="utf-8")
    for name in re.findall(
        r"`((?:[\w.-]+/)+[\w-]+\.(?:py|js|mjs|c|md|toml|json|yml|in|txt))`", text
    ):
        folders = (ROOT, ROOT / "py", path.parent)
        made = name.startswith(("vendor/", "dist/", "models/mine/"))
        assert made or any((folder / name).exists() for folder in folders), name


def test_every_path_in_a_program_or_a_comment_exists() -> None:
    """Those of the folders of code, from the repository's root."""
    for path in committed_files():
        if path.suffix not in {".py", ".js", ".mjs", ".html", ".yml", ".in"}:
            continue
        if path.is_relative_to(ROOT / "tests"):
            continue  # they make folders of their own
        for name in re.findall(
            r"(?<![\w./-])((?:training|tooling|docs|js|py)/[\w./-]+\.(?:py|mjs|js|md|json|toml))\b",
            path.read_text(encoding="utf-8"),
        ):
            assert (ROOT / name).is_file(), f"{named(path)} names {name}"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem[:4])
def test_a_decision_has_a_number_a_date_and_a_status(path: Path) -> None:
    head = HEAD.match(path.read_text(encoding="utf-8"))
    assert head, "a head is the title, then the lines Date and Status: docs/decisions/README.md"
    number, _, day, status = head.groups()
    assert path.name.startswith(f"{number}-")
    assert date.fromisoformat(day) >= date(2026, 11, 23)
    others = [other for other in SUPERSEDING.findall(status) if other != number]
    assert others or status == "accepted", f"{status}: accepted, or superseded or amended by one"
    assert all(any(other.name.startswith(n) for other in DECISIONS) for n in others)


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_index_of_decisions_says_what_they_say() -> None:
    rows = []
    for path in DECISIONS:
        head = HEAD.match(path.read_text(encoding="utf-8"))
        assert head
        number, title, day, status = head.groups()
        rows.append(f"| [{number}]({path.name}) | {title} | {day} | {status} |")
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [line for line in index.splitlines() if line.startswith("| [")] == rows


def test_every_command_that_is_named_is_a_module() -> None:
    for path in (*PRESENT, *(path for path in committed_files() if path.suffix == ".py")):
        for name in re.findall(r"-m ((?:training|tooling)(?:\.\w+)+)", path.read_text("utf-8")):
            module = ROOT / f"{name.replace('.', '/')}.py"
            assert module.is_file(), f"{named(path)} names {name}"

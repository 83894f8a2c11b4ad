"""The scripts: a folder is a thread, and every button of the page has somebody who handles it."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from app.ports import Cue
from app.route import Route
from app.screens.screening.state import Mode
from tests.contract.test_repository import Elements
from tooling.layout import REPOSITORY

ROOT = REPOSITORY.root
JS = ROOT / "js"
MODULES = sorted(JS.rglob("*.js"))
FOLDERS = sorted(path.name for path in JS.iterdir() if path.is_dir())
PROTOCOL = (JS / "shared" / "protocol.js").read_text(encoding="utf-8")
PARSER = "".join(
    (ROOT / "py/app/bridge" / name).read_text(encoding="utf-8")
    for name in ("parse.py", "parse_store.py")
)
# What two pages need of their own thread, and what has no effect until it is called.
PAGE_FOR_THE_LAB = {"find.js", "words.js"}


def imports(module: Path) -> Iterator[Path]:
    """What a script imports, at its head or later, or takes types from."""
    text = module.read_text(encoding="utf-8")
    for name in re.findall(r"\b(?:from|import|import\()\s*'(\.[^']+)'", text):
        yield (module.parent / name).resolve()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(JS).as_posix())
def test_a_script_imports_only_its_own_folder_what_is_shared_and_vendored(module: Path) -> None:
    folder = module.relative_to(JS).parts[0]
    for imported in imports(module):
        if imported.is_relative_to(ROOT / "vendor"):
            continue
        assert imported.is_file(), f"{module.name} imports {imported.name}, which is not there"
        of = imported.relative_to(JS).parts[0]
        lent = folder == "lab" and of == "page" and imported.name in PAGE_FOR_THE_LAB
        assert of in {folder, "shared"} or lent, f"{module.name} imports {of}/{imported.name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(JS).as_posix())
def test_what_a_script_names_relative_to_itself_is_there(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    for name in re.findall(r"new URL\(['`]([^'`$]+)[^)]*, import\.meta\.url\)", text):
        target = (module.parent / name).resolve()
        assert target.is_relative_to(ROOT / "vendor") or target.exists(), f"{module.name}: {name}"


def test_every_folder_is_checked_with_the_libraries_of_its_thread() -> None:
    assert FOLDERS == ["engine", "lab", "page", "python", "shared", "vault"]
    configs = {
        folder: json.loads((JS / folder / "tsconfig.json").read_text(encoding="utf-8"))
        for folder in FOLDERS
    }
    libraries = {
        folder: set(config["compilerOptions"]["lib"]) for folder, config in configs.items()
    }
    with_page = {folder for folder, names in libraries.items() if "DOM" in names}
    with_worker = {folder for folder, names in libraries.items() if "WebWorker" in names}
    assert (with_page, with_worker) == ({"page", "lab"}, {"engine", "python", "shared", "vault"})
    assert "../shared" in configs["page"]["include"], "what is shared knows neither thread"


def keys_of(typedef: str) -> set[str]:
    """The keys of a record of the protocol, without those that it takes from another."""
    (body,) = re.findall(rf"@typedef \{{(?:\w+ & )*\{{([^@]*)\}}\}} {typedef}\n", PROTOCOL)
    return set(re.findall(r"'([a-z-]+)':", body))


PASSED = keys_of("PassedActions")
HANDLED = PASSED | keys_of("HostActions")


def rendered_actions() -> set[str]:
    """Every `data-action` that stands in a page or in a view."""
    found: set[str] = set()
    pages = [ROOT / "index.html", ROOT / "lab.html"]
    for page in pages:
        elements = Elements(page.read_text(encoding="utf-8")).found
        found |= {str(attrs["data-action"]) for _, attrs in elements if "data-action" in attrs}
    for module in sorted((ROOT / "py" / "app").rglob("*.py")):
        text = module.read_text(encoding="utf-8")
        written = re.findall(r'data-action="([a-z-]+)"', text)
        assert len(written) == text.count("data-action="), f"{module.name}: one is not written out"
        found |= set(written)
    return found


def test_every_action_of_a_page_is_handled_and_every_handled_one_is_there() -> None:
    assert rendered_actions() == HANDLED


def test_the_host_handles_the_actions_of_the_protocol() -> None:
    """tsc holds the record to the type; this holds the type to what passes actions on."""
    host = (JS / "page" / "host.js").read_text(encoding="utf-8")
    assert "/** @type {{[A in keyof Actions]: (payload: Actions[A], button: HTMLElement" in host
    assert set(re.findall(r"passOn\('([a-z-]+)'\)", host)) == PASSED


def test_python_parses_the_acts_of_the_protocol_and_no_other() -> None:
    functions = re.findall(r"def _?parse_act(?:ion)?\(.*?\n(?=\n\n)", PARSER, re.DOTALL)
    assert len(functions) == 2
    parsed = re.findall(r'case "([a-z-]+)":', "".join(functions))
    assert len(parsed) == len(set(parsed))
    assert set(parsed) == PASSED | keys_of("Acts")


def test_a_form_is_sent_with_each_change_or_by_a_button() -> None:
    for path in (ROOT / "py" / "app").rglob("*.py"):
        view = path.read_text(encoding="utf-8")
        for form in re.findall(r'data-form="?([a-z-]*)', view):
            assert form == "answers" or 'type="submit"' in view, f"{path.name}: {form}"


@pytest.mark.parametrize(
    ("name", "vocabulary"), [("Route", Route), ("AppState", Mode), ("Cue", Cue)]
)
def test_scripts_and_python_have_the_same_words_for_the_same_things(
    name: str, vocabulary: type[StrEnum]
) -> None:
    (members,) = re.findall(rf"@typedef \{{((?:'[a-z]*'(?: \| )?)+)\}} {name}\b", PROTOCOL)
    assert re.findall(r"'([a-z]*)'", members) == list(vocabulary)


def test_every_route_has_its_place_in_the_page() -> None:
    html = (ROOT / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'data-screen="([a-z]+)"', html)) == set(Route)

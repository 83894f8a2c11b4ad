"""The catalogue and those who speak from it: no key is missing, none is left over."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest

from app.words.en import AREAS, MESSAGES
from app.words.message_format import parse, placeholders
from lentigo.errors import Fault
from tooling.documents import page_words
from tooling.layout import REPOSITORY

ROOT = REPOSITORY.root
# What the formatter itself asks for, in Python and in JavaScript.
OF_THE_FORMATTER = set(page_words.OF_THE_FORMATTER)


@dataclass(frozen=True)
class Use:
    """A place that asks for one of some messages; ``names`` are its values, if they are written."""

    where: str
    keys: frozenset[str]
    names: frozenset[str] | None
    is_html: bool


def python_uses() -> Iterator[Use]:
    for path in sorted([*(ROOT / "py/app").rglob("*.py"), *(ROOT / "tooling").rglob("*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        if any(str(module).startswith("app.words") for module in imported):
            yield from uses_of(path, tree)


def uses_of(path: Path, tree: ast.AST) -> Iterator[Use]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        is_html = isinstance(node.func, ast.Attribute) and node.func.attr == "html"
        called = node.func.value if isinstance(node.func, ast.Attribute) and is_html else node.func
        if not isinstance(called, ast.Name) or called.id not in {"words", "WORDS"}:
            continue
        where = f"{path.relative_to(ROOT)}:{node.lineno}"
        named = [keyword.arg for keyword in node.keywords]
        names = None if None in named else frozenset(name for name in named if name)
        yield Use(where, frozenset(keys_of(path, node.args[0], where)), names, is_html)


def keys_of(path: Path, key: ast.expr, where: str) -> Iterator[str]:
    """Enumerate a key: written out, one of two, or of a table that ``keys`` made."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    elif isinstance(key, ast.IfExp):
        yield from keys_of(path, key.body, where)
        yield from keys_of(path, key.orelse, where)
    elif isinstance(key, ast.Subscript) and isinstance(key.value, ast.Name):
        root = ROOT / "py" if path.is_relative_to(ROOT / "py") else ROOT
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        yield from getattr(import_module(module), key.value.id).values()
    else:
        raise AssertionError(f"{where}: a key is written out, or of a table made by keys()")


def javascript_uses() -> Iterator[Use]:
    for path in sorted((ROOT / "js").rglob("*.js")):
        keys = page_words.script_keys(path.read_text(encoding="utf-8"), ROOT)
        yield Use(str(path.relative_to(ROOT)), frozenset(keys), None, False)


class Said(HTMLParser):
    """Every text of a page, and every attribute that is read out, with the key that names it.

    A text is that of its element alone: an icon in it says nothing, a stressed word is part of it,
    and an element with a key of its own takes the place ``{slot}`` that its ``data-slot`` names.
    """

    NOT_READ = frozenset({"script", "style", "svg"})
    VOID = frozenset({"meta", "link", "input"})
    READ_OUT = ("aria-label", "title", "alt", "placeholder", "data-title")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str | None, str]] = []
        self.open: list[tuple[str, str | None, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        read = [name for name in self.READ_OUT if name in given]
        if given.get("name") == "description":
            read.append("content")
        self.texts += [(given.get(f"data-words-{name}"), str(given[name])) for name in read]
        if tag == "strong":
            self.open[-1][2].append("<strong>")
        elif tag not in self.VOID:
            if given.get("data-slot"):
                self.open[-1][2].append(f"{{{given['data-slot']}}}")
            self.open.append((tag, given.get("data-words"), []))

    def handle_endtag(self, tag: str) -> None:
        if tag == "strong":
            self.open[-1][2].append("</strong>")
        elif tag not in self.VOID:
            opened, key, parts = self.open.pop()
            assert opened == tag, f"<{opened}> ends as </{tag}>"
            text = " ".join("".join(parts).split())
            if key or (text and tag not in self.NOT_READ):
                self.texts.append((key, text))

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1][2].append(data)


# The product's own name is the same in every language.
NAMES = {"Lentigo", "Lab"}
STATIC = {
    page: [
        (key, text)
        for key, text in Said((ROOT / page).read_text(encoding="utf-8")).texts
        if text not in NAMES
    ]
    for page in page_words.PAGES
}
MANIFEST = {"name": "page.document-title", "description": "site.description"}
USES = [
    *python_uses(),
    *javascript_uses(),
    *(
        Use(page, frozenset(key for key, _ in texts if key), None, True)
        for page, texts in STATIC.items()
    ),
    Use("manifest.webmanifest", frozenset(MANIFEST.values()), None, False),
]


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_every_message_can_be_read(key: str) -> None:
    parse(MESSAGES[key])
    assert re.fullmatch(r"[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)+", key)


def test_every_key_that_is_used_exists() -> None:
    missing = {f"{use.where}: {key}" for use in USES for key in use.keys - MESSAGES.keys()}
    assert not missing


def test_every_key_is_used() -> None:
    used = OF_THE_FORMATTER.union(*(use.keys for use in USES))
    assert not MESSAGES.keys() - used


def test_values_fit_their_places() -> None:
    for use in USES:
        for key in use.keys & MESSAGES.keys():
            places = placeholders(parse(MESSAGES[key]))
            assert use.names in (None, places), f"{use.where}: {key} has places for {set(places)}"


def test_an_error_carries_the_values_that_its_sentence_names() -> None:
    for path in sorted((ROOT / "py").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            fault = ast.unparse(node.args[0]) if isinstance(node, ast.Call) and node.args else ""
            if not isinstance(node, ast.Call) or not fault.startswith("Fault."):
                continue
            names = {keyword.arg for keyword in node.keywords} - {"detail"}
            sentence = MESSAGES[f"error.{Fault[fault.removeprefix('Fault.')]}"]
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert names == placeholders(parse(sentence)), f"{where}: {sentence}"


@pytest.mark.parametrize("page", page_words.PAGES)
def test_static_words_stand_in_the_page_as_in_the_catalogue(page: str) -> None:
    """So that it can be read before any script, and in a checkout too."""
    for key, text in STATIC[page]:
        assert key is not None, f"{page}: “{text}” has no data-words"
        assert text == MESSAGES[key], key


@pytest.mark.parametrize("page", page_words.PAGES)
def test_a_page_brings_the_words_of_its_scripts(page: str) -> None:
    html = (ROOT / page).read_text(encoding="utf-8")
    assert page_words.block(ROOT, page) in html, "python3 serve.py files"


def test_the_manifest_of_the_application_says_what_the_catalogue_says() -> None:
    manifest = json.loads((ROOT / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert {part: manifest[part] for part in MANIFEST} == {
        part: MESSAGES[key] for part, key in MANIFEST.items()
    }


def test_every_fault_of_a_script_has_its_sentence() -> None:
    assert page_words.faults(ROOT) <= set(Fault)


def test_stressed_words_are_asked_for_as_html() -> None:
    for use in USES:
        stressed = any("<strong>" in MESSAGES.get(key, "") for key in use.keys)
        assert use.is_html or not stressed, use.where


def test_no_area_repeats_a_key_of_another() -> None:
    assert sum(len(area.MESSAGES) for area in AREAS) == len(MESSAGES)


def test_a_template_is_written_out_and_html_is_made_in_one_place() -> None:
    """A template made of data would be no template; see ``app.html``."""
    makers = {ROOT / "py/app/html.py", ROOT / "py/app/words/catalogue.py"}
    for path in sorted((ROOT / "py/app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert node.func.id != "Html" or path in makers, f"{where} makes HTML by itself"
            if node.func.id == "markup":
                template = node.args[0]
                assert isinstance(template, ast.Constant), f"{where}: the template is a literal"
                shown = re.sub(r"<[^>]*>|\{[^}]*\}", "", str(template.value))
                shown = re.sub(r'^ [a-z-]+(="[^"]*")?$', "", shown)  # an attribute alone
                assert not re.search(r"[^\W\d_]", shown), f"{where}: {shown} is no key"

"""What must agree across files: versions, hooks, the manifest and the model's files."""

import hashlib
import json
import re
import subprocess
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import lentigo
from app.page import Page, view
from app.route import Route
from app.words import IN_ENGLISH
from lentigo.diagnosis import Diagnosis
from lentigo.model.manifest import parse_manifest
from lentigo.picture.quality import QualityIssue
from tests.contract.tree import ROOT, committed_files

MODELS = sorted((ROOT / "models").glob("*/manifest.json"))
OLDEST = {"Safari": "16.4", "iOS": "16.4", "Firefox": "115", "Chrome": "110", "Edge": "110"}
INDEX = (ROOT / "index.html").read_text(encoding="utf-8")


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_the_entry_is_short() -> None:
    assert len((ROOT / "py/main.py").read_text(encoding="utf-8").splitlines()) < 60


def test_versions_agree_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["version"] == lentigo.__version__ == package["version"]
    assert re.search(rf"^## {re.escape(lentigo.__version__)}\b", changelog, re.MULTILINE)


def test_the_protocol_has_one_version() -> None:
    javascript = (ROOT / "js/shared/protocol.js").read_text(encoding="utf-8")
    python = (ROOT / "py/app/bridge/parse.py").read_text(encoding="utf-8")
    pattern = r"VERSION = (\d+)"
    versions = [re.search(pattern, text) for text in (javascript, python)]
    assert all(versions)
    assert len({match.group(1) for match in versions if match}) == 1


def test_labels_and_thresholds_are_not_in_javascript() -> None:
    for path in sorted((ROOT / "js").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        for diagnosis in Diagnosis:
            assert not re.search(rf"\b{diagnosis}\b", text), f"{path.name} knows {diagnosis}"
        assert "127.5" not in text


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def with_testid(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.found if attrs.get("data-testid") == name]


PAGE = Elements(INDEX)
LAB = Elements((ROOT / "lab.html").read_text(encoding="utf-8"))
every_page = pytest.mark.parametrize("page", [PAGE, LAB], ids=["index", "lab"])


@pytest.mark.parametrize(
    "hook",
    ["app", "upload", "start-camera", "capture", "backend", "disclaimer", "restarted"],
)
def test_the_static_page_has_each_hook_once(hook: str) -> None:
    assert len(PAGE.with_testid(hook)) == 1


def test_the_hooks_of_answers_are_in_the_view() -> None:
    view = "".join(path.read_text(encoding="utf-8") for path in python_files("py/app"))
    for hook in (
        "result",
        "probability",
        "quality",
        "latency",
        "backend",
        "modality",
        "activation",
    ):
        assert f'data-testid="{hook}"' in view
    for attribute in ("priority", "diagnosis", "confidence", "malignancy", "value", "issues"):
        assert f"data-{attribute}=" in view


def test_the_quality_issues_are_the_public_list() -> None:
    assert ",".join(QualityIssue) == (
        "blur,motion,dark,bright,glare,contrast,colour-cast,too-small,too-far,too-close,"
        "off-centre,no-lesion,several-lesions,not-skin,unknown-lesion,hair,marker,colour"
    )


def test_the_page_starts_booting_and_can_be_read_without_a_script() -> None:
    assert PAGE.with_testid("app")[0]["data-state"] == "booting"
    text = re.sub(r"<[^>]+>", " ", INDEX)
    for words in ("Not a diagnosis", "Your photo stays on this device", "see a doctor"):
        assert words in text


@every_page
def test_every_page_says_that_it_is_no_diagnosis(page: Elements) -> None:
    assert len(page.with_testid("disclaimer")) == 1


def test_the_first_scripts_come_first_and_need_a_browser_of_2009() -> None:
    scripts = [attrs for tag, attrs in Elements(INDEX).found if tag == "script"]
    policy, words, first, *_ = scripts
    assert policy == {"src": "js/page/policy.js"}, "a classic script, before all others"
    assert words == {"type": "application/json", "id": "words"}, "data, which nothing runs"
    assert first == {"src": "js/page/first.js"}, "a classic script, not deferred"
    for name in (policy["src"], first["src"]):
        source = (ROOT / str(name)).read_text(encoding="utf-8")
        written = []
        for target in ("es5", "esnext"):
            done = subprocess.run(
                [ROOT / "node_modules/.bin/esbuild", f"--target={target}", "--loader=js"],
                input=source,
                check=True,
                capture_output=True,
                text=True,
            )
            written.append(done.stdout)
        assert written[0] == written[1], "what is newer than ECMAScript 5 would be rewritten"


def test_the_page_and_the_readme_name_the_oldest_browsers_that_are_checked() -> None:
    oldest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["browserslist"]
    assert oldest == [f"{name} >= {version}" for name, version in OLDEST.items()]
    told = IN_ENGLISH("page.failure.browser")
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"Chrome or Edge {OLDEST['Edge']}, Firefox {OLDEST['Firefox']} or Safari" in told
    assert f"Safari {OLDEST['Safari']}, or a newer one" in told
    assert (
        f"Chrome and Edge from {OLDEST['Chrome']}, Firefox from {OLDEST['Firefox']}, "
        f"Safari and iOS from {OLDEST['iOS']}:"
    ) in readme


def test_the_modules_of_the_start_are_fetched_at_once_not_one_after_the_other() -> None:
    page = Elements(INDEX).found
    todo = [ROOT / str(a["src"]) for t, a in page if t == "script" and a.get("type") == "module"]
    found: set[Path] = set()
    while todo:
        module = todo.pop()
        if module in found:
            continue
        found.add(module)
        if module.is_relative_to(ROOT / "js"):
            names = re.findall(r"^import [^;]*?'(\.[^']+)';", module.read_text("utf-8"), re.M)
            todo += [(module.parent / name).resolve() for name in names]
    preloaded = [ROOT / str(a["href"]) for _, a in page if a.get("rel") == "modulepreload"]
    assert len(found) > 15
    assert sorted(preloaded) == sorted({*found, ROOT / "js/engine/engine.js"})


def test_every_time_limit_of_the_page_stands_in_the_table_of_waits() -> None:
    waits = (ROOT / "docs/decisions/0017-workers-that-die.md").read_text(encoding="utf-8")
    limits = (ROOT / "js/shared/limits.js").read_text(encoding="utf-8")
    names = [*re.findall(r"export const (\w+_MS)", limits), "START_LIMIT_MS"]
    first = (ROOT / "js/page/first.js").read_text(encoding="utf-8")
    names += re.findall(r"var (\w+_MS)", first)
    assert len(names) > 10
    assert [name for name in names if f"`{name}`" not in waits] == []


@every_page
def test_the_content_security_policy_keeps_everything_at_home(page: Elements) -> None:
    metas = [a for tag, a in page.found if tag == "meta" and "http-equiv" in a]
    policy = {part.split()[0]: part.split()[1:] for part in str(metas[0]["content"]).split(";")}
    assert policy["default-src"] == policy["connect-src"] == ["'self'"]
    for sources in policy.values():
        assert not any("//" in source or source == "*" for source in sources)
    assert "'unsafe-inline'" not in str(policy)
    assert not any("style" in attrs for _, attrs in page.found)


@every_page
def test_the_page_loads_nothing_from_elsewhere(page: Elements) -> None:
    for tag, attrs in page.found:
        for name in ("src", "href"):
            value = attrs.get(name)
            assert value is None or not re.match(r"(https?:)?//|/", value), f"<{tag} {name}>"


def test_the_page_can_be_installed_from_any_path() -> None:
    links = [attrs["href"] for tag, attrs in PAGE.found if attrs.get("rel") == "manifest"]
    assert links == ["manifest.webmanifest"]
    app = json.loads((ROOT / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert app["start_url"] == app["scope"] == "./"
    assert app["display"] == "standalone"
    assert f">{app['name']}</title>" in INDEX
    colours = [attrs["content"] for _, attrs in PAGE.found if attrs.get("name") == "theme-color"]
    assert app["theme_color"] == app["background_color"] == colours[0]
    kinds = set()
    for icon in app["icons"]:
        assert not re.match(r"(https?:)?//|/", icon["src"])
        path = ROOT / icon["src"]
        kinds.add((icon["type"], icon["sizes"], icon.get("purpose", "any")))
        if icon["type"] == "image/png":
            with Image.open(path) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
                least, _ = picture.convert("RGBA").getchannel("A").getextrema()
            # A system cuts a maskable icon to its own shape, so it must fill the square.
            assert least == (255 if icon.get("purpose") == "maskable" else 0)
        else:
            assert path.is_file()
    assert kinds == {
        ("image/svg+xml", "any", "any"),
        ("image/png", "192x192", "any"),
        ("image/png", "512x512", "any"),
        ("image/png", "512x512", "maskable"),
    }


def test_the_service_worker_names_no_address() -> None:
    """No policy binds it as it binds the page: it may only ask for what the build lists."""
    text = (ROOT / "sw.js").read_text(encoding="utf-8")
    assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    assert "importScripts" not in text


def test_the_page_has_a_place_for_each_region_of_the_view() -> None:
    text = (ROOT / "index.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r'data-region="([a-z]+)"', text)) == sorted(
        {region for route in Route for region in view(Page(route=route))}
    )


# --- the model -----------------------------------------------------------------------------------


def test_one_model_is_released_and_the_page_names_it() -> None:
    assert len(MODELS) == 1
    assert PAGE.with_testid("app")[0]["data-manifest"] == MODELS[0].relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.parent.name)
def test_the_manifest_is_strict_and_agrees_with_its_files(path: Path) -> None:
    manifest = parse_manifest(path.read_text(encoding="utf-8"))
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert manifest.id == path.parent.name
    assert manifest.default_variant == "uint8"
    files = {document["golden"]["path"]: document["golden"]}
    for variant in document["variants"].values():
        files |= variant["files"]
    for name, entry in files.items():
        data = (path.parent / name).read_bytes()
        assert len(data) == entry["bytes"], name
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], name
    on_disk = {
        file.relative_to(path.parent).as_posix()
        for folder in document["variants"]
        for file in (path.parent / folder).iterdir()
    }
    assert on_disk == set(files) - {"golden.json"}


# --- the repository ------------------------------------------------------------------------------


def test_each_folder_of_unit_tests_is_named_after_a_folder_of_the_code() -> None:
    """So the tests of a module are found where the module is."""
    unit = ROOT / "tests" / "unit"
    for folder in {path.parent for path in unit.rglob("test_*.py")}:
        place = folder.relative_to(unit)
        homes = [ROOT / home / place for home in ("py", ".", "tests")]
        assert any(home.is_dir() for home in homes), f"{place} is no folder of the code"


def test_the_files_of_pyscript_are_those_of_the_tree() -> None:
    config = tomllib.loads((ROOT / "pyscript.toml").read_text(encoding="utf-8"))
    listed = set(config["files"])
    packages = [path for path in python_files("py") if path.name != "main.py"]
    assert listed == {f"./{path.relative_to(ROOT).as_posix()}" for path in packages}


def test_no_picture_but_screenshots_and_icons_is_committed() -> None:
    pictures = {".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".heic"}
    for path in committed_files():
        assert path.suffix.lower() not in pictures, path.name
        if path.suffix.lower() == ".png":
            assert path.parent.name in {"screenshots", "icons"}, path.name

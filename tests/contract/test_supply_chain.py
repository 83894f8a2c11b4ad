"""What is installed is what was meant: pinned by hash or commit, with the least rights."""

import json
import re
from pathlib import Path

import pytest

from tests.contract.tree import ROOT, committed_files
from tooling import environment, node, pyodide_wheels
from tooling.bundle import BUNDLED
from tooling.layout import REPOSITORY
from tooling.node import find_node
from tooling.sbom import components
from tooling.vendor_lock import VendorLock

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# Of torch each platform and accelerator has a file of its own, and some come from a disk.
WITHOUT_HASHES = {"training/requirements-torch.txt"}
REQUIREMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (ROOT, ROOT / "tooling", ROOT / "training")
    for path in folder.glob("requirements*.txt")
)
PINNED = [name for name in REQUIREMENTS if name not in WITHOUT_HASHES]
# A job may do no more than this; one that is not named may only read.
RIGHTS = {"deploy": {"pages": "write", "id-token": "write"}}


def logical_lines(text: str) -> list[str]:
    """Requirements with their continuation lines, without comments."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line.strip() for line in "\n".join(lines).replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("name", PINNED)
def test_every_requirement_has_its_version_and_hashes(name: str) -> None:
    lines = logical_lines((ROOT / name).read_text(encoding="utf-8"))
    assert lines
    pinned = re.compile(r"[\w.-]+==[\w.+]+( ; [^;]+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [line[:60] for line in lines if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("name", PINNED)
def test_every_requirement_that_was_asked_for_is_in_the_file_made_from_it(name: str) -> None:
    made = {line.split(" ")[0].lower() for line in logical_lines((ROOT / name).read_text())}
    asked = (ROOT / name).with_suffix(".in").read_text(encoding="utf-8")
    for line in logical_lines(asked):
        if line.startswith("-r "):
            other = (ROOT / name).with_name(line[3:]).with_suffix(".txt")
            assert {part.split(" ")[0] for part in logical_lines(other.read_text())} <= made
        elif "==" in line:
            assert line.lower().replace("_", "-") in made
        else:
            assert any(part.startswith(f"{line}==") for part in made)


def test_the_tests_have_the_numpy_and_pillow_of_the_browser() -> None:
    text = (ROOT / "requirements-test.in").read_text(encoding="utf-8")
    lock = json.loads(REPOSITORY.vendor_lock.read_text(encoding="utf-8"))
    wheels = [Path(path).name for path in lock["groups"]["Pyodide wheels"] if path.endswith(".whl")]
    assert len(wheels) == 2
    for wheel in wheels:
        assert "{}=={}\n".format(*wheel.split("-")[:2]) in text


def test_the_names_in_the_messages_are_the_versions_that_are_pinned() -> None:
    for named, of in ((node.NODE_WHEEL, "node"), (pyodide_wheels.CARRIER, "carrier")):
        asked = (ROOT / "tooling" / f"requirements-{of}.in").read_text(encoding="utf-8")
        assert named in logical_lines(asked)


def test_pip_is_never_asked_for_what_has_no_hash() -> None:
    assert environment.PIP_PINNED == ("--require-hashes", "--only-binary", ":all:")
    for path in sorted((ROOT / "tooling").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for call in re.findall(r'"(?:install|download)", "--quiet".*?\)\n', text, re.DOTALL):
            assert "*PIP_PINNED" in call, path.name


def test_npm_runs_no_scripts_and_takes_what_the_lock_says() -> None:
    text = (ROOT / "tooling" / "node.py").read_text(encoding="utf-8")
    assert '*node.npm, "ci", *_NPM_QUIET' in text
    assert '"--ignore-scripts"' in text
    assert '"install"' not in text
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def test_every_npm_package_has_its_integrity_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: about for path, about in lock["packages"].items() if path}
    assert packages
    for path, about in packages.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", about.get("integrity", "")), path
        assert "resolved" not in about, path
    own = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    asked = {**own["dependencies"], **own["devDependencies"]}
    for name, version in asked.items():
        assert packages[f"node_modules/{name}"]["version"] == version


# --- GitHub's actions ---


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_a_commit_with_its_version_beside_it(path: Path) -> None:
    uses = re.findall(r"uses: *(.+)", path.read_text(encoding="utf-8"))
    assert uses
    for action in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_action_is_of_one_commit_everywhere() -> None:
    texts = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
    pins = {pin for text in texts for pin in re.findall(r"uses: *(.+)", text)}
    assert len(pins) == len({pin.split("@")[0] for pin in pins})


def jobs(text: str) -> dict[str, str]:
    """The text of each job of a workflow, by its name."""
    _, _, below = text.partition("\njobs:\n")
    parts = re.split(r"^  ([\w-]+):\n", below, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_has_the_least_rights(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head, _, _ = text.partition("\njobs:\n")
    assert head.count("permissions:\n  contents: read\n") == 1
    assert "write" not in head
    for name, job in jobs(text).items():
        block = re.search(r"^    permissions:\n((?: {6}.+\n)+)", job, re.MULTILINE)
        assert block, name
        rights = dict(line.strip().split(": ") for line in block[1].splitlines())
        assert rights == RIGHTS.get(name, {"contents": "read"}), name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_checkout_leaves_no_credentials_behind(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    checkouts = re.findall(r"uses: actions/checkout@.*\n((?: {8,}.*\n)*)", text)
    assert all("persist-credentials: false" in options for options in checkouts)
    assert len(checkouts) == text.count("actions/checkout")
    # A fork's code must not run with this repository's rights.
    assert "pull_request_target" not in text


# --- addresses ---

# Put together here, so that this file does not name them itself.
# Whatever is shipped may be given on, changed or not.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0",
    "Zlib",
}  # fmt: skip
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("download", "pytorch", "org"),
        ("deb", "debian", "org"),
    )
]


def test_no_file_names_a_package_registry() -> None:
    """Whoever installs uses the registry of their own configuration."""
    files = committed_files()
    assert ROOT / "serve.py" in files
    for path in files:
        data = path.read_bytes()
        found = [name for name in REGISTRIES if name.encode() in data]
        assert not found, path.relative_to(ROOT).as_posix()
    for name in [*REQUIREMENTS, *(Path(name).with_suffix(".in").as_posix() for name in PINNED)]:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert not re.search(r"^--?(i|index-url|extra-index-url|find-links|f)\b", text, re.M), name


def test_every_npm_version_is_exact_and_the_lock_names_no_address() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(version[0].isdigit() and " " not in version for version in versions)
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = [about for path, about in lock["packages"].items() if path]
    assert all("resolved" not in about and "integrity" in about for about in packages)


def test_the_notices_name_every_vendored_package_with_its_version() -> None:
    notices = (ROOT / "THIRD-PARTY-NOTICES.md").read_text()
    package = json.loads((ROOT / "package.json").read_text())
    for name, version in package["dependencies"].items():
        if name != "esbuild":  # makes the bundle, is not in it
            assert f"{name} {version}" in notices
    for path in VendorLock.read(REPOSITORY.vendor_lock).paths:
        if path.endswith(".whl"):
            assert " ".join(Path(path).name.split("-")[:2]) in notices


def test_the_bill_of_materials_has_a_licence_for_all_and_the_notices_name_it() -> None:
    notices = (ROOT / "THIRD-PARTY-NOTICES.md").read_text()
    bill = components(REPOSITORY, find_node(REPOSITORY))
    names = {str(each["name"]) for each in bill}
    package = json.loads((ROOT / "package.json").read_text())
    assert names > set(package["dependencies"]) - {"esbuild"}
    assert names > {"numpy", "pillow", "polyscript", "seedrandom"}
    for each in bill:
        assert each["name"] in notices, each["name"]
        for choice in each["licenses"]:
            told = choice.get("expression") or choice["license"]["id"]
            parts = set(re.split(r" AND |[()]", told)) - {""}
            assert parts <= PERMISSIVE, (each["name"], told)
    assert {name for names in BUNDLED.values() for name in names} <= names

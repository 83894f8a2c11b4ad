"""The pure parts of `tooling/`, and the server on a free port."""

import gzip
import hashlib
import http.client
import importlib
import io
import json
import re
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tooling import (
    assets,
    chromium,
    compile_python,
    compressed,
    distribution,
    kernels,
    node,
    offline,
    pyodide_wheels,
    site,
)
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY, Layout
from tooling.server import Hosting, SiteServer, open_server
from tooling.vendor_lock import VendorLock, wrong_files

CONFIG = """\
# A comment that must stay.
packages = ["numpy", "pillow"]

[files]
"./py/lentigo/gone.py" = "lentigo/gone.py"

[other]
key = 1
"""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small site, with things beside it that are none of a visitor's business."""
    for name, text in {
        "index.html": "<!doctype html>",
        "pyscript.toml": CONFIG,
        "js/page/host.js": "export {};",
        "py/main.py": "",
        "py/lentigo/__init__.py": "",
        "py/lentigo/priority.py": "",
        "py/lentigo/__pycache__/priority.pyc": "",
        "py/.secret": "",
        "serve.py": "",
        ".git/config": "",
        ".venv/pyvenv.cfg": "",
        "node_modules/x.js": "",
        "vendor/pyodide/pyodide-lock.json": "{}",
        "vendor/pyodide/pyodide.asm.wasm": "\0asm",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


# --- Pyodide's lock and wheels ---


def entry(file_name: str, *depends: str, content: bytes = b"") -> dict[str, object]:
    return {"file_name": file_name, "sha256": sha256(content), "depends": list(depends)}


def test_the_trimmed_lock_keeps_the_shipped_packages_and_what_they_depend_on() -> None:
    official = {
        "info": {"python": "3.14.0"},
        "packages": {
            "numpy": entry("numpy.whl"),
            "pillow": entry("pillow.whl", "libjpeg"),
            "libjpeg": entry("libjpeg.whl"),
            "scipy": entry("scipy.whl", "numpy"),
        },
    }
    trimmed = pyodide_wheels.trim_lock(official)
    assert list(trimmed["packages"]) == ["libjpeg", "numpy", "pillow"]
    assert trimmed["info"] == official["info"]


def test_a_lock_that_lacks_a_package_is_an_error_that_names_it() -> None:
    official = {"info": {}, "packages": {"numpy": entry("numpy.whl")}}
    with pytest.raises(ToolingError, match="'pillow'"):
        pyodide_wheels.trim_lock(official)


def test_a_wheel_is_taken_from_the_cache_only_with_the_right_sha256(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = pyodide_wheels.Wheel("numpy", "numpy.whl", sha256(b"good"))
    (tmp_path / "numpy.whl").write_bytes(b"good")
    notes: list[str] = []
    got = pyodide_wheels.fetch_wheels([good], version="1", cache=tmp_path, note=notes.append)
    assert got == [tmp_path / "numpy.whl"]
    assert "from the cache, ok" in notes[0]

    (tmp_path / "numpy.whl").write_bytes(b"evil")

    def offline(url: str, target: Path) -> None:
        raise OSError("no network")

    def no_carrier(wheels: object, cache: object, note: object) -> None:
        raise ToolingError("no carrier", "connect")

    monkeypatch.setattr(pyodide_wheels, "_download", offline)
    monkeypatch.setattr(pyodide_wheels, "_fetch_from_carrier", no_carrier)
    with pytest.raises(ToolingError, match="no carrier"):
        pyodide_wheels.fetch_wheels([good], version="1", cache=tmp_path, note=notes.append)
    assert not (tmp_path / "numpy.whl").exists()


def test_a_wheel_from_the_cdn_with_another_sha256_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = pyodide_wheels.Wheel("numpy", "numpy.whl", sha256(b"good"))
    asked: list[str] = []

    def tampered(url: str, target: Path) -> None:
        asked.append(url)
        target.write_bytes(b"evil")

    def carrier(wheels: list[pyodide_wheels.Wheel], cache: Path, note: object) -> None:
        assert wheels == [wheel]
        (cache / "numpy.whl").write_bytes(b"good")

    monkeypatch.setattr(pyodide_wheels, "_download", tampered)
    monkeypatch.setattr(pyodide_wheels, "_fetch_from_carrier", carrier)
    notes: list[str] = []
    pyodide_wheels.fetch_wheels([wheel], version="314.0.4", cache=tmp_path, note=notes.append)
    assert asked[0].endswith("/v314.0.4/full/numpy.whl")
    assert "refused" in notes[0]


def test_a_wheel_is_downloaded_from_the_cdn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdn = tmp_path / "v1" / "full"
    cdn.mkdir(parents=True)
    (cdn / "numpy.whl").write_bytes(b"good")
    cache = tmp_path / "cache"
    wheel = pyodide_wheels.Wheel("numpy", "numpy.whl", sha256(b"good"))
    notes: list[str] = []
    for server in _serve(Hosting(tmp_path, mounts={"v1": tmp_path / "v1"})):
        address = server.url + "v{version}/full/{file_name}"
        monkeypatch.setattr(pyodide_wheels, "PYODIDE_CDN", address)
        pyodide_wheels.fetch_wheels([wheel], version="1", cache=cache, note=notes.append)
    assert [path.name for path in cache.iterdir()] == ["numpy.whl"]
    assert "from Pyodide's CDN, ok" in notes[0]


# --- vendor/ and its lock ---


def test_wrong_files_names_the_missing_and_the_changed(tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(b"a")
    (tmp_path / "changed").write_bytes(b"b")
    files = {"same": sha256(b"a"), "changed": sha256(b"a"), "missing": sha256(b"a")}
    assert wrong_files(tmp_path, files) == ["changed", "missing"]


@pytest.fixture
def checkout(tmp_path: Path) -> Layout:
    """A checkout whose lock wants one file, `tfjs/tfjs.js`, with the content `good`."""
    layout = Layout(tmp_path / "checkout")
    for path in (*assets.RECIPE, Path("package.json")):
        target = layout.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((REPOSITORY.root / path).read_text())
    groups: dict[str, dict[str, str]] = {name: {} for name in assets.MAKERS}
    groups["TensorFlow.js"] = {"tfjs/tfjs.js": sha256(b"good")}
    VendorLock(assets.recipe_sha256(layout), groups).write(layout.vendor_lock)
    return layout


def test_assets_heal_a_corrupted_file_and_remove_a_strange_one(
    checkout: Layout, tmp_path: Path
) -> None:
    source = tmp_path / "copy"
    source.mkdir()
    (source / "tfjs.js").write_bytes(b"good")
    (checkout.vendor / "tfjs").mkdir(parents=True)
    (checkout.vendor / "tfjs" / "tfjs.js").write_bytes(b"half")
    (checkout.vendor / "stranger.js").write_bytes(b"?")
    assets.prepare(checkout, source=source)
    assert (checkout.vendor / "tfjs" / "tfjs.js").read_bytes() == b"good"
    assert not (checkout.vendor / "stranger.js").exists()


def test_assets_refuse_a_source_whose_file_has_another_sha256(
    checkout: Layout, tmp_path: Path
) -> None:
    (tmp_path / "tfjs.js").write_bytes(b"evil")
    with pytest.raises(ToolingError, match=r"refused.*tfjs/tfjs\.js"):
        assets.prepare(checkout, source=tmp_path)
    assert not (checkout.vendor / "tfjs" / "tfjs.js").exists()


def test_assets_name_a_file_that_the_given_folder_lacks(checkout: Layout, tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match=r"holds no tfjs/tfjs\.js"):
        assets.prepare(checkout, source=tmp_path)


def test_a_changed_bundle_entry_asks_for_a_new_lock(checkout: Layout) -> None:
    entry_file = checkout.root / "tooling" / "tfjs_entry.js"
    entry_file.write_text(entry_file.read_text() + "\nexport const added = 1;\n")
    with pytest.raises(ToolingError, match="another tfjs entry"):
        assets.prepare(checkout)


def test_the_committed_lock_belongs_to_the_committed_sources() -> None:
    lock = VendorLock.read(REPOSITORY.vendor_lock)
    assert lock.recipe == assets.recipe_sha256(REPOSITORY)
    assert lock.groups.keys() == assets.MAKERS.keys()


def test_every_npm_version_is_exact_and_the_lock_names_no_address() -> None:
    package = json.loads((REPOSITORY.root / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(version[0].isdigit() and " " not in version for version in versions)
    lock = json.loads((REPOSITORY.root / "package-lock.json").read_text())
    packages = [about for path, about in lock["packages"].items() if path]
    assert all("resolved" not in about and "integrity" in about for about in packages)


def test_the_notices_name_every_vendored_package_with_its_version() -> None:
    notices = (REPOSITORY.root / "THIRD-PARTY-NOTICES.md").read_text()
    package = json.loads((REPOSITORY.root / "package.json").read_text())
    for name, version in package["dependencies"].items():
        if name != "esbuild":  # makes the bundle, is not in it
            assert f"{name} {version}" in notices
    for path in VendorLock.read(REPOSITORY.vendor_lock).paths:
        if path.endswith(".whl"):
            assert " ".join(Path(path).name.split("-")[:2]) in notices


# --- the site ---


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


def test_dist_loads_the_wheel_as_a_package_in_place_of_the_files() -> None:
    config = tomllib.loads(distribution.with_wheel_package(CONFIG))
    assert config == {"packages": ["numpy", "pillow", "lentigo-app"], "other": {"key": 1}}


def test_build_does_not_delete_a_folder_that_is_not_its_own(root: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "family.jpg").write_bytes(b"")
    with pytest.raises(ToolingError, match="no earlier build"):
        distribution.build_site(Layout(root), foreign)
    assert (foreign / "family.jpg").exists()


def page_naming(folder: Path, manifest: str) -> str:
    (folder / "index.html").write_text(f'<body data-manifest="{manifest}" data-manifest-sha256="">')
    distribution.pin_manifest(folder)
    return (folder / "index.html").read_text()


def test_a_build_writes_into_the_page_which_manifest_it_was_built_with(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    digest = sha256(b"{}")
    page = page_naming(tmp_path, "manifest.json")
    assert page == f'<body data-manifest="manifest.json" data-manifest-sha256="{digest}">'
    (tmp_path / "manifest.json").write_text("[]")
    distribution.pin_manifest(tmp_path)
    assert sha256(b"[]") in (tmp_path / "index.html").read_text()


def test_a_page_that_names_no_manifest_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(ToolingError, match="names no manifest"):
        page_naming(tmp_path, "models/absent/manifest.json")


# --- the build that a service worker keeps ---


@pytest.fixture
def unsealed(tmp_path: Path) -> Path:
    """A site with a place for the build's id and list, and a model in two variants."""
    variant = {"model": "a/model.json", "files": {"a/model.json": {}}}
    other = {"model": "b/model.json", "files": {"b/model.json": {}}}
    manifest = {"default_variant": "a", "variants": {"a": variant, "b": other}}
    for name, text in {
        "index.html": '<meta name="build" content="">\n',
        "sw.js": "'use strict';\nconst BUILD = {};\nconst other = 1;\n",
        "js/page/host.js": "export {};",
        "models/m/manifest.json": json.dumps(manifest),
        "models/m/a/model.json": "a",
        "models/m/b/model.json": "b",
        "vendor/LICENSES/numpy.txt": "BSD",
        "LICENSE": "Apache",
        "README.md": "not of the site",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def build_list(folder: Path) -> dict[str, Any]:
    before, _, after = (folder / "sw.js").read_text().partition("const BUILD = ")
    assert before == "'use strict';\n"
    text, _, rest = after.partition(";\n")
    assert rest == "const other = 1;\n"
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_build_lists_each_file_of_the_site_with_its_sha256(unsealed: Path) -> None:
    build_id = offline.seal(unsealed)
    page = (unsealed / "index.html").read_bytes()
    assert page == f'<meta name="build" content="{build_id}">\n'.encode()
    assert build_list(unsealed) == {
        "id": build_id,
        "files": {
            "index.html": sha256(page),
            "js/page/host.js": sha256(b"export {};"),
            "models/m/a/model.json": sha256(b"a"),
            "models/m/manifest.json": sha256((unsealed / "models/m/manifest.json").read_bytes()),
        },
        "texts": {"LICENSE": sha256(b"Apache"), "vendor/LICENSES/numpy.txt": sha256(b"BSD")},
        "alternatives": {"b": {"models/m/b/model.json": sha256(b"b")}},
    }


def test_a_builds_id_changes_with_any_file_and_with_nothing_else(unsealed: Path) -> None:
    first = offline.seal(unsealed)
    assert len(first) == 16
    assert offline.seal(unsealed) == first
    for name in ("js/page/host.js", "models/m/b/model.json", "sw.js", "index.html"):
        path = unsealed / name
        text = path.read_text()
        path.write_text(text + "\n")
        assert offline.seal(unsealed) != first, name
        path.write_text(text)
        assert offline.seal(unsealed) == first, name


@pytest.mark.parametrize(("name", "text"), [("index.html", "<p>"), ("sw.js", "const BUILD = 1")])
def test_a_site_without_a_place_for_the_build_is_an_error_that_names_the_file(
    unsealed: Path, name: str, text: str
) -> None:
    (unsealed / name).write_text(text)
    with pytest.raises(ToolingError, match=rf"^{re.escape(name)} has 0 places"):
        offline.seal(unsealed)


def test_a_model_without_a_default_variant_cannot_be_kept(unsealed: Path) -> None:
    (unsealed / "models/m/manifest.json").write_text('{"variants": {}}')
    with pytest.raises(ToolingError, match=r"manifest\.json names no variants and default"):
        offline.seal(unsealed)


def test_the_repositorys_own_page_and_worker_are_no_build_and_can_become_one(
    tmp_path: Path,
) -> None:
    for name in ("index.html", "sw.js"):
        (tmp_path / name).write_bytes((REPOSITORY.root / name).read_bytes())
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    build_id = offline.seal(tmp_path)
    after = {path.name: path.read_text() for path in tmp_path.iterdir()}
    for name, text in before.items():
        assert build_id not in text
        assert build_id in after[name]


# --- the server ---


@pytest.fixture
def served(root: Path) -> Iterator[SiteServer]:
    yield from _serve(Hosting(root))


def _serve(hosting: Hosting) -> Iterator[SiteServer]:
    with SiteServer(hosting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(
    server: SiteServer, path: str, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_server_sends_the_page_and_the_right_types(served: SiteServer) -> None:
    status, headers, body = get(served, "/?backend=wasm")
    assert (status, body) == (200, b"<!doctype html>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    _, headers, _ = get(served, "/vendor/pyodide/pyodide.asm.wasm")
    assert headers["Content-Type"] == "application/wasm"
    assert "Cross-Origin-Embedder-Policy" not in headers


def test_a_file_is_sent_again_only_when_it_changed(served: SiteServer) -> None:
    _, headers, before = get(served, "/js/page/host.js")
    tag = {"If-None-Match": headers["ETag"]}
    assert get(served, "/js/page/host.js", tag)[0] == 304
    # At once, and of the same length.
    (served.hosting.root / "js" / "page" / "host.js").write_bytes(bytes(reversed(before)))
    assert get(served, "/js/page/host.js", tag)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/serve.py",
        "/.git/config",
        "/.venv/pyvenv.cfg",
        "/node_modules/x.js",
        "/py/.secret",
        "/py/lentigo/__pycache__/priority.pyc",
        "/js/../serve.py",
        "/js/%2e%2e/serve.py",
        "/js/..%2fserve.py",
        "/js/..%5cserve.py",
        "//etc/passwd",
        "/vendor/../../../../../../etc/passwd",
        "/js/page/host.js%00.png",
        "/js",
        "/js/",
    ],
)
def test_the_server_sends_nothing_but_the_site(served: SiteServer, path: str) -> None:
    assert get(served, path)[0] == 404


def test_a_link_that_leads_out_of_the_site_is_not_followed(root: Path) -> None:
    outside = root.parent / "outside.js"
    outside.write_text("")
    (root / "js" / "link.js").symlink_to(outside)
    assert site.locate(root, "/js/link.js") is None


def test_isolation_headers_and_a_sub_path_are_served_when_asked_for(root: Path) -> None:
    for server in _serve(Hosting(root, isolated=True, prefix="some/where/", mounts={"x": root})):
        assert server.url.endswith("/some/where/")
        status, headers, _ = get(server, "/some/where/js/page/host.js")
        assert status == 200
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert get(server, "/js/page/host.js")[0] == 404
        assert get(server, "/some/where/x/serve.py")[0] == 200
        assert get(server, "/some/where/x/../serve.py")[0] == 404


def test_a_busy_port_gives_the_next_free_one(served: SiteServer, root: Path) -> None:
    server, wanted = open_server(Hosting(root), "127.0.0.1", served.server_port)
    with server:
        assert not wanted
        assert server.server_port != served.server_port


# --- programs that must be found ---


def test_a_browser_named_by_the_variable_must_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(ToolingError, match="not a browser that runs"):
        chromium.find_chromium(tmp_path, lambda text: None)


def test_a_missing_npm_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(layout: Layout) -> node.Node:
        raise ToolingError("pip failed", "connect")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "_install_wheel_node", offline)
    with pytest.raises(ToolingError, match="npm was not found") as caught:
        node.find_node(Layout(tmp_path))
    assert "install Node.js" in caught.value.remedy
    assert "taking Node.js from PyPI's wheel" in capsys.readouterr().out


# --- the kernels ---


def test_data_in_a_module_is_seen() -> None:
    head = b"\0asm\1\0\0\0"
    # A custom section of 200 bytes: its size takes two bytes.
    custom = b"\0\xc8\1" + b"\x0b" * 200
    assert not kernels.has_data(head + custom)
    assert kernels.has_data(head + custom + b"\x0b\1\0")


# --- compiled Python ---


def archive_of(files: dict[str, str]) -> memoryview:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memoryview(out.getvalue())


def test_an_archive_is_compiled_and_what_is_unused_left_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive_of(
        {
            "kept_part/__init__.py": '"""Words."""\nassert 0\nVALUE = 7\n',
            "kept_part/data.txt": "as it is",
            "kept_part/tests/test_it.py": "syntax error (",
            "dropped.py": "",
        }
    )
    without = ["*/tests/*", "dropped.py"]
    after = compile_python.rewritten(before, without)
    assert after == compile_python.rewritten(before, without)
    (tmp_path / "after.zip").write_bytes(after)
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        assert archive.namelist() == ["kept_part/__init__.pyc", "kept_part/data.txt"]
        assert archive.read("kept_part/data.txt") == b"as it is"
    monkeypatch.syspath_prepend(str(tmp_path / "after.zip"))
    module = importlib.import_module("kept_part")
    assert (module.VALUE, module.__doc__) == (7, None)


def test_the_lock_gets_the_hashes_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"compiled")
    lock = {"info": {}, "packages": {"a": {"file_name": "a.whl", "sha256": "0", "depends": []}}}
    entry = pyodide_wheels.with_hashes(lock, tmp_path)["packages"]["a"]
    assert entry["sha256"] == hashlib.sha256(b"compiled").hexdigest()
    assert entry["depends"] == []


# --- compressed copies ---


def test_what_gets_smaller_has_a_copy_that_is_not_part_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    for name, content in (("long.js", b"a" * 999), ("short.js", b"a"), ("w.bin", b"a" * 999)):
        (tmp_path / "js" / name).write_bytes(content)
    compressed.compress(tmp_path)
    assert {path.name for path in tmp_path.rglob("*.gz")} == {"long.js.gz"}
    assert gzip.decompress((tmp_path / "js" / "long.js.gz").read_bytes()) == b"a" * 999
    assert {path.name for path in site.files(tmp_path)} == {"long.js", "short.js", "w.bin"}

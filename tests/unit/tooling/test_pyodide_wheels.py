"""The lock and the wheels of Pyodide: what is kept, and from where it is taken."""

import hashlib
from pathlib import Path

import pytest

from tests.unit.tooling.small_site import serving, sha256
from tooling import pyodide_wheels
from tooling.errors import ToolingError
from tooling.server import Hosting


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
    with serving(Hosting(tmp_path, mounts={"v1": tmp_path / "v1"})) as server:
        address = server.url + "v{version}/full/{file_name}"
        monkeypatch.setattr(pyodide_wheels, "PYODIDE_CDN", address)
        pyodide_wheels.fetch_wheels([wheel], version="1", cache=cache, note=notes.append)
    assert [path.name for path in cache.iterdir()] == ["numpy.whl"]
    assert "from Pyodide's CDN, ok" in notes[0]


def test_the_lock_gets_the_hashes_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"compiled")
    lock = {"info": {}, "packages": {"a": {"file_name": "a.whl", "sha256": "0", "depends": []}}}
    entry = pyodide_wheels.with_hashes(lock, tmp_path)["packages"]["a"]
    assert entry["sha256"] == hashlib.sha256(b"compiled").hexdigest()
    assert entry["depends"] == []

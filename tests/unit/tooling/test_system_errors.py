"""What the system refuses ends in one sentence with its remedy, never in a traceback."""

import errno
import os
import sys
import webbrowser
from pathlib import Path

import pytest

from tooling import assets, commands, site
from tooling.command import run
from tooling.errors import ToolingError
from tooling.layout import Layout
from tooling.progress import say, speak_anywhere
from tooling.system_errors import explained, remedy_for

REFUSALS = {
    errno.ENOSPC: ("no room is left|no room left", "free some space"),
    errno.EDQUOT: ("share of the disk", "free some space"),
    errno.EROFS: ("read-only", "copy the repository to a folder that you may write to"),
    errno.EACCES: ("no right", "give yourself the right"),
    errno.EPERM: ("does not permit", "give yourself the right"),
    errno.ENAMETOOLONG: ("too long", "give a shorter one"),
    errno.ENOTDIR: ("is a file", "move that file away"),
    errno.EMFILE: ("too many files", "close other programs"),
    errno.EIO: ("failed to read or write", "check the disk"),
    errno.EXDEV: ("cross-device|Invalid cross", "run the command again"),
}


def checkout(folder: Path) -> Layout:
    """A checkout with nothing in it but the version that a build tells."""
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    return Layout(folder)


@pytest.mark.parametrize("number", REFUSALS)
@pytest.mark.parametrize("command", [["serve", "--no-open", "--port", "0"], ["build"], ["lock"]])
def test_a_refusal_anywhere_is_told_with_its_remedy(
    number: int,
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(tmp_path / "vendor"))

    for name in ("prepare", "relock"):
        monkeypatch.setattr(assets, name, refuse)
    assert commands.main(command, checkout(tmp_path)) == 1
    said = capsys.readouterr().out
    fault, remedy = REFUSALS[number]
    assert said.count("error: ") == said.count("What to do: ") == 1
    assert any(part in said for part in fault.split("|"))
    assert remedy in said
    assert "Traceback" not in said


def test_a_refusal_names_the_path_and_shortens_a_long_one() -> None:
    assert "/media/x" in explained(OSError(errno.EROFS, "?", "/media/x")).fault
    long = explained(OSError(errno.ENAMETOOLONG, "?", "/a" + "b" * 5_000 + "c"))
    assert len(long.fault) < 200
    assert long.fault.startswith("/ab")
    assert "bc: " in long.fault


@pytest.mark.parametrize(
    ("printed", "remedy"),
    [
        ("ERROR: [Errno 28] No space left on device: '/x'", "free some space"),
        ("npm error code ENOSPC", "free some space"),
        ("OSError: [Errno 30] Read-only file system", "copy the repository"),
        ("npm error code EACCES", "give yourself the right"),
        ("certificate verify failed: certificate is not yet valid", "clock is right"),
        ("npm error code CERT_HAS_EXPIRED", "clock is right"),
    ],
)
def test_a_program_that_ends_for_such_a_reason_gets_that_remedy(printed: str, remedy: str) -> None:
    program = [sys.executable, "-c", f"print({printed!r}); raise SystemExit(3)"]
    with pytest.raises(ToolingError) as caught:
        run(program, remedy="check the network")
    assert remedy in caught.value.remedy


def test_any_other_failure_keeps_its_own_remedy() -> None:
    assert remedy_for("No matching distribution found for numpy==2.4.3") is None


def test_nobody_reading_on_is_no_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def closed(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(site, "regenerate_python_files", closed)
    assert commands.main(["files"], Layout(tmp_path)) == 1


@pytest.mark.parametrize("error", [webbrowser.Error("none"), OSError("none"), None])
def test_a_browser_that_cannot_be_opened_is_told(
    error: Exception | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: str) -> bool:
        if error:
            raise error
        return False

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", fail)
    commands._open_browser("http://127.0.0.1:1/")
    assert "open the address above yourself" in capsys.readouterr().out


def test_a_letter_that_the_terminal_lacks_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open("w", encoding="ascii") as narrow:
        monkeypatch.setattr(sys, "stdout", narrow)
        speak_anywhere()
        say("/home/Zoë/lentigo …")


# --- options ---


@pytest.mark.parametrize("port", ["-1", "99999", "65536"])
def test_a_port_that_cannot_be_is_told_before_anything_is_made(
    port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["serve", "--no-open", "--port", port], Layout(tmp_path)) == 1
    said = capsys.readouterr().out
    assert f"{port} is no port" in said
    assert "from 1 to 65535, or 0" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_an_assets_folder_that_is_none_is_told(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    if kind == "file":
        folder.write_text("")
    assert commands.main(["build", "--assets", str(folder)], checkout(tmp_path / "checkout")) == 1
    assert f"--assets {folder} is no folder" in capsys.readouterr().out


def test_an_out_folder_with_too_long_a_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "prepare", lambda *_, **__: None)
    assert commands.main(["build", "--out", "a" * 300], checkout(tmp_path)) == 1
    assert "too long" in capsys.readouterr().out

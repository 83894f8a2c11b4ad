"""Python environments of our own: one for the tests, others for single tools."""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from tooling.command import answers, run
from tooling.errors import ToolingError
from tooling.layout import Layout

# A network that gives nothing for so long is taken for none; and a question is given up, which
# includes finding the host and starting the program.
CONNECT_S = 8
ASK_S = 12
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ]+)", re.MULTILINE)
_PIP_REMEDY = "connect to the network, check pip's configuration (pip config list), and run again"
PIP_ENVIRONMENT = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
# Only what the file names, only with the hashes in it, and no program of a package's own.
PIP_PINNED = ("--require-hashes", "--only-binary", ":all:")


def venv_python(folder: Path) -> Path:
    """Return the interpreter of a virtual environment, whether or not it exists."""
    if os.name == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def create_venv(python: Path, folder: Path) -> None:
    """Make `folder` a new virtual environment of `python`, in place of what was there."""
    if folder.exists():
        shutil.rmtree(folder)
    run(
        [python, "-m", "venv", folder],
        remedy="install Python's venv and pip modules (on Debian and Ubuntu: "
        "apt-get install python3-venv) and run the command again",
    )


def ensure_environment(python: Path, folder: Path, requirements: Path) -> bool:
    """Make `folder` an environment that holds exactly `requirements`, each with its hash.

    A stamp with the hash of the requirements and of the interpreter's version makes the
    second call fast. Returns whether anything was installed.
    """
    version = answers([python, "--version"])
    if version is None:
        raise ToolingError(f"{python} does not run", "install Python 3.11 or newer")
    key = hashlib.sha256(requirements.read_bytes() + version.encode()).hexdigest()
    stamp = folder / ".lentigo-stamp"
    if stamp.is_file() and stamp.read_text() == key and venv_python(folder).exists():
        return False
    see_package_index(python, requirements)  # before an environment that is there goes
    create_venv(python, folder)
    run(
        [venv_python(folder), "-m", "pip", "install", "--quiet", *PIP_PINNED, "-r", requirements],
        environment=PIP_ENVIRONMENT,
        remedy=_PIP_REMEDY,
    )
    stamp.write_text(key)
    return True


def see_package_index(python: Path, requirements: Path, remedy: str = _PIP_REMEDY) -> None:
    """Raise ToolingError soon where `python`'s pip reaches no index; an install tries for minutes.

    It asks, by pip's own configuration, for the first package of `requirements`. A Python without
    pip is not asked: its virtual environments have one.
    """
    name, version = _PINNED.findall(requirements.read_text(encoding="utf-8"))[0]
    limits = ["--retries", "0", "--timeout", str(CONNECT_S)]
    try:
        found = run(
            [python, "-m", "pip", "index", "versions", *limits, name],
            environment=PIP_ENVIRONMENT,
            remedy=remedy,
            timeout_s=ASK_S,
        )
        if version not in re.split(r"[\s,()]+", found):  # a folder of packages may have others
            raise ToolingError(f"there is no {version}", remedy)
    except ToolingError as error:
        reason = error.fault.splitlines()[-1].strip()
        if "No module named pip" in reason:
            return
        raise ToolingError(
            f"pip does not reach its package index (asked for {name} {version}: {reason})",
            error.remedy,
        ) from error


def ensure_test_environment(layout: Layout) -> tuple[Path, bool]:
    """Return the interpreter of .venv, and whether it had to be made."""
    made = ensure_environment(
        Path(sys.executable), layout.venv, layout.root / "requirements-test.txt"
    )
    return venv_python(layout.venv), made


def find_python(oldest: tuple[int, int]) -> Path | None:
    """Return an interpreter of at least version `oldest`, or None.

    Looks at the running one, at python3.12 and later on PATH (run, since a shim may fail),
    at pyenv's and at the Windows launcher's.
    """
    if sys.version_info[:2] >= oldest:
        return Path(sys.executable)
    minors = range(oldest[1], oldest[1] + 4)
    candidates: list[list[str]] = []
    for minor in minors:
        on_path = shutil.which(f"python3.{minor}")
        if on_path:
            candidates.append([on_path])
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [[str(path)] for path in sorted(pyenv.glob("3.*/bin/python"))]
    if shutil.which("py"):
        candidates += [["py", f"-3.{minor}"] for minor in minors]
    ask = "import sys; print(*sys.version_info[:2], sys.executable, sep='\\n')"
    for candidate in candidates:
        lines = (answers([*candidate, "-c", ask]) or "").splitlines()
        if len(lines) == 3 and (int(lines[0]), int(lines[1])) >= oldest:
            return Path(lines[2])
    return None

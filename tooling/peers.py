"""The committed weights for other runtimes, which `serve.py bench` compares with ours."""

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tooling.command import run
from tooling.environment import ensure_environment, venv_python
from tooling.errors import ToolingError
from tooling.layout import Layout

FILES = ("model.tflite", "model.onnx")
_REQUIREMENTS = Path("training") / "requirements-peers.txt"
_RECIPE = (
    _REQUIREMENTS,
    Path("training") / "release" / "peers.py",
    Path("training") / "network" / "graph_model.py",
)
_WEIGHTS = "models/*/float16/*"
# The part of the bench that uses them.
_PART = "engines"


def wanted_by(arguments: Sequence[str]) -> bool:
    """Tell whether a bench with these arguments compares runtimes."""
    return "--gpu" not in arguments and ("--only" not in arguments or _PART in arguments)


def ensure_peers(layout: Layout, note: Callable[[str], None]) -> bool:
    """Make `.cache/peers/` from the weights; returns whether it is there and current.

    TensorFlow and ONNX are installed into an environment of their own. Where that fails the
    reason is noted and the bench goes on without: stale files are removed.
    """
    folder = layout.cache / "peers"
    stamp = folder / ".lentigo-stamp"
    key = _key(layout)
    if stamp.is_file() and stamp.read_text() == key and all((folder / f).is_file() for f in FILES):
        note("already there, ok")
        return True
    for name in (stamp.name, *FILES):
        (folder / name).unlink(missing_ok=True)
    venv = layout.cache / "peers-venv"
    try:
        note(f"an environment from {_REQUIREMENTS.as_posix()} (TensorFlow: some minutes) …")
        ensure_environment(Path(sys.executable), venv, layout.root / _REQUIREMENTS)
        note("TensorFlow Lite and ONNX models from the committed weights …")
        run(
            [venv_python(venv), "-m", "training.release.peers", "--out", folder],
            cwd=layout.root,
            remedy="see the lines above; the bench itself does not need them",
        )
    except ToolingError as error:
        note(f"going on without other runtimes: {error.fault}")
        return False
    stamp.write_text(key)
    return True


def _key(layout: Layout) -> str:
    digest = hashlib.sha256()
    for path in [*(layout.root / p for p in _RECIPE), *sorted(layout.root.glob(_WEIGHTS))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()

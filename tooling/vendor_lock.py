"""`vendor.lock.json`: the sha256 of every file in `vendor/`."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from tooling.errors import ToolingError

_ABOUT = "sha256 of every file in vendor/; rewritten by: python3 serve.py lock"


@dataclass(frozen=True)
class VendorLock:
    """`groups` maps a group's name to {path below vendor/: sha256}.

    `recipe` is the hash of what we build ourselves from: the TensorFlow.js bundle, the kernels.
    """

    recipe: str
    groups: dict[str, dict[str, str]]

    @property
    def paths(self) -> set[str]:
        """All paths below vendor/, with forward slashes."""
        return {path for files in self.groups.values() for path in files}

    @classmethod
    def read(cls, path: Path) -> "VendorLock":
        """Parse the lock file; raises ToolingError when it is missing or not one."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(content["recipe"], content["groups"])
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise ToolingError(
                f"{path.name} cannot be read: {error!r}", f"git checkout -- {path.name}"
            ) from error

    def write(self, path: Path) -> None:
        """Write the lock file, sorted, so that a change is a readable diff."""
        content = {"about": _ABOUT, "recipe": self.recipe, "groups": self.groups}
        text = json.dumps(content, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str | None:
    """Return a file's sha256 in lower-case hexadecimal, or None when it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def wrong_files(folder: Path, files: dict[str, str]) -> list[str]:
    """Return those of `files` ({path: sha256}) that are missing from `folder` or differ."""
    return [path for path, sha256 in files.items() if sha256_of(folder / path) != sha256]

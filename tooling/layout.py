"""Where things lie in the repository."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The folders of one checkout. Everything that is made here is ignored by git."""

    root: Path

    @property
    def vendor(self) -> Path:
        """Third-party files that the page loads."""
        return self.root / "vendor"

    @property
    def vendor_lock(self) -> Path:
        """The sha256 of every vendored file (committed)."""
        return self.root / "vendor.lock.json"

    @property
    def cache(self) -> Path:
        """Downloads that need not be repeated, and folders of work in progress."""
        return self.root / ".cache"

    @property
    def node_modules(self) -> Path:
        """What `npm ci` installs."""
        return self.root / "node_modules"

    @property
    def venv(self) -> Path:
        """The Python environment of the tests."""
        return self.root / ".venv"

    @property
    def licences(self) -> Path:
        """Licence texts that the packages do not carry themselves."""
        return self.root / "tooling" / "licences"


REPOSITORY = Layout(Path(__file__).resolve().parent.parent)

"""Packages of Debian and Ubuntu, installed where that needs no password."""

import os
import shutil
from collections.abc import Callable, Sequence

from tooling.command import answers, run
from tooling.errors import ToolingError

_TIMEOUT_S = 600


def install_packages(names: Sequence[str], note: Callable[[str], None]) -> bool:
    """Install packages of the distribution; returns whether it went well, and notes why not."""
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt":
        return False
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    prefix = [] if root else ["sudo", "-n"]
    if not root and answers(["sudo", "-n", "true"]) is None:
        note("the distribution's package is left alone: neither root nor sudo without a password")
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    note(f"installing the distribution's package: apt-get install -y {' '.join(names)}")
    # An update can fail for a source that has nothing to do with this package, so it is no reason
    # to give up.
    for arguments in (["update", "-q"], ["install", "-q", "-y", *names]):
        try:
            run([*prefix, apt, *arguments], environment=quiet, remedy="", timeout_s=_TIMEOUT_S)
        except ToolingError as error:
            note(f"failed: {error.fault}")
            if arguments[0] == "install":
                return False
    return True

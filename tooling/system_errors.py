"""What a system refuses (room, rights, names, time), each with its remedy, in one place."""

import errno
import os

from tooling.errors import ToolingError

_LONGEST_PATH = 90  # characters of a path in a message

_FULL = "free some space and run the command again; what was there before is unharmed"
_READ_ONLY = "copy the repository to a folder that you may write to, and run it there"
_RIGHTS = (
    "give yourself the right to it, or copy the repository to a folder of your own and run it there"
)
_KINDS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("there is no room left on the disk", _FULL),
    errno.EDQUOT: ("your share of the disk is used up", _FULL),
    errno.EROFS: ("the file system is read-only", _READ_ONLY),
    errno.EACCES: ("you have no right to it", _RIGHTS),
    errno.EPERM: ("the system does not permit it", _RIGHTS),
    errno.ENAMETOOLONG: (
        "the path is too long for this file system",
        "give a shorter one, or move the repository to a folder with a shorter path",
    ),
    errno.ENOTDIR: ("a part of this path is a file", "move that file away, or give another path"),
    errno.EEXIST: ("a file stands in the way", "move it away, or give another path"),
    errno.EISDIR: ("a folder stands in the way", "move it away, or give another path"),
    errno.ELOOP: ("its links lead in a circle", "remove the link, or give another path"),
    errno.ENOENT: (
        "it is missing",
        "git status shows what a checkout lacks; give an existing path",
    ),
    errno.EBUSY: ("something else is using it", "end that, or give another path"),
    errno.EIO: ("the disk failed to read or write it", "check the disk, or use another one"),
    errno.EMFILE: ("too many files are open", "close other programs and run the command again"),
    errno.ENFILE: ("too many files are open", "close other programs and run the command again"),
    errno.ENOMEM: ("there is not enough memory", "close other programs and run the command again"),
}
# What programs print of the same kinds, in lower case.
_PRINTED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("no space left on device", "enospc", "disk quota exceeded", "edquot"), _FULL),
    (("read-only file system", "erofs"), _READ_ONLY),
    (("not yet valid", "cert_not_yet_valid", "certificate has expired", "cert_has_expired"),
     "see that this machine's clock is right, then run the command again"),
    (("permission denied", "eacces", "eperm"), _RIGHTS),
    (("file name too long", "enametoolong"), _KINDS[errno.ENAMETOOLONG][1]),
)  # fmt: skip


def explained(error: OSError) -> ToolingError:
    """Return what the system refused as a sentence with a remedy."""
    fault, remedy = _KINDS.get(
        error.errno or 0, (str(error), "mend that and run the command again")
    )
    named = error.filename2 or error.filename
    if error.errno not in _KINDS or named is None:
        return ToolingError(fault, remedy)
    return ToolingError(f"{_shortened(os.fsdecode(named))}: {fault}", remedy)


def remedy_for(printed: str) -> str | None:
    """Return the remedy if a program's output reports one of these kinds, else None."""
    text = printed.lower()
    return next((remedy for words, remedy in _PRINTED if any(w in text for w in words)), None)


def _shortened(path: str) -> str:
    """Cut a long path in its middle."""
    if len(path) <= _LONGEST_PATH:
        return path
    half = _LONGEST_PATH // 2
    return f"{path[:half]}…{path[-half:]}"

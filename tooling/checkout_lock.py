"""One `serve.py` at a time makes files in a checkout; another one waits for it."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from tooling.layout import Layout
from tooling.progress import say

# What a run makes in .cache/ and takes away at its end, if it is not killed before.
_LEFTOVERS = ("staging-*", "dist-*", "wheel-*", "pyodide/carrier-*", "pyodide/*.partial")
_held: set[Path] = set()

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows forbids to read what is locked, so not where the process id stands

    def _lock(file: TextIO, *, wait: bool) -> bool:
        while True:
            os.lseek(file.fileno(), _FAR, os.SEEK_SET)
            try:
                # Waits for up to 10 s.
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def _lock(file: TextIO, *, wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True


@contextmanager
def checkout_lock(layout: Layout) -> Iterator[None]:
    """Hold the checkout while files are made in it, waiting for another run that does.

    The system lets go of it when a run ends, however it ends; what a killed one has left is
    removed. A process may ask for it again while it holds it. Where nothing can be written
    there is nothing to hold, and the first write says so.
    """
    path = layout.cache / "serve.lock"
    file = None if path in _held else _opened(path)
    if file is None:
        yield
        return
    with file:
        if not _lock(file, wait=False):
            file.seek(0)
            say(f"Another run ({file.read().strip() or 'just begun'}) is at work in this folder;")
            say("  waiting for its end (Ctrl-C gives up) …")
            _lock(file, wait=True)
        with suppress(OSError):  # a full disk: only the other one's message needs it
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), f"process {os.getpid()}".encode())
        _remove_leftovers(layout)
        _held.add(path)
        try:
            yield
        finally:
            _held.remove(path)


def _opened(path: Path) -> TextIO | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8")
    except OSError:
        return None


def _remove_leftovers(layout: Layout) -> None:
    for pattern in _LEFTOVERS:
        for path in layout.cache.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

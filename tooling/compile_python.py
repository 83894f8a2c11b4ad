"""Runs in Pyodide under Node (`compile_python.mjs`): Python sources in an archive to bytecode."""

import importlib.util
import io
import marshal
import zipfile
from fnmatch import fnmatchcase

# The first date that a zip file can hold, so that the same sources give the same archive.
_DATE = (1980, 1, 1, 0, 0, 0)
# A pyc that is never compared with its source, which is not there (PEP 552).
_UNCHECKED_HASH = 0b01


def rewritten(archive: memoryview, without: list[str]) -> bytes:
    """Return a zip archive with `x.pyc` in the place of every `x.py`, less what is left away."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as after,
    ):
        for name in sorted(before.namelist()):
            if name.endswith("/") or any(fnmatchcase(name, pattern) for pattern in without):
                continue
            content = before.read(name)
            source = name.endswith(".py")
            entry = zipfile.ZipInfo(f"{name}c" if source else name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, compiled(content, name) if source else content, compresslevel=9)
    return out.getvalue()


def compiled(source: bytes, name: str) -> bytes:
    """Return the bytecode of a module as `importlib` reads it, without docstrings and asserts."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH.to_bytes(4, "little")
    return header + importlib.util.source_hash(source) + marshal.dumps(code)

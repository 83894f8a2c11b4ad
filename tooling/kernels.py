"""The kernels for TF.js's WebAssembly backend, compiled to `vendor/kernels/`."""

import sys
from collections.abc import Callable
from pathlib import Path

from tooling.command import run
from tooling.environment import ensure_environment, venv_python
from tooling.errors import ToolingError
from tooling.layout import Layout

SOURCE = Path("js") / "engine" / "kernels" / "kernels.c"
REQUIREMENTS = Path("tooling") / "requirements-kernels.txt"
RECIPE = (SOURCE, REQUIREMENTS, Path("tooling") / "kernels.py")
# All that 32 bits can address but one page of 64 KiB, as tfjs_threads.js gives it.
_MOST_MEMORY_BYTES = 65_535 * 65_536
# Not every browser has relaxed SIMD, and only an isolated page shares its memory.
_INSTRUCTIONS = {"relaxed": "+relaxed_simd", "simd": "-relaxed_simd"}
_DATA_SECTION = 11
_MEMORIES = {"": (), "-shared": ("-Wl,--shared-memory", f"-Wl,--max-memory={_MOST_MEMORY_BYTES}")}


def build(layout: Layout, folder: Path, note: Callable[[str], None]) -> None:
    """Compile every variant into `folder`; the same source and compiler give the same bytes."""
    environment = layout.cache / "kernels-venv"
    if ensure_environment(Path(sys.executable), environment, layout.root / REQUIREMENTS):
        note("compiler installed")
    folder.mkdir(parents=True)
    for instructions, feature in _INSTRUCTIONS.items():
        for memory, flags in _MEMORIES.items():
            binary = folder / f"kernels-{instructions}{memory}.wasm"
            run(
                [
                    *(venv_python(environment), "-m", "ziglang", "cc"),
                    *("-target", "wasm32-freestanding", "-O3", "-nostdlib", "-Wall", "-Wextra"),
                    f"-mcpu=generic+simd128{feature}+atomics+bulk_memory+mutable_globals",
                    *("-Wl,--no-entry", "-Wl,--strip-all", "-Wl,--import-memory"),
                    *("-Wl,--export=__stack_pointer", *flags),
                    *("-o", binary, SOURCE),
                ],
                cwd=layout.root,
                environment={
                    name: str(layout.cache / "zig")
                    for name in ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")
                },
                remedy=f"mend {SOURCE.as_posix()}",
            )
            if has_data(binary.read_bytes()):
                raise ToolingError(
                    f"{SOURCE.as_posix()} has data of its own, which would overwrite TF.js's",
                    "leave statics, constants in arrays and strings away",
                )


def has_data(module: bytes) -> bool:
    """Tell whether a WebAssembly module puts data into its memory (section 11)."""
    at = len(b"\0asm") + 4
    while at < len(module):
        section, at = module[at], at + 1
        size = shift = 0
        more = True
        while more:  # LEB128: seven bits a byte, the lowest first
            size |= (module[at] & 0x7F) << shift
            more, at, shift = module[at] >= 0x80, at + 1, shift + 7
        if section == _DATA_SECTION:
            return True
        at += size
    return False

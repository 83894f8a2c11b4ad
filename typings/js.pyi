"""The JavaScript names that Python sees, in the worker."""

from typing import Any

class _Object:
    fromEntries: Any  # noqa: N815

class _Performance:
    timeOrigin: float  # noqa: N815
    def now(self) -> float: ...

class _TypedArray:
    buffer: Any
    @staticmethod
    def new(size: int) -> _TypedArray: ...
    def assign(self, source: Any) -> None: ...

class _Console:
    def error(self, text: str) -> None: ...

Object: _Object
performance: _Performance
console: _Console
self: Any
Float32Array: type[_TypedArray]
Uint8Array: type[_TypedArray]
Uint8ClampedArray: type[_TypedArray]

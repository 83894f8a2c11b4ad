"""Stand-ins for packages that a library imports but that we never use.

The one place where this is done, and why each is needed:

- ``torchvision``: timm imports it for its image transforms and one feature extractor. No CPU build
  of it fits torch 2.13.0. We take only network definitions from timm.
- ``tensorflow_decision_forests``, ``tensorflow_hub`` and ``jax``: tensorflowjs 4.22.0 imports them
  for the kinds of model they convert. We convert a TensorFlow SavedModel. The first has no build
  for the TensorFlow we use, the second wants ``pkg_resources``, which setuptools has dropped, the
  third is half a gigabyte.

A stand-in answers every attribute with an empty class, and that class answers every attribute with
its name (an enumeration of interpolation modes becomes a dict of strings), so that imports,
annotations and base classes resolve; calling into it does nothing useful. A package that is
installed is never hidden.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FOR_TIMM = ("torchvision",)
FOR_TENSORFLOWJS = ("tensorflow_decision_forests", "tensorflow_hub", "jax")


class _EmptyType(type):
    """The type of an empty class: a public attribute is its own name."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class _Nothing(ModuleType):
    """A module whose every public attribute is an empty class."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _EmptyType(name, (), {})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of the named packages and of everything below them."""

    def __init__(self, packages: Sequence[str]) -> None:
        self.packages = frozenset(packages)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self.packages:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Nothing(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to execute."""


def stand_in_for(packages: Sequence[str]) -> tuple[str, ...]:
    """Let the packages that are not installed be imported as empty; return which those are."""
    missing = tuple(
        name
        for name in packages
        if name not in sys.modules and importlib.util.find_spec(name) is None
    )
    if missing:
        sys.meta_path.append(_Finder(missing))
    return missing

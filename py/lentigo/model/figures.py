"""One measured figure: a value with its interval, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from lentigo.model.strict import Between

Share = Annotated[float, Between(0.0, 1.0)]
Count = Annotated[int, Between(0, 1_000_000_000)]


class Undefined(StrEnum):
    """Why a figure has no value: nothing to count it on, or nothing to tell apart."""

    NO_PICTURES = "no-pictures"
    ONE_SIDE = "one-side"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A share or an area 0..1; ``None`` where it is undefined, with the reason.

    ``n`` is how many pictures it was counted on and ``lesions`` how many lesions stand behind it;
    ``low`` and ``high`` bound the 95 % interval over lesions. ``classes`` is over how many classes
    a mean was taken, where not all seven occur.
    """

    value: Share | None
    n: Count
    low: float | None = None
    high: float | None = None
    lesions: Count | None = None
    classes: Count | None = None
    reason: Undefined | None = None
    too_few_to_say: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a figure that contradicts itself."""
        if (self.value is None) != (self.reason is not None):
            raise ValueError("a figure has a value, or the reason why it has none")
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends")

    @property
    def told(self) -> float | None:
        """The value; ``None`` as well where too few lesions stand behind it."""
        return None if self.too_few_to_say else self.value


@dataclass(frozen=True, kw_only=True)
class Gap(Figure):
    """The difference of two shares, -1..1."""

    value: Annotated[float, Between(-1.0, 1.0)] | None

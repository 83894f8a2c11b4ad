"""What outlives every screen: the engine, what is known of the person, the visitor's last act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lentigo.triage.checklist import NO_ANSWERS

if TYPE_CHECKING:
    from app.events import EngineLoaded
    from lentigo.errors import LentigoError
    from lentigo.triage.checklist import Answers


@dataclass(frozen=True)
class Starting:
    """An engine is on its way; ``again`` if another one has been ready before it."""

    again: bool = False


@dataclass(frozen=True)
class Running:
    """An engine answers."""

    loaded: EngineLoaded


@dataclass(frozen=True)
class Unavailable:
    """No engine can be had."""

    error: LentigoError


@dataclass(frozen=True)
class Session:
    """What every screen may read.

    ``intent`` counts the visitor's acts, of which the last one holds. ``excluded`` are the backends
    that have failed here. What is known of the ``person`` counts for every spot.
    """

    intent: int = 0
    engine: Starting | Running | Unavailable = Starting()
    excluded: tuple[str, ...] = ()
    person: Answers = NO_ANSWERS

    @property
    def running(self) -> EngineLoaded | None:
        """The engine that answers, if there is one now."""
        return self.engine.loaded if isinstance(self.engine, Running) else None

    @property
    def engine_error(self) -> LentigoError | None:
        """Why there is no engine, and will be none."""
        return self.engine.error if isinstance(self.engine, Unavailable) else None

    @property
    def has_started(self) -> bool:
        """Whether an engine is ready, or has been and is being replaced."""
        return isinstance(self.engine, Running) or self.engine == Starting(again=True)

    def without_engine(self) -> Session:
        """Return the session while another engine starts; an error stands until it is ready."""
        if isinstance(self.engine, Unavailable):
            return self
        return replace(self, engine=Starting(again=self.has_started))

"""When something happened, on the visitor's own clock, which the page tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone


@dataclass(frozen=True)
class Moment:
    """A time since the epoch, and how far the visitor's clock is ahead of UTC."""

    since_epoch_ms: float
    ahead_of_utc_min: int

    @property
    def utc(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.since_epoch_ms / 1000, UTC)

    @property
    def local(self) -> datetime:
        """The time that the visitor's clock showed."""
        return self.utc.astimezone(timezone(timedelta(minutes=self.ahead_of_utc_min)))

    def when(self, since_epoch_ms: float) -> Moment:
        """Return another time on the same clock."""
        return Moment(since_epoch_ms, self.ahead_of_utc_min)

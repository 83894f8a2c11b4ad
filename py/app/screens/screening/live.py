"""The open camera: what it sees, and what the coach makes of it. Times are ms since the epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.screens.screening.spot import SpotInView
from lentigo.model.recent_frames import RecentFrames
from lentigo.picture.quality import Finding
from lentigo.spots.lining_up import Adjustment

if TYPE_CHECKING:
    from lentigo.picture.quality import QualityIssue

# A hint that came and went within a few frames would only flicker.
STEADY_MS = 400.0
# How long everything must be good before the photo is taken automatically.
GOOD_FOR_MS = 1500.0
# How long, all in all, a good view is asked to become like the photo that it repeats (ours: a few
# movements). A spot that has changed cannot, and its photo must not wait for that.
LINE_UP_MS = 8000.0
# A view that was not seen for longer was no time to follow.
LONGEST_FRAME_MS = 1000.0


class View(StrEnum):
    """What there is to say of a view without a fault: not known yet, or all is well."""

    OPEN = "open"
    GOOD = "good"


Told = Finding | Adjustment | View


@dataclass(frozen=True)
class Coach:
    """What live mode tells the visitor, one thing at a time; all times are those of frames.

    ``told`` is what the page says: a finding, how to repeat an earlier photo, or how the view is.
    It follows the newest frame's ``leading`` once that has lasted since ``leading_ms`` for
    ``STEADY_MS``. ``good_ms`` is since when everything has been good, and ``frame_ms`` the newest
    frame. ``lined_up_ms`` is for how long a good view was asked to become like an earlier photo.
    """

    told: Told = View.OPEN
    leading: QualityIssue | Adjustment | View = View.OPEN
    leading_ms: float = 0.0
    good_ms: float | None = None
    frame_ms: float = 0.0
    lined_up_ms: float = 0.0

    def see(
        self,
        findings: tuple[Finding, ...],
        good: bool,
        at_ms: float,
        step: Adjustment | None = None,
    ) -> Coach:
        """Return what to tell after one more frame.

        ``step`` is how a good view would become like an earlier photo: told after everything else,
        and no longer than ``LINE_UP_MS``.
        """
        asked = step if good and self.lined_up_ms < LINE_UP_MS else None
        lined_up_ms = self.lined_up_ms
        if asked is not None:
            lined_up_ms += min(max(at_ms - self.frame_ms, 0.0), LONGEST_FRAME_MS)
        good = good and asked is None
        seen = asked or (View.GOOD if good else findings[0] if findings else View.OPEN)
        leading = seen.issue if isinstance(seen, Finding) else seen
        good_ms = (at_ms if self.good_ms is None else self.good_ms) if good else None
        if leading is not self.leading:
            return Coach(self.told, leading, at_ms, good_ms, at_ms, lined_up_ms)
        told = seen if at_ms - self.leading_ms >= STEADY_MS else self.told
        return Coach(told, leading, self.leading_ms, good_ms, at_ms, lined_up_ms)

    @property
    def is_good(self) -> bool:
        """Whether all is well in the newest frame, and has been for longer than a flicker."""
        return self.told is View.GOOD and self.good_ms is not None

    @property
    def good_share(self) -> float:
        """How much of ``GOOD_FOR_MS`` everything has been good, 0..1."""
        if self.good_ms is None:
            return 0.0
        return min(1.0, (self.frame_ms - self.good_ms) / GOOD_FOR_MS)


@dataclass(frozen=True, eq=False)
class Live:
    """An open camera.

    Frames count from the act ``since`` on. ``spot`` is what the newest frames show; a photo of it
    takes the place of the one that it ``replaces``, or is added to the spot that it ``joins``, if
    there is one; both are the first photo of a spot. ``automatic`` says whether the photo is taken
    once all is well, or only by the button. ``answered_ms`` are the times of the answers, the
    newest last, for the rate. ``stalled`` says that no more frames come.
    """

    since: int
    spot: SpotInView = field(default_factory=SpotInView)
    replaces: int | None = None
    joins: int | None = None
    automatic: bool = True
    coach: Coach = field(default_factory=Coach)
    history: RecentFrames = field(default_factory=RecentFrames)
    answered_ms: tuple[float, ...] = ()
    stalled: bool = False

    @property
    def rate_hz(self) -> float | None:
        """Answers a second over the last ten; ``None`` before the second one."""
        times = self.answered_ms
        if len(times) < 2 or times[-1] <= times[0]:
            return None
        return (len(times) - 1) * 1000 / (times[-1] - times[0])

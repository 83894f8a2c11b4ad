"""Live answers, combined over the last frames of one lesion.

The mean of the last probabilities, each frame weighted by its sharpness, steadies the bars. It
never lowers the priority of the frame that the shutter froze: what that frame asks for alone stands
beside what the mean asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.priority import Assessment, OperatingPoints, assess, most_severe

# Half a second at the eight to ten answers a second of a laptop without a GPU.
WINDOW_FRAMES = 5


@dataclass(frozen=True)
class FrameHistory:
    """The probabilities of the last frames, the newest last; each is seven values 0..1.

    ``weights`` has one positive number for each frame.
    """

    frames: tuple[tuple[float, ...], ...] = ()
    weights: tuple[float, ...] = ()

    def add(self, probabilities: tuple[float, ...], weight: float = 1.0) -> FrameHistory:
        """Return a history with one more frame, and without the oldest when it is full.

        ``ValueError`` unless the weight is positive.
        """
        if not weight > 0:
            raise ValueError(f"a frame's weight is positive, not {weight}")
        return FrameHistory(
            (*self.frames, probabilities)[-WINDOW_FRAMES:],
            (*self.weights, weight)[-WINDOW_FRAMES:],
        )

    def mean(self) -> tuple[float, ...]:
        """Average the frames, class by class; ``ValueError`` when there is none."""
        if not self.frames:
            raise ValueError("no frame to average")
        return tuple(float(p) for p in np.average(self.frames, axis=0, weights=self.weights))

    def disagreement(self, diagnosis: Diagnosis) -> float:
        """Return the share 0..1 of the frames whose own top class is another one."""
        index = list(Diagnosis).index(diagnosis)
        others = [int(np.argmax(frame)) != index for frame in self.frames]
        return sum(others) / len(others) if others else 0.0


def assess_smoothed(history: FrameHistory, points: OperatingPoints) -> Assessment:
    """Assess the mean of the frames, never less severe than the newest frame alone."""
    smoothed = assess(history.mean(), points)
    newest = assess(history.frames[-1], points)
    requests = (*smoothed.requests, *newest.requests)
    return replace(smoothed, priority=most_severe(requests), requests=requests)

"""Live answers, combined over the last frames of one lesion.

The mean of the last probabilities, each frame weighted by its sharpness, steadies the bars. It
never lowers the priority of the frame that the shutter froze: what that frame asks for alone stands
beside what the mean asks for. Frames count together only while they show the same scene.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lentigo.diagnosis import Diagnosis
from lentigo.model.risk import Scores
from lentigo.priority import Assessment, Risks, most_severe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lentigo.model.modality import Modality
    from lentigo.model.risk import Scales
    from lentigo.picture.gauges import Spectrum

# Half a second at the eight to ten answers a second of a laptop without a GPU.
WINDOW_FRAMES = 5
# After a longer gap the camera may point elsewhere, whatever the picture looks like (ours).
LONGEST_GAP_MS = 1000.0
# Two frames show the same scene from this likeness (``gauges.Movement``) on. Of 60 pictures each of
# HAM10000, MILK10k's close-ups and PAD-UFES-20, 99 % of the pairs of two lesions were under 0.11;
# of one picture and the same moved by 4 %, turned by 2 degrees and zoomed by 3 %, 99 % over 0.29.
LEAST_LIKENESS = 0.13
# After more movement than this share of the frame another spot may be in the middle (ours).
FARTHEST_SHARE = 0.2


@dataclass(frozen=True)
class LiveFrame:
    """A judged frame: seven probabilities 0..1, two scores, its weight, its time and its scene.

    ``at_ms`` is since the epoch. Without a ``scene`` it is taken to show what the others show.
    """

    probabilities: tuple[float, ...]
    scores: Scores
    weight: float = 1.0
    at_ms: float = 0.0
    scene: Spectrum | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the weight is positive."""
        if not self.weight > 0:
            raise ValueError(f"a frame's weight is positive, not {self.weight}")

    def shows_the_scene_of(self, earlier: LiveFrame) -> bool:
        """Tell whether an earlier frame shows the same scene, as far as can be told."""
        if self.scene is None or earlier.scene is None:
            return True
        movement = self.scene.movement_since(earlier.scene)
        if movement is None:
            return False
        return movement.likeness >= LEAST_LIKENESS and movement.share <= FARTHEST_SHARE


@dataclass(frozen=True)
class RecentFrames:
    """The last frames of one scene, the newest last."""

    frames: tuple[LiveFrame, ...] = ()

    def add(self, frame: LiveFrame) -> RecentFrames:
        """Return a history with one more frame, without the oldest when it is full.

        Frames of another scene go, and all of them after a gap in time.
        """
        if self.frames and frame.at_ms - self.frames[-1].at_ms > LONGEST_GAP_MS:
            return RecentFrames((frame,))
        same = tuple(earlier for earlier in self.frames if frame.shows_the_scene_of(earlier))
        return RecentFrames((*same, frame)[-WINDOW_FRAMES:])

    def mean(self) -> tuple[float, ...]:
        """Average the frames, class by class; ``ValueError`` when there is none."""
        return self._average([frame.probabilities for frame in self.frames])

    def mean_risks(self, scales: Scales, modality: Modality) -> Risks:
        """Average what each frame alone would say; ``ValueError`` when there is none."""
        risks = [scales.risks(frame.scores, modality) for frame in self.frames]
        return Risks(*self._average([(each.melanoma, each.malignancy) for each in risks]))

    def _average(self, rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
        if not self.frames:
            raise ValueError("no frame to average")
        weights = [frame.weight for frame in self.frames]
        return tuple(float(value) for value in np.average(rows, axis=0, weights=weights))

    def disagreement(self, diagnosis: Diagnosis) -> float:
        """Return the share 0..1 of the frames whose own top class is another one."""
        index = list(Diagnosis).index(diagnosis)
        others = [int(np.argmax(frame.probabilities)) != index for frame in self.frames]
        return sum(others) / len(others) if others else 0.0


def assess_smoothed(history: RecentFrames, scales: Scales, modality: Modality) -> Assessment:
    """Assess the mean of the frames, never less severe than the newest frame alone."""
    newest = RecentFrames(history.frames[-1:])
    smoothed, alone = (
        scales.assess(frames.mean(), frames.mean_risks(scales, modality), modality)
        for frames in (history, newest)
    )
    requests = (*smoothed.requests, *alone.requests)
    return replace(
        smoothed,
        priority=most_severe(requests),
        alarm_reached=max(smoothed.alarm_reached, alone.alarm_reached),
        requests=requests,
    )

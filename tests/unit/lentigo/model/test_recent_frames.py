import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lentigo.model.modality import Modality
from lentigo.model.recent_frames import (
    FARTHEST_SHARE,
    LONGEST_GAP_MS,
    WINDOW_FRAMES,
    LiveFrame,
    RecentFrames,
    assess_smoothed,
)
from lentigo.model.risk import Score, Scores, scores_of
from lentigo.picture.gauges import Spectrum
from lentigo.priority import Priority
from tests.unit.lentigo.test_priority import probabilities
from tests.unit.scales import SCALES, assess_classes

NO_SCORES = Scores(Score(-9.0), Score(-9.0))


def seen(**given: float) -> LiveFrame:
    """A frame of these probabilities, by a model without heads for the risks."""
    values = probabilities(**given)
    logits = [math.log(max(value, 1e-9)) for value in values]
    return LiveFrame(values, scores_of(logits))


def test_the_history_keeps_the_last_frames() -> None:
    history = RecentFrames()
    for index in range(WINDOW_FRAMES + 2):
        history = history.add(LiveFrame((float(index),), NO_SCORES))
    assert history.frames[0].probabilities == (2.0,)
    assert len(history.frames) == WINDOW_FRAMES
    assert history.mean() == (4.0,)


def test_an_empty_history_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no frame"):
        RecentFrames().mean()


def test_smoothing_never_lowers_the_tier_of_the_newest_frame() -> None:
    history = RecentFrames()
    for _ in range(WINDOW_FRAMES):
        history = history.add(seen())
    history = history.add(seen(mel=0.25))
    smoothed = assess_smoothed(history, SCALES, Modality.CAMERA)
    assert assess_classes(history.mean()).priority is Priority.MEDIUM
    assert smoothed.priority is Priority.URGENT
    assert smoothed.probabilities[4] == pytest.approx(0.05)


def test_smoothing_keeps_an_alarm_of_the_mean() -> None:
    history = RecentFrames()
    for _ in range(WINDOW_FRAMES - 1):
        history = history.add(seen(mel=0.5))
    history = history.add(seen())
    assert assess_smoothed(history, SCALES, Modality.CAMERA).priority is Priority.URGENT


def scene(seed: int, shift_px: int = 0) -> Spectrum:
    """The spectrum of a small texture, moved to the right."""
    texture = np.random.default_rng(seed).integers(0, 255, (72, 96), dtype=np.uint8)
    return Spectrum.of(Image.fromarray(np.roll(texture, shift_px, axis=1)))


def frame(at_ms: float, shown: Spectrum | None = None, mel: float = 0.0) -> LiveFrame:
    return replace(seen(mel=mel), at_ms=at_ms, scene=shown)


def count(*frames: LiveFrame) -> int:
    """How many frames count together after these."""
    history = RecentFrames()
    for one in frames:
        history = history.add(one)
    return len(history.frames)


def test_frames_of_one_scene_count_together_while_the_hand_trembles() -> None:
    assert count(frame(0, scene(1)), frame(100, scene(1, 2)), frame(200, scene(1, 4))) == 3


def test_another_scene_begins_from_the_start() -> None:
    assert count(frame(0, scene(1)), frame(100, scene(1)), frame(200, scene(2))) == 1


def test_a_scene_of_another_shape_is_another_one() -> None:
    upright = Spectrum.of(Image.fromarray(np.zeros((96, 72), dtype=np.uint8)))
    assert count(frame(0, scene(1)), frame(100, upright)) == 1


def test_a_slow_pan_leaves_the_frames_behind_that_it_has_left() -> None:
    step_px = round(96 * FARTHEST_SHARE * 0.6)
    assert count(*(frame(100 * n, scene(1, n * step_px)) for n in range(4))) == 2


def test_frames_after_a_gap_stand_alone() -> None:
    assert count(frame(0), frame(LONGEST_GAP_MS)) == 2
    assert count(frame(0), frame(LONGEST_GAP_MS + 1)) == 1


def test_a_weight_is_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        LiveFrame((1.0,), NO_SCORES, weight=0.0)

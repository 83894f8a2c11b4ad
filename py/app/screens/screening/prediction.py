"""From what the engine said of a picture to an answer. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.screens.screening.spot import Answer, Timings
from lentigo.model.reading import Outputs, Reading
from lentigo.model.recent_frames import LiveFrame, RecentFrames, assess_smoothed
from lentigo.picture.quality import Finding, QualityIssue, Remedy, Severity

if TYPE_CHECKING:
    from app.events import Predicted, Prepared
    from lentigo.model.manifest import Manifest
    from lentigo.model.modality import Modality

# A sharp frame has a few times this much detail (`Gauges.detail_best`); weights must be positive.
LEAST_WEIGHT = 0.05


def read(event: Predicted, manifest: Manifest, chosen: Modality | None = None) -> Reading:
    """Read the engine's numbers; ``chosen`` is how the visitor says the picture was taken."""
    return manifest.reader.read(outputs_of(event), chosen)


def outputs_of(event: Predicted) -> Outputs:
    """Return what the network answered."""
    return Outputs(
        tuple(event.logits),
        event.modality,
        event.lesion,
        event.melanoma,
        event.malignancy,
        event.nail,
    )


def with_picture(frames: RecentFrames, sent: Prepared, reading: Reading) -> RecentFrames:
    """Add a picture to the frames of its scene."""
    weight = max(sent.sharpness, LEAST_WEIGHT)
    return frames.add(
        LiveFrame(reading.probabilities, reading.scores, weight, sent.of.started_ms, sent.scene)
    )


def answer_of(
    sent: Prepared, event: Predicted, manifest: Manifest, reading: Reading, frames: RecentFrames
) -> Answer:
    """Assess the frames, of which this picture is the last."""
    return Answer(
        assess_smoothed(frames, manifest.scales, reading.modality),
        Timings(sent.preprocess_ms, event.inference_ms, event.at_ms - sent.of.started_ms),
        event.backend,
        manifest,
        outputs_of(event),
        frames,
        reading.modality,
        reading.recognition,
        event.maps,
    )


def unknown_lesion(reading: Reading, manifest: Manifest) -> Finding:
    """Say that the model does not take the picture for a lesion."""
    known = manifest.out_of_distribution
    assert known is not None
    return Finding(
        QualityIssue.UNKNOWN_LESION,
        reading.known_score,
        known.threshold,
        Severity.REFUSE,
        Remedy.KNOWN_SPOT,
    )

"""What the gauges see: corrupt real pictures at known severities, and count findings and refusals.

Writes its part of the quality gauges' results and the page made from them. Thresholds were chosen
on ``val``; the figures are those of ``test``. Every picture is un-squashed to a frame of 224 px:
what it truly resolves; nothing is enlarged, so blur is in pixels of such a frame.
"""

from __future__ import annotations

import argparse
import io
import math
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from lentigo.picture import framing, gauges
from lentigo.picture.quality import QualityIssue, Severity, is_refused, judge
from training.measure.metrics import area_under_curve
from training.network.model_folder import DEFAULT_DATA
from training.pictures.data import (
    CAMERA,
    Modality,
    Record,
    Split,
    open_picture,
    read_files,
    read_records,
    unsquash,
)
from training.pictures.frame_corruptions import FRAME_CORRUPTIONS
from training.studies.gauge_document import DATA, keep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.pictures.corruptions import Corruption

SEED = 4


# By the corruption's name: the gauge that should show it, whether that rises (+1) or falls (-1)
# with the severity, and the issue that should be found.
_Q = QualityIssue
TELLING: Mapping[str, tuple[str, int, QualityIssue]] = {
    "Gaussian blur": ("detail_best", -1, _Q.BLUR),
    "motion blur": ("detail_worst", -1, _Q.MOTION),
    "underexposure": ("brightness", -1, _Q.DARK),
    "gamma": ("brightness", -1, _Q.DARK),
    "overexposure": ("burnt_share", 1, _Q.BRIGHT),
    "glare": ("glare_share", 1, _Q.GLARE),
    "fog": ("contrast", -1, _Q.CONTRAST),
    "colour cast": ("cast_sd", 1, _Q.COLOUR_CAST),
    "too far": ("size_share", -1, _Q.TOO_FAR),
    "downscaling": ("lesion_px", -1, _Q.TOO_SMALL),
    "hair": ("hair_share", 1, _Q.HAIR),
    "pen": ("ink_share", 1, _Q.MARKER),
    "ruler": ("tick_strength", 1, _Q.MARKER),
    "noise": ("detail_best", -1, _Q.BLUR),
}


def auc(clean: Sequence[float], corrupted: Sequence[float], sign: int) -> float | None:
    """Return the area under the curve of a gauge between clean and corrupted pictures."""
    truth = np.repeat([False, True], [len(clean), len(corrupted)])
    return area_under_curve(truth, sign * np.array([*clean, *corrupted], dtype=float)).value


def _values(measured: list[gauges.Gauges], gauge: str) -> list[float]:
    """Return a gauge's values; a lesion that was not found has no size."""
    return [float(getattr(g, gauge) or 0.0) for g in measured]


def study_corruption(
    corruption: Corruption, frames: list[Image.Image], clean: list[gauges.Gauges]
) -> list[dict[str, object]]:
    """Return, for each severity, the gauge's AUC against clean pictures, and the rates."""
    rows: list[dict[str, object]] = []
    rng = np.random.default_rng(SEED)
    gauge, sign, issue = TELLING[corruption.name]
    for severity in corruption.severities:
        corrupted = [gauges.measure(corruption.apply(frame, severity, rng)) for frame in frames]
        findings = [judge(g) for g in corrupted]
        rows.append(
            {
                "severity": severity,
                "n": len(frames),
                "auc": auc(_values(clean, gauge), _values(corrupted, gauge), sign),
                "found": _share([any(f.issue is issue for f in fs) for fs in findings]),
                "refused": _share([is_refused(fs) for fs in findings]),
            }
        )
    return rows


def _share(flags: Sequence[bool]) -> float | None:
    return float(np.mean(flags)) if flags else None


def study_clean(measured: list[gauges.Gauges]) -> dict[str, object]:
    """Return how often clean pictures are refused, and how often each issue is found."""
    findings = [judge(g) for g in measured]
    issues: dict[str, object] = {}
    for issue in QualityIssue:
        found = [f for fs in findings for f in fs if f.issue is issue]
        if found:
            refuses = found[0].severity is Severity.REFUSE
            issues[issue] = {"share": len(found) / len(measured), "refuses": refuses}
    return {
        "n": len(measured),
        "refused": _share([is_refused(fs) for fs in findings]),
        "warned": _share([bool(fs) and not is_refused(fs) for fs in findings]),
        "issues": issues,
    }


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Return intersection over union of two masks of one shape; 0 for two empty ones."""
    union = int((one | other).sum())
    return float((one & other).sum() / union) if union else 0.0


def study_framing(data: Path, records: list[Record]) -> dict[str, object]:
    """Compare the located lesions with HAM10000's masks."""
    chosen = [record for record in records if record.source == "ham10000"]
    files = read_files(data, chosen)
    masks = _read_masks(data, chosen)
    overlaps, outlines, errors, sizes = [], [], [], []
    for record in chosen:
        small = framing.shrink(unsquash(open_picture(files[record.member]), record.aspect))
        mask = Image.open(io.BytesIO(masks[record.member])).convert("L")
        truth = np.asarray(mask.resize(small.size, Image.Resampling.BOX)) > 127
        if not truth.any():
            continue
        height, width = truth.shape
        sizes.append(math.sqrt(truth.sum()) / min(truth.shape))
        lesion = framing.locate(small)
        overlaps.append(overlap(lesion.mask, truth) if lesion else 0.0)
        if lesion is None:
            continue
        drawn = Image.new("1", small.size)
        points = [(x * width, y * height) for x, y in lesion.outline]
        ImageDraw.Draw(drawn).polygon(points, fill=1)
        outlines.append(overlap(np.asarray(drawn), truth))
        rows, columns = np.nonzero(truth)
        down = lesion.centre[1] * height - rows.mean() - 0.5
        across = lesion.centre[0] * width - columns.mean() - 0.5
        errors.append(math.hypot(down, across) / min(truth.shape))
    return {
        "n": len(overlaps),
        "iou_median": float(np.median(overlaps)),
        "iou_at_least_half": float((np.array(overlaps) >= 0.5).mean()),
        "outline_iou_median": float(np.median(outlines)),
        "centre_error_median": float(np.median(errors)),
        "centre_error_95th_percentile": float(np.quantile(errors, 0.95)),
        "true_size_share_median": float(np.median(sizes)),
    }


def _read_masks(data: Path, records: list[Record]) -> dict[str, bytes]:
    """Return the PNG bytes of HAM10000's masks by the picture's member name."""
    names = {
        record.member.replace("ham10000/", "ham10000_masks/").replace(".jpg", ".png"): record.member
        for record in records
    }
    masks = {}
    with tarfile.open(data / "ham10000_masks.tar") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.name in names else None
            if content is not None:
                masks[names[entry.name]] = content.read()
    return masks


def _frames(data: Path, records: list[Record]) -> list[Image.Image]:
    files = read_files(data, records)
    return [unsquash(open_picture(files[record.member]), record.aspect) for record in records]


def run(data: Path, split: Split, sample: int, clean_sample: int) -> dict[str, object]:
    """Study one split: ``sample`` pictures of each modality are corrupted."""
    records = [r for r in read_records(data) if r.split is split]
    rng = np.random.default_rng(SEED)
    clean: dict[str, object] = {}
    corruptions: dict[str, dict[str, object]] = {}
    tones: dict[str, list[gauges.Gauges]] = {"0-2, darker": [], "3-5, lighter": []}
    for name, ways in (("dermoscopic", (Modality.DERMOSCOPIC,)), ("camera", CAMERA)):
        pool = [record for record in records if record.modality in ways]
        order = rng.permutation(len(pool))[:clean_sample]
        chosen = [pool[index] for index in order]
        frames = _frames(data, chosen)
        measured = [gauges.measure(frame) for frame in frames]
        clean[name] = study_clean(measured)
        for record, g in zip(chosen, measured, strict=True):
            if record.source == "milk10k" and record.skin_tone is not None:
                tones["0-2, darker" if record.skin_tone <= 2 else "3-5, lighter"].append(g)
        for corruption in FRAME_CORRUPTIONS:
            gauge, _, issue = TELLING[corruption.name]
            entry = corruptions.setdefault(
                corruption.name, {"unit": corruption.unit, "gauge": gauge, "issue": issue}
            )
            entry[name] = study_corruption(corruption, frames[:sample], measured[:sample])
    return {
        "split": split,
        "clean": clean,
        "corruptions": corruptions,
        "skin_tones_milk10k": {
            tone: {"n": len(found), "refused": _share([is_refused(judge(g)) for g in found])}
            for tone, found in tones.items()
        },
        "framing": study_framing(data, records),
    }


def main() -> None:
    """Study the gauges on a split, and write the document."""
    parser = argparse.ArgumentParser(
        prog="python -m training.studies.gauge_study",
        description=main.__doc__,
        epilog="Needs numpy, Pillow and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--split", type=Split, default=Split.TEST)
    parser.add_argument("--sample", type=int, default=100, help="pictures a modality to corrupt")
    parser.add_argument("--clean", type=int, default=500, help="clean pictures a modality")
    parser.add_argument("--out", type=Path, default=DATA)
    given = parser.parse_args()
    keep(run(given.data, given.split, given.sample, given.clean), given.out)


if __name__ == "__main__":
    main()

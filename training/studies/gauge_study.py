"""What the gauges see: spoil real pictures by known grades, and count what is found and refused.

Writes its part of docs/quality-gauges.json and the page made from it. Thresholds were chosen on
``val``; the figures are those of ``test``. Every picture is un-squashed to a frame of 224 px: what
it truly resolves; nothing is enlarged, so grades of blur are in pixels of such a frame.
"""

from __future__ import annotations

import argparse
import io
import math
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

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
)
from training.studies.gauge_document import DOCS, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Change = Callable[[Image.Image, float, np.random.Generator], Image.Image]

FRAME_SIDE_PX = 224
SEED = 4


@dataclass(frozen=True)
class Degradation:
    """One way to spoil a picture: its grades, their unit, and the gauge that should tell it.

    ``sign`` is +1 where the gauge rises with the grade, -1 where it falls.
    """

    name: str
    unit: str
    grades: tuple[float, ...]
    change: Change
    gauge: str
    sign: int
    issue: QualityIssue


def unsquash(picture: Image.Image, aspect: float, side_px: int = FRAME_SIDE_PX) -> Image.Image:
    """Return the whole frame at true aspect, its longest side ``side_px``."""
    size = (side_px, round(side_px / aspect)) if aspect >= 1 else (round(side_px * aspect), side_px)
    return picture.resize(size, Image.Resampling.BILINEAR)


def gaussian_blur(picture: Image.Image, sigma_px: float, _: np.random.Generator) -> Image.Image:
    """Defocus: a Gaussian of ``sigma_px``."""
    return picture.filter(ImageFilter.GaussianBlur(sigma_px))


def motion_blur(picture: Image.Image, length_px: float, rng: np.random.Generator) -> Image.Image:
    """Movement during the exposure: the mean over a path of ``length_px`` in any direction."""
    angle_rad = float(rng.uniform(0.0, math.pi))
    total = np.zeros((picture.height, picture.width, 3), dtype=np.float32)
    steps = np.linspace(-length_px / 2, length_px / 2, 2 * math.ceil(length_px) + 1)
    for step in steps:
        shift = (1, 0, step * math.cos(angle_rad), 0, 1, step * math.sin(angle_rad))
        total += np.asarray(
            picture.transform(
                picture.size, Image.Transform.AFFINE, shift, Image.Resampling.BILINEAR
            )
        )
    return Image.fromarray(np.rint(total / len(steps)).astype(np.uint8))


def expose(picture: Image.Image, stops: float, _: np.random.Generator) -> Image.Image:
    """Change the exposure by ``stops`` in linear light (sRGB taken as a power of 2.2)."""
    gain = 2.0 ** (stops / 2.2)
    return picture.point([min(255, round(level * gain)) for level in range(256)] * 3)


def darken_by_gamma(picture: Image.Image, gamma: float, _: np.random.Generator) -> Image.Image:
    """Darken the middle tones: level ** ``gamma``."""
    return picture.point([round(255 * (level / 255) ** gamma) for level in range(256)] * 3)


def add_glare(picture: Image.Image, spots: float, rng: np.random.Generator) -> Image.Image:
    """Put ``spots`` small round reflections around the middle."""
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for _ in range(int(spots)):
        x, y = rng.normal((picture.width / 2, picture.height / 2), picture.height / 8)
        radius_px = float(rng.uniform(0.01, 0.025)) * picture.height
        draw.ellipse([x - radius_px, y - radius_px, x + radius_px, y + radius_px], (252, 252, 252))
    return out.filter(ImageFilter.GaussianBlur(0.4))


def flatten(picture: Image.Image, share: float, _: np.random.Generator) -> Image.Image:
    """Take away this share of the contrast, as fog on the lens does."""
    grey = Image.new("RGB", picture.size, (150, 150, 150))
    return Image.blend(picture, grey, share)


def tint(picture: Image.Image, stops: float, rng: np.random.Generator) -> Image.Image:
    """Change red against blue, or green against both, by ``stops``."""
    way = ((0.5, 0.0, -0.5), (-0.5, 0.0, 0.5), (-0.3, 0.6, -0.3))[int(rng.integers(3))]
    curve = [min(255, round(level * 2.0 ** (stops * part))) for part in way for level in range(256)]
    return picture.point(curve)


def shrink_into_skin(picture: Image.Image, share: float, _: np.random.Generator) -> Image.Image:
    """Show the scene at ``share`` of its size in the middle of its own skin: too far away."""
    skin = framing.read_scene(framing.shrink(picture)).skin_rgb
    out = Image.new("RGB", picture.size, tuple(int(level) for level in skin))
    size = (round(picture.width * share), round(picture.height * share))
    small = picture.resize(size, Image.Resampling.BILINEAR)
    edge_px = max(2, min(size) // 6)
    mask = Image.new("L", size, 0)
    mask.paste(255, (edge_px, edge_px, size[0] - edge_px, size[1] - edge_px))
    mask = mask.filter(ImageFilter.BoxBlur(edge_px / 2))
    out.paste(small, ((out.width - size[0]) // 2, (out.height - size[1]) // 2), mask)
    return out


def downscale(picture: Image.Image, share: float, _: np.random.Generator) -> Image.Image:
    """Keep this share of the pixels along each side: a thumbnail."""
    size = (max(8, round(picture.width * share)), max(8, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.BILINEAR)


def add_noise(picture: Image.Image, levels: float, rng: np.random.Generator) -> Image.Image:
    """Add a sensor's noise with a standard deviation of ``levels``."""
    values = np.asarray(picture, dtype=np.float32)
    values = values + rng.standard_normal(values.shape, dtype=np.float32) * levels
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def add_hair(picture: Image.Image, count: float, rng: np.random.Generator) -> Image.Image:
    """Draw ``count`` straight dark hairs across the middle."""
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for _ in range(int(count)):
        angle_rad = float(rng.uniform(0.0, math.pi))
        x, y = rng.normal((picture.width / 2, picture.height / 2), picture.height / 5)
        along = np.array([math.cos(angle_rad), math.sin(angle_rad)]) * picture.width / 2
        draw.line([x - along[0], y - along[1], x + along[0], y + along[1]], (35, 25, 20), 1)
    return out


def draw_pen(picture: Image.Image, width_px: float, _: np.random.Generator) -> Image.Image:
    """Draw a purple ring of ``width_px`` around the middle."""
    out = picture.copy()
    w, h = picture.size
    box = [w / 2 - 0.4 * h, 0.1 * h, w / 2 + 0.4 * h, 0.9 * h]
    ImageDraw.Draw(out).ellipse(box, outline=(70, 45, 140), width=int(width_px))
    return out.filter(ImageFilter.GaussianBlur(0.5))


def draw_ruler(picture: Image.Image, gap_px: float, _: np.random.Generator) -> Image.Image:
    """Draw dark ticks every ``gap_px`` along the lower side."""
    out = picture.copy()
    draw = ImageDraw.Draw(out)
    for index in range(int(picture.width / gap_px)):
        x = round(index * gap_px)
        length_px = picture.height * (0.12 if index % 5 == 0 else 0.08)
        draw.line([x, picture.height - length_px, x, picture.height], (20, 20, 20), 1)
    return out


_Q = QualityIssue
DEGRADATIONS = (
    Degradation("Gaussian blur", "sigma, px", (0.75, 1.5, 3.0), gaussian_blur,
                "detail_best", -1, _Q.BLUR),
    Degradation("motion blur", "path, px", (3.0, 6.0, 12.0), motion_blur,
                "detail_worst", -1, _Q.MOTION),
    Degradation("underexposure", "stops", (-1.0, -3.0, -5.0), expose, "brightness", -1, _Q.DARK),
    Degradation("gamma", "exponent", (1.5, 2.5, 4.0), darken_by_gamma,
                "brightness", -1, _Q.DARK),
    Degradation("overexposure", "stops", (1.0, 2.0, 3.0), expose, "burnt_share", 1, _Q.BRIGHT),
    Degradation("glare", "spots", (2.0, 6.0, 15.0), add_glare, "glare_share", 1, _Q.GLARE),
    Degradation("fog", "contrast lost", (0.5, 0.8, 0.95), flatten, "contrast", -1, _Q.CONTRAST),
    Degradation("colour cast", "stops", (0.3, 0.6, 1.0), tint, "cast_sd", 1, _Q.COLOUR_CAST),
    Degradation("too far", "size", (0.5, 0.25, 0.12), shrink_into_skin,
                "size_share", -1, _Q.TOO_FAR),
    Degradation("downscaling", "size", (0.5, 0.25, 0.12), downscale,
                "lesion_px", -1, _Q.TOO_SMALL),
    Degradation("hair", "hairs", (5.0, 20.0, 60.0), add_hair, "hair_share", 1, _Q.HAIR),
    Degradation("pen", "width, px", (2.0, 4.0), draw_pen, "ink_share", 1, _Q.MARKER),
    Degradation("ruler", "gap, px", (6.0, 10.0, 16.0), draw_ruler,
                "tick_strength", 1, _Q.MARKER),
    Degradation("noise", "levels", (4.0, 10.0, 20.0), add_noise, "detail_best", -1, _Q.BLUR),
)  # fmt: skip


def auc(clean: Sequence[float], spoilt: Sequence[float], sign: int) -> float | None:
    """Return the area under the curve of a gauge that should tell spoilt pictures from clean."""
    truth = np.repeat([False, True], [len(clean), len(spoilt)])
    return area_under_curve(truth, sign * np.array([*clean, *spoilt], dtype=float)).value


def _values(measured: list[gauges.Gauges], gauge: str) -> list[float]:
    """Return a gauge's numbers; a lesion that was not found has no size."""
    return [float(getattr(g, gauge) or 0.0) for g in measured]


def study_degradation(
    degradation: Degradation, frames: list[Image.Image], clean: list[gauges.Gauges]
) -> list[dict[str, object]]:
    """Return, for each grade, the gauge's AUC against clean pictures, and the rates."""
    rows: list[dict[str, object]] = []
    rng = np.random.default_rng(SEED)
    for grade in degradation.grades:
        spoilt = [gauges.measure(degradation.change(frame, grade, rng)) for frame in frames]
        findings = [judge(g) for g in spoilt]
        rows.append(
            {
                "grade": grade,
                "n": len(frames),
                "auc": auc(
                    _values(clean, degradation.gauge),
                    _values(spoilt, degradation.gauge),
                    degradation.sign,
                ),
                "found": _share([any(f.issue is degradation.issue for f in fs) for fs in findings]),
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
    """Study one split: ``sample`` pictures of each modality are spoilt."""
    records = [r for r in read_records(data) if r.split is split]
    rng = np.random.default_rng(SEED)
    result: dict[str, object] = {"split": split, "clean": {}, "degradations": {}}
    tones: dict[str, list[gauges.Gauges]] = {"0-2, darker": [], "3-5, lighter": []}
    for name, ways in (("dermoscopic", (Modality.DERMOSCOPIC,)), ("camera", CAMERA)):
        pool = [record for record in records if record.modality in ways]
        order = rng.permutation(len(pool))[:clean_sample]
        chosen = [pool[index] for index in order]
        frames = _frames(data, chosen)
        measured = [gauges.measure(frame) for frame in frames]
        result["clean"][name] = study_clean(measured)  # type: ignore[index]
        for record, g in zip(chosen, measured, strict=True):
            if record.source == "milk10k" and record.skin_tone is not None:
                tones["0-2, darker" if record.skin_tone <= 2 else "3-5, lighter"].append(g)
        for degradation in DEGRADATIONS:
            rows = study_degradation(degradation, frames[:sample], measured[:sample])
            entry = result["degradations"].setdefault(  # type: ignore[attr-defined]
                degradation.name,
                {"unit": degradation.unit, "gauge": degradation.gauge, "issue": degradation.issue},
            )
            entry[name] = rows
    result["skin_tones_milk10k"] = {
        tone: {"n": len(found), "refused": _share([is_refused(judge(g)) for g in found])}
        for tone, found in tones.items()
    }
    result["framing"] = study_framing(data, records)
    return result


def main() -> None:
    """Study the gauges on a split, and write the document."""
    parser = argparse.ArgumentParser(
        prog="python -m training.studies.gauge_study",
        description=main.__doc__,
        epilog="Needs numpy, Pillow and the pictures (--data).",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--split", type=Split, default=Split.TEST)
    parser.add_argument("--sample", type=int, default=100, help="pictures a modality to spoil")
    parser.add_argument("--clean", type=int, default=500, help="clean pictures a modality")
    parser.add_argument("--out", type=Path, default=DOCS)
    given = parser.parse_args()
    result = run(given.data, given.split, given.sample, given.clean)
    keep(given.out, result)


if __name__ == "__main__":
    main()

"""Can this picture be judged? From gauges to findings, each with one remedy.

``judge`` compares what ``lentigo.picture.gauges`` measured with thresholds. How often each
threshold is passed: ``docs/generated/quality-gauges.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lentigo.picture.gauges import Gauges


class QualityIssue(StrEnum):
    """One reason why a picture cannot be judged, or should be taken again."""

    BLUR = "blur"
    MOTION = "motion"
    DARK = "dark"
    BRIGHT = "bright"
    GLARE = "glare"
    CONTRAST = "contrast"
    COLOUR_CAST = "colour-cast"
    TOO_SMALL = "too-small"
    TOO_FAR = "too-far"
    TOO_CLOSE = "too-close"
    OFF_CENTRE = "off-centre"
    NO_LESION = "no-lesion"
    SEVERAL_LESIONS = "several-lesions"
    NOT_SKIN = "not-skin"
    UNKNOWN_LESION = "unknown-lesion"
    HAIR = "hair"
    MARKER = "marker"
    COLOUR = "colour"


class Severity(StrEnum):
    """What a finding asks for: another picture, or a word of warning beside the answer."""

    REFUSE = "refuse"
    WARN = "warn"


class Remedy(StrEnum):
    """The one thing to do about a finding; the view has the words."""

    FOCUS_AT_20_CM = "focus-at-20-cm"
    HOLD_STILL = "hold-still"
    MORE_LIGHT = "more-light"
    LESS_LIGHT = "less-light"
    TILT_AWAY_FROM_LIGHT = "tilt-away-from-light"
    CLEAN_LENS = "clean-lens"
    NEUTRAL_LIGHT = "neutral-light"
    IN_COLOUR = "in-colour"
    ORIGINAL_PHOTO = "original-photo"
    ZOOM_IN = "zoom-in"
    MOVE_AWAY = "move-away"
    CENTRE = "centre"
    SHOW_LESION = "show-lesion"
    ONE_LESION = "one-lesion"
    PART_HAIR = "part-hair"
    REMOVE_MARKS = "remove-marks"
    KNOWN_SPOT = "known-spot"


@dataclass(frozen=True)
class Thresholds:
    """From where a gauge is a finding; the units are those of ``Gauges``.

    All are ours. Those of the gauges that refuse were set on `val` so that few clean pictures
    are refused, and blur and motion where the model begins to lose; the rates on
    `test` are in docs/generated/quality-gauges.md. Dim only warns: some pictures of dark skin in
    good light are as dark.
    Those of colour and of a second spot, and the warnings of casts, marks and what is cut off, were
    set together on `val` (training/studies/natural_changes.py): few urgent melanomas fall to
    ``low``, and no more clean pictures warn than before.
    """

    blur_below_detail: float = 0.11
    blocks_above_edges: float = 1.75
    motion_below_detail: float = 0.095
    motion_above_shift: float = 0.04
    dark_below_luma: float = 55.0
    dim_below_luma: float = 80.0
    bright_above_share: float = 0.1
    glare_above_share: float = 0.01
    contrast_below_levels: float = 15.0
    no_colour_below_spread: float = 0.6
    faded_above: float = -0.3
    cast_above_sd: float = 3.5
    small_below_px: float = 20.0
    far_below_share: float = 0.15
    close_above_cut_share: float = 0.6
    off_centre_above: float = 0.8
    lesion_below_contrast: float = 4.0
    several_above_others: float = 0.0
    beside_above_share: float = 0.1
    hair_above_share: float = 0.095
    ink_above_share: float = 0.03
    ticks_above_strength: float = 0.8


THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Finding:
    """One gauge beyond its threshold, in the gauge's unit. ``value`` is ``None`` where absent."""

    issue: QualityIssue
    value: float | None
    threshold: float
    severity: Severity
    remedy: Remedy


@dataclass(frozen=True)
class _Rule:
    issue: QualityIssue
    value: float | None
    threshold: float
    broken: bool
    severity: Severity
    remedy: Remedy


def judge(gauges: Gauges, thresholds: Thresholds = THRESHOLDS) -> tuple[Finding, ...]:
    """Name what is wrong with a measured picture, refusals first; empty when fine.

    Without light there is no detail to speak of, so too dark and too bright stand for blur,
    contrast and colour as well.
    """
    found = [
        Finding(rule.issue, rule.value, rule.threshold, rule.severity, rule.remedy)
        for rule in (*_rules_of_light(gauges, thresholds), *_rules_of_framing(gauges, thresholds))
        if rule.broken
    ]
    refused = {finding.issue for finding in found if finding.severity is Severity.REFUSE}
    if refused & {QualityIssue.DARK, QualityIssue.BRIGHT}:
        found = [finding for finding in found if finding.issue not in _FOLLOW_FROM_LIGHT]
    elif QualityIssue.BLUR in refused:
        # Everything blurred is blurred along every direction: one remedy is enough.
        moved = gauges.shift_share is not None and (
            gauges.shift_share > thresholds.motion_above_shift
        )
        found = [f for f in found if moved or f.issue is not QualityIssue.MOTION]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.REFUSE))


def is_refused(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a picture gets no answer."""
    return any(finding.severity is Severity.REFUSE for finding in findings)


_FOLLOW_FROM_LIGHT = {
    QualityIssue.BLUR,
    QualityIssue.MOTION,
    QualityIssue.CONTRAST,
    QualityIssue.COLOUR_CAST,
    QualityIssue.COLOUR,
    QualityIssue.NO_LESION,
}


def _above(value: float | None, threshold: float) -> bool:
    return value is not None and value > threshold


def _below(value: float | None, threshold: float) -> bool:
    return value is not None and value < threshold


def _rules_of_light(g: Gauges, t: Thresholds) -> tuple[_Rule, ...]:
    refuse, warn = Severity.REFUSE, Severity.WARN
    issue, remedy = QualityIssue, Remedy
    moving = _above(g.shift_share, t.motion_above_shift)
    motion = (
        (g.shift_share, t.motion_above_shift) if moving else (g.detail_worst, t.motion_below_detail)
    )
    ink = g.ink_share > t.ink_above_share
    dark_below = t.dark_below_luma if g.brightness < t.dark_below_luma else t.dim_below_luma
    marker = (g.ink_share, t.ink_above_share) if ink else (g.tick_strength, t.ticks_above_strength)
    blurred = g.detail_best < t.blur_below_detail
    blur = (
        _Rule(issue.BLUR, g.detail_best, t.blur_below_detail, True, refuse, remedy.FOCUS_AT_20_CM)
        if blurred
        # What heavy compression has taken away.
        else _Rule(issue.BLUR, g.block_edges, t.blocks_above_edges,
                   g.block_edges > t.blocks_above_edges, warn, remedy.ORIGINAL_PHOTO)
    )  # fmt: skip
    colourless = g.colour_spread < t.no_colour_below_spread
    colour = (g.colour_spread, t.no_colour_below_spread) if colourless else (g.fade, t.faded_above)
    return (
        blur,
        _Rule(issue.MOTION, *motion, moving or g.detail_worst < t.motion_below_detail,
              refuse, remedy.HOLD_STILL),
        _Rule(issue.DARK, g.brightness, dark_below, g.brightness < dark_below,
              refuse if g.brightness < t.dark_below_luma else warn, remedy.MORE_LIGHT),
        _Rule(issue.BRIGHT, g.burnt_share, t.bright_above_share,
              g.burnt_share > t.bright_above_share, refuse, remedy.LESS_LIGHT),
        _Rule(issue.GLARE, g.glare_share, t.glare_above_share,
              g.glare_share > t.glare_above_share, warn, remedy.TILT_AWAY_FROM_LIGHT),
        _Rule(issue.CONTRAST, g.contrast, t.contrast_below_levels,
              g.contrast < t.contrast_below_levels, refuse, remedy.CLEAN_LENS),
        _Rule(issue.COLOUR, *colour, colourless or g.fade > t.faded_above,
              refuse if colourless else warn, remedy.IN_COLOUR),
        _Rule(issue.COLOUR_CAST, g.cast_sd, t.cast_above_sd,
              g.cast_sd > t.cast_above_sd, warn, remedy.NEUTRAL_LIGHT),
        _Rule(issue.HAIR, g.hair_share, t.hair_above_share,
              g.hair_share > t.hair_above_share, warn, remedy.PART_HAIR),
        _Rule(issue.MARKER, *marker, ink or g.tick_strength > t.ticks_above_strength,
              warn, remedy.REMOVE_MARKS),
    )  # fmt: skip


def _rules_of_framing(g: Gauges, t: Thresholds) -> tuple[_Rule, ...]:
    refuse, warn = Severity.REFUSE, Severity.WARN
    issue, remedy = QualityIssue, Remedy
    beside = g.beside_share > t.beside_above_share
    second = (
        (g.beside_share, t.beside_above_share)
        if beside
        else (float(g.others), t.several_above_others)
    )
    several = _Rule(
        issue.SEVERAL_LESIONS,
        *second,
        beside or g.others > t.several_above_others,
        warn,
        remedy.ONE_LESION,
    )
    if g.lesion_contrast is None or g.lesion_contrast < t.lesion_below_contrast:
        # What is not found has no size and no place.
        return (
            _Rule(issue.NO_LESION, g.lesion_contrast, t.lesion_below_contrast, True, warn,
                  remedy.SHOW_LESION),
            several,
        )  # fmt: skip
    return (
        _Rule(issue.TOO_SMALL, g.lesion_px, t.small_below_px,
              _below(g.lesion_px, t.small_below_px), refuse, remedy.ORIGINAL_PHOTO),
        _Rule(issue.TOO_FAR, g.size_share, t.far_below_share,
              _below(g.size_share, t.far_below_share), warn, remedy.ZOOM_IN),
        _Rule(issue.TOO_CLOSE, g.cut_share, t.close_above_cut_share,
              _above(g.cut_share, t.close_above_cut_share), warn, remedy.MOVE_AWAY),
        _Rule(issue.OFF_CENTRE, g.offset, t.off_centre_above,
              _above(g.offset, t.off_centre_above), warn, remedy.CENTRE),
        several,
    )  # fmt: skip

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lentigo.picture.gauges import Gauges, measure
from lentigo.picture.quality import QualityIssue, Severity, is_refused, judge


def issues_of(picture: Image.Image) -> set[QualityIssue]:
    return {finding.issue for finding in judge(measure(picture))}


@pytest.mark.parametrize(
    ("level", "issue"),
    [(5, QualityIssue.DARK), (128, QualityIssue.CONTRAST), (252, QualityIssue.BRIGHT)],
)
def test_a_uniform_picture_is_refused_for_its_reason(level: int, issue: QualityIssue) -> None:
    picture = Image.new("RGB", (224, 224), (level,) * 3)
    assert issue in issues_of(picture)
    assert is_refused(judge(measure(picture)))


@pytest.mark.parametrize("skin", [(210, 170, 150), (150, 104, 78)])
def test_a_spot_on_light_or_dark_skin_has_light_and_contrast(skin: tuple[int, int, int]) -> None:
    pixels = np.full((224, 224, 3), skin, dtype=np.uint8)
    pixels[80:140, 80:140] = (40, 22, 18)
    light = {QualityIssue.DARK, QualityIssue.BRIGHT, QualityIssue.CONTRAST}
    assert light.isdisjoint(issues_of(Image.fromarray(pixels)))


FINE = Gauges(
    detail_best=0.3,
    detail_worst=0.2,
    shift_share=0.0,
    brightness=140.0,
    burnt_share=0.0,
    glare_share=0.0,
    contrast=80.0,
    cast_sd=1.0,
    lesion_px=200.0,
    size_share=0.4,
    offset=0.1,
    cut_share=0.0,
    lesion_contrast=20.0,
    others=0,
    beside_share=0.0,
    block_edges=1.0,
    colour_spread=4.0,
    fade=-1.5,
    hair_share=0.0,
    ink_share=0.0,
    tick_strength=0.0,
)


def test_a_good_picture_has_no_findings() -> None:
    assert judge(FINE) == ()


@pytest.mark.parametrize(
    ("gauge", "value", "issue", "severity"),
    [
        ("detail_worst", 0.0, QualityIssue.MOTION, Severity.REFUSE),
        ("shift_share", 0.2, QualityIssue.MOTION, Severity.REFUSE),
        ("detail_best", 0.0, QualityIssue.BLUR, Severity.REFUSE),
        ("brightness", 3.0, QualityIssue.DARK, Severity.REFUSE),
        ("burnt_share", 0.9, QualityIssue.BRIGHT, Severity.REFUSE),
        ("contrast", 1.0, QualityIssue.CONTRAST, Severity.REFUSE),
        ("lesion_px", 5.0, QualityIssue.TOO_SMALL, Severity.REFUSE),
        ("glare_share", 0.5, QualityIssue.GLARE, Severity.WARN),
        ("cast_sd", 9.0, QualityIssue.COLOUR_CAST, Severity.WARN),
        ("size_share", 0.01, QualityIssue.TOO_FAR, Severity.WARN),
        ("cut_share", 0.9, QualityIssue.TOO_CLOSE, Severity.WARN),
        ("offset", 1.2, QualityIssue.OFF_CENTRE, Severity.WARN),
        ("others", 1, QualityIssue.SEVERAL_LESIONS, Severity.WARN),
        ("beside_share", 0.3, QualityIssue.SEVERAL_LESIONS, Severity.WARN),
        ("block_edges", 4.0, QualityIssue.BLUR, Severity.WARN),
        ("colour_spread", 0.1, QualityIssue.COLOUR, Severity.REFUSE),
        ("fade", 1.0, QualityIssue.COLOUR, Severity.WARN),
        ("hair_share", 0.5, QualityIssue.HAIR, Severity.WARN),
        ("ink_share", 0.5, QualityIssue.MARKER, Severity.WARN),
        ("tick_strength", 0.95, QualityIssue.MARKER, Severity.WARN),
        ("lesion_contrast", None, QualityIssue.NO_LESION, Severity.WARN),
    ],
)
def test_each_gauge_has_its_finding(
    gauge: str, value: float | None, issue: QualityIssue, severity: Severity
) -> None:
    (finding,) = judge(replace(FINE, **{gauge: value}))  # type: ignore[arg-type]
    assert (finding.issue, finding.severity, finding.value) == (issue, severity, value)


def test_in_the_dark_the_only_remedy_is_light() -> None:
    dark = replace(FINE, brightness=5.0, detail_best=0.0, detail_worst=0.0, contrast=2.0)
    assert [finding.issue for finding in judge(dark)] == [QualityIssue.DARK]


def test_a_blurred_picture_is_not_called_moved_as_well() -> None:
    blurred = replace(FINE, detail_best=0.01, detail_worst=0.01)
    assert [finding.issue for finding in judge(blurred)] == [QualityIssue.BLUR]


def test_a_moved_picture_is_refused_however_it_was_compressed() -> None:
    findings = judge(replace(FINE, detail_worst=0.01, block_edges=4.0))
    assert [finding.issue for finding in findings] == [QualityIssue.MOTION, QualityIssue.BLUR]
    assert is_refused(findings)


def test_refusals_come_before_warnings() -> None:
    findings = judge(replace(FINE, glare_share=0.5, lesion_px=2.0))
    assert [f.severity for f in findings] == [Severity.REFUSE, Severity.WARN]
    assert is_refused(findings)
    assert not is_refused(findings[1:])


def test_a_lesion_that_was_not_found_has_no_size_or_place() -> None:
    lost = replace(FINE, lesion_contrast=1.0, size_share=0.01, offset=1.9, lesion_px=1.0)
    assert [finding.issue for finding in judge(lost)] == [QualityIssue.NO_LESION]


def test_dim_light_warns_and_hides_no_other_fault_while_darkness_does() -> None:
    dim = judge(replace(FINE, brightness=70.0, detail_best=0.05))
    assert [(f.issue, f.severity) for f in dim] == [
        (QualityIssue.BLUR, Severity.REFUSE),
        (QualityIssue.DARK, Severity.WARN),
    ]
    dark = judge(replace(FINE, brightness=40.0, detail_best=0.05))
    assert [(f.issue, f.severity) for f in dark] == [(QualityIssue.DARK, Severity.REFUSE)]

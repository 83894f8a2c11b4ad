"""What is shown is what is judged: far spots are cropped to, second spots are named."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lentigo.picture.examination import examine, examine_frame
from lentigo.picture.framing import FAR_BELOW_SHARE
from lentigo.picture.quality import QualityIssue, Severity
from training.pictures.phone import beside, elsewhere, from_afar
from training.pictures.synthetic import Look, draw_lesion

DRAWN = draw_lesion(7, 224, Look.ASYMMETRIC_DARK, tone=0)
MOLE = draw_lesion(8, 224, Look.EVEN_BROWN, tone=0)


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def issues_of(picture: Image.Image) -> set[QualityIssue]:
    return {finding.issue for finding in examine(picture).findings}


def test_a_far_spot_is_cropped_to_where_the_photo_has_the_pixels() -> None:
    far = from_afar(DRAWN, 1 / 4, rng())
    assert far.width == 896
    seen = examine(far)
    side_px = seen.box.right_px - seen.box.left_px
    assert 224 <= side_px < 0.5 * far.width
    middle_px = (seen.box.left_px + seen.box.right_px) / 2
    assert middle_px == pytest.approx(far.width / 2, abs=0.05 * far.width)
    share = seen.observation.gauges.size_share
    assert share is not None
    assert share > FAR_BELOW_SHARE
    assert QualityIssue.TOO_FAR not in issues_of(far)


def test_the_square_that_is_shown_is_the_square_that_is_judged() -> None:
    seen = examine(from_afar(DRAWN, 1 / 4, rng()))
    shown = seen.square(640).resize((224, 224), Image.Resampling.BILINEAR)
    difference = np.asarray(shown, dtype=float) - np.asarray(seen.square(), dtype=float)
    assert np.abs(difference).mean() < 3.0


def test_a_picture_of_the_models_own_size_is_never_cropped() -> None:
    far = from_afar(DRAWN, 1 / 4, rng()).resize((224, 224))
    box = examine(far).box
    assert box.as_tuple() == (0.0, 0.0, 224.0, 224.0)


def test_a_live_frame_is_judged_as_the_preview_shows_it() -> None:
    far = from_afar(DRAWN, 1 / 4, rng())
    assert examine_frame(far, None).box.as_tuple() == (0.0, 0.0, far.width, far.height)


@pytest.mark.parametrize(
    "picture",
    [
        beside(DRAWN, MOLE, rng()),
        elsewhere(DRAWN, MOLE, 16 / 9, rng()),
        elsewhere(DRAWN, MOLE, 3.0, rng()),
    ],
    ids=["side by side", "beside the square of 16:9", "beside the square of 3:1"],
)
def test_two_spots_in_one_picture_are_named(picture: Image.Image) -> None:
    assert QualityIssue.SEVERAL_LESIONS in issues_of(picture)


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize("seed", range(3))
def test_one_drawn_spot_is_one(look: Look, seed: int) -> None:
    assert QualityIssue.SEVERAL_LESIONS not in issues_of(draw_lesion(seed, 320, look))


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize("tone", range(5))
def test_no_lesion_lacks_colour_for_its_look_or_its_skin(look: Look, tone: int) -> None:
    findings = examine(draw_lesion(4, 320, look, tone=tone)).findings
    refused = {f.issue for f in findings if f.severity is Severity.REFUSE}
    assert QualityIssue.COLOUR not in refused

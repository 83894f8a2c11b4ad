import numpy as np
import pytest
from PIL import Image

from lentigo.quality import QualityIssue, find_issues


@pytest.mark.parametrize(
    ("level", "issues"),
    [
        (5, (QualityIssue.DARK,)),
        (128, (QualityIssue.CONTRAST,)),
        (252, (QualityIssue.BRIGHT,)),
    ],
)
def test_a_uniform_picture_is_refused_for_its_reason(
    level: int, issues: tuple[QualityIssue, ...]
) -> None:
    assert find_issues(Image.new("RGB", (224, 224), (level,) * 3)) == issues


def test_a_spot_on_skin_is_fine() -> None:
    pixels = np.full((224, 224, 3), (210, 170, 150), dtype=np.uint8)
    pixels[80:140, 80:140] = (90, 50, 40)
    assert find_issues(Image.fromarray(pixels)) == ()


def test_dark_skin_in_dim_light_is_not_refused_as_dark() -> None:
    pixels = np.full((224, 224, 3), (62, 42, 34), dtype=np.uint8)
    pixels[80:140, 80:140] = (25, 16, 14)
    assert find_issues(Image.fromarray(pixels)) == ()

"""The study of repeated photos: its counts, worked out by hand, and its page."""

import json

import numpy as np
import pytest

from lentigo.spots.comparison.alignment import Alignment, NotAligned, Reason
from lentigo.spots.comparison.change import ChangeCode, judge
from lentigo.spots.comparison.compare import Comparison
from lentigo.spots.comparison.measure import Measured
from lentigo.spots.comparison.similarity import Similarity
from lentigo.spots.comparison.twin import Twin
from training.pictures.changed_spots import Kind
from training.pictures.data import Modality, Record, Split
from training.studies import repeat_photos_document, spot_shapes
from training.studies.repeat_photos import (
    Warped,
    error_figures,
    has_skin_around,
    reasons,
    repeat_figures,
    several,
    stranger_figures,
    warped_figures,
)

FITS = Alignment(Similarity(), False, 0.8)


def compared(area_ratio: float | None, mirrored: bool = False) -> Comparison:
    sectors = None if area_ratio is None else (area_ratio - 1.0,) * 8
    one_sided = None if area_ratio is None else 0.0
    measured = Measured(area_ratio, sectors, one_sided, (0.0, 3.0, 4.0), 1.0, 0.0, 0.0, ())
    return Comparison(None, Alignment(Similarity(), mirrored, 0.8), judge(measured))


APART = Comparison(None, NotAligned(Reason.LITTLE_SKIN), None)
SAME = Comparison(Twin.SAME, None, None)
GREW, STAYED, CUT = compared(1.3), compared(1.0), compared(None)


def test_repeats_count_what_fits_and_what_is_claimed() -> None:
    figures = repeat_figures([GREW, STAYED, CUT, compared(0.7), APART, SAME])
    assert figures == {
        "pairs": 6,
        "aligned": 4,
        "not_aligned": {"little-skin": 1, "same-photo": 1},
        "mirrored": 0,
        "whole": 3,
        "claims": {str(ChangeCode.GREW): 1, str(ChangeCode.SHRANK): 1},
        "any_claim": 2,
        "any_concern": 1,
    }


def test_errors_are_quantiles_over_the_pairs_that_fit() -> None:
    figures = error_figures([STAYED, STAYED, APART, CUT])
    assert figures["pairs"] == 3
    assert figures["quantiles"]["growth_log"] == [0.0] * 5
    assert figures["quantiles"]["colour_lab"] == [5.0] * 5


def test_strangers_that_fit_are_counted() -> None:
    found = [APART, STAYED, compared(1.0, mirrored=True)]
    assert stranger_figures(found) == {"pairs": 3, "aligned": 2, "mirrored": 1}


def test_growth_is_told_of_those_whose_area_is_known() -> None:
    found = [Warped(one, False, 1.0, 0.5) for one in (GREW, STAYED, CUT)] + [Warped(APART, False)]
    figures = warped_figures(found, Kind.GROWN)
    assert (figures["pairs"], figures["aligned"], figures["right_way_round"]) == (4, 3, 3)
    assert (figures["measurable"], figures["told"]) == (2, 1)
    assert figures["error_px"] == [1.0, 1.0, 1.0]


def test_a_photo_lined_up_the_wrong_way_round_has_no_error_in_pixels() -> None:
    figures = warped_figures([Warped(STAYED, True, 99.0, 180.0)], Kind.MIRRORED)
    assert (figures["aligned"], figures["right_way_round"], figures["error_px"]) == (1, 0, [])
    assert figures["told"] is None


def test_reasons_are_of_those_that_do_not_fit() -> None:
    assert reasons([GREW, APART, APART]) == {"little-skin": 2}


@pytest.mark.parametrize(
    ("box", "enough"),
    [((3, 7, 3, 7), True), ((0, 4, 3, 7), False), ((1, 9, 1, 9), False), ((0, 0, 0, 0), False)],
)
def test_a_spot_has_skin_around_it(box: tuple[int, int, int, int], enough: bool) -> None:
    mask = np.zeros((10, 10), dtype=bool)
    mask[box[0] : box[1], box[2] : box[3]] = True
    assert has_skin_around(mask) is enough


def test_only_lesions_with_several_pictures_repeat() -> None:
    def record(group: str, number: int, source: str = "ham10000") -> Record:
        name = f"{source}/{group}{number}.jpg"
        return Record(source, name, group, None, Modality.DERMOSCOPIC, 1.0, Split.VAL, "")

    found = several([record("a", 1), record("a", 2), record("b", 1), record("c", 1, "milk10k")])
    assert [[one.group for one in of] for of in found] == [["a", "a"]]


def test_the_page_is_what_the_study_writes() -> None:
    document = json.loads(repeat_photos_document.DATA.read_text(encoding="utf-8"))
    written = repeat_photos_document.PAGE.read_text(encoding="utf-8")
    assert written == repeat_photos_document.generate(document)


def test_the_page_of_shapes_and_what_the_program_shows_are_what_their_study_writes() -> None:
    document = json.loads(spot_shapes.DATA.read_text(encoding="utf-8"))
    assert spot_shapes.PAGE.read_text(encoding="utf-8") == spot_shapes.generate(document)
    assert spot_shapes.MODULE.read_text(encoding="utf-8") == spot_shapes.module(document)


def test_a_criterion_that_fails_in_one_set_is_not_shown() -> None:
    document = json.loads(spot_shapes.DATA.read_text(encoding="utf-8"))
    assert "Criterion.BORDER" in spot_shapes.module(document)
    document["val"]["MILK10k, dermoscopic"]["auc"]["border"]["value"] = 0.64
    assert "Criterion.BORDER" not in spot_shapes.module(document)

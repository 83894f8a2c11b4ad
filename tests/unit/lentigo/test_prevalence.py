"""Natural frequencies, on shares whose counts can be worked out by hand."""

import pytest

from lentigo.prevalence import MALIGNANCY, MELANOMA, SOURCES, natural_frequencies


def test_of_1000_people_with_one_sick_in_ten_the_counts_follow_from_the_shares() -> None:
    counted = natural_frequencies(sensitivity=0.9, specificity=0.8, prevalence=0.1)
    assert (counted.caught, counted.missed) == (90, 10)
    assert (counted.false_alarms, counted.rightly_spared) == (180, 720)
    assert (counted.sick, counted.alarms) == (100, 270)


@pytest.mark.parametrize("share", [0.0, 0.005, 0.333, 0.9995, 1.0])
def test_the_four_counts_add_up_however_they_are_rounded(share: float) -> None:
    counted = natural_frequencies(share, share, MALIGNANCY.value)
    parts = (counted.caught, counted.missed, counted.false_alarms, counted.rightly_spared)
    assert sum(parts) == 1000
    assert min(parts) >= 0


def test_a_percentage_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="specificity"):
        natural_frequencies(0.9, 80, 0.1)


def test_the_declared_prevalences_name_their_source() -> None:
    for prevalence in (MALIGNANCY, MELANOMA):
        assert 0 < prevalence.value < 0.5
        assert "20" in prevalence.source
        assert SOURCES[prevalence.population] == prevalence.source

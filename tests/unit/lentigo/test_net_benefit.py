"""Net benefit, on shares whose answer can be worked out by hand."""

import pytest

from lentigo.net_benefit import net_benefit, of_everybody, worth_of


def test_a_false_alarm_weighs_what_the_threshold_says() -> None:
    # Of 100 people 10 are sick; 9 are found, and 18 of the others alarmed. At a fifth, four false
    # alarms are worth one find: 9 - 18 / 4 of 100.
    assert net_benefit(0.9, 0.2, 0.1, 0.2) == pytest.approx(0.045)
    assert net_benefit(0.9, 0.2, 0.1, 0.0) == pytest.approx(0.09)


def test_everybody_is_worth_nothing_at_the_prevalence_and_less_beyond() -> None:
    assert of_everybody(0.1, 0.1) == pytest.approx(0.0)
    assert of_everybody(0.1, 0.05) > 0 > of_everybody(0.1, 0.2)


@pytest.mark.parametrize("threshold", [-0.1, 1.0])
def test_a_threshold_that_is_none_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold probability"):
        net_benefit(0.9, 0.2, 0.1, threshold)


def test_an_alarm_is_worth_more_than_both_between_the_risks_of_spared_and_alarmed() -> None:
    # 9 sick of 27 alarmed, 1 of 73 spared.
    worth = worth_of(0.9, 0.2, 0.1)
    assert worth is not None
    assert (worth.low, worth.high) == pytest.approx((1 / 73, 1 / 3))
    assert (worth.fewest_spots, worth.most_spots) == (3, 73)
    for at in (worth.low, worth.high):
        assert net_benefit(0.9, 0.2, 0.1, at) == pytest.approx(max(0.0, of_everybody(0.1, at)))


@pytest.mark.parametrize(
    ("caught", "alarmed"), [(0.2, 0.9), (0.5, 0.5), (0.4, 0.4), (0.0, 0.0), (1.0, 1.0)]
)
def test_an_alarm_that_tells_nothing_has_no_such_range(caught: float, alarmed: float) -> None:
    assert worth_of(caught, alarmed, 0.1) is None


def test_an_alarm_that_misses_nobody_is_worth_more_than_everybody_at_any_threshold() -> None:
    # 10 sick of 28 alarmed.
    worth = worth_of(1.0, 0.2, 0.1)
    assert worth is not None
    assert (worth.low, worth.high) == pytest.approx((0.0, 10 / 28))
    assert (worth.fewest_spots, worth.most_spots) == (3, None)


def test_a_higher_prevalence_moves_the_range_up() -> None:
    rare, common = worth_of(0.9, 0.2, 0.05), worth_of(0.9, 0.2, 0.2)
    assert rare and common
    assert rare.low < common.low
    assert rare.high < common.high

"""The average of two runs' weights."""

import pytest

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from training.fit.average import averaged  # noqa: E402


def test_weights_move_by_the_share_and_counts_are_the_seconds() -> None:
    first = {"weight": torch.tensor([0.0, 4.0]), "count": torch.tensor(3)}
    second = {"weight": torch.tensor([8.0, 0.0]), "count": torch.tensor(7)}
    found = averaged(first, second, 0.25)
    assert found["weight"].tolist() == [2.0, 3.0]
    assert found["count"].item() == 7


def test_two_architectures_are_not_averaged() -> None:
    with pytest.raises(ValueError, match="gate"):
        averaged(
            {"weight": torch.zeros(1)}, {"weight": torch.zeros(1), "gate": torch.zeros(1)}, 0.5
        )

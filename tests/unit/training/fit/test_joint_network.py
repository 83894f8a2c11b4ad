"""The losses of the joint tasks, on answers that can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.fit.recipe import LesionAnswers, Risk, Twins
from training.fit.tasks import NO_LABEL, ORDER, labels_of, sampling_of

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from tests.unit.training.fit.test_train import ALONE, SIZE_PX, recipe, toy  # noqa: E402
from training.fit.batches import Batches, to_input  # noqa: E402
from training.fit.joint_network import (  # noqa: E402
    Targets,
    disagreement,
    loss_of,
    risk_losses,
)
from training.fit.run import start, train_step, turned  # noqa: E402

MEL, BCC, NV = (ORDER.index(d) for d in (Diagnosis.MEL, Diagnosis.BCC, Diagnosis.NV))
UNKNOWN = {name: torch.tensor([NO_LABEL]) for name in ("modality", "lesion", "detail")}


def targets(diagnosis: list[int], weight: list[float], odds: float = 1.0) -> Targets:
    n = len(diagnosis)
    return Targets(
        {"diagnosis": torch.tensor(diagnosis)} | UNKNOWN,
        torch.zeros(n, 7),
        torch.full((n, 2), float(np.log(odds))),
        torch.tensor(weight),
        torch.zeros(n, 7),
    )


def test_who_has_no_opinion_loses_a_bit_whatever_the_weights() -> None:
    found = risk_losses(torch.zeros(4, 2), targets([MEL, BCC, NV, NO_LABEL], [1.0, 5.0, 2.0, 0.0]))
    assert found.tolist() == pytest.approx([np.log(2)] * 2)


def test_a_carcinoma_is_malignant_and_no_melanoma() -> None:
    # Logits of log 3: three in four for a yes.
    found = risk_losses(torch.full((1, 2), float(np.log(3))), targets([BCC], [1.0]))
    assert found.tolist() == pytest.approx([-np.log(1 / 4), -np.log(3 / 4)])


def test_what_a_set_has_more_of_needs_no_opinion() -> None:
    # Three in four of the set are melanomas: without an opinion that is the answer.
    found = risk_losses(torch.zeros(1, 2), targets([MEL], [1.0], odds=3.0))
    assert found.tolist() == pytest.approx([-np.log(3 / 4)] * 2)


def test_a_set_of_greater_weight_counts_for_more() -> None:
    logits = torch.tensor([[0.0, 0.0], [float(np.log(3)), 0.0]])
    found = float(risk_losses(logits, targets([MEL, MEL], [1.0, 3.0]))[0])
    assert found == pytest.approx((np.log(2) - 3 * np.log(3 / 4)) / 4)


def test_the_recipe_weighs_the_risks_and_the_lesions_answers() -> None:
    logits = {"diagnosis": torch.zeros(1, 7), "risk": torch.zeros(1, 2)}
    asked = replace(targets([NO_LABEL], [0.0]), answers=torch.eye(7)[:1])
    plan = replace(recipe(1.0), lesion_answers=LesionAnswers(("a",), 0.5))
    assert float(loss_of(plan, logits, asked)) == pytest.approx(0.5 * np.log(7))
    plan = replace(recipe(1.0), risk=Risk(melanoma=0.5, malignancy=0.25))
    found = float(loss_of(plan, logits, targets([MEL], [1.0])))
    assert found == pytest.approx(np.log(7) + 0.75 * np.log(2))


def test_the_same_answers_do_not_disagree_and_others_do() -> None:
    nothing = [1e-9] * 5
    one, other = (torch.log(torch.tensor([[*two, *nothing]])) for two in ((0.5, 0.5), (0.25, 0.75)))
    assert float(disagreement(one, one)) == pytest.approx(0.0)
    # A quarter moves from the one to the other: 0.25 log 2 + 0.25 log 1.5.
    expected = 0.25 * np.log(2) + 0.25 * np.log(1.5)
    assert float(disagreement(one, other)) == pytest.approx(expected, rel=1e-5)


def test_a_turned_picture_is_another_one_with_the_same_pixels() -> None:
    picture = torch.arange(48.0).reshape(1, 3, 4, 4)
    seen = set()
    for _ in range(100):
        out = turned(picture)
        assert sorted(out[0, 0].flatten().tolist()) == picture[0, 0].flatten().tolist()
        seen.add(tuple(out[0, 0].flatten().tolist()))
    assert len(seen) == 7
    assert tuple(picture[0, 0].flatten().tolist()) not in seen


def test_a_step_with_every_loss_moves_the_heads_for_risks() -> None:
    toys = toy()
    labels, sampling = labels_of(toys.records), sampling_of(toys.records)
    plan = replace(
        recipe(1.0),
        risk=Risk(melanoma=1.0, malignancy=1.0),
        twins=Twins(share=0.5, weight=1.0),
        lesion_answers=LesionAnswers((), weight=1.0),
    )
    run = start(plan, 0, ALONE.device)
    pictures, chosen = Batches(plan, toys, sampling).draw(0, SIZE_PX)
    answers = np.full((len(toys.records), 7), 1 / 7, np.float32)
    targets = Targets.of(labels, sampling, chosen, answers)
    # More than the two bits that opinionless heads lose.
    assert train_step(run, plan, to_input(pictures), targets) > 2 * np.log(2)
    assert run.network.risk.weight.abs().sum() > 0.0
    assert not [name for name in run.trunk_average() if "risk" in name]

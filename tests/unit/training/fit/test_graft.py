"""A teacher's blocks land where they belong, and the first stages come near its map."""

from itertools import count
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from training.fit.graft import graft, imitate  # noqa: E402
from training.network import imagenet, model  # noqa: E402


def two() -> tuple[Any, Any]:
    torch.manual_seed(4)
    teacher = model.build(architecture=imagenet.ARCHITECTURE).eval()
    return teacher, model.build(architecture=model.GRAFTED).eval()


def test_every_weight_has_an_origin_and_the_later_blocks_are_the_teachers() -> None:
    teacher, student = two()
    theirs, ours = teacher.state_dict(), student.state_dict()
    made = graft(theirs, ours)
    assert made.keys() == ours.keys()
    assert all(made[name].shape == ours[name].shape for name in ours)
    for name in ("blocks.3.0.conv_dw.weight", "blocks.6.0.bn3.weight", "classifier.bias"):
        assert torch.equal(made[name], theirs[name])


def test_a_fused_kernel_is_the_product_of_the_two_that_it_stands_for() -> None:
    teacher, student = two()
    made = graft(teacher.state_dict(), student.state_dict())
    seen = torch.randn(1, 16, 9, 9)
    block = teacher.blocks[1][0]
    expanded = torch.nn.functional.conv2d(seen, block.conv_pw.weight)
    gain = block.bn1.weight / torch.sqrt(block.bn1.running_var + model.BATCH_NORM_EPSILON)
    wanted = torch.nn.functional.conv2d(
        expanded * gain[:, None, None], block.conv_dw.weight, groups=expanded.shape[1]
    )
    fused = torch.nn.functional.conv2d(seen, made["blocks.1.0.conv_exp.weight"])
    assert torch.allclose(fused, wanted, atol=1e-5)


def test_a_stranger_is_refused() -> None:
    teacher, student = two()
    ours = {**student.state_dict(), "blocks.9.weight": torch.zeros(1)}
    with pytest.raises(ValueError, match=r"blocks\.9"):
        graft(teacher.state_dict(), ours)


def test_the_first_stages_learn_and_the_later_ones_stand_still() -> None:
    teacher, student = two()
    student.load_state_dict(graft(teacher.state_dict(), student.state_dict()))
    before = {name: t.clone() for name, t in student.named_parameters()}
    pictures = torch.rand(2, 3, 32, 32) * 2.0 - 1.0
    steps = count()
    distances = imitate(student, teacher, lambda: pictures, 60.0, lambda: float(next(steps)))
    assert len(distances) == 59
    assert distances[-1] < 0.5 * distances[0]
    changed = {name for name, t in student.named_parameters() if not torch.equal(t, before[name])}
    assert changed
    assert all(
        name.startswith(("conv_stem", "bn1", "blocks.0", "blocks.1", "blocks.2"))
        for name in changed
    )

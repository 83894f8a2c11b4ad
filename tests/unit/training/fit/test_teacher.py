"""A teacher's lesson is learnt from, and ImageNet's weights land where they belong."""

from dataclasses import replace
from pathlib import Path

import pytest

from training.fit.recipe import Distillation
from training.fit.tasks import labels_of, sampling_of

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from tests.unit.training.fit.test_train import ALONE, SIZE_PX, recipe, toy  # noqa: E402
from training.fit.batches import Batches, to_input  # noqa: E402
from training.fit.joint_network import Targets  # noqa: E402
from training.fit.run import start, train_step  # noqa: E402
from training.fit.teacher import Lesson, Teacher, at_size, two_maps  # noqa: E402
from training.network import imagenet, model  # noqa: E402


def teaching(path: Path, logits: float = 1.0, features: float = 1.0) -> Distillation:
    return Distillation(teachers=(str(path),), size_px=64, logits=logits, features=features)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(3)
    path = tmp_path_factory.mktemp("teacher") / "teacher.safetensors"
    network = model.build(architecture=imagenet.ARCHITECTURE)
    model.save(network.state_dict(), path, imagenet.ARCHITECTURE)
    return path


def test_a_checkpoint_says_what_network_it_is(checkpoint: Path) -> None:
    assert model.architecture_of(checkpoint) == imagenet.ARCHITECTURE
    # EfficientNet-Lite has no squeeze-and-excite gates; the released network has.
    assert not [name for name in model.load(checkpoint).state_dict() if ".se." in name]


def test_who_answers_like_the_teacher_loses_only_its_doubt(checkpoint: Path) -> None:
    teacher = Teacher(teaching(checkpoint), ALONE.device)
    shares = torch.tensor([[0.5, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0]])
    middle, last = torch.randn(1, 112, 4, 4), torch.randn(1, 1280, 2, 2)
    lesson = Lesson(shares, (middle, last))
    logits = torch.log(shares.clamp_min(1e-12))
    assert float(teacher.loss(lesson, logits, lesson.features)) == pytest.approx(1.0397, abs=1e-3)
    # The last map everywhere one standard deviation off: half a variance more than the entropy.
    off = (middle, last + last.std(dim=(0, 2, 3), keepdim=True))
    assert float(teacher.loss(lesson, logits, off)) == pytest.approx(1.5397, abs=1e-3)


def test_the_weights_of_a_lesson_are_those_of_the_recipe(checkpoint: Path) -> None:
    maps = torch.randn(2, 112, 4, 4), torch.randn(2, 1280, 2, 2)
    lesson = Lesson(torch.full((2, 7), 1 / 7), maps)
    logits, features = torch.randn(2, 7), (maps[0][..., :2, :2], maps[1][..., :1, :1])

    def loss(how: Distillation) -> float:
        return float(Teacher(how, ALONE.device).loss(lesson, logits, features))

    answers, distance = (loss(teaching(checkpoint, *w)) for w in ((1.0, 0.0), (0.0, 1.0)))
    assert loss(teaching(checkpoint, 0.5, 2.0)) == pytest.approx(0.5 * answers + 2.0 * distance)


def test_a_student_comes_nearer_to_its_teacher_and_the_teacher_stands_still(
    checkpoint: Path,
) -> None:
    toys = toy()
    plan = replace(recipe(1.0), distillation=teaching(checkpoint), learning_rate=1e-3)
    run = start(plan, 0, ALONE.device)
    assert plan.distillation is not None
    teacher = Teacher(plan.distillation, ALONE.device)
    before = {name: t.clone() for name, t in teacher.networks[0].state_dict().items()}
    labels, sampling = labels_of(toys.records), sampling_of(toys.records)
    pictures, chosen = Batches(plan, toys, sampling).draw(0, 64)
    seen = to_input(pictures)
    targets = Targets.of(labels, sampling, chosen)

    def distance() -> float:
        with torch.no_grad():
            answer = run.network(at_size(seen, SIZE_PX))
        return float(teacher.loss(teacher.show(seen), answer["diagnosis"], answer["features"]))

    first = distance()
    for _ in range(12):
        train_step(run, plan, seen, targets, teacher=teacher, size_px=SIZE_PX)
    assert distance() < 0.9 * first
    assert all(torch.equal(t, before[n]) for n, t in teacher.networks[0].state_dict().items())
    # What imitates the teacher is no part of the released network.
    assert not [name for name in run.trunk_average() if "imitation" in name]


def test_the_maps_lead_to_the_networks_own_answer(checkpoint: Path) -> None:
    network = model.load(checkpoint)
    pictures = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        middle, last = two_maps(network, pictures)
        assert torch.equal(network.forward_head(last), network(pictures))
    assert (middle.shape, last.shape) == ((1, 112, 4, 4), (1, 1280, 2, 2))


def test_tensors_are_named_in_order_and_a_stranger_is_refused() -> None:
    ours = {"stem.weight": torch.zeros(2, 3), "bn.bias": torch.zeros(2)}
    theirs = {"_stem.weight": torch.ones(2, 3), "_bn0.bias": torch.ones(2)}
    assert list(imagenet.by_order(theirs, ours)) == list(ours)
    with pytest.raises(ValueError, match="1 tensors cannot fill 2"):
        imagenet.by_order({"_stem.weight": torch.ones(2, 3)}, ours)
    with pytest.raises(ValueError, match=r"_bn0\.weight"):
        imagenet.by_order({"_stem.weight": torch.ones(2, 3), "_bn0.weight": torch.ones(2)}, ours)
    with pytest.raises(ValueError, match=r"_stem\.weight"):
        imagenet.by_order({"_stem.weight": torch.ones(3, 3), "_bn0.bias": torch.ones(2)}, ours)

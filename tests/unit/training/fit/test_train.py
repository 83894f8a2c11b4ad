"""The training loop learns, and goes on where it was interrupted. On drawn lesions."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.fit.recipe import Recipe, Stage, TaskWeights, Twins, read_recipe
from training.fit.tasks import NO_LABEL, labels_of, sampling_of
from training.pictures.augment import Augmentation
from training.pictures.data import Modality, Record, Split
from training.pictures.sets import Sets
from training.pictures.synthetic import Look, draw_lesion

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from training.fit import train  # noqa: E402
from training.fit.batches import Batches, Pictures, to_input  # noqa: E402
from training.fit.joint_network import Targets, loss_of  # noqa: E402
from training.fit.run import start, train_step  # noqa: E402
from training.network import model  # noqa: E402
from training.network.place import Place  # noqa: E402

SIZE_PX = 48
STEPS = 40
CLASSES = {
    Diagnosis.NV: Look.EVEN_BROWN,
    Diagnosis.VASC: Look.RED_LACUNAE,
    Diagnosis.AKIEC: Look.SCALY_PINK,
}


def toy() -> Pictures:
    records, files = [], {}
    for diagnosis, look in CLASSES.items():
        for seed in range(8):
            name = f"toy/{diagnosis}{seed}.jpg"
            buffer = io.BytesIO()
            draw_lesion(seed, 64, look).save(buffer, "PNG")
            files[name] = buffer.getvalue()
            records.append(
                Record("toy", name, name, diagnosis, Modality.CLINICAL, 1.0, Split.TRAIN, "ours")
            )
    return Pictures(records, files)


def recipe(minutes: float) -> Recipe:
    return Recipe(
        network=model.ARCHITECTURE,
        start_from="",
        minutes=minutes,
        batch=16,
        learning_rate=2e-3,
        weight_decay=0.0,
        label_smoothing=0.0,
        mixup_share=0.0,
        drop_rate=0.0,
        drop_path_rate=0.0,
        weight_average=0.9,
        unlabelled_share=0.0,
        camera_share=0.0,
        seed=1,
        threads=1,
        readers=1,
        checkpoint_every_s=1e9,
        evaluations=0,
        task_weights=TaskWeights(modality=0.1, lesion=0.1, detail=0.0),
        stages=(Stage(until=1.0, size_px=SIZE_PX, frozen_blocks=0),),
        augmentation=Augmentation(),
        distillation=None,
        risk=None,
        lesion_answers=None,
        twins=None,
    )


ALONE = Place(0, 1, torch.device("cpu"))


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    pictures = toy()
    first = train.train(recipe(0.01), pictures, tmp_path, ALONE)
    again = train.train(recipe(0.01), pictures, tmp_path, ALONE)
    assert (again.step, again.trained_s) == (first.step, first.trained_s)
    for name, tensor in first.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name]), name
    longer = train.train(recipe(first.trained_s / 60.0 + 0.001), pictures, tmp_path, ALONE)
    assert longer.step > first.step


def test_the_loop_learns_to_tell_drawings_apart() -> None:
    toys = toy()
    labels, sampling = labels_of(toys.records), sampling_of(toys.records)
    batches = Batches(recipe(1.0), toys, sampling)
    run = start(recipe(1.0), len(labels.details), ALONE.device)
    run.network.train()
    for step in range(STEPS):
        pictures, chosen = batches.draw(step, SIZE_PX)
        targets = Targets.of(labels, sampling, chosen)
        train_step(run, recipe(1.0), to_input(pictures), targets)

    # Batch statistics (train mode): the running ones need more steps than a test has.
    unseen = np.stack(
        [
            np.asarray(draw_lesion(seed, SIZE_PX, look))
            for look in CLASSES.values()
            for seed in range(100, 108)
        ]
    )
    with torch.no_grad():
        logits = run.network(to_input(unseen))["diagnosis"]
    expected = np.repeat([list(Diagnosis).index(d) for d in CLASSES], 8)
    assert (logits.argmax(dim=1).numpy() == expected).mean() > 0.8


def test_frozen_blocks_stand_still_and_the_rest_learns() -> None:
    toys = toy()
    labels, sampling = labels_of(toys.records), sampling_of(toys.records)
    run = start(recipe(1.0), 0, ALONE.device)
    run.network.freeze(2)
    before = {name: t.clone() for name, t in run.network.state_dict().items()}
    pictures, chosen = Batches(recipe(1.0), toys, sampling).draw(0, SIZE_PX)
    targets = Targets.of(labels, sampling, chosen)
    train_step(run, recipe(1.0), to_input(pictures), targets)
    moved = {n for n, t in run.network.state_dict().items() if not torch.equal(t, before[n])}
    still = ("trunk.conv_stem", "trunk.bn1", "trunk.blocks.0.", "trunk.blocks.1.")
    assert not [name for name in moved if name.startswith(still)]
    assert {"trunk.classifier.weight", "trunk.blocks.2.0.bn1.running_mean"} <= moved


def test_a_run_can_start_from_a_checkpoint(tmp_path: Path) -> None:
    first = start(recipe(1.0), 0, ALONE.device)
    path = tmp_path / "weights.safetensors"
    model.save(first.trunk_average(), path)
    other = replace(recipe(1.0), start_from=str(path), seed=2)
    again = start(other, 0, ALONE.device).network.trunk.classifier.weight
    # Checkpoints are float16.
    assert torch.allclose(again, first.network.trunk.classifier.weight, atol=1e-3)


def test_what_has_no_label_for_a_task_adds_nothing_to_its_loss() -> None:
    logits = {name: torch.zeros(2, n) for name, n in TASK_SIZES.items()}
    nothing = {name: torch.full((2,), NO_LABEL) for name in TASK_SIZES}
    assert float(loss_of(recipe(1.0), logits, plain_targets(nothing))) == 0.0
    one = nothing | {"diagnosis": torch.tensor([3, NO_LABEL])}
    loss = float(loss_of(recipe(1.0), logits, plain_targets(one)))
    assert loss == pytest.approx(np.log(7))


def plain_targets(of_task: dict[str, Any]) -> Targets:
    """Two pictures of sets without a prior, of which no network was asked."""
    rest = (torch.zeros(2, 7), torch.zeros(2, 2), torch.zeros(2), torch.zeros(2, 7))
    return Targets(of_task, *rest)


TASK_SIZES = {"diagnosis": 7, "modality": 3, "lesion": 2, "detail": 1}


def test_the_recipes_are_read_and_an_unknown_key_is_refused(tmp_path: Path) -> None:
    for path in Path("training/recipes").glob("*.toml"):
        assert read_recipe(path).stages[-1].until == 1.0, path
    text = Path("training/recipes/teacher.toml").read_text(encoding="utf-8")
    (tmp_path / "odd.toml").write_text(text.replace("batch =", "bacth ="), encoding="utf-8")
    with pytest.raises(SystemExit, match="bacth, batch"):
        read_recipe(tmp_path / "odd.toml")
    (tmp_path / "odd.toml").write_text(text.replace("size_px", "side_px"), encoding="utf-8")
    with pytest.raises(SystemExit, match="stages: missing or unknown: side_px, size_px"):
        read_recipe(tmp_path / "odd.toml")
    added = f"{text}\n[augmentation]\nhare_share = 1.0\n"
    (tmp_path / "odd.toml").write_text(added, encoding="utf-8")
    with pytest.raises(SystemExit, match="augmentation: missing or unknown: hare_share"):
        read_recipe(tmp_path / "odd.toml")


def test_a_recipe_names_only_what_it_augments_otherwise(tmp_path: Path) -> None:
    text = Path("training/recipes/teacher.toml").read_text(encoding="utf-8")
    added = "[augmentation]\narea = [0.2, 1.0]\n[twins]\nshare = 0.5\nweight = 2.0"
    (tmp_path / "mine.toml").write_text(f"{text}\n{added}\n", encoding="utf-8")
    found = read_recipe(tmp_path / "mine.toml")
    assert found.augmentation == replace(Augmentation(), area=(0.2, 1.0))
    assert found.twins == Twins(share=0.5, weight=2.0)
    assert found.risk is None


def test_a_recipe_leaves_sets_out_and_takes_more(tmp_path: Path) -> None:
    text = Path("training/recipes/teacher.toml").read_text(encoding="utf-8")
    path = tmp_path / "sets.toml"
    path.write_text(text, encoding="utf-8")
    assert read_recipe(path).sets == Sets((), ())
    path.write_text(f'{text}\n[sets]\nmore = ["ood_more"]\nleft_out = ["isic2017"]\n')
    assert read_recipe(path).sets == Sets(("ood_more",), ("isic2017",))
    path.write_text(f'{text}\n[sets]\nleft_out = ["isic2017"]\n')
    with pytest.raises(SystemExit, match="sets: missing or unknown: more"):
        read_recipe(path)


def test_the_stage_and_the_learning_rate_follow_the_progress() -> None:
    stages = (Stage(0.5, 96, 0), Stage(1.0, 128, 3))
    plan = replace(recipe(1.0), stages=stages)
    assert [plan.stage_at(p).size_px for p in (0.0, 0.49, 0.5, 1.0)] == [96, 96, 128, 128]
    assert plan.learning_rate_at(0.01) == pytest.approx(1e-3, rel=1e-3)
    assert plan.learning_rate_at(1.0) == pytest.approx(0.0, abs=1e-9)


def test_two_processes_under_torchrun_take_the_same_steps(tmp_path: Path) -> None:
    script = tmp_path / "both.py"
    script.write_text(TOGETHER, encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", str(script)]
    environment = os.environ | {"PYTHONPATH": "py:.", "OMP_NUM_THREADS": "1", "OUT": str(tmp_path)}
    subprocess.run(command, check=True, env=environment, capture_output=True, timeout=120)
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1))
    assert first["step"] == second["step"] > 0
    assert torch.equal(first["kernel"], second["kernel"])


TOGETHER = """
import os
from pathlib import Path

import torch

from tests.unit.training.fit.test_train import recipe, toy
from training.fit import train
from training.network.place import Place

place = Place.find()
out = Path(os.environ["OUT"])
run = train.train(recipe(0.02), toy(), out, place)
kernel = run.network.trunk.blocks[0][0].conv.weight.detach()
torch.save({"step": run.step, "kernel": kernel}, out / f"{place.rank}.pt")
torch.distributed.destroy_process_group()
"""

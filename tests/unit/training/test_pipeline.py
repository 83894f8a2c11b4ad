"""What the pipeline would run and why, on a chain of three steps and on the real one."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from training import pipeline
from training.network.model_folder import REPOSITORY
from training.pipeline import Step, chosen, claim, due, keys, steps


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Step, ...]:
    """Learn from the pictures, average in the scratch folder, release."""
    monkeypatch.setattr(pipeline, "REPOSITORY", tmp_path)
    (tmp_path / "labels.csv").write_text("one", encoding="utf-8")
    (tmp_path / "learn.toml").write_text("minutes = 1", encoding="utf-8")
    for name in ("weights", "mean", "model"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return (
        Step("learn", "", ("fit.train",), (), (tmp_path / "learn.toml",), (tmp_path / "weights",)),
        Step("mean", "", ("fit.average",), ("learn",), (), (tmp_path / "mean",), False),
        Step("release", "", ("export",), ("mean",), (), (tmp_path / "model",), False, True),
    )


def test_nothing_is_due_after_a_run(chain: tuple[Step, ...], tmp_path: Path) -> None:
    now = keys(chain, tmp_path)
    assert due(chain, now, now) == {}


def test_a_changed_recipe_makes_all_that_hangs_on_it_due(
    chain: tuple[Step, ...], tmp_path: Path
) -> None:
    before = keys(chain, tmp_path)
    (tmp_path / "learn.toml").write_text("minutes = 2", encoding="utf-8")
    changed = "its inputs have changed"
    assert due(chain, keys(chain, tmp_path), before) == {
        "learn": changed, "mean": changed, "release": changed
    }  # fmt: skip


def test_other_labels_are_another_input_and_another_folder_of_the_same_is_not(
    chain: tuple[Step, ...], tmp_path: Path
) -> None:
    before = keys(chain, tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "labels.csv").rename(tmp_path / "elsewhere/labels.csv")
    assert keys(chain, tmp_path / "elsewhere") == before
    assert keys(chain, tmp_path)["release"] != before["release"]


def test_what_is_not_committed_is_made_only_for_a_step_that_reads_it(
    chain: tuple[Step, ...], tmp_path: Path
) -> None:
    now = keys(chain, tmp_path)
    (tmp_path / "weights").unlink()
    (tmp_path / "mean").unlink()
    assert due(chain, now, now) == {}
    (tmp_path / "model").unlink()
    assert due(chain, now, now) == {
        "learn": "weights is not there", "mean": "mean is not there",
        "release": "model is not there",
    }  # fmt: skip


def test_only_what_is_missing_is_made_again(chain: tuple[Step, ...], tmp_path: Path) -> None:
    now = keys(chain, tmp_path)
    (tmp_path / "model").unlink()
    assert list(due(chain, now, now)) == ["release"]


def test_steps_are_asked_for_by_name(chain: tuple[Step, ...]) -> None:
    assert chosen(chain, None, []) is None
    assert list(chosen(chain, "mean", []) or ()) == ["mean", "release"]
    assert list(chosen(chain, None, ["release", "learn"]) or ()) == ["learn", "release"]
    with pytest.raises(SystemExit, match="there is no step relaese; there are learn, mean"):
        chosen(chain, None, ["relaese"])


def test_a_run_with_other_inputs_is_not_gone_on_with(tmp_path: Path) -> None:
    claim(tmp_path / "run", "one")
    claim(tmp_path / "run", "one")
    with pytest.raises(SystemExit, match="with other or unknown inputs"):
        claim(tmp_path / "run", "two")


def test_every_step_comes_after_those_whose_outputs_it_reads() -> None:
    made: dict[str, str] = {}
    seen: set[str] = set()
    for step in steps():
        assert set(step.after) <= seen, step.name
        seen.add(step.name)
        read = [*step.command]
        for recipe in (path for path in step.reads if step.command[0] == "fit.train"):
            document = tomllib.loads(recipe.read_text(encoding="utf-8"))
            read += [document["start_from"], *document.get("distillation", {}).get("teachers", ())]
        outputs = {path.relative_to(REPOSITORY).as_posix() for path in step.makes}
        for path in set(read) - outputs:
            assert path not in made or made[path] in step.after, f"{step.name} reads {path}"
            assert path in made or not path.endswith(".safetensors"), f"nothing makes {path}"
        made |= dict.fromkeys(outputs, step.name)


def test_every_recipe_but_a_candidate_belongs_to_a_step_and_every_command_is_a_module() -> None:
    chain = steps()
    read = {path for step in chain for path in step.reads}
    # A candidate becomes a step when it is released.
    recipes = (REPOSITORY / "training/recipes").glob("*.toml")
    assert read == {path for path in recipes if not path.name.startswith("candidate-")}
    for step in chain:
        path = REPOSITORY / "training" / f"{step.command[0].replace('.', '/')}.py"
        assert path.is_file(), step.name


def test_what_is_remembered_is_of_committed_steps_whose_outputs_are_there() -> None:
    remembered = json.loads(pipeline.COMMITTED.read_text(encoding="utf-8"))
    committed = {step.name: step for step in steps() if step.committed}
    # The gate's part of that study is of former thresholds, as its page says: it is due.
    assert remembered.keys() == committed.keys() - {"camera-to-label"}
    for name in remembered:
        assert all(path.is_file() for path in committed[name].makes), name


def test_a_dry_run_says_what_it_would_do_and_does_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training.pipeline", "--dry-run", "--only", "card"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "card: write the model card\n      asked for\n      python -m training.card.card" in (
        done.stdout
    )
    assert done.stdout.count("python -m") == 1

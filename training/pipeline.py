"""From pictures to a released model, step by step: ``python -m training.pipeline``.

Each step is a command of its own, which this module runs in a process of its own, in order. A step
is left out while its inputs are those that its outputs were made from: the recipe, the pictures'
labels, its own command, and all of that of the steps before it. ``training/results/pipeline.json``
remembers it for what is committed, the scratch folder for the rest. Programs are not among the
inputs: after a change of one name the steps yourself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.network.model_folder import (
    DEFAULT_CHECKPOINT,
    DEFAULT_DATA,
    DEFAULT_MODEL,
    REPOSITORY,
    RESULTS,
    SCRATCH,
    ModelFolder,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECIPES = REPOSITORY / "training/recipes"
TEACHER = DEFAULT_CHECKPOINT.with_name("teacher-longer.safetensors")
FIRST = DEFAULT_CHECKPOINT.with_name("lentigo-v1.safetensors")
# By step, the key of the inputs that it was last run on: of committed outputs, and of the others.
COMMITTED, LOCAL = RESULTS / "pipeline.json", SCRATCH / "pipeline.json"


@dataclass(frozen=True)
class Step:
    """One command. ``after`` names the steps whose outputs it reads, ``makes`` its own.

    ``reads`` are other files that decide what it makes; with ``pictures`` it is given ``--data``.
    What a step with ``committed`` makes is part of the repository; the rest is made when needed.
    ``run`` is the folder from which an interrupted training goes on.
    """

    name: str
    does: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()
    reads: tuple[Path, ...] = ()
    makes: tuple[Path, ...] = ()
    pictures: bool = True
    committed: bool = False
    run: Path | None = None


def _within(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def weights_of(run: str) -> Path:
    """Return where a training run leaves its weights."""
    return SCRATCH / run / "weights.safetensors"


def _train(name: str, does: str, *after: str, kept: Path | None = None) -> Step:
    config = RECIPES / f"{name}.toml"
    command = ("fit.train", "--config", _within(config), "--run", _within(SCRATCH / name))
    return Step(
        name,
        does,
        (*command, *(("--out", _within(kept)) if kept else ())),
        after,
        (config,),
        (kept or weights_of(name),),
        committed=kept is not None,
        run=SCRATCH / name,
    )


def _average(name: str, first: Path, second: Path, share: float, out: Path, *after: str) -> Step:
    files = ("--first", _within(first), "--second", _within(second))
    return Step(
        name,
        f"average the weights of {after[0]} and, {share:g} of the way, {after[1]}",
        ("fit.average", *files, "--share", f"{share:g}", "--out", _within(out)),
        after,
        makes=(out,),
        pictures=False,
        committed=out in {FIRST, DEFAULT_CHECKPOINT},
    )


def _natural_changes(split: str) -> Step:
    return Step(
        f"natural-changes-{split}",
        f"measure what phones do to urgent melanomas of {split}",
        ("studies.natural_changes", "--split", split),
        ("manifest",),
        makes=(RESULTS / "natural-changes.json",),
        committed=True,
    )


def steps() -> tuple[Step, ...]:
    """Return every step to the released model, in order."""
    folder = ModelFolder.named(DEFAULT_MODEL)
    grafted, averaged, half = (
        SCRATCH / f"{n}.safetensors" for n in ("grafted", "averaged", "half")
    )
    graft = ("fit.graft", "--teacher", _within(TEACHER), "--out", _within(grafted))
    variants = tuple(folder.path / name / "model.json" for name in ("float16", "uint8"))
    return (
        _train("teacher", "teach EfficientNet-Lite0, which knows ImageNet, skin lesions (24 min)"),
        _train("teacher-longer", "go on with more clinical pictures (30 min)", "teacher",
               kept=TEACHER),
        Step("graft", "put the teacher's later blocks into an EfficientNetV2 (3 min)", graft,
             ("teacher-longer",), (RECIPES / "grafted.toml",), (grafted,)),
        _train("grafted", "train it on labels and teacher (24 min)", "graft", "teacher-longer"),
        _train("grafted-longer", "go on with labels alone (80 min)", "grafted"),
        _average("averaged", weights_of("grafted"), weights_of("grafted-longer"), 0.25, averaged,
                 "grafted", "grafted-longer"),
        _train("averaged-longer", "train it on labels, itself and the teacher (38 min)",
               "averaged", "teacher-longer"),
        _average("half", averaged, weights_of("averaged-longer"), 0.5, half,
                 "averaged", "averaged-longer"),
        _train("schooled", "train it on labels and two teachers (64 min)",
               "half", "averaged-longer", "teacher-longer"),
        _average("lentigo-v1", weights_of("schooled"), half, 0.3, FIRST, "schooled", "half"),
        _train("risks", "go on with losses of their own for the risks (80 min)", "lentigo-v1"),
        _average("weights", weights_of("risks"), FIRST, 0.5, DEFAULT_CHECKPOINT,
                 "risks", "lentigo-v1"),
        Step("probes", "answer train and val once, and fit both probes", ("measure.probes",),
             ("weights",)),
        Step("calibrate", "choose temperature, thresholds and what is refused, on val",
             ("fit.calibrate",), ("weights", "probes"), (), (folder.calibration,), committed=True),
        Step("export", "write the TF.js files and golden vectors", ("release.export",),
             ("weights", "probes", "calibrate"), (), (*variants, folder.golden, folder.port),
             committed=True),
        Step("robustness", "measure corrupted pictures of test", ("measure.robustness",),
             ("weights", "probes", "calibrate"), (),
             (SCRATCH / f"robustness-{DEFAULT_MODEL}-test.json",)),
        Step("evaluate", "measure every figure on test", ("measure.evaluate",),
             ("calibrate", "export", "robustness"), (), (folder.evaluation,), committed=True),
        Step("manifest", "put the manifest together", ("release.export", "--manifest-only"),
             ("calibrate", "export", "evaluate"), (), (folder.manifest,), False, True),
        Step("card", "write the model card", ("card.card",), ("manifest",), (),
             (REPOSITORY / "docs/generated/model-card.md",), False, True),
        Step("gauges", "measure what the gauges find in pictures of test",
             ("studies.gauge_study",), (), (), (RESULTS / "quality-gauges.json",),
             committed=True),
        Step("camera-to-label", "measure what stands between camera and label",
             ("studies.camera_to_label",), ("calibrate", "gauges"), (),
             (RESULTS / "quality-gauges.json",), committed=True),
        _natural_changes("val"),
        _natural_changes("test"),
    )  # fmt: skip


def keys(chain: Sequence[Step], data: Path) -> dict[str, str]:
    """Return for each step a key of all that decides what it makes, back to the first recipe."""
    labels = data / "labels.csv"
    found: dict[str, str] = {}
    for step in chain:
        key = hashlib.sha256(" ".join(step.command).encode())
        for path in (*step.reads, *([labels] if step.pictures else [])):
            key.update(path.read_bytes() if path.is_file() else b"missing")
        for before in step.after:
            key.update(found[before].encode())
        found[step.name] = key.hexdigest()[:20]
    return found


def why(step: Step, key: str, ran: Mapping[str, str]) -> str | None:
    """Say why a step's outputs are not those of its inputs; None where they are."""
    missing = [path for path in step.makes if not path.is_file()]
    if missing:
        return f"{_within(missing[0])} is not there"
    if step.name not in ran:
        return "not run yet"
    return None if ran[step.name] == key else "its inputs have changed"


def due(chain: Sequence[Step], now: Mapping[str, str], ran: Mapping[str, str]) -> dict[str, str]:
    """Return why each step must run, by name, in order.

    What is not committed is made only where a step that must run reads it.
    """
    stale = {step.name: why(step, now[step.name], ran) for step in chain}
    needed: set[str] = set()
    for step in reversed(chain):
        if stale[step.name] and (step.committed or step.name in needed):
            needed |= {step.name, *step.after}
    return {name: reason for name, reason in stale.items() if reason and name in needed}


def chosen(chain: Sequence[Step], first: str | None, only: Sequence[str]) -> dict[str, str] | None:
    """Return the steps that were asked for by name, whatever their inputs; None for no wish."""
    names = [step.name for step in chain]
    unknown = {*only, *([first] if first else [])} - set(names)
    if unknown:
        raise SystemExit(f"there is no step {min(unknown)}; there are {', '.join(names)}")
    if not first and not only:
        return None
    wanted = set(only) | set(names[names.index(first) :] if first else [])
    return {name: "asked for" for name in names if name in wanted}


def read_ran() -> dict[str, str]:
    """Return the key of each step's last run, as far as it is remembered."""
    found: dict[str, str] = {}
    for path in (COMMITTED, LOCAL):
        if path.is_file():
            found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def remember(step: Step, key: str) -> None:
    """Note what a step's outputs were made from."""
    path = COMMITTED if step.committed else LOCAL
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    write_json(path, before | {step.name: key})


def claim(run: Path, key: str) -> None:
    """Mark a run's folder with its inputs; ``SystemExit`` where it holds a run on other ones."""
    mark = run / "inputs.txt"
    of = mark.read_text(encoding="utf-8") if mark.is_file() else None
    begun = any((run / name).is_file() for name in ("last.pt", "weights.safetensors"))
    if of != key and (of is not None or begun):
        raise SystemExit(
            f"{run} holds a run with other or unknown inputs: move it away, then run this again"
        )
    run.mkdir(parents=True, exist_ok=True)
    mark.write_text(key, encoding="utf-8")


def main() -> None:
    """Run what must be run, from pictures to the released model; an interrupted run goes on."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pipeline",
        description=main.__doc__,
        epilog="Needs training/requirements.txt, the pictures (--data), and npm ci done.",
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--from", dest="first", metavar="STEP", help="this step and all after it")
    parser.add_argument("--only", nargs="+", default=[], metavar="STEP", help="these steps alone")
    parser.add_argument("--dry-run", action="store_true", help="say what would be run, and why")
    given = parser.parse_args()
    if not (given.data / "labels.csv").is_file():
        print(f"{given.data} has no labels.csv: what is made of pictures counts as changed")
    chain = steps()
    now, asked = keys(chain, given.data), chosen(chain, given.first, given.only)
    todo = due(chain, now, read_ran()) if asked is None else asked
    for number, step in enumerate(chain, 1):
        state = todo.get(step.name, "nothing to do")
        print(f"{number:2}/{len(chain)} {step.name}: {step.does}\n      {state}", flush=True)
        if step.name not in todo:
            continue
        data = ("--data", str(given.data)) if step.pictures else ()
        command = (f"training.{step.command[0]}", *step.command[1:], *data)
        print(f"      python -m {' '.join(command)}", flush=True)
        if given.dry_run:
            continue
        if step.run:
            claim(step.run, now[step.name])
        if subprocess.run([sys.executable, "-m", *command], cwd=REPOSITORY, check=False).returncode:
            raise SystemExit(f"{step.name} failed; the same command goes on from there")
        remember(step, now[step.name])


if __name__ == "__main__":
    main()

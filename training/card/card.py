"""The model card, ``docs/generated/model-card.md``, and its figures, made from the manifest alone.

No figure is typed by hand: what the evaluation did not measure reads "not measured", and what
fewer than 30 lesions stand behind reads "too few to say". The items are those of CLEAR Derm
(Daneshjou et al., JAMA Dermatology 158:90-96, 2022).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lentigo.model.evaluation import Evaluation
from lentigo.model.manifest import Manifest, parse_manifest
from training.card.answers import calibration_section, performance_section, refusal_section
from training.card.conditions import (
    modality_section,
    precision_section,
    robustness_section,
    tone_section,
)
from training.card.figures import draw_all
from training.card.markdown import section, table
from training.card.outliers import outlier_section
from training.card.priorities import priority_section
from training.card.statements import (
    checklist_section,
    data_section,
    licence_section,
    limits_section,
    network_section,
    use_section,
)
from training.card.targets import TARGETS
from training.network.model_folder import DEFAULT_MODEL, REPOSITORY, ModelFolder

CARD = REPOSITORY / "docs" / "generated" / "model-card.md"
FIGURES = CARD.parent / "figures"


def targets_section(manifest: Manifest, evaluation: Evaluation) -> str:
    """Write what was aimed at and what was reached."""
    rows = [target.judge(manifest, evaluation) for target in TARGETS]
    reached = sum(row[3] == "**met**" for row in rows)
    body = (
        f"{reached} of {len(rows)} targets are met, judged on the point estimate; the 95 % "
        "interval is in brackets.\n\n" + table(["Target", "Wanted", "Measured", ""], rows)
    )
    return section("What was aimed at, and reached", body)


def render(manifest: Manifest, evaluation: Evaluation) -> str:
    """Write the whole card."""
    drawn = list(draw_all(evaluation))
    selection = manifest.selection
    sections = [
        f"# Model card: {manifest.id}\n",
        f"Made by `python -m training.card.card --model {manifest.id}` from\n"
        f"`models/{manifest.id}/manifest.json`; do not edit.\n",
        targets_section(manifest, evaluation),
        use_section(evaluation),
        network_section(manifest),
        data_section(manifest, evaluation),
        performance_section(evaluation, drawn),
        calibration_section(manifest, evaluation, drawn),
        priority_section(manifest, evaluation, drawn),
        refusal_section(evaluation, drawn),
        outlier_section(selection.out_of_distribution, evaluation),
        modality_section(selection.modality, evaluation),
        tone_section(evaluation),
        robustness_section(evaluation, drawn),
        precision_section(evaluation),
        limits_section(evaluation),
        checklist_section(manifest),
        licence_section(manifest),
    ]
    return "\n".join(sections)


def made_of(model: str) -> tuple[str, dict[str, str]]:
    """Return the card and its figures, by file name, as they should stand in ``docs/``.

    ``SystemExit`` for a model that carries no evaluation.
    """
    manifest = parse_manifest(ModelFolder.named(model).manifest.read_text(encoding="utf-8"))
    if manifest.evaluation is None:
        raise SystemExit(f"{model} carries no evaluation: python -m training.measure.evaluate")
    drawn = {f"{name}.svg": svg for name, svg in draw_all(manifest.evaluation).items()}
    return render(manifest, manifest.evaluation), drawn


def main() -> None:
    """Write docs/generated/model-card.md and its figures/ from the files of a released model."""
    parser = argparse.ArgumentParser(
        prog="python -m training.card.card",
        description=main.__doc__,
        epilog="Needs only models/<id>/manifest.json.",
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the folder under models/")
    parser.add_argument("--out", type=Path, default=CARD)
    given = parser.parse_args()
    card, drawn = made_of(given.model)
    figures: Path = given.out.parent / FIGURES.name
    figures.mkdir(parents=True, exist_ok=True)
    for old in figures.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, svg in drawn.items():
        (figures / name).write_text(svg, encoding="utf-8")
    given.out.write_text(card, encoding="utf-8")
    print(f"{given.out}, {len(drawn)} figures")


if __name__ == "__main__":
    main()

"""What stands between camera and label, measured: gate, refusals, crop, augmentation, balance.

Writes its parts of the quality gauges' results and the page made from them. Every answer is cached,
so a run goes on where it stopped, and a new model costs its answers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.measure.measurement import measurement_of, parser_of
from training.network.model_folder import SCRATCH
from training.pictures.data import Split
from training.studies import crop, gate, outcomes, test_time_augmentation, white_balance
from training.studies.gauge_document import DATA, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from training.measure.measurement import Measurement

# Pictures of either way of taking them that are corrupted; each is answered 22 times.
CORRUPTED_PICTURES = 200
# Each n-th picture of ``val`` is balanced; each is answered 9 times.
BALANCED_EVERY = 6

STUDIES: Mapping[str, Callable[[Measurement], dict[str, Any]]] = {
    "gate": lambda measurement: gate.measure(measurement, CORRUPTED_PICTURES),
    "outcomes": outcomes.measure,
    "crop": crop.measure,
    "test_time_augmentation": test_time_augmentation.measure,
    "white_balance": lambda measurement: white_balance.measure(measurement, BALANCED_EVERY),
}


def main() -> None:
    """Measure a model between camera and label, and write docs/generated/quality-gauges.md."""
    needs = "training/requirements.txt, the pictures (--data), and calibration.json."
    parser = parser_of("studies.camera_to_label", main.__doc__, needs)
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=f"of {', '.join(STUDIES)}")
    given = parser.parse_args()
    unknown = set(given.studies) - STUDIES.keys()
    if unknown:
        parser.error(f"there is no study {min(unknown)}; there are {', '.join(STUDIES)}")
    if given.split is not Split.TEST:
        parser.error("each study has a split of its own: leave --split out")
    measurement = measurement_of(given)
    # A trial's figures are never released.
    out = DATA if measurement.every == 1 else SCRATCH / f"every{measurement.every}-{DATA.name}"
    if out != DATA:
        out.write_bytes(DATA.read_bytes())
    for name in given.studies or STUDIES:
        found = STUDIES[name](measurement) | {"model": measurement.folder.path.name}
        keep({name: found}, out)
        print(f"{name}: written to {out}", flush=True)


if __name__ == "__main__":
    main()

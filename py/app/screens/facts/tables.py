"""Every figure of the model, in tables and curves, from its manifest: what the evaluation wrote.

A section that a model does not bring is left out, and what fewer than 30 lesions stand behind reads
"too few to say".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.html import Html, join, markup
from app.screens.facts.about import about, limits
from app.screens.facts.answers import by_disease, by_kind, calibration
from app.screens.facts.curves import decision
from app.screens.facts.doubts import bad_pictures, refused, skin
from app.screens.facts.figures import paragraph, shown
from app.screens.facts.prevalence import in_people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.words import Words
    from lentigo.model.evaluation import Evaluation
    from lentigo.model.manifest import Manifest


def model_tables(manifest: Manifest, words: Words) -> Html:
    """Render the tables; a model without an evaluation says so, and which model it is."""
    return _remembered(_Same(manifest), words)


@dataclass(frozen=True, eq=False)
class _Same:
    """A manifest that equals itself alone: it holds dicts, and its facts are asked for often."""

    manifest: Manifest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.manifest is self.manifest

    def __hash__(self) -> int:
        return id(self.manifest)


@lru_cache(maxsize=1)
def _remembered(same: _Same, words: Words) -> Html:
    manifest = same.manifest
    evaluation = manifest.evaluation
    if evaluation is None or not shown(evaluation.slices):
        return join((paragraph(words("facts.none")), about(manifest, words)))
    return join(
        markup("<details><summary><h2>{title}</h2></summary>{body}</details>", title=t, body=b)
        for t, b in _sections(manifest, evaluation, words)
        if b
    )


def _sections(
    manifest: Manifest, evaluation: Evaluation, words: Words
) -> Iterator[tuple[str, Html]]:
    slices = evaluation.slices
    yield words("facts.by-kind"), by_kind(slices, words)
    yield words("facts.in-people"), in_people(evaluation.natural_frequencies, words)
    yield words("facts.decision"), decision(slices, words)
    yield words("facts.by-disease"), by_disease(slices, words)
    yield words("facts.calibration"), calibration(slices, words)
    if evaluation.out_of_distribution:
        yield words("facts.refused"), refused(evaluation.out_of_distribution, words)
    yield words("facts.skin"), skin(evaluation.skin_tones_milk10k, words)
    if evaluation.robustness:
        yield words("facts.bad"), bad_pictures(evaluation.robustness, words)
    yield words("facts.limits"), limits(slices, words)
    yield words("facts.model"), about(manifest, words)

"""The facts that come first: three sentences in people, and the door to the tables.

Every sentence with a number is made of the evaluation's figures; what too few pictures stand
behind is left out. What Lentigo is for stands in the page itself, as it needs no model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import Html, join, markup
from app.screens.facts.about import about
from app.screens.facts.figures import paragraph, shown
from app.screens.facts.people import sentences
from lentigo.model.modality import Modality
from lentigo.prevalence import MELANOMA, PEOPLE
from lentigo.triage.risk import pictures_like

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.model.evaluation import Evaluation
    from lentigo.model.manifest import Manifest


def model_facts(manifest: Manifest, words: Words) -> Html:
    """Render the facts; a model without an evaluation says so, and which model it is."""
    evaluation = manifest.evaluation
    if evaluation is None or not shown(evaluation.slices):
        return join((paragraph(words("facts.none")), about(manifest, words)))
    return join((sentences(evaluation, words), _origin(evaluation, words), _door(words)))


def _origin(evaluation: Evaluation, words: Words) -> Html:
    """Say what the sentences were counted on, folded away."""
    tested = pictures_like(evaluation, Modality.CAMERA)
    return markup(
        "<details><summary>{title}</summary><p>{tested}</p><p>{declared}</p></details>",
        title=words("risk.source"),
        tested=words("facts.tested", photos=tested.pictures, spots=tested.lesions),
        declared=words(
            "facts.declared",
            sick=round(MELANOMA.value * PEOPLE),
            all=PEOPLE,
            source=MELANOMA.source,
        ),
    )


def _door(words: Words) -> Html:
    return markup(
        '<p class="to-tables"><a href="#/facts/tables">{text}</a></p>', text=words("facts.door")
    )

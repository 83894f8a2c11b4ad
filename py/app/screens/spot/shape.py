"""What can be measured in the newest photo of a spot, and how well that tells melanomas from moles.

Drawn as what it is: the edge and the lines that it is folded along. It never reassures, and what
does not tell them apart is not shown.
"""

from __future__ import annotations

import math
from base64 import b64encode
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.spot.size import size
from app.spots.shown import fault
from app.words.catalogue import keys
from lentigo.spots.comparison.criterion import Criterion
from lentigo.spots.comparison.separation import SEPARATION

if TYPE_CHECKING:
    from app.spots.events import ShapeDrawn
    from app.spots.state import Spots
    from app.words import Words
    from lentigo.model.modality import Modality
    from lentigo.spots.comparison.criterion import Separation
    from lentigo.spots.comparison.shape import Shape
    from lentigo.spots.records import Capture

# What is measured as one of these has no sentence unless it separates.
_FOUND = keys(
    (Criterion.ASYMMETRY, Criterion.COLOUR_ASYMMETRY, Criterion.BORDER), "spots.shape.found.{}"
)


def measurable(spots: Spots, capture: Capture, words: Words) -> Html:
    """Offer what can be measured in a photo, and show it once it is asked for."""
    shaping = spots.shaping
    shown = NOTHING
    if shaping is not None and shaping.capture == capture.id:
        if shaping.fault is not None:
            shown = fault(shaping.fault, words)
        elif shaping.found is None:
            text = words("spots.shape.working")
            shown = markup('<p class="note" role="status">{text}</p>', text=text)
        else:
            found = _shown(shaping.found, capture.modality, words)
            shown = join((found, size(spots, capture, words)))
    return markup(
        '<section class="shape" data-testid="shape"><p><button type="button" class="fold" '
        'id="shape-asked" data-action="shape-asked" data-capture="{id}" aria-expanded="{open}">'
        "{title}</button></p>{shown}</section>",
        id=capture.id,
        open="true" if shown else "false",
        title=words("spots.shape"),
        shown=shown,
    )


def _shown(found: ShapeDrawn, modality: Modality, words: Words) -> Html:
    if found.shape is None:
        return _note(words("spots.shape.unmeasured"))
    findings = found.shape.findings(modality)
    if not findings:
        return _note(words("spots.shape.unsure"))
    return markup(
        '{drawing}<ul class="shape-findings">{findings}</ul><p class="note">{meaning}</p>',
        drawing=_drawing(found, found.shape, words),
        findings=join(
            _finding(criterion, value, SEPARATION[modality][criterion], words)
            for criterion, value in findings
        ),
        meaning=words("spots.shape.meaning"),
    )


def _note(text: str) -> Html:
    return markup('<p class="note" data-testid="no-shape">{text}</p>', text=text)


def _drawing(found: ShapeDrawn, shape: Shape, words: Words) -> Html:
    """Draw the edge, and both axes through the middle, from one end of the cut-out to the other."""
    width_px, height_px = found.size
    x, y = found.middle[0] * width_px, found.middle[1] * height_px
    reach = width_px + height_px
    return markup(
        '<figure><div class="over-pictures"><img src="data:image/jpeg;base64,{jpeg}" alt="{label}" '
        'width="{width}" height="{height}"><svg viewBox="0 0 {width} {height}" aria-hidden="true">'
        '<polygon points="{points}"/>{axes}</svg></div><figcaption>{lines}</figcaption></figure>',
        jpeg=b64encode(found.picture).decode("ascii"),
        label=words("spots.shape.label"),
        width=width_px,
        height=height_px,
        points=" ".join(f"{px * width_px:.1f},{py * height_px:.1f}" for px, py in found.outline),
        axes=join(_axis(x, y, math.radians(shape.axis_deg + turn), reach) for turn in (0, 90)),
        lines=words("spots.shape.lines"),
    )


def _axis(x: float, y: float, angle: float, reach: float) -> Html:
    across, down = reach * math.cos(angle), reach * math.sin(angle)
    return markup(
        '<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>',
        x1=x - across,
        y1=y - down,
        x2=x + across,
        y2=y + down,
    )


def _finding(
    criterion: Criterion, value: float, measured: tuple[Separation, ...], words: Words
) -> Html:
    return markup(
        '<li data-testid="finding" data-criterion="{criterion}"><p>{found}</p>{tells}</li>',
        criterion=criterion,
        found=words.html(_FOUND[criterion], amount=_amount(criterion, value)),
        tells=join(_tells(one, words) for one in measured),
    )


def _amount(criterion: Criterion, value: float) -> int:
    """Return a value as its sentence has it: percent, or steps of CIELAB.

    People just see a step of 2.3 (Mahy et al., Color Research & Application 1994).
    """
    if criterion is Criterion.ASYMMETRY:
        return round(value * 100)
    if criterion is Criterion.BORDER:
        return round((math.sqrt(value) - 1) * 100)
    return round(value)


def _tells(measured: Separation, words: Words) -> Html:
    return markup(
        '<p class="note">{text}</p>',
        text=words(
            "spots.shape.tells",
            photos=measured.photos,
            melanomas=measured.melanomas,
            moles=measured.naevi,
            pairs=round(measured.auc * 100),
            low=round(measured.low * 100),
            high=round(measured.high * 100),
        ),
    )

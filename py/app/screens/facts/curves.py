"""Decision curves: is following the rule better than sending everybody, or nobody?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.words import keys
from lentigo.model.slice_figures import Slice
from lentigo.net_benefit import NICE_THRESHOLD, net_benefit, of_everybody, worth_of
from lentigo.prevalence import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.words import Words
    from lentigo.model.slice_figures import DecisionCurve, SliceFigures

    Point = tuple[float, float]

_KINDS = (Slice.CAMERA, Slice.DERMOSCOPIC)
_MELANOMA = keys(_KINDS, "facts.decision.melanoma.{}")
_MALIGNANCY = keys(_KINDS, "facts.decision.malignancy.{}")
# As much of the picture lies below nothing gained as this share of what could be gained.
_BELOW = 0.3
_WIDTH, _HEIGHT = 100.0, 70.0


def decision(slices: Mapping[Slice, SliceFigures], words: Words) -> Html:
    """Say and draw what the alarms are worth; nothing where that is undefined."""
    charts = [
        chart
        for kind in _KINDS
        if slices[kind].pictures and (found := slices[kind].decision)
        for title, curve in (
            (words(_MELANOMA[kind]), found.melanoma),
            (words(_MALIGNANCY[kind]), found.malignancy),
        )
        if (chart := _chart(title, curve, words))
    ]
    if not charts:
        return NOTHING
    return markup(
        '<p>{about}</p><div class="charts">{charts}</div><p>{legend}</p><p>{limits}</p>',
        about=words("facts.decision.about"),
        charts=join(charts),
        legend=words("facts.decision.legend"),
        limits=words("facts.decision.limits"),
    )


def _chart(title: str, curve: DecisionCurve, words: Words) -> Html:
    caught, spared = curve.sensitivity.told, curve.specificity.told
    if caught is None or spared is None or not curve.by_score:
        return NOTHING
    most = curve.by_score[-1].threshold
    steps = [most * step / 20 for step in range(21)]
    pi = curve.prevalence

    def path(points: Iterable[Point]) -> str:
        return _path(points, most, pi)

    return markup(
        '<figure><svg class="decision" viewBox="-1 -1 102 72" role="img" aria-label="{label}">'
        '<path class="plot" d="M0 0V70"/><path class="nobody" d="{nobody}"/>'
        '<path class="everybody" d="{everybody}"/><path class="by-score" d="{score}"/>'
        '<path class="rule" d="{rule}"/></svg>'
        "<figcaption><strong>{title}</strong> {worth} {across}</figcaption></figure>",
        label=_said(title, curve, caught, spared, words),
        nobody=path(((0.0, 0.0), (most, 0.0))),
        everybody=path((t, of_everybody(pi, t)) for t in steps),
        score=path(
            (at.threshold, net_benefit(at.caught, at.alarmed, pi, at.threshold))
            for at in curve.by_score
        ),
        rule=path((t, net_benefit(caught, 1.0 - spared, pi, t)) for t in steps),
        title=title,
        worth=_worth(curve, caught, spared, words),
        across=words("facts.decision.across", most=most),
    )


def _path(points: Iterable[Point], most: float, prevalence: float) -> str:
    """Return a line through those points that the picture has room for, as SVG writes it."""
    lowest = -_BELOW * prevalence
    places = [
        f"{x / most * _WIDTH:.1f} {_HEIGHT * (prevalence - y) / (prevalence - lowest):.1f}"
        for x, y in points
        if y >= lowest
    ]
    return f"M{' '.join(places)}"


def _worth(curve: DecisionCurve, caught: float, spared: float, words: Words) -> str:
    worth = worth_of(caught, 1.0 - spared, curve.prevalence)
    if worth is None:
        return words("facts.decision.nowhere")
    if worth.most_spots is None:
        return words("facts.decision.worth.any", fewest=worth.fewest_spots)
    return words("facts.decision.worth", fewest=worth.fewest_spots, most=worth.most_spots)


def _said(title: str, curve: DecisionCurve, caught: float, spared: float, words: Words) -> str:
    """Say the picture's numbers at the risk from which on NICE sends people."""
    at = NICE_THRESHOLD
    rule = net_benefit(caught, 1.0 - spared, curve.prevalence, at)
    return words(
        "facts.decision.chart",
        title=title,
        risk=at,
        rule=rule * PEOPLE,
        everybody=of_everybody(curve.prevalence, at) * PEOPLE,
    )

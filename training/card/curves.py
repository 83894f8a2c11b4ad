"""The card's decision curves: a figure, and a table at half and twice the declared prevalence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lentigo.model.evaluation import Evaluation
from lentigo.model.slice_figures import DecisionCurve, Slice
from lentigo.net_benefit import NICE_THRESHOLD, net_benefit, of_everybody, worth_of
from lentigo.prevalence import PEOPLE
from training.card.drawing import (
    Axis,
    Box,
    Panel,
    Series,
    document,
    draw_panel,
    legend,
    shares_axis,
)
from training.card.markdown import NOT_MEASURED, TOO_FEW, image, percent, table
from training.card.names import WAYS

WAYS_DRAWN = (Slice.CAMERA, Slice.DERMOSCOPIC)
TITLES = {"melanoma": "Urgent for melanoma", "malignancy": "Medium or more for malignancy"}
# The declared prevalence, halved and doubled: nobody knows a visitor's.
TIMES = (0.5, 1.0, 2.0)
# As much of the picture lies below nothing gained as this share of what could be gained.
_BELOW = 0.3
_RULE = Series((), 0)
_SCORE = Series((), 2, dashed=True)
_EVERYBODY = Series((), 1, dashed=True)
_NOBODY = Series((), 3)


def _curves(evaluation: Evaluation) -> Iterator[tuple[str, str, DecisionCurve]]:
    """Yield condition, way and curve of each that can be told."""
    for way in WAYS_DRAWN:
        figures = evaluation.slices[way]
        found = figures.decision
        if found is None or not figures.pictures:
            continue
        for condition, curve in (("melanoma", found.melanoma), ("malignancy", found.malignancy)):
            if curve.sensitivity.told is not None and curve.specificity.told is not None:
                yield condition, way, curve


def _rule(curve: DecisionCurve, prevalence: float, threshold: float) -> float:
    caught, spared = curve.sensitivity.value, curve.specificity.value
    return net_benefit(caught or 0.0, 1.0 - (spared or 0.0), prevalence, threshold)


def _axis(prevalence: float) -> Axis:
    """Return the axis of the net benefit, in finds among 1,000 people."""
    most = prevalence * PEOPLE
    step = 10 if most < 50 else 25
    ticks = [tick for tick in range(-step, round(most) + 1, step) if tick >= -_BELOW * most]
    return Axis("", -_BELOW * most, most, tuple((float(tick), str(tick)) for tick in ticks))


def _panel(condition: str, way: str, curve: DecisionCurve) -> Panel:
    pi, lowest = curve.prevalence, -_BELOW * curve.prevalence
    most = curve.by_score[-1].threshold

    def drawn(look: Series, points: Sequence[tuple[float, float]]) -> Series:
        room = tuple((t, benefit * PEOPLE) for t, benefit in points if benefit >= lowest)
        return Series(room, look.look, dashed=look.dashed)

    steps = [most * step / 40 for step in range(40)] + [most]
    by_score = [
        (at.threshold, net_benefit(at.caught, at.alarmed, pi, at.threshold))
        for at in curve.by_score
    ]
    return Panel(
        f"{TITLES[condition]}: {WAYS[way]}",
        shares_axis("Threshold probability", 0.0, most, most / 5),
        _axis(pi),
        (
            drawn(_NOBODY, [(0.0, 0.0), (most, 0.0)]),
            drawn(_EVERYBODY, [(t, of_everybody(pi, t)) for t in steps]),
            drawn(_SCORE, by_score),
            drawn(_RULE, [(t, _rule(curve, pi, t)) for t in steps]),
        ),
        steps=((NICE_THRESHOLD, "NICE"),),
    )


def decision(evaluation: Evaluation) -> str | None:
    """Draw the net benefit of the rule, of its score, of sending everybody and nobody."""
    drawn = [each for each in _curves(evaluation) if each[2].by_score]
    if not drawn:
        return None
    panels = [
        draw_panel(_panel(*each), Box(64 + 370 * (index % 2), 112 + 280 * (index // 2), 296, 190))
        for index, each in enumerate(drawn)
    ]
    names = ("The rule", "Its score alone", "Everybody", "Nobody")
    entries = list(zip(names, (_RULE, _SCORE, _EVERYBODY, _NOBODY), strict=True))
    return document(
        "Is following it worth more than sending everybody, or nobody?",
        "Decision curves on the test split, re-weighted to the declared prevalence: net benefit, "
        "in finds without a false alarm among 1,000 people, by threshold probability.",
        760,
        80 + 280 * -(-len(drawn) // 2),
        legend(entries, (24, 62)) + "".join(panels),
    )


def decision_text(evaluation: Evaluation, drawn: Sequence[str]) -> str:
    """Write what the alarms are worth; that nothing can be told where too few stand behind it."""
    rows = [
        _row(condition, way, curve, curve.prevalence * times)
        for condition, way, curve in _curves(evaluation)
        for times in TIMES
    ]
    if not rows:
        measured = any(evaluation.slices[way].decision for way in WAYS_DRAWN)
        return f"Decision curves: {TOO_FEW if measured else NOT_MEASURED}."
    head = [
        "Alarm",
        "Prevalence",
        "Worth more than both from",
        "to",
        f"Rule at {NICE_THRESHOLD:.0%}",
        f"Everybody at {NICE_THRESHOLD:.0%}",
    ]
    return f"""{image("decision", drawn, "Decision curves of the rule and of its score")}
Net benefit (Vickers and Elkin, Medical Decision Making 26:565–574, 2006) by threshold probability:
the risk from which on somebody would want a spot looked at. Those with the condition are
re-weighted to the declared prevalence, the others are the benign ones. The score is a posterior at
that prevalence. A test set is not a visitor's risk, and nobody knows that: so the rule is also
judged at half and twice the prevalence. The last two columns are finds
without any false alarm among {PEOPLE:,} people, at the {NICE_THRESHOLD:.0%} from which NICE NG12
sends people; sending nobody is 0.

{table(head, rows)}"""


def _row(condition: str, way: str, curve: DecisionCurve, prevalence: float) -> list[str]:
    caught, spared = curve.sensitivity.value or 0.0, curve.specificity.value or 0.0
    worth = worth_of(caught, 1.0 - spared, prevalence)
    return [
        f"{TITLES[condition]}: {WAYS[way]}",
        percent(prevalence),
        *(("nowhere", "nowhere") if worth is None else (percent(worth.low), percent(worth.high))),
        f"{_rule(curve, prevalence, NICE_THRESHOLD) * PEOPLE:.1f}",
        f"{of_everybody(prevalence, NICE_THRESHOLD) * PEOPLE:.1f}",
    ]

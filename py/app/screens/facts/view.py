"""The model's facts, from its manifest: what the evaluation wrote, in plain words.

First what a worried reader needs, as people out of a hundred; the rest is folded away. Every
sentence with a number is made of the evaluation's figures; a block that a model does not bring is
left out, and what fewer than 30 lesions stand behind reads "too few to say".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from app.words import IN_ENGLISH
from lentigo.diagnosis import FULL_NAME, MALIGNANT, Diagnosis
from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.triage.prevalence import MALIGNANCY, MELANOMA, Prevalence, natural_frequencies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lentigo.model.manifest import Manifest

Figures = Mapping[str, Any]
percent = IN_ENGLISH.percent

# The kinds of picture that a visitor can place, the one like their own pictures first.
_KINDS = {
    "camera": "Camera or phone",
    "dermoscopic_ham10000": "Dermoscope (HAM10000)",
}
_PRIORITY_ROWS = {
    "melanoma_urgent": "Melanomas that got “urgent”",
    "malignant_at_least_medium": "Melanomas, carcinomas and precancers that got at least “medium”",
    "naevus_low": "Ordinary moles that got “low”",
}
_ANSWER_ROWS = {
    "accuracy": "The likeliest disease was the right one",
    "top3_accuracy": "The right one was among the first three",
    "balanced_accuracy": "The likeliest was right, each disease counted alike",
}
_OUTLIERS = {
    "all": "All of these",
    "imagenet_sample_1000": "Everyday pictures",
    "dogs_cats": "Dogs and cats",
    "normal_skin_abdomen": "Plain skin",
    "wounds": "Wounds",
}
_LESIONS = {
    "dermoscopic": "Through a dermoscope",
    "camera": "With a camera or phone",
}
_TOO_FEW = "too few to say"
# Fewer pictures of malignant, or of other lesions, say nothing of a thousand people.
FEWEST_PICTURES = 30
_CARD = "docs/generated/model-card.md"


def model_facts(manifest: Manifest) -> str:
    """Render the facts; a model without an evaluation says so."""
    return _remembered(_Same(manifest))


@dataclass(frozen=True, eq=False)
class _Same:
    """A manifest that equals itself alone: it holds dicts, and its facts are asked for often."""

    manifest: Manifest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.manifest is self.manifest

    def __hash__(self) -> int:
        return id(self.manifest)


@lru_cache(maxsize=1)
def _remembered(same: _Same) -> str:
    manifest = same.manifest
    metrics = manifest.metrics
    slices = _block(metrics, "slices")
    if not any(kind in slices for kind in _KINDS):
        return f"<p>This model carries no evaluation.</p>{_about(manifest)}"
    folded = (
        ("What it caught, by kind of picture", _by_kind(slices)),
        ("Each disease", _by_disease(slices)),
        ("Does a percentage mean what it says?", _calibration(slices)),
        ("Pictures that it refuses", _refused(_block(metrics, "out_of_distribution"))),
        ("Darker skin", _skin(_block(metrics, "skin_tones_milk10k"))),
        ("Blurred, dark or tilted pictures", _bad_pictures(_block(metrics, "robustness"))),
        ("What it cannot do", _limits(slices)),
        ("About this model", _about(manifest)),
    )
    return _first(metrics, slices) + "".join(
        f"<details><summary>{escape(title)}</summary>{body}</details>"
        for title, body in folded
        if body
    )


@dataclass(frozen=True)
class _Condition:
    """What a priority warns of: the classes, how common they are, and both in words."""

    classes: frozenset[Diagnosis]
    prevalence: Prevalence
    spot: str
    condition: str
    counted: str


_MALIGNANCY = _Condition(
    MALIGNANT,
    MALIGNANCY,
    "a spot that worries somebody",
    "a skin cancer{but}, or what can turn into it",
    "malignant spots",
)
# Carcinomas ask for less than urgent, so urgent is judged by the one disease that asks for it.
_MELANOMA = _Condition(
    frozenset({Diagnosis.MEL}),
    MELANOMA,
    "a pigmented spot that a doctor looks at twice",
    "a melanoma",
    "melanomas",
)


def natural_risk(manifest: Manifest, priority: Priority, modality: Modality) -> str:
    """Say what the picture's priority means among 1,000 people, as HTML; empty if not known.

    From the test pictures of the same kind, or of cameras where that is not sure: a visitor has
    one. Which of them have the condition is re-weighted to the declared prevalence; the others are
    the benign ones.
    """
    kind = "dermoscopic" if modality is Modality.DERMOSCOPIC else "camera"
    by_class = _block(manifest.metrics, "slices", kind, "priority", "pictures_by_class_and_tier")
    alarm = priority if priority.severity > Priority.UNCERTAIN.severity else Priority.MEDIUM
    warned_of = _MELANOMA if alarm is Priority.URGENT else _MALIGNANCY
    sick_share = _alarmed(by_class, warned_of.classes, alarm)
    benign_share = _alarmed(by_class, frozenset(Diagnosis) - MALIGNANT, alarm)
    if sick_share is None or benign_share is None:
        return ""
    found = natural_frequencies(sick_share, 1.0 - benign_share, warned_of.prevalence.value)
    if alarm is priority:
        people, sick, but = found.alarms, found.caught, ""
        gets = "this priority or a higher one" if alarm is not Priority.URGENT else "this priority"
    else:
        people, sick, but = found.people - found.alarms, found.missed, " all the same"
        gets = "no more than this"
    have = "has" if sick == 1 else "have"
    return (
        f'<p class="risk" data-testid="risk"><strong>Of {found.people:,} people</strong> with '
        f"{warned_of.spot}, about {people} get {gets} from the picture; {sick} of them {have} "
        f"{warned_of.condition.format(but=but)}. <small>Shares of the test pictures, with "
        f"{found.sick} {warned_of.counted} in {found.people:,} as in general practice "
        f"({escape(warned_of.prevalence.source.split(':')[0])}). Not your own risk.</small></p>"
    )


def _alarmed(by_class: Figures, classes: Iterable[Diagnosis], alarm: Priority) -> float | None:
    """Return the share of the pictures of these classes at a priority or above it."""
    tiers = [
        (Priority(tier), int(pictures))
        for diagnosis in classes
        for tier, pictures in _block(by_class, diagnosis).items()
    ]
    total = sum(pictures for _, pictures in tiers)
    if total < FEWEST_PICTURES:
        return None
    return sum(n for tier, n in tiers if tier.severity >= alarm.severity) / total


# --- reading the evaluation -----------------------------------------------------------------------


def _block(document: Figures, *path: str) -> Figures:
    """Return the object at a path; an empty one where there is none."""
    found: Any = document
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _value(figure: Any) -> float | None:
    """Return a figure's value; None where it is undefined or stands on too few lesions."""
    if isinstance(figure, Mapping):
        figure = None if figure.get("too_few_to_say") else figure.get("value")
    return float(figure) if isinstance(figure, int | float) else None


def _figure(figure: Any) -> str:
    """Write one share with its interval; an undefined one, or one on few lesions, says so."""
    value = _value(figure)
    if value is None:
        return _TOO_FEW
    text = percent(value)
    if not isinstance(figure, Mapping):
        return text
    if figure.get("n"):
        text += f" of {figure['n']}"
    if figure.get("low") is None:
        return text
    return f"{text} <small>({percent(figure['low'])} to {percent(figure['high'])})</small>"


def _of_hundred(value: float) -> int:
    """Return a share as people of a hundred; 0 and 100 are kept for none and all."""
    if value <= 0 or value >= 1:
        return round(value * 100)
    return min(99, max(1, round(value * 100)))


# --- what a worried reader needs ------------------------------------------------------------------


def _first(metrics: Figures, slices: Figures) -> str:
    kind = next(kind for kind in _KINDS if kind in slices)
    figures = slices[kind]
    words = "photos from a camera or phone" if kind == "camera" else "pictures through a dermoscope"
    caught = _block(figures, "priority", "malignant_at_least_medium")
    spared = _block(figures, "priority", "not_malignant_below_medium")
    lines = [
        f'<p class="facts-lead">It was tested on <strong>{figures["pictures"]} {words}</strong> '
        f"of {figures['lesions']} spots that it had not seen before.</p>"
    ]
    found = _value(caught)
    if found is not None:
        sent = _of_hundred(found)
        lines.append(
            _people(
                sent,
                f"Of 100 spots that were skin cancer or could become it, it sent "
                f"<strong>{sent} to a doctor</strong> and missed {100 - sent}.",
                _range(caught),
                "dots-caught",
            )
        )
    left = _value(spared)
    if left is not None:
        alarmed = 100 - _of_hundred(left)
        lines.append(
            _people(
                alarmed,
                f"Of 100 spots that were nothing of the kind, it sent "
                f"<strong>{alarmed} to a doctor too</strong>: false alarms.",
                _range(spared, turned=True),
                "dots-alarm",
            )
        )
    lines.append(_in_a_thousand(_block(metrics, "natural_frequencies")))
    lines.append(
        "<p>So an alarm is a reason to ask, not bad news. And no alarm cannot rule out skin "
        "cancer: see a doctor about a spot that changes or worries you.</p>"
    )
    return "".join(lines)


def _range(figure: Figures, turned: bool = False) -> str:
    """Write the interval of a share in people of a hundred, of its rest when ``turned``."""
    if figure.get("low") is None:
        return ""
    low, high = _of_hundred(figure["low"]), _of_hundred(figure["high"])
    if turned:
        low, high = 100 - high, 100 - low
    return f"On {figure['n']} pictures; the true number lies between {low} and {high}, most likely."


def _people(count: int, sentence: str, small: str, kind: str) -> str:
    """Draw a hundred dots, so many of them filled, above the sentence that says the same."""
    dots = [f"M{4 * (i % 25) + 2} {4 * (i // 25) + 2}h0" for i in range(100)]
    note = f"<small>{escape(small)}</small>" if small else ""
    return (
        f'<div class="hundred {kind}">'
        '<svg viewBox="0 0 100 16" aria-hidden="true">'
        f'<path class="dots-rest" d="{"".join(dots[count:])}"/>'
        f'<path class="dots-full" d="{"".join(dots[:count])}"/></svg>'
        f"<p>{sentence} {note}</p></div>"
    )


def _in_a_thousand(found: Figures) -> str:
    """Say what the rule does to a thousand such spots; empty without a declared prevalence."""
    keys = ("people", "malignant", "caught", "missed", "false_alarms")
    if any(_value(found.get(key)) is None for key in keys):
        return ""
    people, sick, caught, missed, alarms = (f"{found[key]:,.0f}" for key in keys)
    among = escape(str(found.get("among") or "worrying spots"))
    notes = [str(found[key]) for key in ("source", "limits") if found.get(key)]
    small = f" <small>{escape('. '.join(notes))}</small>" if notes else ""
    return (
        f"<p>Of {people} {among}, about {sick} are one of these cancers: it would send {caught} of "
        f"them to a doctor and miss {missed}. It would also send {alarms} that are not.{small}</p>"
    )


# --- the folded sections --------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Render a table with a head over each column and a name before each row; cells are HTML."""
    columns = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    body = "".join(
        f'<tr><th scope="row">{escape(title)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for title, cells in rows
    )
    return (
        '<div class="scroll" role="group" tabindex="0" aria-label="Table">'
        f"<table><thead><tr><td></td>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _shown(slices: Figures) -> dict[str, str]:
    return {kind: title for kind, title in _KINDS.items() if kind in slices}


def _by_kind(slices: Figures) -> str:
    shown = _shown(slices)
    sizes = [
        f"{slices[kind]['pictures']} pictures <small>of {slices[kind]['lesions']} lesions</small>"
        for kind in shown
    ]
    rows = [("Tested on", sizes)]
    rows += [
        (title, [_figure(_block(slices[kind], "priority").get(key)) for kind in shown])
        for key, title in _PRIORITY_ROWS.items()
    ]
    higher = [_figure(slices[kind].get("melanoma_auc")) for kind in shown]
    if any("melanoma_auc" in slices[kind] for kind in shown):
        rows.append(("A melanoma scores higher for melanoma than another spot", higher))
    return (
        "<p>In brackets: the range in which the true figure lies 95 times in 100. Some photos that "
        "count as “low” here are told “uncertain”: they are not quite good, or a close call.</p>"
        f"{_table(list(shown.values()), rows)}"
    )


def _by_disease(slices: Figures) -> str:
    shown = _shown(slices)
    if not any(_block(slices[kind], "sensitivity") for kind in shown):
        return ""
    rows = [
        (
            FULL_NAME[diagnosis],
            [_named(_block(slices[kind], "sensitivity", diagnosis)) for kind in shown],
        )
        for diagnosis in Diagnosis
    ]
    rows += [
        (title, [_figure(slices[kind].get(key)) for kind in shown])
        for key, title in _ANSWER_ROWS.items()
        if any(key in slices[kind] for kind in shown)
    ]
    return (
        "<p>How often the disease that it named first was the right one. The priority does not "
        "rest on that name alone: a melanoma in second place still asks for a doctor.</p>"
        f"{_table(list(shown.values()), rows)}"
    )


def _named(figure: Figures) -> str:
    """Write a class's sensitivity; a class that no picture shows says so."""
    if not figure or not figure.get("n"):
        return "no pictures"
    return _figure(figure)


def _calibration(slices: Figures) -> str:
    shown = [
        (kind, title, error)
        for kind, title in _shown(slices).items()
        if (error := _value(slices[kind].get("ece_after"))) is not None
    ]
    if not shown:
        return ""
    sentences = " ".join(
        f"{escape(title)}: off by {_points(error)} on average." for _, title, error in shown
    )
    charts = "".join(_chart(title, _block(slices[kind], "reliability")) for kind, title, _ in shown)
    return (
        "<p>When the model says 80 %, it should be right 80 times in 100. "
        f'{sentences}</p><div class="charts">{charts}</div>'
    )


def _points(error: float) -> str:
    """Write an error 0..1 in percentage points."""
    points = f"{error * 100:.0f}"
    if error * 100 < 1:
        return "less than 1 point"
    return f"{points} point{'' if points == '1' else 's'}"


def _chart(title: str, reliability: Figures) -> str:
    """Draw how often answers of each confidence were right; empty without the bins."""
    bins = [each for each in reliability.get("after") or [] if each["n"]]
    if not bins:
        return ""
    said = "; ".join(
        f"said {percent(each['confidence'])}, right {percent(each['accuracy'])}" for each in bins
    )
    marks = "".join(
        f'<circle cx="{each["confidence"] * 100:.1f}" cy="{100 - each["accuracy"] * 100:.1f}" '
        'r="2.6"/>'
        for each in bins
    )
    return (
        f'<figure><svg class="reliability" viewBox="-2 -2 104 104" role="img" '
        f'aria-label="{escape(title)}: {escape(said)}">'
        '<path class="plot" d="M0 0V100H100"/><path class="ideal" d="M0 100 100 0"/>'
        f"{marks}</svg><figcaption>{escape(title)}: what it said (across), how often it was right "
        "(up). On the line the two agree.</figcaption></figure>"
    )


def _refused(found: Figures) -> str:
    rows = [
        (_OUTLIERS.get(kind, kind.replace("_", " ")), [_figure(figures.get("rejected"))])
        for kind, figures in _block(found, "far").items()
    ]
    if not rows:
        return ""
    refusals = _block(found, "false_refusal")
    wrongly = [("All lesions", [_figure(refusals["overall"])])] if "overall" in refusals else []
    for group in ("by_modality", "by_skin_tone"):
        wrongly += [
            (_LESIONS.get(name, f"On skin graded {name}"), [_figure(figure)])
            for name, figure in _block(refusals, group).items()
        ]
    parts = [
        "<p>A picture that shows no lesion should get no priority at all.</p>",
        _table(["Refused"], rows),
    ]
    if wrongly:
        parts.append("<p>And real lesions that it refused by mistake:</p>")
        parts.append(_table(["Refused by mistake"], wrongly))
    return "".join(parts) + _tone_gap(_block(found, "skin_tone_gap_milk10k"))


def _tone_gap(gap: Figures) -> str:
    """Say whether darker skin is refused more often, or that too few pictures could show it."""
    difference = _block(gap, "difference")
    value = _value(difference)
    if difference.get("too_few_to_say"):
        return (
            "<p>Whether it refuses darker skin more often is untested: only "
            f"{gap.get('darker_lesions')} lesions of the test were on darker skin.</p>"
        )
    if value is None:
        return ""
    if gap.get("detected"):
        more = "more" if value > 0 else "less"
        return (
            f"<p><strong>It refuses lesions on darker skin {more} often</strong>, by "
            f"{_points(abs(value))}.</p>"
        )
    smallest = _value(gap.get("smallest_detectable_share"))
    limit = "" if smallest is None else f" A share of {percent(smallest)} would have shown."
    return f"<p>It was not seen to refuse darker skin more often.{limit}</p>"


def _skin(tones: Figures) -> str:
    if not tones:
        return ""
    few = [name for name, figures in tones.items() if figures.get("too_few_to_say")]
    rows = [
        (
            name,
            [
                str(figures["malignant_lesions"]),
                _TOO_FEW if name in few else _figure(figures.get("malignant_at_least_medium")),
            ],
        )
        for name, figures in tones.items()
    ]
    verdict = (
        f"<p><strong>Too few to say</strong> how it does on skin graded {escape(', '.join(few))}: "
        "there were too few cancers on such skin in the test. Models like this one have been found "
        "to do worse on dark skin, so trust it less there.</p>"
        if few
        else "<p>Models like this one have been found to do worse on dark skin.</p>"
    )
    return verdict + _table(["Cancers in the test", "Got at least “medium”"], rows)


@dataclass(frozen=True)
class _Loss:
    """What a change of the pictures costs at its strongest grade."""

    change: str
    before: float
    after: float


def _losses(changes: Figures) -> list[_Loss]:
    """List the malignancy AUC of camera pictures, unchanged and at each change's last grade."""

    def of(grade: Figures) -> float | None:
        return _value(_block(grade, "slices", "camera").get("malignancy_auc"))

    untouched = changes.get("none") or []
    before = of(untouched[0]) if untouched else None
    if before is None:
        return []
    return [
        _Loss(name.replace("_", " "), before, after)
        for name, grades in changes.items()
        if name != "none" and grades and (after := of(grades[-1])) is not None
    ]


def _bad_pictures(changes: Figures) -> str:
    losses = sorted(_losses(changes), key=lambda loss: loss.after)
    if not losses:
        return ""
    worst = losses[0]
    rows = [(loss.change.capitalize(), [percent(loss.after)]) for loss in losses]
    return (
        "<p>Given a cancer and another spot in camera pictures, it scores the cancer higher in "
        f"{percent(worst.before)} of the pairs. In pictures that were made much worse on purpose, "
        f"it was less; {escape(worst.change)} cost most. So take a sharp photo in good light.</p>"
        if worst.after < worst.before
        else "<p>Given a cancer and another spot in camera pictures, it scores the cancer higher "
        f"in {percent(worst.before)} of the pairs; pictures that were made worse on purpose "
        "changed little.</p>"
    ) + _table(["Of the pairs, at the strongest"], rows)


def _limits(slices: Figures) -> str:
    limits = [
        "It looks at one picture. It does not know whether the spot has changed, bleeds or itches.",
        "It knows seven kinds of lesion, and compares whatever it sees with those.",
        "It was not made for nails, lips, palms or soles, tattoos, scars, nor for people under 18.",
        "It was tested on pictures of the sets that it learned from, not in another clinic.",
    ]
    phone = _block(slices, "smartphone")
    if "lesions" in phone:
        limits.append(f"Only {phone['lesions']} people or spots in the test were taken by phone.")
    return f"<ul>{''.join(f'<li>{escape(limit)}</li>' for limit in limits)}</ul>"


def _about(manifest: Manifest) -> str:
    sizes = ", ".join(
        f"{escape(name)} {variant.download_bytes / 1e6:.1f} MB"
        for name, variant in manifest.variants.items()
    )
    sets = "".join(
        f"<li>{escape(str(entry.get('name', '')))}: {escape(str(entry.get('licence', '')))}. "
        f"{escape(str(entry.get('source', '')))}</li>"
        for entry in manifest.data
    )
    return (
        f"<p>Model {escape(manifest.id)}: {escape(manifest.architecture)}, "
        f"{manifest.parameters / 1e6:.1f} million parameters; download: {sizes}. "
        f"{escape(manifest.licence)}</p>"
        f"<p>Learned from:</p><ul>{sets}</ul>"
        f"<p>Every figure, with curves and how the thresholds were chosen: the model card, "
        f"<code>{_CARD}</code> in the program’s source.</p>"
    )

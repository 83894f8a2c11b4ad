"""Where its answers fail: pictures of no lesion, darker skin, bad pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.facts.figures import SKIN_TONE, paragraph, points, share, table
from app.words import keys
from app.words.lists import listed
from lentigo.model.evaluation import Corruption
from lentigo.model.outlier_figures import OutlierKind, SkinTone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.words import Words
    from lentigo.model.evaluation import Robustness, SkinToneFigures
    from lentigo.model.outlier_figures import OutlierFigures, Refusals, SkinToneGap

_OUTLIER = keys(OutlierKind, "facts.refused.{}")
_CORRUPTION = keys(Corruption, "facts.corruption.{}")
_CORRUPTION_WITHIN = keys(Corruption, "facts.corruption.{}.within")


def refused(found: OutlierFigures, words: Words) -> Html:
    """Say which pictures get no label, rightly and by mistake."""
    rows = [(words("facts.refused.all"), [share(found.far.all.rejected, words)])]
    rows += [
        (words(_OUTLIER[kind]), [share(figures.rejected, words)])
        for kind, figures in found.far.by_kind.items()
    ]
    return join(
        (
            paragraph(words("facts.refused.about")),
            table([words("facts.refused.head")], rows, words),
            paragraph(words("facts.wrongly.about")),
            _wrongly(found.false_refusal, words),
            _tone_gap(found.skin_tone_gap_milk10k, words),
        )
    )


def _wrongly(found: Refusals, words: Words) -> Html:
    rows = [
        (words("facts.wrongly.all"), [share(found.overall, words)]),
        (words("facts.wrongly.dermoscopic"), [share(found.by_modality.dermoscopic, words)]),
        (words("facts.wrongly.camera"), [share(found.by_modality.camera, words)]),
    ]
    rows += [
        (words("facts.wrongly.skin", tone=words(SKIN_TONE[tone])), [share(figure, words)])
        for tone, figure in found.by_skin_tone.items()
    ]
    return table([words("facts.wrongly.head")], rows, words)


def _tone_gap(gap: SkinToneGap, words: Words) -> Html:
    """Say whether darker skin is refused more often, or that too few pictures could show it."""
    difference = gap.difference
    if difference.told is None:
        return paragraph(words("facts.gap.untested", lesions=gap.darker_lesions))
    if gap.detected and difference.told > 0:
        return paragraph(words.html("facts.gap.more", points=points(difference.told)))
    if gap.detected:
        return paragraph(words.html("facts.gap.less", points=points(-difference.told)))
    if gap.smallest_detectable_share is None:
        return paragraph(words("facts.gap.none"))
    return markup(
        "<p>{none} {smallest}</p>",
        none=words("facts.gap.none"),
        smallest=words("facts.gap.smallest", share=gap.smallest_detectable_share),
    )


def skin(tones: Mapping[SkinTone, SkinToneFigures], words: Words) -> Html:
    """Say how it does on skin of each tone, or that too few cancers could show it."""
    few = [tone for tone, figures in tones.items() if figures.too_few_to_say]
    rows = [
        (
            words(SKIN_TONE[tone]),
            [
                str(figures.malignant_lesions),
                words("facts.figure.too-few")
                if tone in few
                else share(figures.malignant_at_least_medium, words),
            ],
        )
        for tone, figures in tones.items()
    ]
    verdict: Html | str = words("facts.skin.about")
    if few:
        named = listed([words(SKIN_TONE[tone]) for tone in few], words)
        verdict = words.html("facts.skin.too-few", tones=named)
    head = [words("facts.skin.cancers"), words("facts.skin.medium")]
    return join((paragraph(verdict), table(head, rows, words)))


def bad_pictures(found: Robustness, words: Words) -> Html:
    """Say what each corruption costs at its strongest; nothing where that is undefined.

    The measure is the malignancy AUC of camera pictures: how often a cancer scores higher.
    """
    before = found.unchanged.camera.malignancy_auc.told
    strongest = {
        corruption: after
        for corruption, steps in found.corruptions.items()
        if steps and (after := steps[-1].slices.camera.malignancy_auc.told) is not None
    }
    if before is None or not strongest:
        return NOTHING
    worst, *_ = ordered = sorted(strongest, key=strongest.__getitem__)
    sentence = (
        words("facts.bad.worst", before=before, corruption=words(_CORRUPTION_WITHIN[worst]))
        if strongest[worst] < before
        else words("facts.bad.little", before=before)
    )
    rows = [(words(_CORRUPTION[each]), [words.percent(strongest[each])]) for each in ordered]
    return join((paragraph(sentence), table([words("facts.bad.head")], rows, words)))

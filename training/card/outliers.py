"""The card's section on images that show no lesion, or none that the model knows."""

from __future__ import annotations

from lentigo.model.evaluation import Evaluation
from lentigo.model.figures import Figure
from lentigo.model.outlier_figures import OutlierFigures, Refusals, SkinToneGap
from lentigo.model.selection import OutlierSelection
from training.card.markdown import TOO_FEW, percent, plain, section, table
from training.card.names import CAMERAS, OUTLIERS, SKIN_TONES, named

# In the order of the alphabet, as `LeftOut` has them by name.
LEFT_OUT_SCORES = ("energy", "mahalanobis_reduced", "max_softmax", "nearest_neighbour")


def outlier_section(selection: OutlierSelection | None, evaluation: Evaluation) -> str:
    """Write how images are recognised that show nothing the model knows."""
    title = "Is it a lesion that it knows?"
    found = evaluation.out_of_distribution
    if found is None:
        return section(title, "")
    near, refused = found.near.outside_lesions, found.false_refusal.outside_the_classes
    body = f"""Which score tells lesions from images of no lesion (AUROC; the chosen one is the
best that a browser can compute):

{scores_table(found)}

{how_chosen(selection)}

Far: images of no lesion, by kind. `Rejected` ones get no label. The teacher may have seen those
of ImageNet, with other labels.

{far_table(found)}

Lesions refused by mistake:

{refusals_table(found.false_refusal)}

{tone_gap(found.skin_tone_gap_milk10k)}

Near: lesions outside the seven classes: AUROC {plain(near)}, refused {percent(refused)}. And each
class left out of the last layer in turn (AUROC; the layers below had seen its images, so this
flatters):

{left_out_table(found)}

What the lesion head does with a kind of image that it was not fitted on (the layers below were
trained on it):

{unseen_table(found)}"""
    return section(title, body)


def scores_table(found: OutlierFigures) -> str:
    """Write what each way to score is worth."""
    rows = [
        [
            f"**{name}**, chosen" if name is found.chosen else str(name),
            plain(figures.far),
            plain(figures.far_mean_of_kinds),
            percent(figures.rejected_at_3_percent_refused),
            percent(figures.refused_at_95_percent_rejected),
            plain(figures.near),
        ]
        for name, figures in found.scores.items()
    ]
    head = [
        "Score",
        "All far images",
        "Mean of the kinds",
        "Rejected if 3 % of lesions are refused",
        "Lesions refused if 95 % are rejected",
        "Near",
    ]
    return table(head, rows)


def how_chosen(selection: OutlierSelection | None) -> str:
    """Say how score and threshold were chosen; empty for a model that does not say."""
    if selection is None:
        return ""
    return (
        "How chosen: the score with the largest area under the curve over all images without a "
        "lesion, on the val split. The threshold has the most room to both limits: at least "
        f"{selection.wanted_rejected:.0%} of those rejected, and at most "
        f"{selection.most_refused:.0%} refused of the dermoscopic lesions, of the clinical images, "
        f"and of those on darker skin. On val it rejects {selection.rejected:.1%} of "
        f"{selection.pictures_of_no_lesion} and refuses {selection.refused:.2%} of "
        f"{selection.pictures_of_lesions}."
    )


def far_table(found: OutlierFigures) -> str:
    """Write how images of no lesion are recognised and rejected, by kind."""
    kinds = [("All", found.far.all)]
    kinds += [(OUTLIERS[kind], figures) for kind, figures in found.far.by_kind.items()]
    rows = [
        [name, str(figures.auroc.n), plain(figures.auroc), percent(figures.rejected)]
        for name, figures in kinds
    ]
    return table(["Kind", "Images", "AUROC", "Rejected"], rows)


def refusals_table(refusals: Refusals) -> str:
    """Write which share of the lesions gets no label, by kind, class and skin tone."""
    rows: list[tuple[str, Figure]] = [("All", refusals.overall)]
    rows += [(named(name), figure) for name, figure in vars(refusals.by_modality).items()]
    rows += [(CAMERAS[name], figure) for name, figure in vars(refusals.by_camera).items()]
    rows += [
        (f"Skin in MILK10k: {SKIN_TONES[tone]}", figure)
        for tone, figure in refusals.by_skin_tone.items()
    ]
    rows += [(str(diagnosis), figure) for diagnosis, figure in refusals.by_class.items()]
    return table(
        ["Lesions", "Images", "Refused"],
        [[name, str(figure.n), percent(figure)] for name, figure in rows],
    )


def tone_gap(gap: SkinToneGap) -> str:
    """Say whether lesions on darker skin are refused more often, or why that cannot be said."""
    difference, count = gap.difference, gap.darker_lesions
    smallest = percent(gap.smallest_detectable_share)
    if difference.value is None or difference.low is None or difference.high is None:
        return ""
    if difference.too_few_to_say:
        return (
            f"Whether darker skin (0-2) is refused more often: {TOO_FEW}; only {count} lesions of "
            f"the test were on it, and so many show only a share of {smallest} or more."
        )
    points = [
        f"{share * 100:+.1f}" for share in (difference.value, difference.low, difference.high)
    ]
    verdict = "a gap was detected" if gap.detected else "no gap was detected"
    return (
        f"Darker (0-2) less lighter skin: {points[0]} points ({points[1]} to {points[2]}): "
        f"{verdict}. The {count} lesions on darker skin show only a share of {smallest} or more."
    )


def left_out_table(found: OutlierFigures) -> str:
    """Write how well a class is recognised that the last layer never saw."""
    rows = [
        [f"`{name}`", *(plain(getattr(figures, score)) for score in LEFT_OUT_SCORES)]
        for name, figures in found.near.leave_one_class_out.items()
    ]
    return table(["Left out", *LEFT_OUT_SCORES], rows)


def unseen_table(found: OutlierFigures) -> str:
    """Write what becomes of a kind of image that the lesion head was not fitted on."""
    rows = [
        [
            OUTLIERS[kind],
            str(figures.auroc.n),
            plain(figures.auroc),
            percent(figures.rejected_at_3_percent_refused),
        ]
        for kind, figures in found.unseen_kinds.items()
        if figures is not None
    ]
    return table(
        ["Kind left out", "Images", "AUROC", "Rejected if 3 % of lesions are refused"], rows
    )

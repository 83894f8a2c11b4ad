"""The photos of one spot: what its answer rests on, and the way to add another. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import Source
from app.html import NOTHING, Html, join, markup
from app.screens.icons import priority_icon
from app.screens.screening.spot import Failed, LeftOut, Refused, Surplus, asked_alone
from app.screens.screening.state import Mode
from app.screens.screening.thumbnail import thumbnail
from app.words.catalogue import keys
from app.words.errors import error_text, shown_name
from app.words.picture import FAULT, MODALITY_CHOICE, REMEDY
from app.words.triage import advice_text
from lentigo.triage.advice import ADVICE, Act
from lentigo.triage.several_photos import MOST_PHOTOS

if TYPE_CHECKING:
    from app.screens.screening.spot import Shot, SpotInPhoto
    from app.screens.screening.state import State
    from app.words import Words

_OTHER = {Source.CHOSEN: Source.CAPTURE, Source.CAPTURE: Source.CHOSEN}
_OTHERWISE = keys(Source, "photos.add.{}")


def spot_photos(state: State, words: Words) -> Html:
    """Render what the answer rests on; empty without an answer."""
    spot = state.photographed
    if spot is None or not spot.accepted:
        return NOTHING
    return markup(
        '<section class="spot-photos" data-testid="spot-photos" data-count="{count}" '
        'aria-label="{label}">{refused}{told}{tiles}{taken}{another}</section>',
        count=len(spot.accepted),
        label=words("photos.label"),
        refused=_refused(spot, words),
        told=_told(state, spot, words),
        tiles=_tiles(spot, words),
        taken=_taken(spot, words),
        another=_another(state, spot, words) if _is_next_step(state) else NOTHING,
    )


def another_photo(state: State, words: Words) -> Html:
    """Offer another photo of this spot, unless the answer asks for one: then it stands below that.

    Elsewhere the questions come first, which can only raise the priority.
    """
    spot = state.photographed
    if spot is None or not spot.accepted or _is_next_step(state):
        return NOTHING
    return markup('<div class="another-photo">{offer}</div>', offer=_another(state, spot, words))


def _is_next_step(state: State) -> bool:
    return state.advice.act is Act.TRY_AGAIN


def _told(state: State, spot: SpotInPhoto, words: Words) -> Html:
    count = len(spot.accepted)
    if state.mode is Mode.ANALYSING:
        return markup("<p>{told}</p>", told=words.html("photos.adding", count=count))
    if not spot.added:
        return NOTHING
    return markup("<p>{told}</p>", told=words.html("photos.rests-on", count=count))


def _tiles(spot: SpotInPhoto, words: Words) -> Html:
    shots = [shot for shot in spot.shots if shot.alone is not None or shot.is_pending]
    if len(shots) < 2:
        return NOTHING
    tiles = join(_tile(shot, number, words) for number, shot in enumerate(shots, 1))
    return markup("<ol>{tiles}</ol>", tiles=tiles)


def _tile(shot: Shot, number: int, words: Words) -> Html:
    if shot.is_pending:
        tier, icon, standing = "", NOTHING, words("row.tile.waiting")
    else:
        priority = asked_alone(shot)
        title = advice_text(ADVICE[priority], words).title
        tier, icon = str(priority), priority_icon(priority)
        standing = words("photos.alone", title=title)
    return markup(
        '<li class="tile {colours}" data-testid="spot-photo" data-priority="{tier}"{busy}>'
        "{thumbnail}{icon}<span>{name}</span><span>{standing}</span></li>",
        colours=tier and f"priority-{tier}",
        tier=tier,
        busy=markup(' aria-busy="true"') if shot.is_pending else NOTHING,
        thumbnail=thumbnail(shot),
        icon=icon,
        name=words("photos.number", number=number),
        standing=standing,
    )


def _taken(spot: SpotInPhoto, words: Words) -> Html:
    """Let the visitor correct how each of several photos was taken."""
    if len(spot.accepted) < 2:
        return NOTHING
    rows = join(
        _choices(shot, words("photos.number", number=number), words)
        for number, shot in enumerate(spot.accepted, 1)
    )
    return markup(
        "<details><summary>{summary}</summary>{rows}</details>",
        summary=words("photos.taken"),
        rows=rows,
    )


def _choices(shot: Shot, name: str, words: Words) -> Html:
    found = shot.alone.modality if shot.alone else None
    choices = join(
        markup(
            '<button type="button" class="small" id="modality-{modality}-{id}" '
            'data-action="modality-chosen" data-modality="{modality}" data-photo="{id}" '
            'aria-pressed="{pressed}">{text}</button>',
            modality=modality,
            id=shot.id,
            pressed="true" if modality is found else "false",
            text=words(MODALITY_CHOICE[modality]),
        )
        for modality in MODALITY_CHOICE
    )
    return markup(
        '<p class="modality" role="group" aria-label="{name}">{name} {choices}</p>',
        name=name,
        choices=choices,
    )


def _another(state: State, spot: SpotInPhoto, words: Words) -> Html:
    if state.mode is not Mode.RESULT:
        return NOTHING
    if len(spot.accepted) >= MOST_PHOTOS:
        return markup('<p class="note">{full}</p>', full=words("photos.full"))
    source, wanted = spot.shots[-1].photo.source, _is_next_step(state)
    other, otherwise = other_way(source, words)
    return markup(
        '<p class="actions"><button type="button" id="add-photo" class="{weight}" '
        'data-testid="add-photo" '
        'data-action="add-photo" data-photo="{id}" data-source="{source}">{text}</button>'
        '<button type="button" class="quiet" id="add-photo-otherwise" data-action="add-photo" '
        'data-photo="{id}" data-source="{other}">{otherwise}</button></p>'
        '<p class="note">{note}</p>',
        weight="primary" if wanted else "",
        id=spot.id,
        source=source,
        text=words("photos.add"),
        other=other,
        otherwise=otherwise,
        note=words("photos.add.note.short" if wanted else "photos.add.note", most=MOST_PHOTOS),
    )


def other_way(source: Source, words: Words) -> tuple[Source, str]:
    """Return the way in which the photo before did not come, and what its button says."""
    other = _OTHER[source]
    return other, words(_OTHERWISE[other])


def _refused(spot: SpotInPhoto, words: Words) -> Html:
    """Say why photos were not added, while the answer stands."""
    shots = [shot for shot in spot.added if isinstance(shot.stage, Refused | Failed | LeftOut)]
    if not shots:
        return NOTHING
    items = join(
        markup(
            "<li>{said}</li>",
            said=words.html(
                "photos.not-added.item",
                name=shown_name(shot.photo.name, words),
                reason=why_not_added(shot, words),
            ),
        )
        for shot in shots
    )
    return markup(
        '<div class="notice" data-testid="not-added"><h3>{title}</h3><ul>{items}</ul></div>',
        title=words("photos.not-added", count=len(shots)),
        items=items,
    )


def why_not_added(shot: Shot, words: Words) -> str:
    """Say why a photo does not count, and what to do about it."""
    match shot.stage:
        case LeftOut(Surplus.SAME_PHOTO):
            return words("photos.same-photo")
        case LeftOut():
            return words("photos.too-many", most=MOST_PHOTOS)
        case Failed(error):
            text = error_text(error, words)
            return words("photos.not-added.reason", fault=text.message, remedy=text.next_step)
        case _:
            finding = shot.findings[0]
            fault, remedy = words(FAULT[finding.issue]), words(REMEDY[finding.remedy])
            return words("photos.not-added.reason", fault=fault, remedy=remedy)


def said_of_photos(before: State, after: State, words: Words) -> list[str]:
    """Return what a screen reader is told of a photo that was added, or was not."""
    was, now = before.photographed, after.photographed
    if was is None or now is None or was.id != now.id or not was.accepted:
        return []
    newest = now.shots[-1]
    if not newest.is_pending and isinstance(newest.stage, Refused | Failed | LeftOut):
        return [words("said.photos.not-added", reason=why_not_added(newest, words))]
    if len(now.accepted) > 1:
        return [words("said.photos.rests-on", count=len(now.accepted))]
    return []

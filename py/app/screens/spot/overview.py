"""The wide photo around a spot, with a ring where the spot is. Pure.

While the ring is moved the page has it (``js/page/overview.js``), and sends where it is in the end.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.spots.shown import picture
from app.words.errors import error_text
from lentigo.errors import NextStep

if TYPE_CHECKING:
    from app.spots.collection import Watched
    from app.spots.state import Marking, Spots
    from app.words import Words
    from lentigo.errors import LentigoError

# Where the ring is before it is moved.
MIDDLE = (0.5, 0.5)


def overview(spots: Spots, watched: Watched, words: Words) -> Html:
    """Render the photo that is kept, the form that marks the spot, or the way to a photo."""
    marking = spots.marking
    number = spots.collection.number_of(watched.id)
    if marking is None or marking.spot != watched.id:
        shown = _kept(watched, number, words)
    elif marking.error is not None:
        shown = join((photo_problem(marking.error, words), _kept(watched, number, words)))
    elif marking.deleting:
        shown = join((_photo(watched, number, words), _deletion(watched, marking, words)))
    elif marking.apart is not None and not marking.picture:
        shown = markup(
            '<p class="note" role="status">{text}</p>', text=words("spots.overview.opening")
        )
    else:
        shown = _form(watched, marking, number, words)
    return markup(
        '<section class="around" aria-labelledby="around-title"><h3 id="around-title">{title}</h3>'
        "{shown}</section>",
        title=words("spots.overview.title"),
        shown=shown,
    )


def _kept(watched: Watched, number: int | None, words: Words) -> Html:
    if watched.spot.overview is None:
        why = markup('<p class="note">{text}</p>', text=words("spots.overview.why"))
        return join((why, _ways(watched, NOTHING, NOTHING, words)))
    move = markup(
        '<button type="button" data-action="overview-opened" data-spot="{id}" '
        'data-testid="overview-move">{text}</button>',
        id=watched.id,
        text=words("spots.overview.move"),
    )
    delete = markup(
        '<button type="button" class="quiet" data-action="overview-deleted" data-spot="{id}" '
        'data-testid="overview-delete">{text}</button>',
        id=watched.id,
        text=words("spots.overview.delete"),
    )
    return join((_photo(watched, number, words), _ways(watched, move, delete, words)))


def _photo(watched: Watched, number: int | None, words: Words) -> Html:
    kept = watched.spot.overview
    if kept is None:
        return NOTHING
    return markup(
        '<div class="overview" data-testid="overview">{picture}{ring}</div>',
        picture=picture(kept.picture, words("spots.overview.label")),
        ring=_ring((kept.x, kept.y), number),
    )


def _ways(watched: Watched, before: Html, after: Html, words: Words) -> Html:
    """Offer a photo by the camera, on a device to hold, and from a file."""
    kept = watched.spot.overview is not None
    return markup(
        '<p class="actions">{before}<label class="button by-hand">{take}<input type="file" '
        'accept="image/*" capture="environment" data-overview-of="{id}"></label>'
        '<label class="button">{choose}<input type="file" accept="image/*" '
        'data-overview-of="{id}" data-testid="overview-file"></label>{after}</p>',
        before=before,
        after=after,
        id=watched.id,
        take=words("spots.overview.retake" if kept else "spots.overview.take"),
        choose=words("spots.overview.rechoose" if kept else "spots.overview.choose"),
    )


def _form(watched: Watched, marking: Marking, number: int | None, words: Words) -> Html:
    kept = watched.spot.overview
    if marking.apart is None and kept is not None:
        shown, at = picture(kept.picture, words("spots.overview.label")), (kept.x, kept.y)
    else:
        at = MIDDLE
        shown = markup(
            '<img src="data:image/jpeg;base64,{data}" alt="{label}">',
            data=b64encode(marking.picture).decode("ascii"),
            label=words("spots.overview.label"),
        )
    return markup(
        '<form data-form="overview" data-testid="overview-form"><p id="overview-how">{how} '
        '<span class="by-keys">{by_keys}</span></p>'
        '<div class="overview" data-mark data-action="mark-tapped" tabindex="0" data-focus '
        'role="application" aria-label="{ring_label}" aria-describedby="overview-how">{shown}{ring}'
        '</div><input type="hidden" name="x" value="{x:g}"><input type="hidden" name="y" '
        'value="{y:g}"><p class="actions"><button type="submit" class="primary" '
        'data-action="overview-marked" data-spot="{id}" data-testid="overview-save"{busy}>{save}'
        '</button><button type="button" data-action="overview-dropped"{busy}>{drop}</button></p>'
        "</form>",
        how=words("spots.overview.how"),
        by_keys=words("spots.overview.by-keys"),
        ring_label=words("spots.overview.ring"),
        shown=shown,
        ring=_ring(at, number),
        x=at[0],
        y=at[1],
        id=watched.id,
        busy=markup(" disabled") if marking.request is not None else NOTHING,
        save=words("spots.saving" if marking.request is not None else "spots.save.now"),
        drop=words("spots.overview.drop"),
    )


def _ring(at: tuple[float, float], number: int | None) -> Html:
    """Draw the ring, its middle free, with the spot's number beside it, towards the middle."""
    x, y = at
    tag = markup(
        '<g class="tag"><circle r="10"/><text dy=".35em">{number}</text></g>', number=number or ""
    )
    return markup(
        '<svg class="rings" aria-hidden="true"><svg data-ring x="{x:g}%" y="{y:g}%" '
        'data-x="{across}" data-y="{down}"><circle class="dark" r="17"/><circle r="17"/>{tag}'
        "</svg></svg>",
        x=100 * x,
        y=100 * y,
        across="high" if x > MIDDLE[0] else "low",
        down="high" if y > MIDDLE[1] else "low",
        tag=tag if number else NOTHING,
    )


def photo_problem(error: LentigoError, words: Words) -> Html:
    """Say why a photo cannot be used."""
    text = error_text(error, words)
    # A wide photo is not to be cropped to the spot.
    crop = error.next_step is NextStep.CROP
    return markup(
        '<div class="notice notice-error" role="alert" data-testid="overview-fault">'
        "<p><strong>{message}</strong> {next_step}</p></div>",
        message=text.message,
        next_step=words("spots.overview.fewer-pixels") if crop else text.next_step,
    )


def _deletion(watched: Watched, marking: Marking, words: Words) -> Html:
    busy = markup(" disabled") if marking.request is not None else NOTHING
    return markup(
        '<div class="notice" role="group" aria-label="{label}"><p>{text}</p><p class="actions">'
        '<button type="button" data-action="overview-dropped" data-focus{busy}>{no}</button>'
        '<button type="button" data-action="overview-deleted" data-spot="{id}" '
        'data-confirmed="yes" data-testid="overview-delete-now"{busy}>{yes}</button></p></div>',
        label=words("spots.overview.delete"),
        text=words("spots.overview.delete.ask"),
        no=words("spots.overview.delete.no"),
        id=watched.id,
        yes=words("spots.overview.delete.yes"),
        busy=busy,
    )

"""One spot: what stands, what is due, its photos, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.body.drawing import body_map
from app.body.sites import hard_to_see_help, site_list
from app.html import NOTHING, Html, join, markup
from app.screens.spot.overview import overview
from app.screens.spot.shape import measurable
from app.spots.saving import FormFault
from app.spots.shown import CARE, barrier, due_text, name_of, picture, standing, told_fault
from app.spots.update import FEWEST
from app.words.catalogue import keys
from app.words.dates import day_text
from app.words.places import place_name
from app.words.triage import TIER
from lentigo.spots.history import leaves_a_request, wants_doctor
from lentigo.spots.records import NAME_LENGTH, NOTE_LENGTH, Care, ChangeSeen

if TYPE_CHECKING:
    from app.spots.collection import Watched
    from app.spots.state import Spots
    from app.words import Words
    from lentigo.spots.records import Capture

_CARE_FAULT = keys(FormFault, "spots.care.form.{}")
_SEEN = keys(ChangeSeen, "spots.change.told.{}")


def view(spots: Spots, words: Words) -> dict[str, Html]:
    """Render the one region of the screen."""
    barred = barrier(spots, words)
    return {"spot": _spot(spots, words) if barred is None else barred}


def _spot(spots: Spots, words: Words) -> Html:
    watched = spots.collection.watched(spots.opened or "")
    if watched is None:
        return markup('<p data-testid="no-spot">{text}</p>', text=words("spots.gone"))
    spot = watched.spot
    place = spot.place
    return join(
        (
            told_fault(spots, words),
            markup(
                '<h2 class="spot-name" data-testid="spot-name" data-of="{id}">{name}</h2>',
                id=watched.id,
                name=name_of(spot, words),
            ),
            standing(watched, words),
            markup(
                '<p class="due" data-testid="due">{due}</p>',
                due=due_text(watched, spots.collection, words),
            ),
            _visit(watched, words),
            _acts(watched, words),
            _care(spots, watched, words),
            markup('<p class="place">{place}</p>', place=place_name(place.site, words))
            if place and spot.name
            else NOTHING,
            markup('<p class="spot-note">{note}</p>', note=spot.note) if spot.note else NOTHING,
            _photos(spots, watched, words),
            measurable(spots, watched.newest, words),
            overview(spots, watched, words),
            hard_to_see_help(place.site, words) if place else NOTHING,
            _description(spots, watched, words),
            _deletion(spots, watched, words),
        )
    )


def _visit(watched: Watched, words: Words) -> Html:
    """Say what has become of the spot, where something else is due beside it."""
    state = watched.spot.state
    if state.on is None or watched.due is None:
        return NOTHING
    said = words(CARE[state.care], day=day_text(state.on, words))
    return markup('<p class="note" data-testid="visit">{said}</p>', said=said)


def _acts(watched: Watched, words: Words) -> Html:
    compare = markup(
        '<a class="button" href="#/spots/{id}/compare" data-testid="compare">{text}</a>',
        id=watched.id,
        text=words("spots.compare"),
    )
    remind = markup(
        '<button type="button" data-action="spot-remind" data-spot="{id}" '
        'data-testid="spot-remind">{text}</button>',
        id=watched.id,
        text=words("keep.remind"),
    )
    return markup(
        '<p class="actions"><button type="button" class="{primary}" data-action="repeat" '
        'data-spot="{id}" data-testid="repeat">{repeat}</button>{compare}{remind}'
        '<button type="button" data-action="spot-report" data-spot="{id}" '
        'data-testid="spot-report">{report}</button></p>'
        '<p class="note" role="status" data-testid="kept-file"></p>',
        # A doctor comes first where one was asked for.
        primary="quiet" if wants_doctor(watched.standing) else "primary",
        id=watched.id,
        repeat=words("spots.repeat"),
        compare=compare if len(watched.captures) >= FEWEST else NOTHING,
        remind=remind if watched.due else NOTHING,
        report=words("keep.report"),
    )


def _photos(spots: Spots, watched: Watched, words: Words) -> Html:
    return markup(
        '<section aria-labelledby="photos-title"><h3 id="photos-title">{title}</h3>'
        '<ol class="captures">{photos}</ol>{asked}</section>',
        title=words("spots.photos.title"),
        photos=join(
            _deleted_photo(capture, words)
            if capture.is_deleted
            else _photo(spots, watched, capture, words)
            for capture in reversed(watched.history)
        ),
        asked=join(
            _photo_deletion(watched, capture, words)
            for capture in watched.captures
            if capture.id == spots.deleting
        ),
    )


def _deleted_photo(capture: Capture, words: Words) -> Html:
    """Show what is left of a photo that was deleted."""
    return markup(
        '<li data-testid="deleted-photo" data-capture="{id}"><p><strong>{day}</strong>'
        "<span>{gone}</span><span>{answer}</span></p></li>",
        id=capture.id,
        day=day_text(capture.taken, words),
        gone=words("spots.photo.deleted"),
        answer=words("spots.photo.answer", tier=words(TIER[capture.judged.priority])),
    )


def _photo(spots: Spots, watched: Watched, capture: Capture, words: Words) -> Html:
    day = day_text(capture.taken, words)
    seen = capture.change_seen
    told = markup("<span>{text}</span>", text=words(_SEEN[seen])) if seen else NOTHING
    one_of_several = len(watched.captures) >= FEWEST
    delete = markup(
        '<p class="actions"><button type="button" class="quiet small" id="delete-{id}" '
        'data-action="photo-deleted" data-capture="{id}" data-testid="delete-photo" '
        'aria-label="{label}">{text}</button></p>',
        id=capture.id,
        label=words("spots.photo.delete.of", day=day),
        text=words("spots.photo.delete"),
    )
    return markup(
        '<li data-testid="photo" data-capture="{id}" data-priority="{priority}">{picture}'
        "<p><strong>{day}</strong><span>{answer}</span>{told}</p>{delete}</li>",
        id=capture.id,
        priority=capture.judged.priority,
        picture=picture(capture.picture, words("spots.photo.label", day=day)),
        day=day,
        answer=words("spots.photo.answer", tier=words(TIER[capture.judged.priority])),
        told=told,
        delete=delete if one_of_several and spots.deleting != capture.id else NOTHING,
    )


def _photo_deletion(watched: Watched, capture: Capture, words: Words) -> Html:
    """Ask whether a photo shall go, and say what stays of it."""
    stays = leaves_a_request(capture, watched.history)
    return markup(
        '<div class="notice" role="group" aria-label="{label}"><p>{ask}{stays}</p>'
        '<p class="actions"><button type="button" data-action="deletion-refused" data-focus>{no}'
        '</button><button type="button" data-action="photo-deleted" data-capture="{id}" '
        'data-confirmed="yes" data-testid="delete-photo-now">{yes}</button></p></div>',
        label=words("spots.photo.delete.of", day=day_text(capture.taken, words)),
        ask=words("spots.photo.delete.ask", day=day_text(capture.taken, words)),
        stays=markup(" {text}", text=words("spots.photo.delete.stays")) if stays else NOTHING,
        no=words("spots.delete.no"),
        id=capture.id,
        yes=words("spots.photo.delete.yes"),
    )


def _care(spots: Spots, watched: Watched, words: Words) -> Html:
    """Ask whether a doctor has looked at it; with what is answered the form is another, closed."""
    state, spot = watched.spot.state, watched.id
    said = int(state.said.timestamp()) if state.said else ""
    problem = NOTHING
    if spots.uncared is not None:
        problem = markup(
            '<p class="notice notice-error" role="alert" data-testid="care-fault">{text}</p>',
            text=words(_CARE_FAULT[spots.uncared]),
        )
    back = markup(
        '<p class="actions"><button type="button" data-action="care-given" data-spot="{spot}" '
        'data-care="{care}">{text}</button></p>',
        spot=spot,
        care=Care.WATCHED,
        text=words("spots.care.undo"),
    )
    return markup(
        '<details class="care" id="care-{care}-{said}" data-testid="care">'
        '<summary>{title}</summary><form data-form="care">{problem}'
        '<p class="field"><label for="care-on">{label}</label>'
        '<input type="date" id="care-on" name="on" required data-until-today></p>'
        '<p class="actions">'
        '<button type="submit" data-action="care-given" data-spot="{spot}" data-care="{seen}" '
        'data-testid="care-seen">{by_doctor}</button>'
        '<button type="submit" data-action="care-given" data-spot="{spot}" data-care="{removed}">'
        "{was_removed}</button></p></form>{back}</details>",
        care=state.care,
        said=said,
        problem=problem,
        title=words("spots.care.title"),
        label=words("spots.care.on"),
        spot=spot,
        seen=Care.SEEN,
        removed=Care.REMOVED,
        by_doctor=words("spots.care.by-doctor"),
        was_removed=words("spots.care.was-removed"),
        back=NOTHING if state.care is Care.WATCHED else back,
    )


def _description(spots: Spots, watched: Watched, words: Words) -> Html:
    spot = watched.spot
    place = spots.placed or spot.place
    return markup(
        '<details class="describe" data-testid="describe"><summary>{title}</summary>'
        '<form data-form="describe">'
        '<p class="field"><label for="spot-name">{name_label}</label><input id="spot-name" '
        'name="name" value="{name}" maxlength="{name_length}" autocomplete="off"></p>{sites}'
        '<details class="draw"><summary>{draw}</summary>{drawings}</details>'
        '<p class="field"><label for="spot-note">{note_label}</label><textarea id="spot-note" '
        'name="note" rows="3" maxlength="{note_length}">{note}</textarea></p>'
        '<p class="actions"><button type="submit" data-action="spot-described" '
        'data-spot="{id}">{save}</button></p></form></details>',
        title=words("spots.describe"),
        name_label=words("spots.name"),
        name=spot.name,
        name_length=NAME_LENGTH,
        sites=site_list(place.site if place else None, words),
        draw=words("spots.draw"),
        drawings=body_map((), words, chosen=place, placing=True),
        note_label=words("spots.note"),
        note=spot.note,
        note_length=NOTE_LENGTH,
        id=spot.id,
        save=words("spots.describe.save"),
    )


def _deletion(spots: Spots, watched: Watched, words: Words) -> Html:
    if spots.deleting != watched.id:
        return markup(
            '<p class="actions"><button type="button" class="quiet" data-action="spot-deleted" '
            'data-spot="{id}" data-testid="delete-spot">{text}</button></p>',
            id=watched.id,
            text=words("spots.delete"),
        )
    return markup(
        '<div class="notice" role="group" aria-label="{label}"><p>{text}</p><p class="actions">'
        '<button type="button" data-action="deletion-refused" data-focus>{no}</button>'
        '<button type="button" data-action="spot-deleted" data-spot="{id}" data-confirmed="yes" '
        'data-testid="delete-spot-now">{yes}</button></p></div>',
        label=words("spots.delete"),
        text=words("spots.delete.ask", count=len(watched.captures)),
        no=words("spots.delete.no"),
        id=watched.id,
        yes=words("spots.delete.yes", count=len(watched.captures)),
    )

"""Keeping the answer that is shown: the button, the form, and what was kept. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.body.drawing import body_map
from app.body.sites import site_list
from app.html import NOTHING, Html, join, markup
from app.spots.events import StoreFault
from app.spots.people import unless_known
from app.spots.saving import NEW_SPOT, FormFault
from app.spots.shown import backup_due, due_text, fault, name_of, picture, standing
from app.words.catalogue import keys
from app.words.dates import day_text
from lentigo.model.modality import Modality
from lentigo.spots.place import Site
from lentigo.spots.records import NAME_LENGTH, NOTE_LENGTH, Capture

if TYPE_CHECKING:
    from app.spots.collection import Watched
    from app.spots.saving import Answered
    from app.spots.state import Saving, Spots
    from app.words import Words
    from lentigo.spots.records import Record

_FORM_FAULT = keys(FormFault, "spots.form.{}")


def view(spots: Spots, answered: Answered | None, live: bool, words: Words) -> dict[str, Html]:
    """Render what the first screen has of kept spots: what stands, the earlier photo, the form.

    ``answered`` is the answer that can be kept, ``live`` whether the camera is open.
    """
    repeat = spots.repeating
    watched = spots.collection.watched(repeat.spot) if repeat else None
    earlier = spots.collection.records.get(repeat.capture) if repeat else None
    stands = ghost = NOTHING
    if live and isinstance(earlier, Capture):
        ghost = picture(earlier.picture, "")
    if watched is not None and not live:
        again = words("spots.repeating", name=name_of(watched.spot, words))
        stands = join(
            (
                markup('<p class="note" data-testid="repeating">{text}</p>', text=again),
                _otherwise_taken(earlier, answered, words),
                standing(watched, words),
            )
        )
    form = _kept(spots, answered, words) if answered is not None else NOTHING
    return {"history": stands, "ghost": ghost, "save": form}


def _otherwise_taken(earlier: Record | None, answered: Answered | None, words: Words) -> Html:
    """Say that two photos cannot be compared before the second one is kept."""
    if answered is None or not isinstance(earlier, Capture):
        return NOTHING
    if {answered.modality, earlier.modality} != {Modality.CAMERA, Modality.DERMOSCOPIC}:
        return NOTHING
    text = words("spots.not-aligned.modality")
    return markup('<p class="note" data-testid="otherwise-taken">{text}</p>', text=text)


def _kept(spots: Spots, answered: Answered, words: Words) -> Html:
    photo_id = answered.photo_id
    saved = spots.collection.watched(spots.saved.get(photo_id, ""))
    if saved is not None:
        return markup(
            '<div class="notice saved" data-testid="saved" role="status"><p><strong>{title}'
            "</strong> {due}</p>{order}<p>{where}</p>{backup}"
            '<p class="actions"><a class="button primary" '
            'href="#/spots/{id}">{open}</a></p></div>',
            title=words("spots.saved", name=name_of(saved.spot, words)),
            due=due_text(saved, spots.collection, words),
            order=_order(saved, words),
            where=words("spots.persisted" if spots.collection.persisted else "spots.not-persisted"),
            backup=backup_due(spots.collection, words),
            id=saved.id,
            open=words("spots.saved.open"),
        )
    saving = spots.saving
    if saving is None or saving.photo_id != photo_id:
        return markup(
            '<section class="keep-spot"><p class="actions"><button type="button" id="save-spot" '
            'data-testid="save-spot" data-action="save-asked" data-photo="{id}">{text}</button></p>'
            '<p class="note">{note}</p></section>',
            id=photo_id,
            text=words("spots.save"),
            note=words("spots.save.note"),
        )
    barred = unless_known(spots, "whose-photo", words)
    return _form(spots, saving, answered, words) if barred is None else barred


def _order(saved: Watched, words: Words) -> Html:
    """Say where a photo stands that is older than the newest one of its spot."""
    last = max(saved.captures, key=lambda capture: capture.saved)
    if last is saved.newest:
        return NOTHING
    newest = day_text(saved.newest.taken, words)
    return markup(
        '<p class="note" data-testid="older">{text}</p>',
        text=words("spots.saved.older", day=newest),
    )


def _form(spots: Spots, saving: Saving, answered: Answered, words: Words) -> Html:
    known = answered.taken or (spots.collection.today if answered.taken_here else None)
    return markup(
        '<form class="save-form" data-form="save" data-testid="save-form" data-of="{photo}">'
        "<h3>{title}</h3>{said}"
        '{which}<div class="of-new-spot">{name}{sites}{drawings}{note}</div>'
        '<p class="field"><label for="save-taken">{taken_label}</label>'
        '<input type="date" id="save-taken" name="taken" required value="{taken}"></p>'
        '<p class="actions"><button type="submit" class="primary" data-action="save-confirmed" '
        'data-photo="{photo}" data-testid="save-now"{busy}>{save}</button>'
        '<button type="button" data-action="save-dropped">{drop}</button></p>'
        '<p class="note">{where}</p></form>',
        title=words("spots.save.title"),
        said=_fault(saving, words),
        which=_which(spots, saving, words),
        name=_field("name", saving.fields.get("name", ""), NAME_LENGTH, words("spots.name")),
        sites=site_list(_site(spots, saving), words),
        drawings=markup(
            '<details class="draw"><summary>{draw}</summary>{map}</details>',
            draw=words("spots.draw"),
            map=body_map((), words, chosen=spots.placed, placing=True),
        ),
        note=_field("note", saving.fields.get("note", ""), NOTE_LENGTH, words("spots.note")),
        taken_label=words("spots.taken"),
        taken=saving.fields.get("taken", known.isoformat() if known else ""),
        photo=answered.photo_id,
        busy=markup(" disabled") if saving.request is not None else NOTHING,
        save=words("spots.saving" if saving.request is not None else "spots.save.now"),
        drop=words("spots.save.drop"),
        where=words("spots.save.where"),
    )


def _site(spots: Spots, saving: Saving) -> Site | None:
    if spots.placed is not None:
        return spots.placed.site
    site = saving.fields.get("site", "")
    return Site(site) if site in list(Site) else None


def _field(name: str, value: str, most: int, label: str) -> Html:
    return markup(
        '<p class="field"><label for="save-{name}">{label}</label><input id="save-{name}" '
        'name="{name}" value="{value}" maxlength="{most}" autocomplete="off"></p>',
        name=name,
        label=label,
        value=value,
        most=most,
    )


def _which(spots: Spots, saving: Saving, words: Words) -> Html:
    """Ask which spot this is, where there are any; the one photographed again comes chosen."""
    found = spots.collection.of_person()
    if not found:
        return NOTHING
    chosen = saving.fields.get("spot", spots.repeating.spot if spots.repeating else NEW_SPOT)
    options = [(NEW_SPOT, words("spots.new"))]
    options += [(watched.id, name_of(watched.spot, words)) for watched in found]
    return markup(
        '<p class="field"><label for="save-which">{label}</label>'
        '<select id="save-which" name="spot">{options}</select></p>',
        label=words("spots.which"),
        options=join(
            markup(
                '<option value="{value}"{selected}>{name}</option>',
                value=value,
                selected=markup(" selected") if value == chosen else NOTHING,
                name=name,
            )
            for value, name in options
        ),
    )


def _fault(saving: Saving, words: Words) -> Html:
    if isinstance(saving.fault, StoreFault):
        return fault(saving.fault, words)
    if saving.fault is None:
        return NOTHING
    return markup(
        '<p class="notice notice-error" role="alert" data-testid="save-fault">{text}</p>',
        text=words(_FORM_FAULT[saving.fault]),
    )

"""What every screen of kept spots shows alike: names, dates, what stands, the store. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, markup
from app.spots.collection import Asked
from app.spots.events import StoreFault
from app.words.catalogue import keys
from app.words.dates import day_text
from app.words.places import place_name
from lentigo.spots.history import is_taken_back, wants_doctor
from lentigo.spots.records import Care
from lentigo.spots.schedule import DueFor
from lentigo.triage.advice import ADVICE

if TYPE_CHECKING:
    from app.spots.collection import Collection, Watched
    from app.spots.state import Spots
    from app.words import Words
    from lentigo.spots.records import KeptSpot, Person
    from lentigo.spots.scale.size import Size

_FAULT = keys(StoreFault, "spots.fault.{}")
_DUE = keys(DueFor, "spots.due.{}")
_OVERDUE = keys(DueFor, "spots.overdue.{}")
CARE = keys(Care, "spots.care.{}")


def name_of(spot: KeptSpot, words: Words) -> str:
    """Return what a spot is called: its name, else its place, else that it has none."""
    if spot.name:
        return spot.name
    return place_name(spot.place.site, words) if spot.place else words("spots.unnamed")


def person_name(person: Person, words: Words) -> str:
    """Return what a person is called; the first one needs no name."""
    return person.name or words("spots.person.me")


def due_text(watched: Watched, collection: Collection, words: Words) -> str:
    """Say what is due by when, or what has become of the spot."""
    due, state = watched.due, watched.spot.state
    if due is None:
        return words(CARE[state.care], day=day_text(state.on, words)) if state.on else ""
    day, today = day_text(due.by, words), collection.today
    if today is not None and due.by < today:
        return words(_OVERDUE[due.what], day=day)
    return words(_DUE[due.what], day=day)


def size_text(size: Size, words: Words) -> str:
    """Say the longest diameter in tenths of a millimetre, with its error."""
    tenths = round(size.diameter_mm, 1), max(0.1, round(size.error_mm, 1))
    return words("spots.size.diameter", mm=tenths[0], error=tenths[1])


def picture(key: str, label: str) -> Html:
    """Render a picture that is kept; the page fetches it by its key."""
    return markup('<img data-blob="{key}" alt="{label}">', key=key, label=label)


def standing(watched: Watched, words: Words) -> Html:
    """Say what no doctor has answered yet: a newer, milder photo does not take it back."""
    asked = watched.standing
    if asked is None or not wants_doctor(asked):
        return NOTHING
    within = ADVICE[asked.priority].within
    assert within is not None
    day = day_text(asked.capture.answered, words)
    said = words("spots.standing", day=day, count=within.count, unit=within.unit)
    newer = is_taken_back(watched.history, watched.spot.state)
    return markup(
        '<div class="notice standing priority-{priority}" data-testid="standing" '
        'data-priority="{priority}"><p>{said}{newer}</p></div>',
        priority=asked.priority,
        said=said,
        newer=markup(" {text}", text=words("spots.standing.newer")) if newer else NOTHING,
    )


def barrier(spots: Spots, words: Words) -> Html | None:
    """Render what stands in place of a screen while the store is read, locked, or not to be had."""
    collection = spots.collection
    if collection.fault is not None:
        return fault(collection.fault, words)
    if collection.asked is not Asked.KNOWN:
        return markup(
            '<p class="note" data-testid="store-opening">{text}</p>', text=words("spots.opening")
        )
    return _unlock(words) if collection.is_locked else None


def fault(found: StoreFault, words: Words) -> Html:
    """Say what the store could not do, and what helps."""
    return markup(
        '<div class="notice notice-error" role="alert" data-testid="store-fault" '
        'data-fault="{fault}"><p>{text}</p></div>',
        fault=found,
        text=words(_FAULT[found]),
    )


def told_fault(spots: Spots, words: Words) -> Html:
    """Render what the last request ran into, if it did."""
    return NOTHING if spots.fault is None else fault(spots.fault, words)


def unread(collection: Collection, words: Words) -> Html:
    """Say that some records are left as they are."""
    if not collection.unread:
        return NOTHING
    text = words("spots.unread", count=collection.unread)
    return markup('<p class="notice" data-testid="unread">{text}</p>', text=text)


def backup_due(collection: Collection, words: Words) -> Html:
    """Say quietly that photos are in no backup, once they are a few."""
    if not collection.wants_backup:
        return NOTHING
    return markup(
        '<p class="note backup-due" data-testid="backup-due">{text} '
        '<a class="button small" href="#/settings">{save}</a></p>',
        text=words("spots.backup-due", count=collection.without_backup),
        save=words("spots.backup-due.save"),
    )


def _unlock(words: Words) -> Html:
    return markup(
        '<form class="unlock" data-form="unlock" data-testid="unlock"><h2>{title}</h2>'
        '<p>{text}</p><p class="field"><label for="passcode">{label}</label>'
        '<input type="password" id="passcode" name="passcode" autocomplete="current-password" '
        'required></p><p class="actions"><button type="submit" class="primary" '
        'data-action="unlock">{button}</button></p><p class="note" role="status" '
        'data-vault-told></p><p class="note">{no_reset}</p></form>',
        title=words("spots.locked.title"),
        text=words("spots.locked.text"),
        label=words("spots.passcode"),
        button=words("spots.unlock"),
        no_reset=words("spots.passcode.no-reset"),
    )

"""From what is known of kept spots and one event to what is known next, and effects. Pure.

Nothing counts as kept before the store has said so. What it could not do is told, and nothing that
was filled in gets lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.route import Route
from app.spots import overview
from app.spots.collection import NOBODY, Asked, parsed
from app.spots.effects import (
    Compare,
    OpenStore,
    ReadPictures,
    Recall,
    RemindOfSpot,
    ReportOfSpot,
    RestoreStore,
)
from app.spots.events import (
    BackupMade,
    BackupOpened,
    CareGiven,
    ChangeAnswered,
    CoinSought,
    Compared,
    ComparisonChosen,
    DeletionRefused,
    OverviewEncoded,
    PersonAdded,
    PersonChosen,
    PersonRemoved,
    PersonRenamed,
    PhotoDeleted,
    PicturesRead,
    PlaceTapped,
    Recalled,
    RepeatWanted,
    RestoreConfirmed,
    SaveAsked,
    SaveConfirmed,
    SaveDropped,
    ShapeAsked,
    ShapeDrawn,
    SpotDeleted,
    SpotDescribed,
    SpotReminderWanted,
    SpotReportWanted,
    StoreFailed,
    StoreRead,
    StoreWritten,
)
from app.spots.merging import merged, restored
from app.spots.saving import FormError, day_of, kept, place_of, shortened
from app.spots.shaping import draw_shape, shape_asked, shape_drawn
from app.spots.sizing import sought
from app.spots.state import Comparing, Repeat, Saving, Spots, Write
from app.spots.writing import put, put_all, stored
from lentigo.spots.body_outlines import site_at
from lentigo.spots.history import heard_by, leaves_a_request, with_the_more_severe_change
from lentigo.spots.place import Place
from lentigo.spots.records import (
    NAME_LENGTH,
    NOTE_LENGTH,
    Backup,
    Capture,
    Care,
    CareState,
    ChangeSeen,
    KeptSpot,
    Person,
    pictures_of,
)
from lentigo.triage.checklist import Question

if TYPE_CHECKING:
    from app.spots.effects import SpotsEffect
    from app.spots.events import SpotsAct, StoreEvent
    from app.spots.saving import Answered
    from lentigo.spots.records import Record

Next = tuple[Spots, tuple["SpotsEffect", ...]]

# Photos that a comparison wants.
FEWEST = 2
# What a visitor can have seen change, and the answers of the checklist that this is.
CHANGES = (Question.CHANGE_IN_SIZE, Question.IRREGULAR_SHAPE, Question.IRREGULAR_COLOUR)


def opened(spots: Spots, route: Route, spot_id: str | None) -> Next:
    """Show a screen of what is kept; ``spot_id`` is the spot that its address names."""
    spots = replace(
        spots, opened=spot_id, deleting=None, fault=None, comparing=None, placed=None, restored=None
    )
    compares = route is Route.COMPARE
    spots = replace(spots, compares=compares, shaping=None, sizing=None)
    spots = replace(spots, marking=None, uncared=None)
    spots, effects = wanted(spots)
    spots, more = _begin_comparing(spots)
    return spots, (*effects, *more)


def _begin_comparing(spots: Spots, earlier: str | None = None) -> Next:
    """Read the pictures of the newest photo and of an earlier one, unless both are here.

    That is the one that was chosen now or before, else the one before the newest.
    """
    watched = spots.collection.watched(spots.opened or "")
    if not spots.compares or watched is None or len(watched.captures) < FEWEST:
        return spots, ()
    shown = spots.comparing
    chosen = earlier or (shown.earlier if shown else None)
    first = next((c for c in watched.captures[:-1] if c.id == chosen), watched.captures[-2])
    pair = first.id, watched.newest.id
    if shown and shown.fault is None and (shown.earlier, shown.later) == pair:
        # They are shown, or on their way: another tab has written something else.
        return spots, ()
    number = spots.requests + 1
    comparing = Comparing(first.id, watched.newest.id, number)
    spots = replace(spots, comparing=comparing, requests=number)
    return spots, (ReadPictures(number, (first.picture, watched.newest.picture)),)


def wanted(spots: Spots) -> Next:
    """Have the store read, unless it was; what could not be opened is tried again."""
    collection = spots.collection
    if collection.asked is not Asked.NOTHING and collection.fault is None:
        return spots, ()
    asked = replace(collection, asked=Asked.OPENING, fault=None)
    return replace(spots, collection=asked), (OpenStore(),)


def forgotten(spots: Spots, next_person: bool = False) -> Spots:
    """Forget what belonged to the photos of the first screen; what is kept stays.

    ``next_person`` says that somebody else has the device now.
    """
    spots = replace(spots, saving=None, repeating=None, saved={}, placed=None)
    if not next_person:
        return spots
    return replace(spots, collection=replace(spots.collection, person=NOBODY))


def photographing(spots: Spots, is_photo: bool) -> Spots:
    """Begin a photo of another spot; the first one is of the spot that is photographed again.

    ``is_photo`` says that there is one, and not only the camera.
    """
    repeat = spots.repeating
    if repeat is None:
        return spots
    if repeat.used:
        return replace(spots, repeating=None)
    return replace(spots, repeating=replace(repeat, used=True)) if is_photo else spots


# --- what the store tells -------------------------------------------------------------------------


def told(spots: Spots, event: StoreEvent) -> Next:
    """Learn what the store has done, and what came of two pictures."""
    match event:
        case StoreRead():
            return _begin_comparing(_read(spots, event))
        case StoreWritten():
            return _written(spots, event), ()
        case StoreFailed():
            return _failed(spots, event), ()
        case PicturesRead():
            return _pictures_read(spots, event)
        case Compared():
            return _compared(spots, event)
        case ShapeDrawn():
            return shape_drawn(spots, event), ()
        case CoinSought():
            return sought(spots, event), ()
        case Recalled():
            return _recalled(spots, event), ()
        case OverviewEncoded():
            return overview.encoded(spots, event), ()
        case _:
            assert_never(event)


def _recalled(spots: Spots, event: Recalled) -> Spots:
    repeat = spots.repeating
    if repeat is None or repeat.capture != event.capture:
        return spots
    return replace(spots, repeating=replace(repeat, earlier=event.earlier))


def _pictures_read(spots: Spots, event: PicturesRead) -> Next:
    comparing, repeat, records = spots.comparing, spots.repeating, spots.collection.records
    if spots.shaping is not None and spots.shaping.request == event.request:
        return draw_shape(spots, event)
    if repeat is not None and repeat.request == event.request:
        capture = records.get(repeat.capture)
        if not isinstance(capture, Capture):
            return spots, ()
        return spots, (Recall(capture, event.pictures[capture.picture]),)
    if comparing is None or comparing.request != event.request:
        return spots, ()
    earlier, later = (records.get(name) for name in (comparing.earlier, comparing.later))
    if not isinstance(earlier, Capture) or not isinstance(later, Capture):
        return replace(spots, comparing=None), ()
    pictures = event.pictures[earlier.picture], event.pictures[later.picture]
    return spots, (Compare(earlier, later, pictures),)


def _compared(spots: Spots, event: Compared) -> Next:
    """Keep what was measured: what it asks for stands, whatever a later comparison finds."""
    comparing = spots.comparing
    if comparing is None or (comparing.earlier, comparing.later) != (event.earlier, event.later):
        return spots, ()
    spots = replace(spots, comparing=replace(comparing, found=event))
    capture = spots.collection.records.get(event.later)
    if not isinstance(capture, Capture) or set(event.concerns) <= set(capture.concerns):
        return spots, ()
    both = tuple(dict.fromkeys((*capture.concerns, *event.concerns)))
    return put(spots, replace(capture, concerns=both))


def _read(spots: Spots, event: StoreRead) -> Spots:
    records, unread = parsed(event.records)
    whose = spots.collection.person
    collection = replace(
        spots.collection,
        asked=Asked.KNOWN,
        state=event.state,
        passcode=event.passcode,
        persisted=event.persisted,
        fault=None,
        records=records,
        revisions={record.key: record.revision for record in event.records},
        unread=unread,
        person=whose if whose in records or whose == NOBODY else None,
        today=event.at.local.date(),
    )
    if collection.is_locked:
        repeat = spots.repeating and replace(spots.repeating, earlier=None)
        spots = replace(spots, comparing=None, shaping=None, sizing=None, marking=None)
        spots = replace(spots, repeating=repeat)
    return replace(spots, collection=collection)


def _written(spots: Spots, event: StoreWritten) -> Spots:
    done = spots.writes.get(event.request)
    if done is None:
        return spots
    collection = spots.collection
    records = {**collection.records, **done.records}
    collection = replace(
        collection,
        records={key: record for key, record in records.items() if record is not None},
        revisions={**collection.revisions, **event.revisions},
        persisted=collection.persisted if event.persisted is None else event.persisted,
    )
    spots = replace(spots, collection=collection, writes=_without(spots, event.request))
    spots = overview.settled(spots, event.request, written=True)
    if done.photo_id is not None and done.spot is not None:
        saved = {**spots.saved, done.photo_id: done.spot}
        return replace(spots, saving=None, saved=saved)
    return spots


def _failed(spots: Spots, event: StoreFailed) -> Spots:
    if event.request is None:
        failed = replace(spots.collection, asked=Asked.KNOWN, fault=event.fault)
        return replace(spots, collection=failed)
    spots = replace(spots, writes=_without(spots, event.request))
    spots = replace(overview.settled(spots, event.request, written=False), restored=None)
    comparing, saving, shaping = spots.comparing, spots.saving, spots.shaping
    if comparing is not None and comparing.request == event.request:
        return replace(spots, comparing=replace(comparing, fault=event.fault))
    if shaping is not None and shaping.request == event.request:
        return replace(spots, shaping=replace(shaping, fault=event.fault))
    if saving is not None and saving.request == event.request:
        return replace(spots, saving=replace(saving, request=None, fault=event.fault))
    return replace(spots, fault=event.fault)


def _without(spots: Spots, request: int) -> dict[int, Write]:
    return {number: write for number, write in spots.writes.items() if number != request}


# --- what the visitor does ------------------------------------------------------------------------


def acted(spots: Spots, answered: Answered | None, event: SpotsAct) -> Next:  # noqa: PLR0912 (one a line)
    """Follow the visitor; ``answered`` is the answer on the first screen that can be kept."""
    spots = replace(spots, fault=None, uncared=None)
    match event:
        case SaveAsked():
            return wanted(replace(spots, saving=Saving(event.photo_id), placed=None))
        case SaveDropped():
            return replace(spots, saving=None), ()
        case SaveConfirmed():
            return _save(spots, answered, event)
        case PlaceTapped(_, view, x, y):
            site = site_at(view, x, y)
            placed = None if site is None else Place(site, view, x, y)
            return replace(spots, placed=placed or spots.placed), ()
        case PersonAdded():
            name = shortened(event.fields.get("name", ""), NAME_LENGTH)
            person = Person(event.ids[0], name, event.at.utc)
            spots = replace(spots, collection=replace(spots.collection, person=person.id))
            return put(spots, person)
        case PersonChosen():
            return replace(spots, collection=replace(spots.collection, person=event.person)), ()
        case PersonRenamed():
            return _renamed(spots, event)
        case PersonRemoved():
            return _removed(spots, event)
        case SpotDescribed():
            return _described(spots, event)
        case CareGiven():
            return _cared(spots, event)
        case SpotDeleted():
            return _deleted(spots, event)
        case PhotoDeleted():
            return _photo_deleted(spots, event)
        case DeletionRefused():
            return replace(spots, deleting=None), ()
        case SpotReminderWanted():
            watched = spots.collection.watched(event.spot)
            due = watched is not None and watched.due is not None
            return spots, ((RemindOfSpot(watched, event.at),) if watched and due else ())
        case SpotReportWanted():
            watched, collection = spots.collection.watched(event.spot), spots.collection
            return spots, ((ReportOfSpot(watched, collection, event.at),) if watched else ())
        case RepeatWanted():
            return _begin_repeat(spots, event.spot)
        case ComparisonChosen():
            return _begin_comparing(spots, event.capture)
        case ShapeAsked():
            return shape_asked(replace(spots, sizing=None), event)
        case ChangeAnswered():
            return _change_answered(spots, event)
        case BackupMade():
            return put(spots, Backup(event.at.utc))
        case BackupOpened():
            return replace(spots, restoring=event, restored=None), ()
        case RestoreConfirmed():
            return _restored(spots)
        case _:
            assert_never(event)


def _begin_repeat(spots: Spots, spot: str) -> Next:
    """Read the newest photo, so that the coach knows what the camera should see."""
    spots = replace(spots, repeating=None, saving=None)
    watched = spots.collection.watched(spot)
    if watched is None:
        return spots, ()
    number, newest = spots.requests + 1, watched.newest
    whose = replace(spots.collection, person=watched.spot.person)
    repeat = Repeat(spot, newest.id, number)
    spots = replace(spots, collection=whose, repeating=repeat, requests=number)
    return spots, (ReadPictures(number, (newest.picture,)),)


def _save(spots: Spots, answered: Answered | None, event: SaveConfirmed) -> Next:
    saving = spots.saving
    collection = spots.collection
    if saving is None or saving.request is not None or not collection.is_open:
        return spots, ()
    if collection.asks_who:
        return spots, ()
    if answered is None or {event.photo_id, answered.photo_id} != {saving.photo_id}:
        return replace(spots, saving=None), ()
    saving = replace(saving, fields=event.fields, fault=None)
    try:
        found = kept(answered, spots.collection, event, spots.placed)
    except FormError as error:
        return replace(spots, saving=replace(saving, fault=error.fault)), ()
    records: dict[str, Record | None] = {record.id: record for record in found.records}
    done = Write(records, photo_id=event.photo_id, spot=found.spot)
    first = next((r for r in found.records if isinstance(r, Person)), None)
    if first is not None:
        spots = replace(spots, collection=replace(collection, person=first.id))
    spots, effects = put_all(spots, done, found.pictures)
    return replace(spots, saving=replace(saving, request=spots.requests)), effects


def _renamed(spots: Spots, event: PersonRenamed) -> Next:
    person = spots.collection.records.get(event.person)
    if not isinstance(person, Person):
        return spots, ()
    return put(spots, replace(person, name=shortened(event.fields.get("name", ""), NAME_LENGTH)))


def _removed(spots: Spots, event: PersonRemoved) -> Next:
    """Take somebody away with every record and picture that is theirs."""
    records = spots.collection.records
    if not isinstance(records.get(event.person), Person):
        return spots, ()
    if not event.confirmed:
        return replace(spots, deleting=event.person), ()
    if spots.collection.person == event.person:
        spots = replace(spots, collection=replace(spots.collection, person=None))
    theirs = {
        spot.id for spot in records.values()
        if isinstance(spot, KeptSpot) and spot.person == event.person
    }  # fmt: skip
    gone = [
        record for record in records.values()
        if record.id in {event.person, *theirs}
        or (isinstance(record, Capture) and record.spot in theirs)
    ]  # fmt: skip
    names = tuple(record.id for record in gone)
    pictures = tuple(key for record in gone for key in pictures_of(record))
    return put_all(
        replace(spots, deleting=None), Write(dict.fromkeys(names)), deleted=(*names, *pictures)
    )


def _described(spots: Spots, event: SpotDescribed) -> Next:
    spot = spots.collection.records.get(event.spot)
    if not isinstance(spot, KeptSpot):
        return spots, ()
    site = event.fields.get("site", "")
    known = next((p for p in (spots.placed, spot.place) if p is not None and p.site == site), None)
    return put(
        spots,
        replace(
            spot,
            name=shortened(event.fields.get("name", ""), NAME_LENGTH),
            note=shortened(event.fields.get("note", ""), NOTE_LENGTH),
            place=known or place_of(site),
        ),
    )


def _cared(spots: Spots, event: CareGiven) -> Next:
    spot = spots.collection.records.get(event.spot)
    if not isinstance(spot, KeptSpot):
        return spots, ()
    if event.care is Care.WATCHED:
        return put(spots, replace(spot, state=CareState()))
    try:
        day = day_of(event.on, event.at.local.date())
    except FormError as error:
        return replace(spots, uncared=error.fault), ()
    watched = spots.collection.watched(spot.id)
    heard = heard_by(watched.history if watched else (), day)
    return put(spots, replace(spot, state=CareState(event.care, day, event.at.utc, heard)))


def _deleted(spots: Spots, event: SpotDeleted) -> Next:
    watched = spots.collection.watched(event.spot)
    if watched is None:
        return spots, ()
    if not event.confirmed:
        return replace(spots, deleting=event.spot), ()
    gone = (watched.id, *(capture.id for capture in watched.history))
    records: tuple[Record, ...] = (watched.spot, *watched.history)
    pictures = [key for record in records for key in pictures_of(record)]
    spots = replace(spots, deleting=None)
    return put_all(spots, Write(dict.fromkeys(gone)), deleted=(*gone, *pictures))


def _photo_deleted(spots: Spots, event: PhotoDeleted) -> Next:
    """Take one photo away. What it asked for stays until a doctor has answered it."""
    capture = spots.collection.records.get(event.capture)
    watched = spots.collection.watched(capture.spot) if isinstance(capture, Capture) else None
    # A spot without a photo is none.
    if watched is None or capture not in watched.captures or len(watched.captures) < FEWEST:
        return spots, ()
    if not event.confirmed:
        return replace(spots, deleting=capture.id), ()
    pictures = pictures_of(capture)
    repeat = spots.repeating
    again = repeat if repeat is None or repeat.capture != capture.id else None
    spots = replace(spots, deleting=None, shaping=None, sizing=None, repeating=again)
    if leaves_a_request(capture, watched.history):
        return put_all(spots, Write({capture.id: capture.without_photo()}), deleted=pictures)
    return put_all(spots, Write({capture.id: None}), deleted=(capture.id, *pictures))


def _change_answered(spots: Spots, event: ChangeAnswered) -> Next:
    """Note what the visitor sees; a "yes" without a kind of change is one in size.

    A milder answer corrects one about the same two photos. It takes back none about others.
    """
    capture, comparing = spots.collection.records.get(event.capture), spots.comparing
    if not isinstance(capture, Capture) or comparing is None or comparing.later != capture.id:
        return spots, ()
    named = tuple(question for question in CHANGES if question.value in event.fields)
    changes = (named or CHANGES[:1]) if event.seen is ChangeSeen.YES else ()
    told = replace(capture, change_seen=event.seen, changes=changes, change_since=comparing.earlier)
    if capture.change_since == comparing.earlier:
        return put(spots, told)
    both = with_the_more_severe_change(capture, told)
    return (spots, ()) if both == capture else put(spots, both)


def _restored(spots: Spots) -> Next:
    backup = spots.restoring
    if backup is None or not spots.collection.is_open:
        return spots, ()
    found = merged(spots.collection, backup.records)
    number = spots.requests + 1
    noted = stored(spots, restored(spots.collection, backup.records))
    records, _ = parsed((*found.records, noted))
    spots = replace(
        spots,
        restoring=None,
        restored=len(found.records),
        requests=number,
        writes={**spots.writes, number: Write(records)},
    )
    return spots, (RestoreStore(number, (*found.records, noted), found.pictures),)

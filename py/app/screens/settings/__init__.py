"""What is kept and where: the passcode, the backup, the people, and deleting everything.

A passcode and a backup's words never reach this program: the page passes them to the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.spots.collection import Asked
from app.spots.merging import merged
from app.spots.shown import barrier, person_name, told_fault, unread
from lentigo.spots.records import NAME_LENGTH

if TYPE_CHECKING:
    from app.spots.collection import Collection
    from app.spots.state import Spots
    from app.words import Words
    from lentigo.spots.records import Person


def view(spots: Spots, words: Words) -> dict[str, Html]:
    """Render the one region of the screen."""
    barred = barrier(spots, words)
    if barred is None:
        return {"settings": _settings(spots, words)}
    # What is locked can still be deleted.
    known = spots.collection.asked is Asked.KNOWN and spots.collection.fault is None
    return {"settings": join((barred, _deletion(words))) if known else barred}


def _settings(spots: Spots, words: Words) -> Html:
    collection = spots.collection
    return join(
        (
            told_fault(spots, words),
            unread(collection, words),
            _where(collection, words),
            _passcode(collection, words),
            _backup(collection, words),
            _restore(spots, words),
            _people(spots, words),
            _deletion(words),
        )
    )


def _where(collection: Collection, words: Words) -> Html:
    kept = len(collection.records)
    persisted = words("spots.persisted" if collection.persisted else "settings.not-persisted")
    return markup(
        '<section><h2>{title}</h2><p>{text}</p><p data-testid="persisted">{persisted}</p>'
        "</section>",
        title=words("settings.where"),
        text=words("settings.where.text"),
        persisted=persisted if kept else words("settings.where.nothing"),
    )


def _passcode(collection: Collection, words: Words) -> Html:
    if not collection.records:
        return NOTHING
    lock = markup(
        '<p class="actions"><button type="button" data-action="lock" data-testid="lock">{text}'
        "</button></p>",
        text=words("settings.lock"),
    )
    return markup(
        '<section><h2>{title}</h2><p>{text}</p>{lock}<form data-form="passcode" '
        'data-testid="passcode"><p class="field"><label for="new-passcode">{label}</label>'
        '<input type="password" id="new-passcode" name="passcode" autocomplete="new-password" '
        'required></p><p class="field"><label for="new-passcode-again">{again}</label>'
        '<input type="password" id="new-passcode-again" name="again" '
        'autocomplete="new-password" required></p><p class="actions"><button type="submit" '
        'data-action="set-passcode">{button}</button></p><p class="note" role="status" '
        'data-vault-told></p><p class="note">{no_reset}</p></form>{remove}</section>',
        title=words("settings.passcode"),
        text=words("settings.passcode.text"),
        lock=lock if collection.passcode else NOTHING,
        remove=_passcode_removal(words) if collection.passcode else NOTHING,
        label=words("settings.passcode.new"),
        again=words("settings.passcode.again"),
        button=words("settings.passcode.set"),
        no_reset=words("spots.passcode.no-reset"),
    )


def _passcode_removal(words: Words) -> Html:
    return markup(
        '<details><summary>{title}</summary><form data-form="no-passcode"><p>{text}</p>'
        '<p class="field"><label for="passcode-now">{label}</label><input type="password" '
        'id="passcode-now" name="passcode" autocomplete="current-password" required></p>'
        '<p class="actions"><button type="submit" data-action="remove-passcode" '
        'data-testid="remove-passcode">{title}</button></p><p class="note" role="status" '
        "data-vault-told></p></form></details>",
        title=words("settings.passcode.remove"),
        text=words("settings.passcode.remove.text"),
        label=words("settings.passcode.now"),
    )


def _backup(collection: Collection, words: Words) -> Html:
    if not collection.records:
        return NOTHING
    return markup(
        '<section><h2>{title}</h2><p>{text}</p><form data-form="backup"><p class="field">'
        '<label for="backup-phrase">{label}</label><input id="backup-phrase" name="phrase" '
        'required autocomplete="off" spellcheck="false" data-backup-words></p>'
        '<p class="note">{write_down}</p><p class="actions"><button type="submit" '
        'data-action="backup" data-testid="backup">{button}</button></p>'
        '<p class="note" role="status" data-vault-told></p></form></section>',
        title=words("settings.backup"),
        text=words("settings.backup.text"),
        label=words("settings.backup.words"),
        write_down=words("settings.backup.write-down"),
        button=words("settings.backup.save"),
    )


def _restore(spots: Spots, words: Words) -> Html:
    return markup(
        '<section><h2>{title}</h2><p>{text}</p><form data-form="restore"><p class="field">'
        '<label for="restore-phrase">{label}</label><input id="restore-phrase" name="phrase" '
        'required autocomplete="off" spellcheck="false"></p><p class="field">'
        '<label for="restore-file">{file}</label><input type="file" id="restore-file" '
        'name="file" data-testid="restore" required></p><p class="actions">'
        '<button type="submit" data-action="inspect-backup">{button}</button></p>'
        '<p class="note" role="status" data-vault-told></p></form>{found}</section>',
        title=words("settings.restore"),
        text=words("settings.restore.text"),
        label=words("settings.restore.words"),
        file=words("settings.restore.file"),
        button=words("settings.restore.open"),
        found=_found(spots, words),
    )


def _found(spots: Spots, words: Words) -> Html:
    if spots.restored is not None and not spots.writes:
        done = words("settings.restored", count=spots.restored)
        return markup(
            '<p class="notice" role="status" data-testid="restored-records">{text}</p>', text=done
        )
    backup = spots.restoring
    if backup is None:
        return NOTHING
    found = merged(spots.collection, backup.records)
    return markup(
        '<div class="notice" data-testid="backup-found" data-new="{count}"><p>{text}</p>'
        '<p class="actions"><button type="button" class="primary" data-action="restore-confirmed" '
        'data-testid="restore-now">{add}</button></p></div>',
        count=len(found.records),
        text=words(
            "settings.restore.found",
            new=len(found.records),
            pictures=backup.pictures,
            known=found.known,
            unread=found.unread,
        ),
        add=words("settings.restore.add"),
    )


def _people(spots: Spots, words: Words) -> Html:
    people = spots.collection.people
    if not people:
        return NOTHING
    return markup(
        '<section><h2>{title}</h2>{people}<form data-form="person"><p class="field">'
        '<label for="person-name">{label}</label><input id="person-name" name="name" '
        'maxlength="{most}" required autocomplete="off"></p><p class="actions">'
        '<button type="submit" data-action="person-added">{add}</button></p></form></section>',
        title=words("settings.people"),
        people=join(_person(spots, person, words) for person in people),
        label=words("settings.people.name"),
        most=NAME_LENGTH,
        add=words("settings.people.add"),
    )


def _person(spots: Spots, person: Person, words: Words) -> Html:
    """Offer another name for somebody, and to remove them with all that is theirs."""
    if spots.deleting == person.id:
        return _removal(spots.collection, person, words)
    return markup(
        '<details class="person" data-testid="person" data-person="{id}"><summary>{shown}</summary>'
        '<form data-form="rename"><p class="field"><label for="name-{id}">{label}</label>'
        '<input id="name-{id}" name="name" value="{name}" maxlength="{most}" autocomplete="off">'
        '</p><p class="actions"><button type="submit" data-action="person-renamed" '
        'data-person="{id}">{rename}</button><button type="button" class="quiet" '
        'data-action="person-removed" data-person="{id}" data-testid="remove-person">{remove}'
        "</button></p></form></details>",
        id=person.id,
        shown=person_name(person, words),
        label=words("settings.people.change"),
        name=person.name,
        most=NAME_LENGTH,
        rename=words("settings.people.rename"),
        remove=words("settings.people.remove"),
    )


def _removal(collection: Collection, person: Person, words: Words) -> Html:
    theirs = collection.spots_of(person.id)
    return markup(
        '<div class="notice" role="group" aria-label="{label}"><p>{ask}</p><p class="actions">'
        '<button type="button" data-action="deletion-refused" data-focus>{no}</button>'
        '<button type="button" data-action="person-removed" data-person="{id}" '
        'data-confirmed="yes" data-testid="remove-person-now">{yes}</button></p></div>',
        label=words("settings.people.remove"),
        ask=words(
            "settings.people.remove.ask",
            name=person_name(person, words),
            spots=len(theirs),
            photos=sum(len(watched.captures) for watched in theirs),
        ),
        no=words("settings.people.remove.no"),
        id=person.id,
        yes=words("settings.people.remove.yes"),
    )


def _deletion(words: Words) -> Html:
    return markup(
        '<section><h2>{title}</h2><p>{text}</p><p class="actions"><button type="button" '
        'data-action="ask-delete-all" data-testid="delete-all">{button}</button></p></section>',
        title=words("settings.delete"),
        text=words("settings.delete.text"),
        button=words("settings.delete.button"),
    )

"""Settings: what is kept and where, the passcode, the backup, people, deleting everything."""

MESSAGES = {
    "settings.where": "What is kept, and where",
    "settings.where.text": (
        "Only what you saved: photos, places, answers and dates. It is in this browser on this "
        "device, encrypted. Nobody else gets it. Without a passcode, encryption keeps out a casual "
        "look, but not somebody who has this device and its files."
    ),
    "settings.where.nothing": "Nothing is kept now.",
    "settings.not-persisted": (
        "Your browser may clear your spots when space runs low. Save a backup, below."
    ),
    "settings.passcode": "Passcode",
    "settings.passcode.text": (
        "With a passcode your spots are locked when you close the page, and after five minutes "
        "without use. At least 8 characters, or 4 words."
    ),
    "settings.passcode.new": "New passcode",
    "settings.passcode.again": "The same once more",
    "settings.passcode.set": "Set the passcode",
    "settings.passcode.remove": "Take the passcode off",
    "settings.passcode.remove.text": (
        "Then your spots open without it, and encryption keeps out a casual look only."
    ),
    "settings.passcode.now": "The passcode you have now",
    "settings.lock": "Lock now",
    "settings.backup": "Save a backup",
    "settings.backup.text": (
        "One encrypted file with all your spots and photos. Use it when this browser loses them, "
        "or to move to another device."
    ),
    "settings.backup.words": "Words that open it",
    "settings.backup.write-down": (
        "Write these words down, away from this device. Nobody can open the backup without them. "
        "You may choose your own instead: at least 8 characters, or 4 words."
    ),
    "settings.backup.save": "Save the backup",
    "settings.restore": "Open a backup",
    "settings.restore.text": "Nothing that is here now is changed or lost.",
    "settings.restore.words": "Words that open it",
    "settings.restore.file": "The backup file",
    "settings.restore.open": "See what is in it",
    "settings.restore.found": (
        "New here: {new, plural, one {# entry} other {# entries}}. In the backup: "
        "{pictures, plural, one {# picture} other {# pictures}}. Already here: {known, number}. "
        "Could not be read: {unread, number}."
    ),
    "settings.restore.add": "Add what is new",
    "settings.restored": "Added {count, plural, one {# entry} other {# entries}}.",
    "settings.people": "People",
    "settings.people.name": "Name of somebody else whose spots you follow",
    "settings.people.change": "Name of this person",
    "settings.people.rename": "Save the name",
    "settings.people.remove": "Remove this person",
    "settings.people.remove.ask": (
        "Remove {name} with {spots, plural, =0 {no spots} one {# spot} other {# spots}} and "
        "{photos, plural, =0 {no photos} one {# photo} other {# photos}}? This cannot be undone."
    ),
    "settings.people.remove.no": "Keep them",
    "settings.people.remove.yes": "Remove",
    "settings.people.add": "Add this person",
    "settings.delete": "Delete everything",
    "settings.delete.text": (
        "Deletes all spots, photos and the passcode from this browser. Traces may stay on the "
        "disk, encrypted, until the browser tidies up; the key to them is gone."
    ),
    "settings.delete.button": "Delete everything",
    # What the page says itself.
    "vault.wrong": "That is not the passcode. Try again.",
    "vault.wrong.wait": (
        "That is not the passcode. Wait {unit, select, minutes {{count, plural, one {# minute} "
        "other {# minutes}}} other {{count, plural, one {# second} other {# seconds}}}}, then try "
        "again."
    ),
    "vault.wait": (
        "This passcode was not tried: too many were wrong before. Wait {unit, select, minutes "
        "{{count, plural, one {# minute} other {# minutes}}} other {{count, plural, one {# second} "
        "other {# seconds}}}}, then press the button again."
    ),
    "vault.passcode.differ": "The two are not the same. Type both again.",
    "vault.weak": "Too short: at least 8 characters, or 4 words.",
    "vault.passcode.setting": "Encrypting everything again …",
    "vault.passcode.set": "The passcode is set.",
    "vault.passcode.removed": "The passcode is off.",
    "vault.passcode.failed": "The passcode could not be changed. Nothing else was. Try again.",
    "vault.backup.making": "Making the backup …",
    "vault.backup.step": "Making the backup … {done, number} of {of, number} pictures.",
    "vault.backup.opening": "Opening the backup …",
    "vault.backup.failed": "The backup could not be made. Nothing was changed. Try again.",
    "vault.backup.wrong-phrase": "These words do not open this backup. Look at them again.",
    "vault.backup.damaged": "This backup is damaged or not complete. Nothing was changed.",
    "vault.backup.too-new": (
        "This backup was made by a newer Lentigo. Reload the page to get the newest version."
    ),
    "vault.backup.too-large": "This file is too large to be a backup. Nothing was changed.",
    "vault.backup.not-a-backup": "This file is not a Lentigo backup. Nothing was changed.",
    "vault.backup.readme": (
        "Lentigo backup. records.json holds people, spots and photos with the answers of their "
        "day. pictures holds the photos as JPEG, by the names in records.json. Open it in Lentigo: "
        "Settings, Open a backup."
    ),
}

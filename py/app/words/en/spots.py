"""Spots that are kept: saving, the list, one spot, comparing, and what is said of the store."""

MESSAGES = {
    # The first screen.
    "spots.save": "Save this spot to follow it",
    "spots.save.note": (
        "Change over time tells more than one photo. It is kept on this device only, and only if "
        "you save it."
    ),
    "spots.save.title": "Save this spot",
    "spots.save.now": "Save",
    "spots.saving": "Saving …",
    "spots.save.drop": "Do not save",
    "spots.save.where": (
        "Kept in this browser, encrypted, and nowhere else. A browser may clear it: Safari does "
        "after seven days without a visit, unless you add Lentigo to your Home Screen. Save a "
        "backup in the settings."
    ),
    "spots.which": "Which spot is it?",
    "spots.new": "A new spot",
    "spots.name": "Name (if you like)",
    "spots.note": "Note (if you like)",
    "spots.taken": "When was the photo taken?",
    "spots.draw": "Show it on a drawing",
    "spots.form.no-day": "Say on which day the photo was taken.",
    "spots.form.future-day": "This day has yet to come. Say on which day the photo was taken.",
    "spots.saved": "Saved: {name}.",
    "spots.saved.older": ("This photo is older than the one of {day}, so it stands before that."),
    "spots.saved.open": "Open this spot",
    "spots.repeating": "This is a new photo of: {name}.",
    "spots.backup-due": (
        "{count, plural, one {# photo is} other {# photos are}} not in a backup yet."
    ),
    "spots.backup-due.save": "Save a backup",
    # What the store says.
    "spots.opening": "Opening your spots …",
    "spots.persisted": "Your browser has agreed to keep your spots.",
    "spots.not-persisted": (
        "Your browser may clear your spots when space runs low. Save a backup in the settings."
    ),
    "spots.fault.conflict": (
        "Nothing was saved: another tab has changed this spot meanwhile. What you see now is what "
        "is kept. Try again."
    ),
    "spots.fault.full": (
        "Nothing was saved: there is no room left on this device. What was saved before is still "
        "there. Save a backup in the settings, make room, and try again."
    ),
    "spots.fault.locked": "Your spots are locked. Unlock them, then try again.",
    "spots.fault.missing": "A picture of this spot cannot be found. A backup may still have it.",
    "spots.fault.unavailable": (
        "This browser keeps nothing here. Private windows often do not. Open Lentigo in a normal "
        "window to save spots. The check works all the same."
    ),
    "spots.unread": (
        "{count, plural, one {# entry} other {# entries}} could not be read: made by a newer "
        "Lentigo, or damaged. Nothing of it was changed. Reload the page to get the newest "
        "version."
    ),
    "spots.locked.title": "Your spots are locked",
    "spots.locked.text": "Type your passcode to see them. A check needs none.",
    "spots.passcode": "Passcode",
    "spots.passcode.no-reset": (
        "There is no way to reset it. If you forget it, your spots are lost."
    ),
    "spots.unlock": "Unlock",
    # The list.
    "spots.empty": "No spots saved yet.",
    "spots.empty.how": (
        "Check a spot first, then press <strong>Save this spot to follow it</strong> below the "
        "answer."
    ),
    "spots.hide-pictures": "Hide the pictures",
    "spots.photos": "{count, plural, one {# photo} other {# photos}}",
    "spots.unnamed": "Spot without a name",
    "spots.person.me": "Me",
    "spots.next-person": "Next person",
    "spots.who": "Who is it?",
    "spots.who.new": "Somebody new: a name",
    "spots.person.choose": "Whose spots",
    "spots.due.doctor": "See a doctor by {day}",
    "spots.due.photo": "Next photo on {day}",
    "spots.overdue.doctor": "See a doctor now: it was to be by {day}",
    "spots.overdue.photo": "A photo has been due since {day}",
    "spots.care.watched": "{day}",
    "spots.care.seen": "A doctor has seen it on {day}",
    "spots.care.removed": "Removed on {day}",
    # One spot.
    "spots.gone": "This spot is not here. It may have been deleted.",
    "spots.standing": (
        "On {day} Lentigo asked you to see a doctor within {unit, select, months {{count, plural, "
        "one {# month} other {# months}}} other {{count, plural, one {# week} other {# weeks}}}}."
    ),
    "spots.standing.newer": "A newer photo does not change that. Has a doctor looked at it?",
    "spots.repeat": "Take a new photo of it",
    "spots.compare": "Compare photos",
    "spots.photos.title": "Photos",
    "spots.photo.label": "Photo of {day}",
    "spots.photo.answer": "Answer of that day: {tier}",
    "spots.photo.delete": "Delete",
    "spots.photo.delete.of": "Delete the photo of {day}",
    "spots.photo.delete.ask": "Delete the photo of {day}? This cannot be undone.",
    "spots.photo.delete.stays": (
        "What Lentigo answered to it stays, until a doctor has looked. If the photo shows another "
        "spot, that is the one to show."
    ),
    "spots.photo.delete.yes": "Delete the photo",
    "spots.photo.deleted": "This photo was deleted.",
    "spots.overview.title": "The area around it",
    "spots.overview.why": (
        "A photo from further away helps you, and a doctor, to find the spot again. Lentigo keeps "
        "it with the spot and does not judge it."
    ),
    "spots.overview.take": "Take a photo of the area",
    "spots.overview.choose": "Choose a photo of the area",
    "spots.overview.retake": "Take another photo",
    "spots.overview.rechoose": "Choose another photo",
    "spots.overview.opening": "Opening the photo …",
    "spots.overview.how": "Tap the spot in the photo.",
    "spots.overview.by-keys": "The arrow keys move the ring too, with Shift in larger steps.",
    "spots.overview.fewer-pixels": "Save it with fewer pixels, and try again.",
    "spots.overview.ring": "Ring on the photo",
    "spots.overview.label": "The area around the spot",
    "spots.overview.at": "{across}% from the left, {down}% from the top",
    "spots.overview.move": "Move the ring",
    "spots.overview.drop": "Do not save",
    "spots.overview.delete": "Delete this photo",
    "spots.overview.delete.ask": "Delete the photo of the area? This cannot be undone.",
    "spots.overview.delete.no": "Keep it",
    "spots.overview.delete.yes": "Delete the photo",
    "spots.care.title": "A doctor has looked at it",
    "spots.care.on": "On which day?",
    "spots.care.form.no-day": "Say on which day the doctor looked at it.",
    "spots.care.form.future-day": (
        "This day has yet to come. Say on which day the doctor looked at it."
    ),
    "spots.care.by-doctor": "A doctor has seen it",
    "spots.care.was-removed": "It was removed",
    "spots.care.undo": "Nobody has looked at it yet",
    "spots.describe": "Name, place and note",
    "spots.describe.save": "Save changes",
    "spots.delete": "Delete this spot",
    "spots.delete.ask": (
        "Delete this spot with {count, plural, one {its photo} other {all # photos}}? This cannot "
        "be undone."
    ),
    "spots.delete.no": "Keep it",
    "spots.delete.yes": (
        "{count, plural, one {Delete the spot and its photo} other {Delete the spot and # photos}}"
    ),
    # What can be measured in one photo.
    "spots.shape": "What can be measured in the newest photo",
    "spots.shape.working": "Measuring …",
    "spots.shape.unmeasured": "The edge of the spot could not be measured in this photo.",
    "spots.shape.unsure": (
        "It is not known if this photo was taken with a camera or through a dermoscope. What a "
        "measurement tells depends on that, so none is shown."
    ),
    "spots.shape.label": "The spot with its edge, and two lines that cross in its middle",
    "spots.shape.lines": "The edge that was measured, and the two lines that it was folded along.",
    "spots.shape.found.asymmetry": (
        "<strong>Shape:</strong> folded along the lines, the halves of the spot do not cover each "
        "other in {amount, number}% of its area."
    ),
    "spots.shape.found.colour-asymmetry": (
        "<strong>Colour:</strong> folded along the lines, the colours that meet are {amount, "
        "plural, one {# step} other {# steps}} apart. People can just see about 2 steps."
    ),
    "spots.shape.found.border": (
        "<strong>Edge:</strong> it is {amount, number}% longer than the edge of a circle of the "
        "same size."
    ),
    "spots.shape.tells": (
        "Tested on {melanomas, number} melanomas and {moles, number} moles ({photos}): in {pairs, "
        "number} of 100 pairs the melanoma had more of it than the mole (likely range {low, "
        "number} to {high, number}). Chance alone gives 50."
    ),
    "spots.shape.meaning": (
        "A melanoma can be even and a mole uneven. So this cannot say what a spot is, and it does "
        "not change any answer."
    ),
    # Millimetres by a coin.
    "spots.size": "Size in millimetres",
    "spots.size.how": (
        "Put a coin flat on the skin beside the spot. Take a new photo from straight above: the "
        "spot in the middle, all of the coin in the photo. Lentigo measures it and does not keep "
        "it. Do not use this photo for a check: the coin would be taken for the spot."
    ),
    "spots.size.which": "Which coin is it?",
    "spots.size.choose": "Choose the coin",
    "spots.size.take": "Take the photo",
    "spots.size.photo": "Choose the photo",
    "spots.size.working": "Looking for the coin …",
    "spots.size.not-found": (
        "No coin was found. All of it must be in the photo, sharp, and stand out from the skin."
    ),
    "spots.size.tilted": (
        "The coin is tilted too much. Put it flat on the skin and take the photo from straight "
        "above."
    ),
    "spots.size.no-other": "Then there is no size. Try another photo, with the spot in the middle.",
    "spots.size.no-edge": (
        "The line is around what may be the coin. The edge of the spot could not be found in the "
        "middle of this photo."
    ),
    "spots.size.label": "The photo with lines around what may be the coin and the spot",
    "spots.size.ask": (
        "Is the line all along the outer edge of the coin ({coin}), and the dashed line along the "
        "edge of the spot?"
    ),
    "spots.size.new": "The spot is new: I have had it for less than a year",
    "spots.size.yes": "Yes",
    "spots.size.no": "No",
    "spots.size.diameter": (
        "{mm, number, ::.0} mm at its longest, give or take {error, number, ::.0} mm."
    ),
    "spots.size.on": "{day}: {size}",
    "spots.size.meaning": (
        "Measured by a coin. Doctors take more care from 6 mm on, but a melanoma can be smaller, "
        "and its growth can be too slow for a coin to show. How well size tells melanomas from "
        "moles could not be tested here."
    ),
    "spots.size.asks.size-grew": (
        "It is a fifth or more wider than in an earlier photo. That is a reason to show it to a "
        "doctor."
    ),
    "spots.size.asks.new-and-large": (
        "A new spot of 5 mm or more is a reason to show it to a doctor."
    ),
    "spots.size.remove": "Remove this size",
    "spots.coin.euro-cent-5": "5 euro cents",
    "spots.coin.euro-cent-10": "10 euro cents",
    "spots.coin.euro-cent-50": "50 euro cents",
    "spots.coin.euro-1": "1 euro",
    "spots.coin.euro-2": "2 euros",
    "spots.coin.uk-penny": "UK 1 penny",
    "spots.coin.uk-5p": "UK 5 pence",
    "spots.coin.uk-10p": "UK 10 pence",
    "spots.coin.uk-pound-1": "UK 1 pound, twelve sides",
    "spots.coin.uk-pound-2": "UK 2 pounds",
    "spots.coin.us-cent": "US penny",
    "spots.coin.us-nickel": "US nickel",
    "spots.coin.us-dime": "US dime",
    "spots.coin.us-quarter": "US quarter",
    # Comparing.
    "spots.compare.back": "Back to {name}",
    "spots.compare.one": "There is only one photo of this spot. Take another one to compare.",
    "spots.compare.with": "Compare the newest photo with the one of",
    "spots.compare.working": "Lining the photos up …",
    "spots.compare.slide": "Slide to see more of the earlier or the later photo",
    "spots.compare.blink": "Switch between both",
    "spots.twin.same": "This is the same photo twice. Take a new one to compare.",
    "spots.twin.mirrored": (
        "This is the same photo twice, once as in a mirror. Take a new one to compare."
    ),
    "spots.not-aligned": "Look at them beside each other.",
    "spots.not-aligned.modality": (
        "One photo was taken through a dermoscope, the other with a camera. They cannot be "
        "measured against each other."
    ),
    "spots.not-aligned.no-spot": "The edge of the spot could not be found in both photos.",
    "spots.not-aligned.little-skin": "There is too little skin around the spot in both photos.",
    "spots.not-aligned.no-match": "The two photos could not be lined up.",
    "spots.measured.grew": "The spot looks larger.",
    "spots.measured.grew-on-one-side": "It looks larger on one side.",
    "spots.measured.shrank": "The spot looks smaller.",
    "spots.measured.colour": "Its colour looks different.",
    "spots.measured.more-varied": "Its light and dark parts differ more.",
    "spots.measured.darker-area": "There is a new dark area.",
    "spots.measured.paler-area": "There is a new pale area.",
    "spots.measured.area": (
        "It takes up about {share, number}% {direction, select, larger {more} other {less}} area."
    ),
    "spots.measured.doctor": "A change is a reason to show the spot to a doctor.",
    "spots.measured.look": "Look closely yourself. If it worries you, see a doctor.",
    "spots.measured.nothing": (
        "Nothing was measured that two photos of one day would not show too. A real change may be "
        "too small to measure, so what you see yourself counts more."
    ),
    "spots.change.question": ("Do you see a change in size, shape or colour since {day}?"),
    "spots.change.yes": "Yes",
    "spots.change.not-sure": "Not sure",
    "spots.change.no": "No",
    "spots.change.which": "What has changed? Tick everything that applies",
    "spots.change.none-ticked": "Tick what has changed.",
    "spots.change.save": "Save my answer",
    "spots.change.told.yes": "You saw a change",
    "spots.change.told.not-sure": "You were not sure about a change",
    "spots.change.told.no": "You saw no difference",
    # The map.
    "spots.map.empty": "None of your spots has a place on the body yet. Give it one on its page.",
    "spots.map.unplaced": (
        "{count, plural, one {# spot has} other {# spots have}} no place yet and "
        "{count, plural, one {is} other {are}} only in the list."
    ),
}

"""Several photos of one spot."""

MESSAGES = {
    "photos.label": "Photos of this spot",
    "photos.rests-on": (
        "This answer rests on <strong>{count, plural, one {# photo} other {# photos}}</strong> of "
        "this spot."
    ),
    "photos.adding": (
        "The new photo is looked at. The answer so far rests on "
        "<strong>{count, plural, one {# photo} other {# photos}}</strong> of this spot, and stays "
        "until that is done."
    ),
    "photos.number": "Photo {number, number}",
    "photos.alone": "alone: {title}",
    "photos.add": "Add another photo of this spot",
    "photos.add.photo": "Choose a photo of it instead",
    "photos.add.capture": "Use the camera instead",
    "photos.add.note": (
        "Take it in other light or from another side. Up to {most, number} photos count together. "
        "They can lower an alarm by one step at most, and none can be taken out again."
    ),
    "photos.add.note.short": "Up to {most, number} photos count. None can be taken out.",
    "photos.full": (
        "These are all the photos of one spot that count. For a different spot, open the camera or "
        "choose a photo."
    ),
    "photos.not-added": (
        "{count, plural, one {A photo was not added} other {# photos were not added}}"
    ),
    "photos.not-added.item": "<strong>{name}:</strong> {reason}",
    "photos.same-photo": "You have added this photo before. The same photo counts once.",
    "photos.too-many": "There are {most, number} photos of this spot already.",
    "photos.not-added.reason": "{fault} {remedy}",
    "photos.taken": "Was each photo taken with a dermoscope (a doctor’s skin magnifier)?",
    "photos.taken-differently": (
        "The photos were not all taken in the same way, so the more careful limits hold."
    ),
    "said.photos.adding": "The new photo is looked at. The answer so far stays.",
    "said.photos.rests-on": (
        "The answer now rests on {count, plural, one {# photo} other {# photos}}."
    ),
    "said.photos.not-added": "A photo was not added. {reason} The answer stays.",
}

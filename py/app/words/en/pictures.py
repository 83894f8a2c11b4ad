"""What is wrong with a picture, and the one thing to do about it."""

MESSAGES = {
    "quality.blur": "The picture is not sharp.",
    "quality.motion": "The picture is blurred by movement.",
    "quality.dark": "The picture is too dark.",
    "quality.bright": "The picture is too bright.",
    "quality.glare": "Light is reflected on the skin.",
    "quality.contrast": "The picture shows no detail.",
    "quality.colour-cast": "The light is coloured.",
    "quality.too-small": "The spot has too few pixels.",
    "quality.too-far": "The spot is small in the picture.",
    "quality.too-close": "The spot is cut off by the edge.",
    "quality.off-centre": "The spot is not in the middle.",
    "quality.no-lesion": "No spot stands out from the skin.",
    "quality.several-lesions": "There is more than one spot.",
    "quality.not-skin": "The picture does not look like skin.",
    "quality.unknown-lesion": "The picture does not look like a skin spot that Lentigo knows.",
    "quality.hair": "Hair lies over the spot.",
    "quality.marker": "A ruler or a pen mark is in the picture.",
    "quality.colour": "The picture has too little colour.",
    # A few words to read while aiming, and a sentence for a still picture.
    "remedy.focus-at-20-cm.hint": "A little further away: 20 to 25 cm, then zoom",
    "remedy.focus-at-20-cm.sentence": (
        "Hold the camera 20 to 25 cm away and zoom in: most cameras cannot focus nearer."
    ),
    "remedy.hold-still.hint": "Hold still",
    "remedy.hold-still.sentence": "Rest the arm that holds the camera, and hold still.",
    "remedy.more-light.hint": "Move to the light",
    "remedy.more-light.sentence": "Move to the light: daylight at a window is best.",
    "remedy.less-light.hint": "Move out of direct light",
    "remedy.less-light.sentence": "Move out of direct light and switch the flash off.",
    "remedy.tilt-away-from-light.hint": "Tilt away from the reflection",
    "remedy.tilt-away-from-light.sentence": (
        "Tilt the camera a little, so that no lamp is reflected on the skin."
    ),
    "remedy.clean-lens.hint": "Wipe the lens",
    "remedy.clean-lens.sentence": "Wipe the lens, and hold the camera 20 to 25 cm from the spot.",
    "remedy.neutral-light.hint": "Move to daylight",
    "remedy.neutral-light.sentence": "Move away from coloured light.",
    "remedy.in-colour.hint": "In colour, without a filter",
    "remedy.in-colour.sentence": (
        "Take the photo again in colour, in good light and without a filter."
    ),
    "remedy.original-photo.hint": "Closer, or zoom in",
    "remedy.original-photo.sentence": (
        "Use the original photo rather than a small or compressed copy, or zoom in more."
    ),
    "remedy.zoom-in.hint": "Zoom in",
    "remedy.zoom-in.sentence": "Zoom in until the spot fills about half of the frame’s width.",
    "remedy.move-away.hint": "Further away",
    "remedy.move-away.sentence": "Move away until plain skin is seen all around the spot.",
    "remedy.centre.hint": "Bring the spot to the middle",
    "remedy.centre.sentence": "Bring the spot to the middle.",
    "remedy.show-lesion.hint": "Aim at the spot",
    "remedy.show-lesion.sentence": "Show one spot, sharp, with plain skin around it.",
    "remedy.one-lesion.hint": "One spot alone",
    "remedy.one-lesion.sentence": "Show each spot alone, with skin around it.",
    "remedy.part-hair.hint": "Move the hair aside",
    "remedy.part-hair.sentence": "Move or wet the hair so that it lies aside.",
    "remedy.remove-marks.hint": "Leave out rulers and marks",
    "remedy.remove-marks.sentence": "Leave rulers out of the picture and wipe pen marks off.",
    "remedy.known-spot.hint": "Aim at one spot, with plain skin around it",
    "remedy.known-spot.sentence": (
        "Take a sharp photo with one spot in the middle and plain skin around it. If it is a spot "
        "that worries you, show it to a doctor."
    ),
}

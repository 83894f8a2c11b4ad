"""What to do and how soon: never “safe”, never a diagnosis."""

MESSAGES = {
    "time-frame.see-a-doctor": (
        "{unit, select, months {Within {count, plural, one {# month} other {# months}}} other "
        "{Within {count, plural, one {# week} other {# weeks}}}}"
    ),
    "time-frame.photograph-again": (
        "{unit, select, months {Photograph again in {count, plural, one {# month} other {# "
        "months}}} other {Photograph again in {count, plural, one {# week} other {# weeks}}}}"
    ),
    "time-frame.try-again": "Try again now",
    "time-frame.next-visit": "At your next visit",
    # Of a priority.
    "advice.urgent.title": "Urgent",
    "advice.urgent.next-step": (
        "Call your doctor or a dermatologist today and ask for an appointment. Say that a spot on "
        "your skin has to be looked at."
    ),
    "advice.high.title": "High",
    "advice.high.next-step": "Make an appointment with a doctor and show this spot.",
    "advice.medium.title": "Medium",
    "advice.medium.next-step": (
        "Have a doctor look at this spot. Go sooner if it grows, bleeds or changes."
    ),
    "advice.uncertain.title": "Uncertain",
    "advice.uncertain.next-step": (
        "This photo does not allow an answer. Take another one in even daylight, sharp and close. "
        "If it stays uncertain, show the spot to a doctor."
    ),
    "advice.low.title": "Low",
    "advice.low.next-step": (
        "No warning signs were found in this photo. This cannot rule out skin cancer. Watch for "
        "change; see a doctor if it changes or worries you."
    ),
    # Instead of a label, where the model has learnt nothing.
    "advice.nail.title": "A nail",
    "advice.nail.next-step": (
        "Lentigo has not learnt to judge nails. Show the nail to a doctor. Go within 2 weeks if a "
        "dark line in it is new, changes or grows wider."
    ),
    "advice.mucosa.title": "Lip, mouth, eye or genitals",
    "advice.mucosa.next-step": (
        "Lentigo has not learnt to judge this kind of skin. Show the spot to a doctor, or a spot "
        "in the mouth to a dentist. Go sooner if it grows, bleeds or does not heal."
    ),
    "advice.palm-or-sole.title": "Palm or sole",
    "advice.palm-or-sole.next-step": (
        "Lentigo has not learnt to judge this kind of skin. Show the spot to a doctor. Go sooner "
        "if it grows, bleeds or changes."
    ),
    "advice.tattoo.title": "In a tattoo",
    "advice.tattoo.next-step": (
        "Ink hides what the camera would have to see. Show the spot to a doctor. Go sooner if it "
        "grows, bleeds or changes."
    ),
    "advice.scar.title": "In a scar",
    "advice.scar.next-step": (
        "Lentigo has not learnt to judge scars. Show it to a doctor, and say what was treated "
        "there. Go sooner if it grows, bleeds or changes."
    ),
    "advice.open-wound.title": "Open skin",
    "advice.open-wound.next-step": (
        "Lentigo has not learnt to judge wounds. After an injury, let it heal and photograph it "
        "again. Show it to a doctor within 2 weeks if it has been open for 4 weeks or has no "
        "cause that you know."
    ),
    "advice.under-18.title": "Under 18",
    "advice.under-18.next-step": (
        "Lentigo was made for adults. Show the spot to a doctor who looks after children. Go "
        "sooner if it grows, bleeds or changes."
    ),
    "advice.several-spots.title": "Several spots",
    "advice.several-spots.next-step": (
        "Photograph each spot alone, the one that worries you first. If one looks unlike all the "
        "others, show that one to a doctor."
    ),
    # Where “take another photo” would not help, or there is none.
    "advice.refused-picture.title": "No answer",
    "advice.refused-picture.next-step": (
        "This picture cannot be judged. Take another one. If the spot changes or worries you, "
        "show it to a doctor, with or without a photo."
    ),
    "advice.no-picture.title": "No answer yet",
    "advice.no-picture.next-step": (
        "Take a photo of the spot. If it changes or worries you, show it to a doctor, with or "
        "without a photo."
    ),
    "advice.near-alarm.title": "Uncertain",
    "advice.near-alarm.next-step": (
        "This is a close call. Take another photo in even daylight, sharp and close. If it stays "
        "uncertain, show the spot to a doctor."
    ),
    "advice.skin-type.title": "Uncertain",
    "advice.skin-type.next-step": (
        "No warning signs were found in this photo. This cannot rule out skin cancer, and Lentigo "
        "was tested on few pictures of skin like yours. Show the spot to a doctor at your next "
        "visit, and go sooner if it changes or worries you."
    ),
}

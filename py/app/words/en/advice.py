"""What to do and how soon: never “safe”, never a diagnosis."""

MESSAGES = {
    # What heads an answer.
    "action.see-a-doctor": (
        "See a doctor within {unit, select, months {{count, plural, one {# month} other {# "
        "months}}} other {{count, plural, one {# week} other {# weeks}}}}"
    ),
    "action.show-a-doctor": (
        "Show this spot to a doctor within {unit, select, months {{count, plural, one {# month} "
        "other {# months}}} other {{count, plural, one {# week} other {# weeks}}}}"
    ),
    "action.photograph-again": (
        "No warning signs in this photo. Check again in {unit, select, months {{count, plural, one "
        "{# month} other {# months}}} other {{count, plural, one {# week} other {# weeks}}}}"
    ),
    # The time frame alone.
    "time-frame.see-a-doctor": (
        "{unit, select, months {Within {count, plural, one {# month} other {# months}}} other "
        "{Within {count, plural, one {# week} other {# weeks}}}}"
    ),
    "time-frame.show-a-doctor": (
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
        "Call a doctor or a skin clinic today. You can say: “I have a spot on my skin that may "
        "need to be checked soon. When can someone look at it?”"
    ),
    "advice.high.title": "High",
    "advice.high.next-step": (
        "Call a doctor this week. You can say: “I have a spot on my skin. I would like someone to "
        "look at it.”"
    ),
    "advice.medium.title": "Medium",
    "advice.medium.next-step": (
        "Ask for an appointment. Go sooner if the spot grows, bleeds or changes."
    ),
    "advice.uncertain.title": "Uncertain",
    "advice.uncertain.action": "Lentigo cannot say. Take another photo",
    "advice.uncertain.next-step": (
        "If the next answer is the same, show the spot to a doctor within 4 weeks."
    ),
    "advice.still-uncertain.title": "Uncertain",
    "advice.still-uncertain.next-step": (
        "Lentigo could not say twice in a row. Go sooner if the spot grows, bleeds or changes."
    ),
    "advice.low.title": "Low",
    "advice.low.next-step": (
        "A photo cannot rule out skin cancer. See a doctor if the spot changes, bleeds or worries "
        "you."
    ),
    # Instead of a label, where the model has learnt nothing.
    "advice.nail.title": "A nail",
    "advice.nail.next-step": (
        "Lentigo has not learnt to judge nails. Go within 2 weeks if a dark line in the nail is "
        "new, changes or grows wider."
    ),
    "advice.mucosa.title": "Lip, mouth, eye or genitals",
    "advice.mucosa.next-step": (
        "Lentigo has not learnt to judge this kind of skin. A dentist can look at a spot in the "
        "mouth. Go sooner if it grows, bleeds or does not heal."
    ),
    "advice.palm-or-sole.title": "Palm or sole",
    "advice.palm-or-sole.next-step": (
        "Lentigo has not learnt to judge this kind of skin. Go sooner if it grows, bleeds or "
        "changes."
    ),
    "advice.tattoo.title": "In a tattoo",
    "advice.tattoo.next-step": (
        "Ink hides what the camera would have to see. Go sooner if it grows, bleeds or changes."
    ),
    "advice.scar.title": "In a scar",
    "advice.scar.next-step": (
        "Lentigo has not learnt to judge scars. Say what was treated there. Go sooner if it grows, "
        "bleeds or changes."
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
    "advice.several-spots.action": "Photograph each spot alone",
    "advice.several-spots.next-step": (
        "Start with the one that worries you. If one looks unlike all the others, show that one to "
        "a doctor."
    ),
    # Where “take another photo” would not help, or there is none.
    "advice.refused-picture.title": "No answer",
    "advice.refused-picture.action": "Take another photo",
    "advice.refused-picture.next-step": (
        "This photo cannot be judged. If the spot changes or worries you, show it to a doctor, "
        "with or without a photo."
    ),
    "advice.no-picture.title": "No answer yet",
    "advice.no-picture.action": "Take a photo of the spot",
    "advice.no-picture.next-step": (
        "If it changes or worries you, show it to a doctor, with or without a photo."
    ),
    "advice.near-alarm.title": "Uncertain",
    "advice.near-alarm.action": "Lentigo cannot say. Take another photo",
    "advice.near-alarm.next-step": (
        "This is a close call. If the next answer is the same, show the spot to a doctor within 4 "
        "weeks."
    ),
    "advice.skin-type.title": "Uncertain",
    "advice.skin-type.action": "Show this spot to a doctor at your next visit",
    "advice.skin-type.next-step": (
        "No warning signs were found in this photo, but Lentigo was tested on few photos of skin "
        "like yours. A photo cannot rule out skin cancer. Go sooner if the spot changes or worries "
        "you."
    ),
}

"""What a visitor keeps of an answer: the photo, a report for the doctor, a reminder."""

MESSAGES = {
    "date.day": (
        "{day} {month, select, m1 {January} m2 {February} m3 {March} m4 {April} m5 {May} m6 {June} "
        "m7 {July} m8 {August} m9 {September} m10 {October} m11 {November} other {December}} "
        "{year}"
    ),
    "date.time": "{day}, {time}",
    # The row of buttons.
    "keep.title": "Keep this answer",
    "keep.report": "Report for the doctor",
    "keep.remind": "Remind me",
    "keep.save-photo": "Save the photo",
    "keep.note": ("These are files for you. Once shared, a file is no longer only on your device."),
    "keep.making": "Making the report …",
    "keep.saved": "Saved as {name}.",
    "keep.report.failed": (
        "The report could not be made: a part of Lentigo could not be loaded. Check the connection "
        "and try again."
    ),
    "keep.report.no-picture": "This photo could not be opened.",
    "keep.photo.failed": "The photo could not be saved. Take it again, or choose it again.",
    # The calendar file: nothing that those who see it need to know.
    "reminder.title": "Look at the spot again",
    "reminder.doctor": (
        "Lentigo said on {said_on}: show the spot to a doctor by {by}. If you have no appointment "
        "yet, make one now. Take the report along if you kept it."
    ),
    "reminder.photograph": (
        "Lentigo said on {said_on}: take another photo of the spot on {by} and compare the two. "
        "If it has changed, or if it worries you, see a doctor. Go sooner if it changes sooner."
    ),
    # The report.
    "report.title": "A spot on the skin: report for the doctor",
    "report.lead": (
        "Made by Lentigo, a program for research and education. Not a diagnosis, and not an "
        "approved medical device."
    ),
    "report.person": "Name and date of birth (by hand):",
    "report.advice": "What Lentigo advised",
    "report.tier": "Medical priority: {tier}.",
    "report.tier.by": "Medical priority: {tier}. By {day}.",
    "report.tier.on": "Medical priority: {tier}. On {day}.",
    "report.picture": "The part of the photo that was judged. No scale.",
    "report.no-picture": "No photo",
    "report.why": "Why",
    "report.rule": "{reason} [Rule: {code}]",
    "report.rule.top-class": "The picture is most like {diagnosis} ({share, percent}).",
    "report.rule.melanoma-risk": (
        "By its score the risk of melanoma is {point, number} in 1,000 or more, which this "
        "priority is for."
    ),
    "report.rule.malignancy-risk": (
        "By its score the risk of a malignant or precancerous lesion is {point, number} in 1,000 "
        "or more, which this priority is for."
    ),
    "report.rule.operating-point": (
        "{diagnosis} scores {share, percent}; this priority is for {point, percent} or more."
    ),
    "report.rule.confidence": "No class stands out: the closest one scores {share, percent}.",
    "report.rule.answers": "The person’s answers: {answers}.",
    "report.source": "Source of the time frame: {source}.",
    "report.scores": (
        "Scores of the seven classes, as if all were equally common, which is no chance of having "
        "a disease: {scores}."
    ),
    "report.score": "{diagnosis} {share, percent}",
    "report.spot": "The spot and its photo",
    "report.place": "Place: {place}.",
    "report.place.unknown": "Place: not given.",
    "report.skin": "Skin: {skin}.",
    "report.taken": "Photo taken with this page’s camera on {at}.",
    "report.chosen": "Photo from a file, {name}, chosen on {at}. When it was taken is not known.",
    "report.photos": "The advice rests on {count, number} photos. The newest is shown.",
    "report.no-photo": "There was no photo. The advice rests on the answers alone.",
    "report.answers": "What the person said",
    "report.answer.points": ("{question} ({points, plural, one {# point} other {# points}})"),
    "report.answers.list": "{answers}.",
    "report.no-answers": "Nothing was ticked. That is not a no.",
    "report.points": (
        "Weighted seven-point checklist (NICE NG12): {points, number} of {most, number} points. "
        "Doctors refer from {refer_from, number}."
    ),
    "report.unticked": "What is not listed was left open. That is not a no.",
    "report.limits": "What to keep in mind",
    "report.limits.miss": (
        "A photo cannot rule out skin cancer. A person who is worried should be seen, whatever "
        "this page says."
    ),
    "report.limits.test": (
        "In its test on pictures of this kind, it asked for a doctor for {share, percent} of "
        "{pictures, plural, one {# picture} other {# pictures}} of skin cancer or its precursors."
    ),
    "report.limits.scope": (
        "It does not feel the spot, see its history or look at the rest of the skin. It was tested "
        "on few pictures of dark skin, and not made for nails, lips, palms, soles, or under 18."
    ),
    # The report of a spot that is kept: its whole history.
    "report.area": "The area around it. The ring is around the spot.",
    "report.photo": "Photo of {day}. No scale.",
    "report.asked": (
        "On {day} Lentigo asked the person to see a doctor within {unit, select, months {{count, "
        "plural, one {# month} other {# months}}} other {{count, plural, one {# week} other {# "
        "weeks}}}}."
    ),
    "report.asked.newer": "A newer photo does not change that.",
    "report.not-seen": "Nobody has told Lentigo that a doctor has looked at it.",
    "report.why.answer-of-the-day": (
        "It was the answer to the photo of {day} and to what the person said about it."
    ),
    "report.why.change-seen": (
        "Beside an earlier photo the person saw a change on the photo of {day}."
    ),
    "report.why.change-unsure": (
        "Beside an earlier photo the person was not sure whether the photo of {day} shows a change."
    ),
    "report.why.measured-change": (
        "Beside an earlier photo Lentigo measured a change on the photo of {day}."
    ),
    "report.why.size-grew": (
        "By coins, the spot on the photo of {day} is a fifth or more wider than it was."
    ),
    "report.why.new-and-large": (
        "By a coin, the spot on the photo of {day} is 5 mm or more, and the person says it is new."
    ),
    "report.photo-deleted": "The person has deleted this photo.",
    "report.size": "Measured by a coin on {day}: {size}",
    "report.why.none": "A doctor has looked at it, and Lentigo has judged no photo of it since.",
    "report.rules": "[Rules: {codes}]",
    "report.kept-spot": "The spot",
    "report.name": "Called: {name}",
    "report.spot-note": "The person’s note: {note}",
    "report.said": "On {day} Lentigo said: {action}.",
    "report.said.by-rules": "On {day} Lentigo said: {action}. [Rules: {codes}]",
    "report.day-answers": (
        "The person said: {answers}. Seven-point checklist: {points, number} of {most, number} "
        "points."
    ),
    "report.seen.yes": "Beside an earlier photo the person saw a change.",
    "report.seen.not-sure": "Beside an earlier photo the person was not sure about a change.",
    "report.seen.no": "Beside an earlier photo the person saw no difference.",
    "report.day-changes": "What has changed: {changes}.",
    "report.measured": "Measured beside an earlier photo: {change}",
    "report.about-person": "About the person",
    "report.limits.scope-of-history": (
        "It judges each photo by itself, and measures two only where they can be lined up. It does "
        "not feel the spot or look at the rest of the skin. It was tested on few pictures of dark "
        "skin, and not made for nails, lips, palms, soles, or under 18."
    ),
    "report.foot.of-history": (
        "Lentigo {version}, with the answers of the model {models}, on the person’s own device. "
        "Nothing was sent."
    ),
    "report.note": "Doctor’s note",
    "report.foot": (
        "Lentigo {version}, model {model}, on the person’s own device with {backend}. Nothing was "
        "sent."
    ),
    "report.foot.no-class": "Lentigo {version}, on the person’s own device. Nothing was sent.",
}

"""How well the model works, on the page of its facts."""

MESSAGES = {
    "facts.none": "This model carries no evaluation.",
    # --- what a worried reader needs ---
    "facts.moles": (
        "Of 100 ordinary moles photographed with a camera, <strong>{told, number} were told "
        "“within 2 weeks”</strong>."
    ),
    "facts.moles.dermoscope": (
        "Through a dermoscope (a doctor’s skin magnifier), {told, number} were."
    ),
    "facts.melanomas": (
        "Of 100 melanomas photographed with a camera, <strong>{told, number} were told “within 2 "
        "weeks”</strong>, and {missed, number} were not sent to a doctor at all."
    ),
    "facts.melanomas.dermoscope": "Through a dermoscope, {missed, number} were not sent.",
    "facts.alarmed": (
        "<strong>Of {people, number} people told “within 2 weeks”</strong>, about {sick, plural, "
        "one {# has} other {# have}} a melanoma."
    ),
    "facts.so": (
        "So an alarm is a reason to ask, not bad news. And no answer rules out skin cancer: see a "
        "doctor about a spot that changes or worries you."
    ),
    "facts.tested": (
        "Counted on {photos, plural, one {# photo} other {# photos}} of {spots, plural, one {# "
        "spot} other {# spots}}, by camera or phone, that Lentigo had not seen before."
    ),
    "facts.declared": (
        "People are counted as in general practice, where {sick, number} of {all, number} dark "
        "spots that a doctor looks at twice are melanomas ({source}). The test pictures hold far "
        "more. Neither is your own risk."
    ),
    "facts.door": "All figures, with their sources",
    # --- what the rule does to people ---
    "facts.in-people": "What that means for 1,000 people",
    "facts.in-people.suspected-in-general-practice": (
        "Of {people, number} skin lesions that the patient or the general practitioner suspected "
        "of malignancy, about {sick, number} are one of these cancers: it would send "
        "{caught, number} of them to a doctor and miss {missed, number}. It would also send "
        "{alarms, number} that are not."
    ),
    "facts.in-people.pigmented-in-general-practice": (
        "Of {people, number} pigmented lesions in general practice that were not at once seen to "
        "be benign, about {sick, number} are one of these cancers: it would send {caught, number} "
        "of them to a doctor and miss {missed, number}. It would also send {alarms, number} that "
        "are not."
    ),
    "facts.counted.suspected-in-general-practice": (
        "{source}: benign to malignant 10 to 1 in 2010, general practices in the north of the "
        "Netherlands."
    ),
    "facts.counted.pigmented-in-general-practice": (
        "{source}: 36 melanomas among 1,436 lesions, east of England."
    ),
    "facts.in-people.limits": (
        "The prevalence is that of general practice; whether it counts actinic keratosis, as "
        "malignancy does here, its source does not say. The harmless lesions of the test sets are "
        "those that somebody thought worth a picture; a visitor’s may differ."
    ),
    # --- figures ---
    "facts.figure": "{share, percent} of {n}",
    "facts.figure.range": "({low, percent} to {high, percent})",
    "facts.figure.too-few": "too few to say",
    "facts.table": "Table",
    "facts.kind.camera": "Camera or phone",
    "facts.kind.dermoscopic_ham10000": "Dermoscope (HAM10000)",
    "facts.skin-tone.dark": "dark (0-1)",
    "facts.skin-tone.medium": "medium (2-3)",
    "facts.skin-tone.light": "light (4-5)",
    # --- what it caught ---
    "facts.by-kind": "What it caught, by kind of picture",
    "facts.by-kind.about": (
        "In brackets: the range in which the true figure lies 95 times in 100. Some photos that "
        "count as “low” here are told “uncertain”: they are not quite good, or a close call."
    ),
    "facts.by-kind.tested-on": "Tested on",
    "facts.by-kind.pictures": "{n, plural, one {# picture} other {# pictures}}",
    "facts.by-kind.lesions": "of {n, plural, one {# lesion} other {# lesions}}",
    "facts.by-kind.melanoma-urgent": "Melanomas that got “urgent”",
    "facts.by-kind.malignant-medium": (
        "Melanomas, carcinomas and precancers that got at least “medium”"
    ),
    "facts.by-kind.naevus-low": "Ordinary moles that got “low”",
    "facts.by-kind.melanoma-auc": "A melanoma scores higher for melanoma than another spot",
    # --- decision curves ---
    "facts.decision": "Is following it better than sending everybody?",
    "facts.decision.about": (
        "Send everybody to a doctor, and no cancer is missed; send nobody, and nobody is alarmed "
        "for nothing. Which is best depends on how many spots you would have looked at to find "
        "one. NICE’s advice to doctors in England means about 33."
    ),
    "facts.decision.melanoma.camera": "Melanoma, camera or phone.",
    "facts.decision.melanoma.dermoscopic": "Melanoma, dermoscope.",
    "facts.decision.malignancy.camera": "Any skin cancer or precancer, camera or phone.",
    "facts.decision.malignancy.dermoscopic": "Any skin cancer or precancer, dermoscope.",
    "facts.decision.worth": (
        "Following Lentigo does more good than either for whoever would have {fewest, number} to "
        "{most, number} spots looked at to find one."
    ),
    "facts.decision.worth.any": (
        "Following Lentigo does more good than either for whoever would have {fewest, number} or "
        "more spots looked at to find one."
    ),
    "facts.decision.nowhere": "Following Lentigo nowhere does more good than both.",
    "facts.decision.across": (
        "Across: the risk from which you would want a spot looked at, 0 to {most, percent}."
    ),
    "facts.decision.chart": (
        "{title} At a risk of {risk, percent}, in cancers found without a false alarm among 1,000 "
        "people: following Lentigo {rule, number, ::.0}, sending everybody "
        "{everybody, number, ::.0}, sending nobody 0."
    ),
    "facts.decision.legend": (
        "Up: the good done, as cancers found without a false alarm. Thick line: following Lentigo "
        "(“urgent” for melanoma, “medium” or more for the rest). Dashed: going by its score "
        "alone. Dotted: sending everybody. Thin line: sending nobody."
    ),
    "facts.decision.limits": (
        "Re-weighted to how common the cancers are in general practice. The test sets hold far "
        "more of them, and neither is your own risk. Decision curves: Vickers and Elkin, Medical "
        "Decision Making 26:565, 2006."
    ),
    # --- each disease ---
    "facts.by-disease": "Each disease",
    "facts.by-disease.about": (
        "How often the disease that it named first was the right one. The priority does not rest "
        "on that name alone: a melanoma in second place still asks for a doctor."
    ),
    "facts.by-disease.accuracy": "The likeliest disease was the right one",
    "facts.by-disease.top3": "The right one was among the first three",
    "facts.by-disease.balanced": "The likeliest was right, each disease counted alike",
    "facts.by-disease.no-pictures": "no pictures",
    # --- calibration ---
    "facts.calibration": "Does a percentage mean what it says?",
    "facts.calibration.about": ("When the model says 80%, it should be right 80 times in 100."),
    "facts.calibration.off": (
        "{kind}: off by {points, plural, =0 {less than 1 point} one {# point} other {# points}} on "
        "average."
    ),
    "facts.calibration.chart": "{kind}: {bins}",
    "facts.calibration.bin": "said {confidence, percent}, right {accuracy, percent}",
    "facts.calibration.caption": (
        "{kind}: what it said (across), how often it was right (up). On the line the two agree."
    ),
    # --- refusals ---
    "facts.refused": "Pictures that it refuses",
    "facts.refused.about": "A picture that shows no lesion should get no priority at all.",
    "facts.refused.head": "Refused",
    "facts.refused.all": "All of these",
    "facts.refused.imagenet_sample_1000": "Everyday pictures",
    "facts.refused.dogs_cats": "Dogs and cats",
    "facts.refused.normal_skin_abdomen": "Plain skin",
    "facts.refused.wounds": "Wounds",
    "facts.wrongly.about": "And real lesions that it refused by mistake:",
    "facts.wrongly.head": "Refused by mistake",
    "facts.wrongly.all": "All lesions",
    "facts.wrongly.dermoscopic": "Through a dermoscope",
    "facts.wrongly.camera": "With a camera or phone",
    "facts.wrongly.skin": "On skin graded {tone}",
    "facts.gap.untested": (
        "Whether it refuses darker skin more often is untested: only {lesions, plural, one {# "
        "lesion} other {# lesions}} of the test were on darker skin."
    ),
    "facts.gap.more": (
        "<strong>It refuses lesions on darker skin more often</strong>, by "
        "{points, plural, =0 {less than 1 point} one {# point} other {# points}}."
    ),
    "facts.gap.less": (
        "<strong>It refuses lesions on darker skin less often</strong>, by "
        "{points, plural, =0 {less than 1 point} one {# point} other {# points}}."
    ),
    "facts.gap.none": "It was not seen to refuse darker skin more often.",
    "facts.gap.smallest": "A share of {share, percent} would have shown.",
    # --- skin tones ---
    "facts.skin": "Darker skin",
    "facts.skin.too-few": (
        "<strong>Too few to say</strong> how it does on skin graded {tones}: there were too few "
        "cancers on such skin in the test. Models like this one have been found to do worse on "
        "dark skin, so trust it less there."
    ),
    "facts.skin.about": "Models like this one have been found to do worse on dark skin.",
    "facts.skin.cancers": "Cancers in the test",
    "facts.skin.medium": "Got at least “medium”",
    # --- bad pictures ---
    "facts.bad": "Blurred, dark or tilted pictures",
    "facts.bad.worst": (
        "Given a cancer and another spot in camera pictures, it scores the cancer higher in "
        "{before, percent} of the pairs. In pictures that were made much worse on purpose, it was "
        "less; {corruption} cost most. So take a sharp photo in good light."
    ),
    "facts.bad.little": (
        "Given a cancer and another spot in camera pictures, it scores the cancer higher in "
        "{before, percent} of the pairs; pictures that were made worse on purpose changed little."
    ),
    "facts.bad.head": "Of the pairs, at the strongest",
    "facts.corruption.gaussian_blur": "Gaussian blur",
    "facts.corruption.motion_blur": "Motion blur",
    "facts.corruption.darkness": "Darkness",
    "facts.corruption.dark_tones": "Dark tones",
    "facts.corruption.overexposure": "Overexposure",
    "facts.corruption.noise": "Noise",
    "facts.corruption.recompression": "Recompression",
    "facts.corruption.rotation": "Rotation",
    "facts.corruption.zoom": "Zoom",
    "facts.corruption.shift": "Shift",
    "facts.corruption.warm_light": "Warm light",
    "facts.corruption.cold_light": "Cold light",
    "facts.corruption.gaussian_blur.within": "gaussian blur",
    "facts.corruption.motion_blur.within": "motion blur",
    "facts.corruption.darkness.within": "darkness",
    "facts.corruption.dark_tones.within": "dark tones",
    "facts.corruption.overexposure.within": "overexposure",
    "facts.corruption.noise.within": "noise",
    "facts.corruption.recompression.within": "recompression",
    "facts.corruption.rotation.within": "rotation",
    "facts.corruption.zoom.within": "zoom",
    "facts.corruption.shift.within": "shift",
    "facts.corruption.warm_light.within": "warm light",
    "facts.corruption.cold_light.within": "cold light",
    # --- limits ---
    "facts.limits": "What it cannot do",
    "facts.limits.one-picture": (
        "It looks at one picture. It does not know whether the spot has changed, bleeds or itches."
    ),
    "facts.limits.seven-kinds": (
        "It knows seven kinds of lesion, and compares whatever it sees with those."
    ),
    "facts.limits.not-made-for": (
        "It was not made for nails, lips, palms or soles, tattoos, scars, nor for people under 18."
    ),
    "facts.limits.own-sets": (
        "It was tested on pictures of the sets that it learned from, not in another clinic."
    ),
    "facts.limits.phone": (
        "Only {lesions, plural, one {# person or spot} other {# people or spots}} in the test were "
        "taken by phone."
    ),
    # --- the model ---
    "facts.model": "About this model",
    "facts.model.about": (
        "Model {id}: {architecture}, {parameters, number, ::.0} million parameters; download: "
        "{sizes}."
    ),
    "facts.model.size": "{variant} {megabytes, number, ::.0} MB",
    "facts.model.licence": "{licence}. The program around the weights is Apache-2.0.",
    "facts.model.licence.inherited": (
        "{licence}: most of the training pictures carry it, and the weights inherit its limit to "
        "non-commercial use. The program around them is Apache-2.0."
    ),
    "facts.model.learned-from": "Learned from:",
    "facts.model.set": "{name}: {licences}. {source}",
    "facts.model.licence.either": "{first} or {second}",
    "facts.model.licence.by-image": "{licences}, by image",
    "facts.model.card": (
        "Every figure, with curves and how the thresholds were chosen: the model card, {path} in "
        "the program’s source."
    ),
}

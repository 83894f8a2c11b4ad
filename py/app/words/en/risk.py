"""What a priority means in people."""

MESSAGES = {
    "risk.urgent": (
        "<strong>Of {people, number} people</strong> who get this answer, about "
        "{sick, plural, one {# has} other {# have}} a melanoma."
    ),
    # Where that is fewer than half of them.
    "risk.urgent.few": (
        "Most people who get this answer do not have melanoma: <strong>about {sick, number} in "
        "{people, number} do.</strong> Have it checked all the same."
    ),
    "risk.alarm": (
        "<strong>Of {people, number} people</strong> who get this answer or a more urgent one, "
        "about {sick, plural, one {# has} other {# have}} a skin cancer, or what can turn into it."
    ),
    "risk.spared": (
        "<strong>Of {people, number} people</strong> who get no more than this, about "
        "{sick, plural, one {# has} other {# have}} a skin cancer all the same, or what can turn "
        "into it."
    ),
    "risk.source": "Where this comes from",
    "risk.source.melanomas": (
        "Of {all, number} people with a dark spot that a doctor looks at twice, {sick, number} "
        "have a melanoma ({source}). Which answer they would get was counted on the test pictures. "
        "This is not your own risk."
    ),
    "risk.source.malignant": (
        "Of {all, number} people with a spot that worries them or their doctor, {sick, number} "
        "have a skin cancer, or what can turn into it ({source}). Which answer they would get was "
        "counted on the test pictures. This is not your own risk."
    ),
    # What a tier means.
    "tier.moles.urgent": (
        "Of 100 ordinary moles photographed with a camera, {told, number} were told “within 2 "
        "weeks” too."
    ),
    "tier.moles.urgent.dermoscopic": (
        "Of 100 ordinary moles photographed through a dermoscope, {told, number} were told “within "
        "2 weeks” too."
    ),
    "tier.moles.high": (
        "Of 100 ordinary moles photographed with a camera, {told, number} were told “within 4 "
        "weeks” or sooner."
    ),
    "tier.moles.high.dermoscopic": (
        "Of 100 ordinary moles photographed through a dermoscope, {told, number} were told “within "
        "4 weeks” or sooner."
    ),
    "tier.moles.medium": (
        "Of 100 ordinary moles photographed with a camera, {told, number} were sent to a doctor."
    ),
    "tier.moles.medium.dermoscopic": (
        "Of 100 ordinary moles photographed through a dermoscope, {told, number} were sent to a "
        "doctor."
    ),
    "tier.melanomas": (
        "Of 100 melanomas photographed with a camera, {told, number} were not sent to a doctor "
        "either."
    ),
    "tier.melanomas.dermoscopic": (
        "Of 100 melanomas photographed through a dermoscope, {told, number} were not sent to a "
        "doctor either."
    ),
}

"""What a priority means among a thousand people."""

MESSAGES = {
    "risk.urgent": (
        "<strong>Of {all, number} people</strong> with a pigmented spot that a doctor looks at "
        "twice, about {people, number} get this priority from the picture; {sick, plural, one {# "
        "of them has} other {# of them have}} a melanoma."
    ),
    "risk.alarm": (
        "<strong>Of {all, number} people</strong> with a spot that worries somebody, about "
        "{people, number} get this priority or a higher one from the picture; {sick, plural, one "
        "{# of them has} other {# of them have}} a skin cancer, or what can turn into it."
    ),
    "risk.spared": (
        "<strong>Of {all, number} people</strong> with a spot that worries somebody, about "
        "{people, number} get no more than this from the picture; {sick, plural, one {# of them "
        "has} other {# of them have}} a skin cancer all the same, or what can turn into it."
    ),
    "risk.source.melanomas": (
        "Shares of the test pictures, with {sick, number} melanomas in {all, number} as in general "
        "practice ({source}). Not your own risk."
    ),
    "risk.source.malignant": (
        "Shares of the test pictures, with {sick, number} malignant spots in {all, number} as in "
        "general practice ({source}). Not your own risk."
    ),
}

"""Why a rule asks for its priority, in one sentence each."""

MESSAGES = {
    # Rules about what the picture looks like.
    "because.model.top-class": "It looks most like {top}.",
    "because.model.also-like": (
        "It looks most like {top}, but also a little like {other}. To be careful, have a doctor "
        "look at it."
    ),
    "because.model.malignancy": (
        "It looks most like {top}, but also a little like skin cancer or an early stage of it. To "
        "be careful, have a doctor look at it."
    ),
    "because.model.confidence": (
        "It does not clearly look like any of the seven kinds of spot that Lentigo knows."
    ),
    # Doubts.
    "because.caution.outside": (
        "Lentigo has learnt from no photos like this one, or from too few."
    ),
    # Of nails, the only thing besides lesions that the model tells by name.
    "because.caution.looks-outside": "This photo looks like a nail, not like a spot on skin.",
    "because.caution.refused-picture": "This photo cannot be judged.",
    "because.caution.no-picture": "There is no photo yet.",
    "because.caution.alarm-without-label": (
        "The photo itself gives reason for concern, even though Lentigo cannot name the spot."
    ),
    "because.caution.photo-alone": (
        "One of your photos alone asked for more. All photos together can lower that by one step, "
        "not further."
    ),
    "because.caution.poor-picture": "The photo is not good enough to say more.",
    "because.caution.near-alarm": "It comes close to what Lentigo would send to a doctor.",
    "because.caution.unfamiliar": (
        "The spot looks like none of the seven kinds that Lentigo knows."
    ),
    "because.caution.disagreement": (
        "Seen from slightly different views, the spot looks like different things."
    ),
    "because.caution.skin-type": "Lentigo was tested on few photos of skin like yours.",
    # Answers. Statements are clauses, put together by the two patterns below.
    "because.answers.seven-points": (
        "You said that {statements}: {points, plural, one {# point} other {# points}} of the "
        "seven-point checklist, on which doctors refer from {refer_from, number}."
    ),
    "because.answers.major-feature": (
        "You said that {statements}, which counts on the seven-point checklist."
    ),
    "because.answers.minor-feature": (
        "You said that {statements}, which counts on the seven-point checklist."
    ),
    "because.answers.red-flag": "You said that {statements}.",
    "because.answers.strong-concern": "You said that {statements}.",
    "because.answers.risk": "You said that {statements}.",
    "because.answers.strong-concern-with-sign": (
        "You said that {statements}; together these weigh more."
    ),
    "because.answers.risk-with-sign": "You said that {statements}; together these weigh more.",
    "because.statements.and": "{statements} and that {last}",
    "because.statements.next": "{statements}, that {next}",
}

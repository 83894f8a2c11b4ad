"""Why a rule asks for its priority, in one sentence each."""

MESSAGES = {
    # Rules about the probabilities.
    "because.model.top-class": "The picture is most like {diagnosis} ({share, percent}).",
    "because.model.operating-point": (
        "{diagnosis} scores {share, percent}, at or above the {point, percent} from which the "
        "program asks for a doctor’s opinion."
    ),
    "because.model.malignancy": (
        "The three classes that can be cancer or turn into it score {share, percent} together, at "
        "or above the {point, percent} from which a doctor should look."
    ),
    "because.model.confidence": (
        "No class stands out: the closest one scores only {share, percent}."
    ),
    # Doubts.
    "because.caution.outside": (
        "The program has learnt from no pictures like this one, or from too few."
    ),
    "because.caution.refused-picture": "This picture cannot be judged.",
    "because.caution.no-picture": "There is no picture yet.",
    "because.caution.alarm-without-label": (
        "The picture itself gives reason for concern, even here where it has no name."
    ),
    "because.caution.photo-alone": (
        "One of your photos alone asked for more. All photos together can lower that by one step, "
        "not further."
    ),
    "because.caution.poor-picture": "The picture is not good enough to say more.",
    "because.caution.near-alarm": "It comes close to what Lentigo would send to a doctor.",
    "because.caution.unfamiliar": (
        "The spot looks like none of the seven kinds that the program knows."
    ),
    "because.caution.disagreement": (
        "Seen from slightly different views, the spot looks like different things."
    ),
    "because.caution.skin-type": "The program was tested on few pictures of skin like yours.",
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

"""`docs/generated/priority-rules.md`: `python -m tooling.documents.priority_rules`.

Needs numpy, as `py/lentigo` does. A test fails while the committed page is not the generated one.
"""

import sys
import textwrap
from collections.abc import Iterable, Sequence

from tooling.documents import history_rules
from tooling.layout import REPOSITORY

sys.path.insert(0, str(REPOSITORY.root / "py"))

from app.words import IN_ENGLISH as WORDS
from app.words.triage import (
    BODY_SITE,
    DIAGNOSIS,
    QUESTION_HELP,
    QUESTION_TEXT,
    SKIN_TYPE,
    advice_text,
)
from lentigo.diagnosis import MALIGNANT, Diagnosis
from lentigo.model.ood import Recognition
from lentigo.picture.quality import QualityIssue
from lentigo.prevalence import MALIGNANCY, MELANOMA
from lentigo.priority import (
    CLASS_PRIORITY,
    MALIGNANCY_RISK_POINT,
    MELANOMA_RISK_POINTS,
    Assessment,
    Points,
    Priority,
    Risks,
    assess,
)
from lentigo.triage.advice import ADVICE, CAUTION_ADVICE, OUTSIDE_ADVICE, Advice, advise
from lentigo.triage.checklist import (
    ANSWER_RULE_SOURCE,
    POINTS,
    QUESTION_SOURCE,
    RED_FLAGS,
    RISKS,
    STRONG_CONCERN,
    URGENT_FROM_POINTS,
    AnswerRule,
    Answers,
    BodySite,
    Question,
    SkinType,
)
from lentigo.triage.rules import (
    CAUTION_SOURCE,
    DISAGREEMENT_FROM,
    NEAR_ALARM_FROM,
    OUTSIDE_PRIORITY,
    OUTSIDE_SITE,
    SHOWS_NO_LESION,
    UNTESTED_SKIN_TYPES,
    CautionRule,
    Evidence,
    Outside,
    code_of,
    triage,
)
from lentigo.triage.several_photos import FLOOR, MOST_PHOTOS

PAGE = REPOSITORY.root / "docs" / "generated" / "priority-rules.md"

# `unfamiliar` is left out: no score recognises it yet (`Recognition`).
_CAUTION: tuple[tuple[CautionRule, str, str], ...] = (
    (
        CautionRule.PHOTO_ALONE,
        "Of several photos of the spot one alone asks for more than their mean",
        "as in the table of photos below",
    ),
    (
        CautionRule.POOR_PICTURE,
        "The picture is good enough to be judged, but not good (any warning of the gauges)",
        Priority.UNCERTAIN,
    ),
    (
        CautionRule.NEAR_ALARM,
        f"A risk reaches {NEAR_ALARM_FROM:.0%} of the least that alarms, and not the point itself",
        Priority.UNCERTAIN,
    ),
    (
        CautionRule.DISAGREEMENT,
        f"At least {DISAGREEMENT_FROM:.0%} of the frames of the spot show another class than the "
        "answer",
        Priority.UNCERTAIN,
    ),
    (
        CautionRule.SKIN_TYPE,
        f"Skin type {' or '.join(sorted(UNTESTED_SKIN_TYPES))}",
        Priority.UNCERTAIN,
    ),
    (
        CautionRule.REFUSED_PICTURE,
        "The picture is refused (label withheld)",
        Priority.UNCERTAIN,
    ),
    (CautionRule.NO_PICTURE, "There is no picture (no label)", Priority.UNCERTAIN),
    (
        CautionRule.OUTSIDE,
        "The spot lies outside what the model has learnt (label withheld)",
        "as in the table below",
    ),
    (
        CautionRule.LOOKS_OUTSIDE,
        "The picture looks like a nail and like no lesion, to a model that tells nails "
        "(label withheld)",
        "as in the table below",
    ),
    (
        CautionRule.ALARM_WITHOUT_LABEL,
        "The label is withheld, and the model asks for medium or more",
        "what the model asks for",
    ),
)


def generate() -> str:
    """Return the whole page."""
    return "\n\n".join(
        (
            "# Priority rules",
            "Generated from `py/lentigo/priority.py`, `py/lentigo/triage/` and `py/lentigo/spots/` "
            "by\n`python -m tooling.documents.priority_rules`; do not edit. The scales and points "
            "of a model stand in\nits manifest.",
            "**Research and education only. Not a diagnosis.** No rule here has been tested in "
            "care.",
            _order(),
            _model_rules(),
            _caution_rules(),
            _photo_rules(),
            _outside_rules(),
            _answer_rules(),
            _history_rules(),
            _promises(),
            _examples(),
        )
    )


def _paragraph(text: str) -> str:
    return textwrap.fill(text, width=100, break_long_words=False, break_on_hyphens=False)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _order() -> str:
    rows = [_advice_row(f"**{tier}**", ADVICE[tier]) for tier in reversed(Priority)]
    return (
        "## The order\n\n"
        + _paragraph(
            f"`{' < '.join(Priority)}`. Every rule asks for a priority, and the most severe wins. "
            "No rule takes back what another one asks for; doubt replaces `low` and nothing else."
        )
        + "\n\n"
        + _table(("Priority", "When", "Next step", "Source"), rows)
    )


def _advice_row(name: str, advice: Advice) -> tuple[str, str, str, str]:
    text = advice_text(advice, WORDS)
    return name, text.time_frame, text.next_step, advice.source


def _melanoma_points() -> str:
    return ", ".join(f"{tier} from {risk:.1%}" for tier, risk in MELANOMA_RISK_POINTS.items())


def _model_rules() -> str:
    rows = [
        (
            WORDS(DIAGNOSIS[diagnosis]),
            f"`{diagnosis}`",
            CLASS_PRIORITY[diagnosis],
            "yes" if diagnosis in MALIGNANT else "",
        )
        for diagnosis in Diagnosis
    ]
    return (
        "## What the model asks for\n\n"
        "1. `top-class`: the most probable class asks for its priority.\n"
        f"2. `melanoma-risk`: the risk of melanoma asks for {_melanoma_points()}, whichever class\n"
        "   is on top.\n"
        "3. `malignancy-risk`: the risk of a malignant or precancerous lesion asks for\n"
        f"   {Priority.MEDIUM} from {MALIGNANCY_RISK_POINT:.1%}.\n"
        f"4. `operating-point`: p(`{Diagnosis.BCC}`) at or above its operating point asks for its\n"
        "   priority, whichever class is on top.\n"
        "5. `confidence`: a top class below the confidence point asks for "
        f"{Priority.UNCERTAIN}.\n\n"
        + _paragraph(
            "A risk is that of a person at the declared prevalence "
            f"({MELANOMA.value:.1%} for melanoma: {MELANOMA.source}; {MALIGNANCY.value:.1%} for "
            f"malignancy: {MALIGNANCY.source}), by what the model has seen in the picture. NICE "
            "NG12 sends people on a suspected cancer pathway from 3 %; the other points are ours."
        )
        + "\n\n"
        + _table(("Class", "", "Asks for", "Malignant or precancerous"), rows)
    )


def _caution_rules() -> str:
    rows = [
        (f"`{rule}`", when, priority, CAUTION_SOURCE[rule]) for rule, when, priority in _CAUTION
    ]
    silent = ", ".join(f"`{issue}`" for issue in QualityIssue if issue in SHOWS_NO_LESION)
    return (
        "## What doubt asks for\n\n"
        + _table(("Rule", "When", "Asks for", "Source"), rows)
        + "\n\n"
        + _paragraph(
            "Where the label is withheld, the model may still alarm, but it neither reassures nor "
            "names: its `low` and `uncertain` are dropped, the rest counts without the name of a "
            f"class. A picture that shows no lesion ({silent}) silences the model altogether. "
            "Nothing silences the answers."
        )
        + "\n\nSome doubts have advice of their own:\n\n"
        + _table(
            ("Rule", "When to act", "Next step", "Source"),
            (_advice_row(f"`{rule}`", advice) for rule, advice in CAUTION_ADVICE.items()),
        )
    )


def _photo_rules() -> str:
    rows = [(alone, FLOOR[alone]) for alone in reversed(Priority)]
    return (
        "## What several photos of one spot ask for\n\n"
        + _paragraph(
            f"Up to {MOST_PHOTOS} photos of a spot are read as one: each class logit is the mean "
            "of theirs. Refused photos do not count, and the same photo counts once. Each is read "
            "by its own modality; where they differ, the more cautious scale holds for the "
            "mean. A doubt about a picture counts for all as long as every photo has one. The mean "
            "cannot fall further than this below what one photo asks for alone:"
        )
        + "\n\n"
        + _table(("The most severe photo alone", "All together at least"), rows)
    )


def _outside_rules() -> str:
    rows = [
        (f"`{outside}`", OUTSIDE_PRIORITY[outside], *_advice_row("", OUTSIDE_ADVICE[outside])[1:])
        for outside in Outside
    ]
    return (
        "## Outside what the model has learnt\n\nThe visitor says so, or a model that "
        "tells nails sees one, and there is no label. What to do instead:\n\n"
        + _table(("Where or who", "Asks for", "When", "Next step", "Source"), rows)
    )


def _answer_rules() -> str:
    points = [(WORDS(QUESTION_TEXT[question]), str(points)) for question, points in POINTS.items()]
    return (
        "## What answers ask for\n\n"
        + _paragraph(
            "Every question is optional. “No” and silence are the same: they ask for nothing, and "
            "lower nothing. One answer may meet several rules."
        )
        + "\n\n### The weighted seven-point checklist\n\n"
        + _table(("Question", "Points"), points)
        + "\n\n"
        + _table(("Rule", "When", "Asks for", "Source"), _answer_rows())
        + "\n\n"
        + _paragraph(
            "A warning sign is any question of the seven-point checklist, or "
            + ", ".join(f"`{question}`" for question in RED_FLAGS)
            + "."
        )
        + "\n\n### Every question\n\n"
        + _table(
            ("Question", "", "What it means", "Source"),
            (
                (
                    WORDS(QUESTION_TEXT[question]),
                    f"`{question}`",
                    WORDS(QUESTION_HELP[question]),
                    QUESTION_SOURCE[question],
                )
                for question in Question
            ),
        )
        + "\n\n### Skin type and place\n\n"
        + _table(
            ("Skin type (Fitzpatrick 1988)", ""),
            ((WORDS(SKIN_TYPE[skin_type]), f"`{skin_type}`") for skin_type in SkinType),
        )
        + "\n\n"
        + _table(
            ("Place", "", ""),
            (
                (
                    WORDS(BODY_SITE[site]),
                    f"`{site}`",
                    "outside" if site in OUTSIDE_SITE else "asks for nothing",
                )
                for site in BodySite
            ),
        )
    )


def _history_rules() -> str:
    return (
        "## What the photos of a kept spot ask for\n\n"
        + _paragraph(history_rules.introduction())
        + "\n\n"
        + _table(history_rules.HEAD, history_rules.rows())
    )


def _answer_rows() -> list[tuple[str, str, str, str]]:
    def row(rule: AnswerRule, when: str, priority: str) -> tuple[str, str, str, str]:
        return f"`{rule}`", when, priority, ANSWER_RULE_SOURCE[rule]

    def named(question: Question) -> str:
        return f"`{question}`"

    return [
        row(AnswerRule.SEVEN_POINTS, f"{URGENT_FROM_POINTS} points or more", Priority.URGENT),
        row(AnswerRule.MAJOR_FEATURE, "Any feature of 2 points", Priority.HIGH),
        row(AnswerRule.MINOR_FEATURE, "Any feature of 1 point", Priority.MEDIUM),
        *(
            (f"`{AnswerRule.RED_FLAG}`", named(q), priority, QUESTION_SOURCE[q])
            for q, priority in RED_FLAGS.items()
        ),
        row(AnswerRule.STRONG_CONCERN, named(Question.STRONG_CONCERN), STRONG_CONCERN.alone),
        row(
            AnswerRule.STRONG_CONCERN_WITH_SIGN,
            f"{named(Question.STRONG_CONCERN)} and a warning sign",
            STRONG_CONCERN.with_sign,
        ),
        *(row(AnswerRule.RISK, named(q), tiers.alone) for q, tiers in RISKS.items()),
        *(
            row(AnswerRule.RISK_WITH_SIGN, f"{named(q)} and a warning sign", tiers.with_sign)
            for q, tiers in RISKS.items()
        ),
    ]


def _promises() -> str:
    return """\
## What holds for every combination

`tests/unit/lentigo/triage/test_rules_properties.py` tries to break each of these:

- The priority is the most severe that any rule asks for.
- Saying yes to a question, or saying the place or the skin type, never lowers it; saying no changes
  nothing.
- A warning about the picture, more disagreement, or a refusal of a picture that shows a lesion
  never lowers it.
- More risk never lowers a priority, and a risk at a point asks for its tier.
- `low` is never said where a risk comes near the least that alarms.
- Outside what the model has learnt, and for refused pictures, there is never a label.
- `low` is only ever said of a good picture of what the model takes for a lesion, and of nobody who
  gave an answer that asks for more.
- An alarm of the model survives unless the picture shows no lesion.
- Every combination has advice and a reason."""


# In the examples the class alone decides.
_NO_RISK, _NO_POINTS = Risks(melanoma=0.0, malignancy=0.0), Points(bcc=1.0, confident=0.0)


def _certain(diagnosis: Diagnosis) -> Assessment:
    return assess([float(other is diagnosis) for other in Diagnosis], _NO_RISK, _NO_POINTS)


def _examples() -> str:
    mole, melanoma = _certain(Diagnosis.NV), _certain(Diagnosis.MEL)
    vascular = _certain(Diagnosis.VASC)
    blurred = frozenset({QualityIssue.BLUR})
    examples = [
        ("Like a mole", Evidence(mole)),
        ("Like a mole, a little blurred", Evidence(mole, warning=blurred)),
        ("Like a melanoma, a little blurred", Evidence(melanoma, warning=blurred)),
        (
            "Like a mole; it oozes",
            Evidence(mole, answers=Answers(oozing=True)),
        ),
        (
            "Like a mole; it has changed in size and oozes",
            Evidence(mole, answers=Answers(change_in_size=True, oozing=True)),
        ),
        (
            "Like a melanoma; every question answered by no",
            Evidence(melanoma, answers=_all_no()),
        ),
        (
            "Like a mole, on skin of type VI",
            Evidence(mole, answers=Answers(skin_type=SkinType.VI)),
        ),
        (
            "Like a vascular lesion, on skin of type VI",
            Evidence(vascular, answers=Answers(skin_type=SkinType.VI)),
        ),
        (
            "Like a mole, on a sole",
            Evidence(mole, answers=Answers(body_site=BodySite.PALM_OR_SOLE)),
        ),
        ("Like a melanoma, in a tattoo", Evidence(melanoma, answers=Answers(tattoo=True))),
        (
            "A new dark line in a nail",
            Evidence(mole, answers=Answers(new_nail_line=True)),
        ),
        (
            "No lesion in the picture",
            Evidence(melanoma, recognition=Recognition.NOT_A_LESION),
        ),
        (
            "No lesion in the picture; a sore that has not healed in 4 weeks",
            Evidence(
                melanoma,
                recognition=Recognition.NOT_A_LESION,
                answers=Answers(not_healing=True),
            ),
        ),
        (
            "A growing lump, without a picture",
            Evidence(answers=Answers(growing_nodule=True)),
        ),
    ]
    return (
        "## Examples\n\nComputed by the rules when this page was generated.\n\n"
        + _table(
            ("What is known", "Outcome", "Priority", "When", "Decided by"),
            (_example_row(words, evidence) for words, evidence in examples),
        )
        + "\n"
    )


def _all_no() -> Answers:
    answers = Answers()
    for question in Question:
        answers = answers.saying(question, False)
    return answers


def _example_row(words: str, evidence: Evidence) -> tuple[str, str, str, str, str]:
    result = triage(evidence)
    return (
        words,
        result.outcome,
        f"**{result.priority}**",
        advice_text(advise(result), WORDS).time_frame,
        f"`{code_of(result.decisive)}`",
    )


if __name__ == "__main__":
    PAGE.write_text(generate(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(REPOSITORY.root)}")

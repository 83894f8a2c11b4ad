"""What holds for every combination of class, malignancy, quality, recognition and answers.

hypothesis is not part of the site, so the Pyodide run leaves this file out; ``test_rules.py`` has
the cases by hand.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lentigo.diagnosis import Diagnosis
from lentigo.model.ood import Recognition
from lentigo.picture.quality import QualityIssue
from lentigo.priority import (
    MELANOMA_RISK_POINTS,
    Points,
    Priority,
    Request,
    Risks,
    assess,
)
from lentigo.triage.advice import advise
from lentigo.triage.checklist import (
    Answers,
    BodySite,
    Question,
    SkinType,
    as_document,
    parse_answers,
    requests_of,
)
from lentigo.triage.rules import (
    NEAR_ALARM_FROM,
    SHOWS_NO_LESION,
    CautionRequest,
    CautionRule,
    Evidence,
    Outcome,
    code_of,
    comes_from_answers,
    triage,
)
from tests.unit.scales import assess_classes

settings.register_profile("lentigo", max_examples=100, deadline=None, derandomize=True)
settings.load_profile("lentigo")

BENIGN = (Diagnosis.BKL, Diagnosis.DF, Diagnosis.NV, Diagnosis.VASC)
POINTED = (Diagnosis.MEL, Diagnosis.BCC, Diagnosis.AKIEC)

shares = st.floats(0, 1)
# Most people have a small one.
risks = st.builds(Risks, *[st.one_of(st.floats(0, 0.05), shares)] * 2)

points = st.builds(Points, st.floats(0.01, 0.5), shares)


@st.composite
def probabilities(draw: st.DrawFn) -> tuple[float, ...]:
    """Seven probabilities that add up to 1, often with one class far ahead."""
    weights = draw(st.lists(st.sampled_from([0, 1, 2, 5, 20, 100]), min_size=7, max_size=7))
    assume(sum(weights))
    return tuple(weight / sum(weights) for weight in weights)


CERTAIN = [
    assess_classes([float(other is diagnosis) for other in Diagnosis]) for diagnosis in Diagnosis
]
assessments = st.sampled_from(CERTAIN) | st.builds(assess, probabilities(), risks, points)
# Few answers, so that the rest of the evidence decides as often as they do.
some_questions = st.sets(st.sampled_from(Question), max_size=2)
few_answers = st.builds(
    lambda yes, no, skin_type, site: parse_answers(
        {
            **dict.fromkeys(map(str, no), False),
            **dict.fromkeys(map(str, yes), True),
            "skin-type": skin_type,
            "body-site": site,
        }
    ),
    some_questions,
    some_questions,
    st.none() | st.sampled_from(SkinType),
    st.none() | st.sampled_from(BodySite),
)
issues = st.frozensets(st.sampled_from(QualityIssue), max_size=3)
# One doubt or none about a sure answer: where one rule alone decides.
quiet_evidence = st.builds(
    Evidence,
    assessment=st.sampled_from(CERTAIN),
    warning=st.frozensets(st.sampled_from(QualityIssue), max_size=1),
    recognition=st.none() | st.sampled_from(Recognition),
    disagreement=st.just(0.0) | shares,
    answers=st.just(Answers()) | st.builds(Answers, oozing=st.booleans()),
)
evidence_of_any_kind = quiet_evidence | st.builds(
    Evidence,
    assessment=st.one_of(assessments, assessments, st.none()),
    refusing=st.just(frozenset()) | issues,
    warning=issues,
    recognition=st.none() | st.sampled_from(Recognition),
    disagreement=shares,
    answers=st.just(Answers()) | few_answers,
)
# Pictures of a lesion, judged by the model and yet without a label.
evidence_without_its_label = st.builds(
    Evidence,
    assessment=assessments,
    refusing=st.frozensets(
        st.sampled_from(sorted(set(QualityIssue) - SHOWS_NO_LESION)), max_size=2
    ),
    answers=st.builds(Answers, tattoo=st.booleans(), body_site=st.sampled_from(BodySite)),
)
evidence_with_a_label = st.builds(
    Evidence, assessment=assessments, warning=issues, disagreement=shares
)


def severity(evidence: Evidence) -> int:
    return triage(evidence).priority.severity


@given(evidence_of_any_kind)
def test_the_priority_is_the_most_severe_that_any_rule_asks_for(evidence: Evidence) -> None:
    result = triage(evidence)
    assert result.requests
    assert result.priority.severity == max(r.priority.severity for r in result.requests)
    assert result.decisive in result.requests
    assert result.decisive.priority is result.priority


@given(evidence_of_any_kind)
def test_no_rule_of_the_answers_is_ever_left_out(evidence: Evidence) -> None:
    result = triage(evidence)
    for request in requests_of(evidence.answers):
        assert request in result.requests
        assert result.priority.severity >= request.priority.severity


@given(evidence_of_any_kind)
def test_no_rule_of_the_model_is_left_out_where_there_is_a_label(evidence: Evidence) -> None:
    result = triage(evidence)
    if result.label is not None:
        assert set(result.label.requests) <= set(result.requests)
        assert result.priority.severity >= result.label.priority.severity


@given(evidence_of_any_kind, st.sampled_from(Question))
def test_saying_yes_never_lowers_the_priority(evidence: Evidence, question: Question) -> None:
    assume(not evidence.answers.of(question))
    said = evidence.answers.saying(question, True)
    assert severity(replace(evidence, answers=said)) >= severity(evidence)


@given(evidence_of_any_kind, st.sampled_from(Question))
def test_saying_no_changes_nothing(evidence: Evidence, question: Question) -> None:
    assume(evidence.answers.of(question) is None)
    said = evidence.answers.saying(question, False)
    assert triage(replace(evidence, answers=said)) == triage(evidence)


@given(evidence_of_any_kind, st.sampled_from(BodySite))
def test_saying_where_it_is_never_lowers_the_priority(evidence: Evidence, site: BodySite) -> None:
    unsaid = replace(evidence, answers=replace(evidence.answers, body_site=None))
    said = replace(evidence, answers=replace(evidence.answers, body_site=site))
    assert severity(said) >= severity(unsaid)


@given(evidence_of_any_kind, st.sampled_from(SkinType))
def test_saying_the_skin_type_never_lowers_the_priority(
    evidence: Evidence, skin_type: SkinType
) -> None:
    unsaid = replace(evidence, answers=replace(evidence.answers, skin_type=None))
    said = replace(evidence, answers=replace(evidence.answers, skin_type=skin_type))
    assert severity(said) >= severity(unsaid)


@given(evidence_of_any_kind, st.sampled_from(QualityIssue))
def test_a_warning_never_lowers_the_priority(evidence: Evidence, issue: QualityIssue) -> None:
    warned = replace(evidence, warning=evidence.warning | {issue})
    assert severity(warned) >= severity(evidence)


@given(evidence_of_any_kind, st.sampled_from(sorted(set(QualityIssue) - SHOWS_NO_LESION)))
def test_refusing_a_picture_of_a_lesion_never_lowers_the_priority(
    evidence: Evidence, issue: QualityIssue
) -> None:
    refused = replace(evidence, refusing=evidence.refusing | {issue})
    assert severity(refused) >= severity(evidence)


@given(evidence_of_any_kind, shares)
def test_more_disagreement_never_lowers_the_priority(evidence: Evidence, share: float) -> None:
    steadier, shakier = sorted((share, evidence.disagreement))
    assert severity(replace(evidence, disagreement=shakier)) >= severity(
        replace(evidence, disagreement=steadier)
    )


@given(evidence_of_any_kind, st.sampled_from([None, Recognition.LESION]))
def test_an_unfamiliar_lesion_is_never_less_severe_than_a_known_one(
    evidence: Evidence, known: Recognition | None
) -> None:
    unfamiliar = replace(evidence, recognition=Recognition.UNFAMILIAR)
    assert severity(unfamiliar) >= severity(replace(evidence, recognition=known))


@given(evidence_of_any_kind, st.sampled_from(sorted(SHOWS_NO_LESION)))
def test_a_picture_without_a_lesion_silences_the_model_and_not_the_answers(
    evidence: Evidence, issue: QualityIssue
) -> None:
    nothing_there = replace(evidence, refusing=evidence.refusing | {issue})
    result = triage(nothing_there)
    without_model = triage(replace(nothing_there, assessment=None))
    assert result == without_model
    assert result.label is None
    for request in requests_of(evidence.answers):
        assert result.priority.severity >= request.priority.severity


@given(probabilities(), risks, risks, points, evidence_with_a_label)
def test_more_risk_never_lowers_the_priority(
    values: tuple[float, ...], one: Risks, other: Risks, thresholds: Points, evidence: Evidence
) -> None:
    larger = Risks(max(one.melanoma, other.melanoma), max(one.malignancy, other.malignancy))
    before, after = (
        triage(replace(evidence, assessment=assess(values, each, thresholds)))
        for each in (one, larger)
    )
    assert after.priority.severity >= before.priority.severity


@given(
    probabilities(), risks, points, evidence_with_a_label, st.sampled_from([*MELANOMA_RISK_POINTS])
)
def test_a_risk_of_melanoma_at_a_point_asks_for_its_tier(
    values: tuple[float, ...],
    risk: Risks,
    thresholds: Points,
    evidence: Evidence,
    tier: Priority,
) -> None:
    reached = replace(risk, melanoma=max(risk.melanoma, MELANOMA_RISK_POINTS[tier]))
    result = triage(replace(evidence, assessment=assess(values, reached, thresholds)))
    assert result.priority.severity >= tier.severity


@given(evidence_of_any_kind)
def test_outside_the_domain_and_in_refused_pictures_there_is_never_a_label(
    evidence: Evidence,
) -> None:
    result = triage(evidence)
    withheld = bool(result.outside or result.refusals or evidence.assessment is None)
    assert (result.outcome is Outcome.LABELLED) is not withheld
    assert (result.label is None) is withheld
    if withheld:
        assert not any(isinstance(request, Request) for request in result.requests)


@given(evidence_of_any_kind)
def test_low_is_only_said_of_a_good_picture_of_a_known_lesion_inside_the_domain(
    evidence: Evidence,
) -> None:
    result = triage(evidence)
    if result.priority is Priority.LOW:
        assert result.outcome is Outcome.LABELLED
        assert not evidence.warning
        assert evidence.recognition in {None, Recognition.LESION}
        assert requests_of(evidence.answers) == ()
        assert result.label is not None
        assert result.label.alarm_reached < NEAR_ALARM_FROM


@given(evidence_without_its_label)
def test_an_alarm_of_the_model_survives_without_its_label(evidence: Evidence) -> None:
    assert evidence.assessment is not None
    alarm = evidence.assessment.priority
    if alarm.severity >= Priority.MEDIUM.severity:
        assert severity(evidence) >= alarm.severity


@given(evidence_of_any_kind)
def test_every_combination_has_advice_and_a_key(evidence: Evidence) -> None:
    result = triage(evidence)
    advice = advise(result)
    assert advice.source
    for request in result.requests:
        assert code_of(request).startswith(str(request.rule))
    if result.priority.severity >= Priority.HIGH.severity:
        assert advice.within is not None


@given(evidence_of_any_kind)
def test_what_raised_the_priority_comes_from_the_answers_alone(evidence: Evidence) -> None:
    result = triage(evidence)
    others = [r for r in result.requests if not comes_from_answers(r)]
    if result.raised_by:
        assert all(r.priority.severity < result.priority.severity for r in others)
    else:
        assert any(r.priority is result.priority for r in others)


@given(evidence_of_any_kind)
def test_doubt_alone_asks_for_no_more_than_uncertain(evidence: Evidence) -> None:
    bounded = {
        CautionRule.REFUSED_PICTURE,
        CautionRule.NO_PICTURE,
        CautionRule.POOR_PICTURE,
        CautionRule.NEAR_ALARM,
        CautionRule.UNFAMILIAR,
        CautionRule.DISAGREEMENT,
        CautionRule.SKIN_TYPE,
    }
    for request in triage(evidence).requests:
        if isinstance(request, CautionRequest) and request.rule in bounded:
            assert request.priority is Priority.UNCERTAIN


@given(few_answers)
def test_answers_survive_being_written_and_read(answers: Answers) -> None:
    assert parse_answers(as_document(answers)) == answers

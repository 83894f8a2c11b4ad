"""Whatever is known of a spot, there is advice and a reason for it, in English."""

from hypothesis import given

from app.words import IN_ENGLISH
from app.words.triage import advice_text, because
from lentigo.priority import Priority
from lentigo.triage.advice import advise
from lentigo.triage.checklist import AnswerRequest
from lentigo.triage.rules import CautionRequest, Evidence, triage
from tests.unit.lentigo.triage.test_rules_properties import evidence_of_any_kind


@given(evidence_of_any_kind)
def test_every_combination_has_advice_and_a_reason(evidence: Evidence) -> None:
    result = triage(evidence)
    advice = advice_text(advise(result), IN_ENGLISH)
    assert all((advice.title, advice.action, advice.time_frame, advice.next_step))
    for request in result.requests:
        if isinstance(request, CautionRequest | AnswerRequest):
            assert because(request, IN_ENGLISH).endswith(".")
    if result.priority.severity >= Priority.HIGH.severity:
        assert "Within" in advice.time_frame

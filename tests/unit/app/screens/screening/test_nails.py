"""A photo of a nail: recognised by the picture, and answered with the advice for nails."""

import json
from dataclasses import replace

from app.events import FileRead, Predicted
from app.screens.screening.state import Mode, State
from app.screens.screening.update import update
from app.session import Running, Session
from lentigo.model.manifest import parse_manifest
from lentigo.priority import Priority
from lentigo.triage.rules import Outcome, Outside
from tests.unit.app.in_english import view
from tests.unit.app.screens.screening.test_update import READY, SHOWN, after
from tests.unit.app.screens.screening.test_view import Checker
from tests.unit.builders import (
    chosen,
    engine,
    logits,
    manifest_document,
    photo,
    photo_of,
    prepared,
    ready,
)

NO_LESION = Predicted(1, logits(mel=0.9), 61.0, "wasm", 1234.0, lesion=-1.0)


def knowing_nails() -> State:
    document = manifest_document()
    document["outputs"]["nail"] = "nail"
    document["out_of_distribution"]["nail_from"] = 1.0
    loaded = replace(engine(), manifest=parse_manifest(json.dumps(document)))
    return ready(session=Session(engine=Running(loaded)))


def test_it_gets_the_advice_for_nails_whatever_the_model_says_of_it() -> None:
    state = after(knowing_nails(), *SHOWN, replace(NO_LESION, nail=1.0))
    assert state.triage.outcome is Outcome.OUTSIDE
    assert (state.triage.outside, state.triage.priority) == ((Outside.NAIL,), Priority.MEDIUM)
    assert state.triage.label is None
    assert state.triage.raised_by == ()
    answer = view(state)["answer"]
    assert answer.count("not learnt to judge nails") == 1
    found = Checker(answer).by_testid
    assert found["outside"][0]["data-outside"] == "nail"
    assert not {"result", "probability", "raised"} & found.keys()


def test_a_model_that_cannot_tell_nails_rejects_it_as_before() -> None:
    state = after(READY, *SHOWN, replace(NO_LESION, nail=99.0))
    assert (state.mode, state.triage.outside) == (Mode.REJECTED, ())


def test_a_lesion_is_answered_even_where_the_nail_head_sees_a_nail() -> None:
    state, _ = update(after(knowing_nails(), *SHOWN), replace(NO_LESION, lesion=1.0, nail=99.0))
    assert (state.mode, state.triage.outcome) == (Mode.RESULT, Outcome.LABELLED)


def test_a_photo_of_a_nail_is_no_part_of_the_answer_about_a_lesion() -> None:
    lesion = replace(NO_LESION, lesion=1.0)
    state = after(knowing_nails(), *SHOWN, lesion)
    first = state.shown.answer
    of = photo(number=2, intent=2)
    nail = replace(NO_LESION, request_id=2, nail=1.0)
    state = after(
        state, chosen(of, joins=1), FileRead(2, 1, b"2"), prepared(of), replace(nail, lesion=-1.0)
    )
    assert [shot.id for shot in photo_of(state).accepted] == [1]
    assert state.shown.answer == first
    assert state.triage.outcome is Outcome.LABELLED

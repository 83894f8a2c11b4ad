"""What a report says, section by section."""

from dataclasses import replace

import pytest

from app.events import Photo, Source
from app.keep.document import Figure, Report
from app.keep.report import Judgement, Pictured, Reported, report
from app.words import IN_ENGLISH
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue, Severity
from lentigo.triage.advice import advise
from lentigo.triage.checklist import NO_ANSWERS, Answers, BodySite, Question, SkinType
from lentigo.triage.rules import Evidence, triage
from tests.unit.app.keep.moments import NOON, NOON_MS
from tests.unit.builders import SQUARE, engine, finding
from tests.unit.evaluations import evaluation
from tests.unit.scales import assess_classes

MELANOMA = (0.01, 0.02, 0.03, 0.01, 0.55, 0.37, 0.01)


def reported(
    answers: Answers = NO_ANSWERS, *, source: Source = Source.CHOSEN, name: str = "back.jpg"
) -> Reported:
    """A melanoma in a camera picture."""
    manifest = replace(engine().manifest, evaluation=evaluation())
    assessment = assess_classes(MELANOMA)
    known = triage(Evidence(assessment=assessment, answers=answers))
    return Reported(
        known,
        advise(known),
        answers,
        Pictured(Photo(1, 1, source, NOON_MS - 60_000, name), SQUARE, ()),
        Judgement(assessment, Modality.CAMERA, manifest, "wasm"),
    )


def without_a_photo(answers: Answers) -> Reported:
    known = triage(Evidence(answers=answers))
    return Reported(known, advise(known), answers, None, None)


def written(spot: Reported) -> Report:
    return report(spot, NOON, IN_ENGLISH)


def section(made: Report, title: str) -> str:
    (found,) = [each for each in made.sections if each.title == title]
    return "\n".join(found.paragraphs)


def everything(made: Report) -> str:
    return "\n".join(
        (
            *(made.title, made.made, made.lead, made.person, made.note, made.foot),
            *(figure.caption for figure in made.figures),
            *(text for each in (made.advice, made.why, *made.sections) for text in each.paragraphs),
        )
    )


def test_it_says_when_what_and_by_when() -> None:
    made = written(reported())
    assert made.made == "30 November 2026, 12:00"
    assert made.file_name == "report-2026-11-30.pdf"
    assert made.language == "en"
    assert made.advice.paragraphs[1] == "Medical priority: Urgent. By 14 December 2026."
    assert "Not a diagnosis" in made.lead


def test_it_gives_each_rule_that_asked_with_its_code_and_the_scores_in_order() -> None:
    why = "\n".join(written(reported()).why.paragraphs)
    assert "[Rule: top-class.mel]" in why
    assert "[Rule: melanoma-risk.mel]" in why
    assert "the risk of melanoma is 30 in 1,000 or more, which this priority is for" in why
    assert "malignancy-risk]" not in why, "it asks for less than urgent"
    assert "Melanoma 55%; Melanocytic naevus (mole) 37%; Dermatofibroma 3%" in why.replace(
        "Seborrhoeic keratosis, solar lentigo or similar 3%", "Dermatofibroma 3%"
    )
    assert "no chance of having a disease" in why
    assert "Source of the time frame: NICE NG12" in why


def test_a_rule_that_asked_on_two_scales_is_given_once() -> None:
    spot = reported()
    twice = replace(spot, triage=replace(spot.triage, requests=spot.triage.requests * 2))
    assert written(twice).why == written(spot).why


def test_it_gives_the_answers_with_their_points() -> None:
    answers = Answers(change_in_size=True, oozing=True, bleeding=True, irregular_shape=False)
    said = section(written(reported(answers)), "What the person said")
    assert (
        "Changed in size (2 points); Oozing or crusted (1 point); Bled without being hurt." in said
    )
    assert "3 of 10 points. Doctors refer from 3." in said
    assert "That is not a no." in said
    assert "shape" not in said


def test_silence_is_no_score() -> None:
    said = section(written(reported()), "What the person said")
    assert said == "Nothing was ticked. That is not a no."


def test_it_says_where_the_spot_is_and_where_the_photo_comes_from() -> None:
    answers = Answers(body_site=BodySite.FACE_OR_SCALP, skin_type=SkinType.IV)
    spot = section(written(reported(answers)), "The spot and its photo")
    assert "Place: Face or scalp." in spot
    assert "Skin: Burns rarely, tans well." in spot
    assert "back.jpg, chosen on 30 November 2026, 11:59" in spot
    taken = section(written(reported(source=Source.CAPTURE)), "The spot and its photo")
    assert "taken with this page’s camera on 30 November 2026, 11:59" in taken
    assert "Place: not given." in taken


def test_it_says_how_many_photos_the_advice_rests_on() -> None:
    spot = reported()
    assert spot.pictured
    three = replace(spot, pictured=replace(spot.pictured, count=3))
    text = section(written(three), "The spot and its photo")
    assert "The advice rests on 3 photos. The newest is shown." in text
    assert "rests on" not in section(written(spot), "The spot and its photo")


def test_no_picture_has_a_scale() -> None:
    (figure,) = written(reported()).figures
    assert figure.jpeg == SQUARE
    assert figure.caption.endswith("No scale.")


def test_a_file_name_keeps_its_letters() -> None:
    spot = section(written(reported(name="Łódź 背中.jpg")), "The spot and its photo")
    assert "Łódź 背中.jpg" in spot


def test_it_names_what_was_wrong_with_the_photo() -> None:
    spot = reported()
    assert spot.pictured
    poor = replace(spot.pictured, findings=(finding(QualityIssue.BLUR, Severity.WARN),))
    text = section(written(replace(spot, pictured=poor)), "The spot and its photo")
    assert IN_ENGLISH("quality.blur") in text


def test_the_test_of_the_model_stands_in_its_limits() -> None:
    limits = section(written(reported()), "What to keep in mind")
    figures = evaluation().slices
    found = next(iter(figures.values())).priority.malignant_at_least_medium
    assert f"of {found.n} pictures of skin cancer" in limits
    assert "cannot rule out skin cancer" in limits


def test_it_names_the_program_and_the_model() -> None:
    assert (
        "model test-model, on the person’s own device with WebAssembly" in written(reported()).foot
    )


def test_answers_alone_make_a_report_too() -> None:
    made = written(without_a_photo(Answers(bleeding=True)))
    assert made.figures == (Figure("No photo"),)
    assert "[Rule: red-flag.bleeding]" in "\n".join(made.why.paragraphs)
    assert "There was no photo." in section(made, "The spot and its photo")
    assert "test-model" not in made.foot


def test_a_spot_without_a_label_names_no_disease() -> None:
    """The picture alarms, but the place is one that the model has not learnt."""
    spot = reported(Answers(body_site=BodySite.NAIL))
    made = written(replace(spot, judged=None))
    why = "\n".join(made.why.paragraphs)
    assert "[Rule: alarm-without-label]" in why
    # But for the guideline, which the time frame is of.
    text = everything(made).replace("NICE NG12: suspected melanoma", "").lower()
    assert "melanoma" not in text
    assert "scores" not in text


@pytest.mark.parametrize("question", Question)
def test_each_answer_stands_in_the_report(question: Question) -> None:
    answers = NO_ANSWERS.saying(question, True)
    said = section(written(without_a_photo(answers)), "What the person said")
    assert IN_ENGLISH(f"question.{question}.label") in said


def test_it_never_reassures() -> None:
    for spot in (reported(), without_a_photo(Answers(bleeding=True))):
        text = everything(written(spot)).lower()
        for word in ("safe", "benign", "harmless", "nothing to worry"):
            assert word not in text

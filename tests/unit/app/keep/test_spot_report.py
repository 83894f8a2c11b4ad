"""What the report of a kept spot says: all that was asked for and said, day by day."""

import re
from dataclasses import replace

import pytest

from app.keep.document import Report
from app.keep.spot_report import spot_report
from app.spots.collection import Collection
from app.words import IN_ENGLISH
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.place import Place, Site
from lentigo.spots.records import Capture, Care, ChangeSeen, KeptSpot, Record
from lentigo.triage.checklist import Answers, BodySite, Question, SkinType
from tests.unit.app.keep.moments import NOON
from tests.unit.kept import DAY, PERSON, SPOT, captured, seen

PLACED = replace(SPOT, place=Place(Site.LEFT_ELBOW))
URGENT = replace(
    captured(Priority.URGENT),
    answers=Answers(change_in_size=True, bleeding=True),
    issues=(QualityIssue.BLUR,),
    judged=replace(captured(Priority.URGENT).judged, rules=("top-class.mel", "red-flag.bleeding")),
)
MILDER = replace(captured(Priority.LOW, days=60), picture="b3", modality=Modality.DERMOSCOPIC)
NEVER = re.compile(
    r"\b(safe|all clear|no change|benign|harmless|nothing to worry|\d+(\.\d+)? ?mm)\b", re.I
)


def written(*captures: Capture, spot: KeptSpot = PLACED) -> Report:
    kept: tuple[Record, ...] = (PERSON, spot, *captures)
    records = {record.id: record for record in kept}
    collection = Collection(records=records, today=DAY)
    watched = collection.watched(spot.id)
    assert watched is not None
    return spot_report(watched, collection, NOON, IN_ENGLISH)


def section(made: Report, title: str) -> tuple[str, ...]:
    (found,) = [each for each in made.sections if each.title == title]
    return found.paragraphs


def everything(made: Report) -> str:
    return "\n".join(
        (
            *(made.title, made.made, made.lead, made.person, made.note, made.foot),
            *(figure.caption for figure in made.figures),
            *(text for each in (made.advice, made.why, *made.sections) for text in each.paragraphs),
        )
    )


def test_it_shows_the_first_and_the_latest_photo_out_of_the_store_each_with_its_day() -> None:
    between = replace(captured(Priority.LOW, days=30), picture="b2")
    made = written(MILDER, URGENT, between)
    assert [(figure.key, figure.jpeg) for figure in made.figures] == [("b1", b""), ("b3", b"")]
    assert made.figures[0].caption == "Photo of 30 November 2026. No scale."
    assert made.figures[1].caption == "Photo of 29 January 2027. No scale."
    assert len(written(URGENT).figures) == 1


def test_it_shows_the_photo_that_asked_for_a_doctor_too() -> None:
    first = replace(captured(Priority.LOW, days=-30), picture="b0")
    keys = [figure.key for figure in written(first, URGENT, MILDER).figures]
    assert keys == ["b0", "b1", "b3"]


def test_the_strongest_request_heads_it_and_a_newer_photo_does_not_change_that() -> None:
    head, *said = written(URGENT, MILDER).advice.paragraphs
    assert head == "See a doctor within 2 weeks"
    assert said == [
        "On 30 November 2026 Lentigo asked the person to see a doctor within 2 weeks.",
        "A newer photo does not change that.",
        "Medical priority: Urgent. By 14 December 2026.",
        "Nobody has told Lentigo that a doctor has looked at it.",
    ]
    assert "A newer photo does not change that." not in written(URGENT).advice.paragraphs


def test_it_says_why_and_by_which_rules() -> None:
    assert written(URGENT, MILDER).why.paragraphs == (
        "It was the answer to the photo of 30 November 2026 and to what the person said about it.",
        "[Rules: top-class.mel; red-flag.bleeding]",
        "Source of the time frame: NICE NG12: suspected melanoma, an appointment within 2 weeks.",
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"change_seen": ChangeSeen.YES, "changes": (Question.CHANGE_IN_SIZE,)}, "saw a change on"),
        ({"change_seen": ChangeSeen.NOT_SURE}, "was not sure whether"),
        ({"concerns": (ChangeCode.GREW,)}, "Lentigo measured a change on"),
    ],
)
def test_a_change_that_asks_for_more_is_the_reason(changed: dict[str, object], reason: str) -> None:
    made = written(captured(Priority.LOW), replace(MILDER, **changed))  # type: ignore[arg-type]
    assert reason in made.why.paragraphs[0]
    assert "29 January 2027" in made.why.paragraphs[0]


def test_each_photo_has_its_day_its_answer_and_what_was_said_and_measured_then() -> None:
    later = replace(
        MILDER,
        change_seen=ChangeSeen.YES,
        changes=(Question.CHANGE_IN_SIZE, Question.IRREGULAR_COLOUR),
        concerns=(ChangeCode.GREW_ON_ONE_SIDE, "of-a-later-version"),
    )
    made = written(URGENT, later)
    assert section(made, "Photo of 30 November 2026") == (
        "On 30 November 2026 Lentigo said: See a doctor within 2 weeks. "
        "[Rules: top-class.mel; red-flag.bleeding]",
        "The person said: Changed in size; Bled without being hurt. Seven-point checklist: 2 of 10 "
        "points.",
        "The picture is not sharp.",
    )
    assert section(made, "Photo of 29 January 2027")[1:6] == (
        "Beside an earlier photo the person saw a change.",
        "What has changed: Changed in size; Irregular colour.",
        "Measured beside an earlier photo: It looks larger on one side.",
        "Measured beside an earlier photo: of-a-later-version",
        "Judged as a photo through a dermoscope.",
    )


def test_photos_stand_in_the_order_of_their_days() -> None:
    titles = [each.title for each in written(MILDER, URGENT).sections]
    assert titles == [
        "The spot",
        "Photo of 30 November 2026",
        "Photo of 29 January 2027",
        "About the person",
        "What to keep in mind",
    ]


def test_it_says_where_the_spot_is_and_what_the_person_noted() -> None:
    assert section(written(URGENT), "The spot") == (
        "Called: Mole",
        "Place: Left elbow.",
        "The person’s note: seen in the bath",
    )
    bare = replace(SPOT, name="", note="")
    nail = replace(URGENT, answers=Answers(body_site=BodySite.NAIL))
    assert section(written(nail, spot=bare), "The spot") == ("Place: In or under a nail.",)
    assert section(written(URGENT, spot=bare), "The spot") == ("Place: not given.",)


def test_what_is_known_of_the_person_is_told_once() -> None:
    assert section(written(URGENT), "About the person") == ("Had a melanoma before",)
    about = replace(PERSON, about=Answers(skin_type=SkinType.IV))
    kept: tuple[Record, ...] = (about, SPOT, URGENT)
    records = {record.id: record for record in kept}
    collection = Collection(records=records, today=DAY)
    watched = collection.watched(SPOT.id)
    assert watched is not None
    made = spot_report(watched, collection, NOON, IN_ENGLISH)
    assert section(made, "About the person") == ("Skin: Burns rarely, tans well.",)


def test_a_visit_is_told_and_nothing_stands_before_the_next_photo() -> None:
    made = written(URGENT, spot=replace(PLACED, state=seen(1)))
    assert made.advice.paragraphs == (
        "Next photo on 1 March 2027",
        "A doctor has seen it on 1 December 2026",
    )
    assert made.why.paragraphs == (
        "A doctor has looked at it, and Lentigo has judged no photo of it since.",
    )
    gone = written(URGENT, spot=replace(PLACED, state=seen(1, Care.REMOVED)))
    assert gone.advice.paragraphs == ("Removed on 1 December 2026",)


def test_a_spot_for_no_doctor_says_what_is_due() -> None:
    assert written(captured(Priority.LOW)).advice.paragraphs[:2] == (
        "Next photo on 25 January 2027",
        "Medical priority: Low.",
    )


def test_a_name_keeps_its_letters_and_it_names_what_it_was_made_with() -> None:
    made = written(URGENT, spot=replace(SPOT, name="Łódź 背中"))
    assert section(made, "The spot")[0] == "Called: Łódź 背中"
    assert "the model lentigo-v1, on the person’s own device" in made.foot
    assert made.file_name == "report-2026-11-30.pdf"
    assert "Not a diagnosis" in made.lead


@pytest.mark.parametrize("priority", Priority)
def test_it_never_reassures(priority: Priority) -> None:
    for spot in (PLACED, replace(PLACED, state=seen(90))):
        quiet = replace(MILDER, change_seen=ChangeSeen.NO)
        text = everything(written(captured(priority), quiet, spot=spot))
        assert not NEVER.search(text), NEVER.search(text)

"""Each sentence about several photos of one spot, for any photos.

hypothesis is not part of the site, so the Pyodide run leaves this file out.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lentigo.diagnosis import Diagnosis
from lentigo.model.modality import Modality
from lentigo.model.ood import Recognition
from lentigo.model.reading import Outputs, Reader
from lentigo.model.risk import Scales
from lentigo.model.several_photos import mean_outputs, read_together
from lentigo.picture.quality import QualityIssue
from lentigo.priority import Priority
from lentigo.triage.checklist import Answers, Question, parse_answers
from lentigo.triage.rules import Evidence, triage
from lentigo.triage.several_photos import MOST_PHOTOS, floor_of
from tests.unit.scales import scale

DERMOSCOPIC = scale(0.2, 0.35, bcc=0.3, confident=0.4)
CAMERA = scale(0.4, 0.5, bcc=0.25, confident=0.3)
READER = Reader(1.0, Scales(DERMOSCOPIC, CAMERA), certain_from=0.9)

logit = st.floats(-8, 8)
photos = st.builds(
    Outputs,
    st.tuples(*[logit | st.sampled_from([-8.0, 0.0, 8.0])] * len(Diagnosis)),
    logit,
    st.floats(0, 8),
)
several = st.lists(photos, min_size=2, max_size=MOST_PHOTOS)
answers = st.sets(st.sampled_from(Question), max_size=2).map(
    lambda yes: parse_answers(dict.fromkeys(map(str, yes), True))
)
issues = st.frozensets(st.sampled_from(QualityIssue), max_size=2)

settings.register_profile("lentigo", max_examples=100, deadline=None, derandomize=True)
settings.load_profile("lentigo")


def alone(photo: Outputs) -> Priority:
    return triage(Evidence(READER.read(photo).assessment)).priority


def together(photos: list[Outputs]) -> Evidence:
    """What is known of a spot, as the page puts it together."""
    ways = [READER.read(photo).modality for photo in photos]
    reading = read_together(READER, photos, ways)
    return Evidence(reading.assessment, alone=tuple(map(alone, photos)))


@given(several)
def test_the_answer_is_that_of_the_mean_unless_a_photo_alone_asked_for_more(
    photos: list[Outputs],
) -> None:
    evidence = together(photos)
    of_mean = triage(replace(evidence, alone=())).priority
    given_ = triage(evidence).priority
    floor = floor_of(evidence.alone)
    assert given_ is max(of_mean, floor, key=lambda priority: priority.severity)


@given(several)
def test_it_is_at_most_one_tier_below_the_most_severe_photo_alone(photos: list[Outputs]) -> None:
    severest = max(alone(photo).severity for photo in photos)
    assert triage(together(photos)).priority.severity >= severest - 1


@given(several)
def test_it_is_never_below_medium_once_a_photo_asked_for_high(photos: list[Outputs]) -> None:
    if any(alone(photo).severity >= Priority.HIGH.severity for photo in photos):
        assert triage(together(photos)).priority.severity >= Priority.MEDIUM.severity


@given(several)
def test_it_is_low_only_if_no_photo_alone_asks_for_more_than_uncertain(
    photos: list[Outputs],
) -> None:
    if triage(together(photos)).priority is Priority.LOW:
        assert all(alone(photo).severity <= Priority.UNCERTAIN.severity for photo in photos)


@given(photos, st.integers(2, MOST_PHOTOS))
def test_photos_that_say_the_same_say_it_together(photo: Outputs, count: int) -> None:
    mean = mean_outputs([photo] * count)
    assert max(abs(a - b) for a, b in zip(mean.logits, photo.logits, strict=True)) < 1e-9
    assert triage(together([photo] * count)).priority is alone(photo)


@given(several)
def test_the_order_of_the_photos_does_not_matter(photos: list[Outputs]) -> None:
    assert triage(together(photos)).priority is triage(together(photos[::-1])).priority


@given(several, answers)
def test_answers_only_raise(photos: list[Outputs], said: Answers) -> None:
    evidence = together(photos)
    with_answers = triage(replace(evidence, answers=said)).priority
    assert with_answers.severity >= triage(evidence).priority.severity


@given(several, issues, st.sampled_from([Recognition.LESION, Recognition.UNFAMILIAR]))
def test_a_doubt_about_the_mean_only_raises(
    photos: list[Outputs], warning: frozenset[QualityIssue], recognition: Recognition
) -> None:
    evidence = together(photos)
    doubted = triage(replace(evidence, warning=warning, recognition=recognition)).priority
    assert doubted.severity >= triage(evidence).priority.severity


@given(several, photos)
def test_one_more_photo_never_lowers_what_a_photo_alone_holds_up(
    photos: list[Outputs], more: Outputs
) -> None:
    before, after = (floor_of(map(alone, of)) for of in (photos, [*photos, more]))
    assert after.severity >= before.severity


def test_of_no_photo_nothing_is_asked() -> None:
    assert floor_of(()) is Priority.LOW
    assert set(map(floor_of, ((p,) for p in Priority))) == set(Priority) - {Priority.URGENT}


def test_modalities_differ_in_what_is_drawn() -> None:
    """The photos above are of every way of taking."""
    assert {READER.read(Outputs((0.0,) * 7, value)).modality for value in (-8, 0, 8)} == set(
        Modality
    )

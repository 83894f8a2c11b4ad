import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from app.events import (
    ActivationToggled,
    AnswersGiven,
    CameraStarted,
    EngineFailed,
    Photo,
    PhotoOpened,
    Predicted,
    Source,
)
from app.page import Page
from app.screens.screening.coach import CHECKS
from app.screens.screening.spot import Judged
from app.screens.screening.state import Broken, State
from app.screens.screening.update import update
from app.session import Running, Session
from app.words import IN_ENGLISH
from app.words.picture import FAULT, REMEDY
from lentigo.errors import CameraRefusedError, Fault, NoBackendError, NotAPictureError
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue, Remedy, Severity
from lentigo.triage.checklist import Answers, BodySite, SkinType
from tests.unit.app.in_english import announce, view, whole_page
from tests.unit.builders import (
    chosen,
    engine,
    finding,
    live_frame,
    logits,
    photo,
    photo_of,
    prepared,
    ready,
)

READY = ready()
VOID = {"input", "br", "img", "rect", "use", "path"}


class Checker(HTMLParser):
    """Collects the elements by test id, and fails on tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.by_testid: dict[str, list[dict[str, str | None]]] = {}
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute stands twice in <{tag}>"
        assert "style" not in names, "the content security policy forbids inline styles"
        attributes = dict(attrs)
        if "data-testid" in attributes:
            self.by_testid.setdefault(str(attributes["data-testid"]), []).append(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def whole(state: State) -> str:
    """Return every region of the page, one after the other."""
    return "".join(view(state).values())


def answered(**given: float) -> State:
    spot = photo()
    state = READY
    for event in (
        chosen(spot),
        prepared(spot),
        Predicted(1, logits(**given), 61.0, "wasm", 1234.0),
    ):
        state, _ = update(state, event)
    return state


def explained() -> State:
    spot = photo()
    maps = np.zeros((7, 7, 7), dtype=np.float32)
    state = READY
    for event in (
        chosen(spot),
        prepared(spot),
        Predicted(1, logits(mel=0.9), 61.0, "wasm", 1234.0, -3.0, 2.0, maps=maps),
    ):
        state, _ = update(state, event)
    return state


def unfamiliar() -> State:
    spot = photo()
    state, _ = update(READY, chosen(spot))
    state, _ = update(state, prepared(spot))
    return update(state, Predicted(1, logits(mel=0.9), 61.0, "wasm", 1234.0, lesion=-1.0))[0]


def uncertain(state: State, spot: Photo, joins: int | None = None) -> State:
    flat = logits(nv=0.26, bkl=0.25, df=0.25, vasc=0.24)
    for event in (
        chosen(spot, joins=joins),
        prepared(spot),
        Predicted(spot.id, flat, 61.0, "wasm", 1234.0),
    ):
        state, _ = update(state, event)
    return state


def headings(html: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", html)


def live() -> State:
    state, _ = update(READY, CameraStarted(1))
    frame = live_frame(5, 1)
    state, _ = update(state, prepared(frame))
    state, _ = update(state, Predicted(5, logits(mel=0.9), 61.0, "wasm", 1234.0))
    return state


def test_a_result_carries_every_hook() -> None:
    found = Checker(whole(answered(mel=0.25, bkl=0.1))).by_testid
    result = found["result"][0]
    assert result["data-priority"] == "urgent"
    assert result["data-diagnosis"] == "nv"
    assert float(str(result["data-confidence"])) == pytest.approx(0.65, abs=1e-3)
    assert float(str(result["data-malignancy"])) == pytest.approx(0.25, abs=1e-3)
    bars = found["probability"]
    assert len({bar["data-diagnosis"] for bar in bars}) == 7
    assert sum(float(str(bar["data-value"])) for bar in bars) == pytest.approx(1, abs=1e-3)
    assert found["quality"][0]["data-issues"] == ""
    assert found["latency"][0]["data-preprocess-ms"] == "5.0"
    assert found["latency"][0]["data-inference-ms"] == "61.0"
    assert found["latency"][0]["data-total-ms"] == "234.0"


def test_the_bars_of_a_result_stand_from_the_most_to_the_least_likely() -> None:
    bars = Checker(whole(answered(mel=0.3, bkl=0.2))).by_testid["probability"]
    values = [float(str(bar["data-value"])) for bar in bars]
    assert values == sorted(values, reverse=True)


def test_a_live_answer_is_provisional_and_keeps_the_order_of_its_bars() -> None:
    html = whole(live())
    bars = Checker(html).by_testid["probability"]
    assert [bar["data-diagnosis"] for bar in bars] == [
        "akiec",
        "bcc",
        "bkl",
        "df",
        "mel",
        "nv",
        "vasc",
    ]
    assert "Provisional" in html
    assert "next-step" not in html


def test_while_aiming_no_priority_and_no_score_stands_in_what_is_shown() -> None:
    shown = view(live())
    hidden = shown.pop("scores")
    assert 'data-testid="result"' in hidden
    assert "<details" not in hidden, "whoever sees them has asked for them"
    assert shown["answer"] == ""
    for html in shown.values():
        for hook in ("result", "probability", "latency", "verdict"):
            assert f'data-testid="{hook}"' not in html
        assert "Urgent" not in html


def test_a_result_is_headed_by_what_to_do_and_says_why_without_a_score() -> None:
    html = view(answered(mel=0.25))["answer"]
    assert headings(html)[0] == "See a doctor within 2 weeks"
    assert "Call a doctor or a skin clinic today" in html
    assert "It looks most like a mole, but also a little like melanoma." in html
    assert "%" not in html.partition("<details")[0]


@pytest.mark.parametrize(
    ("state", "action", "tier"),
    [
        (lambda: answered(bcc=0.9), "See a doctor within 4 weeks", "High priority"),
        (lambda: answered(akiec=0.9), "Show this spot to a doctor within 3 months", "Medium"),
        (
            lambda: answered(nv=0.26, bkl=0.25, df=0.25, vasc=0.24),
            "Lentigo cannot say",
            "Uncertain",
        ),
        (
            lambda: answered(nv=0.9),
            "No warning signs in this photo. Check again in 8 weeks",
            "Low priority",
        ),
    ],
)
def test_every_tier_is_a_word_an_icon_and_an_action(
    state: Callable[[], State], action: str, tier: str
) -> None:
    html = view(state())["answer"]
    assert headings(html)[0].startswith(action)
    assert tier in html
    assert f"#icon-{tier.split(maxsplit=1)[0].lower()}" in html


def test_what_the_photo_is_compared_with_is_folded_away() -> None:
    html = view(answered(mel=0.25))["answer"]
    before, _, folded = html.partition('<details class="compared"')
    for hook in ("probability", "latency", "modality"):
        assert f'data-testid="{hook}"' in folded
        assert f'data-testid="{hook}"' not in before


def test_the_card_shows_the_photo_that_it_is_about() -> None:
    assert "data:image/jpeg" in view(answered(nv=0.9))["answer"]
    assert "data:image/jpeg" not in view(live())["answer"]


def test_the_second_uncertain_answer_about_a_spot_sends_to_a_doctor() -> None:
    first = uncertain(READY, photo())
    assert headings(view(first)["answer"])[0].startswith("Lentigo cannot say")
    second = uncertain(first, photo(number=2, intent=2), joins=1)
    assert headings(view(second)["answer"])[0] == "Show this spot to a doctor within 4 weeks"
    assert "Show this spot to a doctor" in announce(first, second)


def test_an_uncertain_answer_about_another_spot_is_a_first_one() -> None:
    first = uncertain(READY, photo())
    other = uncertain(first, photo(number=2, intent=2))
    assert headings(view(other)["answer"])[0].startswith("Lentigo cannot say")


def test_a_refused_photo_between_two_uncertain_ones_changes_nothing() -> None:
    state = uncertain(READY, photo())
    dark = photo(number=2, intent=2)
    state, _ = update(state, chosen(dark, joins=1))
    state, _ = update(state, prepared(dark, QualityIssue.DARK))
    state = uncertain(state, photo(number=3, intent=3), joins=1)
    assert headings(view(state)["answer"])[0] == "Show this spot to a doctor within 4 weeks"


def test_a_photo_taken_in_the_page_is_not_asked_about_a_dermoscope() -> None:
    taken = replace(photo_of(answered(nv=0.9)), photo=photo(Source.CAPTURE))
    html = view(replace(answered(nv=0.9), spots=(taken,)))["answer"]
    assert 'data-testid="modality"' in html
    assert "dermoscope (" not in html
    assert "dermoscope (" in view(answered(nv=0.9))["answer"]


def refused() -> State:
    spot = photo()
    state, _ = update(READY, chosen(spot))
    return update(state, prepared(spot, QualityIssue.DARK))[0]


def broken() -> State:
    error = NotAPictureError(Fault.TEXT_FILE, name="<b>x</b>.jpg")
    return replace(READY, stage=Broken(error))


@pytest.mark.parametrize("state", [refused(), broken(), unfamiliar()])
def test_without_an_answer_there_is_no_result_and_no_probability(state: State) -> None:
    found = Checker(whole(state)).by_testid
    assert "result" not in found
    assert "probability" not in found


def test_a_refused_picture_names_the_issue_and_its_remedy() -> None:
    html = view(refused())["answer"]
    assert Checker(html).by_testid["quality"][0]["data-issues"] == "dark"
    assert "too dark" in html
    assert "Rest the arm" in html


def test_what_is_no_lesion_is_said_calmly_with_what_to_do() -> None:
    html = view(unfamiliar())["answer"]
    assert Checker(html).by_testid["quality"][0]["data-issues"] == "unknown-lesion"
    assert "one spot in the middle" in html
    assert "show it to a doctor" in html


@pytest.mark.parametrize(
    ("logit", "modality", "pressed"),
    [(-3.0, "camera", ["false", "true"]), (3.0, "dermoscopic", ["true", "false"]),
     (0.0, "unsure", ["false", "false"])],
)  # fmt: skip
def test_a_result_says_how_the_picture_was_taken_and_offers_both_ways(
    logit: float, modality: str, pressed: list[str]
) -> None:
    spot = photo_of(explained())
    assert spot.answer is not None
    answer = replace(spot.answer, modality=Modality(modality))
    state = replace(explained(), spots=(replace(spot, stage=Judged(answer)),))
    html = view(state)["answer"]
    assert Checker(html).by_testid["modality"][0]["data-modality"] == modality
    assert re.findall(r'aria-pressed="(\w+)"', html) == pressed


def test_a_live_answer_says_how_it_is_taken_but_offers_no_buttons() -> None:
    html = view(live())["scores"]
    assert 'data-testid="modality"' in html
    assert "<button" not in html


def test_what_the_answer_rests_on_is_offered_and_explained_when_shown() -> None:
    hidden = view(explained())["activation"]
    assert 'aria-pressed="false"' in hidden
    assert "not why" not in hidden
    shown = view(update(explained(), ActivationToggled(2, 1))[0])["activation"]
    assert 'aria-pressed="true"' in shown
    assert "not why" in shown
    assert "more like melanoma" in shown
    assert view(answered())["activation"] == "", "this model gives no maps"


def test_showing_and_hiding_is_announced() -> None:
    before = explained()
    after, _ = update(before, ActivationToggled(2, 1))
    assert "not why" in announce(before, after)
    assert "alone" in announce(after, before)


def test_an_answer_stands_when_the_engine_has_failed_since() -> None:
    state, _ = update(answered(mel=0.9), EngineFailed(NoBackendError(Fault.MODEL_NOT_LOADED)))
    assert 'data-priority="urgent"' in view(state)["answer"]


def test_a_file_name_cannot_become_html() -> None:
    html = view(broken())["answer"]
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html


def test_a_dead_engine_offers_to_reload() -> None:
    state, _ = update(State(), EngineFailed(NoBackendError(Fault.MODEL_NOT_LOADED)))
    assert 'data-action="reload"' in view(state)["answer"]


def test_the_backend_is_told_with_its_adapter() -> None:
    loaded = replace(engine("webgpu"), adapter="nvidia <ampere>")
    state = State(Session(engine=Running(loaded)))
    html = whole_page(Page(screening=state))["backend"]
    assert Checker(html).by_testid["backend"][0]["data-backend"] == "webgpu"
    assert "nvidia &lt;ampere&gt;" in html


@pytest.mark.parametrize(
    "state",
    [
        State(),
        READY,
        live(),
        refused(),
        unfamiliar(),
        broken(),
        answered(),
        answered(bcc=0.9),
        explained(),
        update(explained(), ActivationToggled(2, 1))[0],
    ],
)
def test_every_region_of_every_state_is_well_formed_and_calm(state: State) -> None:
    for html in view(state).values():
        Checker(html)
        words = re.sub(r"<[^>]*>", " ", html).lower()
        for forbidden in ("safe", "benign", "all clear"):
            assert forbidden not in words


def test_everything_that_can_be_wrong_has_words_and_a_remedy() -> None:
    assert set(FAULT) == set(QualityIssue)
    assert set(REMEDY) == set(Remedy)
    assert set().union(*CHECKS.values()) == set(QualityIssue)


@pytest.mark.parametrize(
    ("probability", "text"), [(0.004, "<1%"), (0.5, "50%"), (0.996, ">99%"), (0.01, "1%")]
)
def test_percentages_never_claim_certainty(probability: float, text: str) -> None:
    assert IN_ENGLISH.percent(probability) == text


def test_what_is_announced_is_the_change() -> None:
    assert announce(State(), READY) == "Ready."
    assert announce(READY, answered(mel=0.9)).startswith("Urgent. See a doctor within 2 weeks.")
    assert "too dark" in announce(READY, refused())
    assert "holds text" in announce(READY, broken())
    assert announce(READY, READY) == ""


def test_the_most_severe_is_announced_only_once_all_are_judged() -> None:
    first, second = photo(number=1), photo(number=2)
    state = READY
    for event in (chosen(first, second), prepared(first), predicted(1)):
        state, _ = update(state, event)
    opened, _ = update(state, PhotoOpened(2, 1))
    assert announce(state, opened).startswith("Low priority.")
    for event in (prepared(second), predicted(2)):
        before = state
        state, _ = update(state, event)
    assert announce(before, state).startswith("The most severe of your photos. Low priority.")


def predicted(number: int) -> Predicted:
    return Predicted(number, logits(nv=0.9), 61.0, "wasm", 1234.0)


def test_a_refused_camera_is_announced_with_its_remedy() -> None:
    state = replace(READY, stage=Broken(CameraRefusedError(Fault.CAMERA_REFUSED)))
    assert "choose a photo" in announce(READY, state)


def with_answers(state: State, answers: Answers) -> State:
    return update(state, AnswersGiven(9, answers, state.shown.id))[0]


def test_a_raised_priority_names_the_answer_and_reassures_by_nothing() -> None:
    state = with_answers(answered(nv=0.9), Answers(bleeding=True))
    html = view(state)["answer"]
    found = Checker(html).by_testid
    assert found["result"][0]["data-priority"] == "high"
    assert found["raised"][0]["data-rules"] == "red-flag.bleeding"
    assert "risk" not in found, "what was counted on photos alone"
    before, _, folded = html.partition('<details class="compared"')
    assert "The photo alone asks for “Low”. It looks most like a mole." in folded
    assert "mole" not in before
    assert "checked" in view(state)["questions"]


def test_only_what_the_answers_changed_is_announced() -> None:
    before = answered(nv=0.9)
    raised = with_answers(before, Answers(bleeding=True))
    assert announce(before, raised) == "Now: High priority. See a doctor within 4 weeks."
    more = with_answers(raised, Answers(bleeding=True, oozing=True))
    assert announce(raised, more) == ""
    cleared = announce(more, with_answers(more, Answers()))
    assert cleared.startswith("Your answers are cleared. Now: Low priority.")
    assert announce(READY, with_answers(READY, Answers(oozing=True))).startswith("Now: Medium")
    assert announce(READY, with_answers(READY, Answers(skin_type=SkinType.I))) == ""


def test_the_questions_end_in_the_answer_once_there_is_one() -> None:
    assert "show-answer" not in view(READY)["questions"]
    assert "show-answer" in view(with_answers(READY, Answers(bleeding=True)))["questions"]
    assert "show-answer" in view(answered(nv=0.9))["questions"]
    assert "show-answer" in view(refused())["questions"]


def test_an_answer_that_raises_nothing_is_noted() -> None:
    before = answered(mel=0.9)
    after = with_answers(before, Answers(inflammation=True))
    assert "raised" not in Checker(view(after)["answer"]).by_testid


def test_a_place_that_cannot_be_judged_has_no_label_but_says_what_to_do() -> None:
    html = whole(with_answers(answered(nv=0.9), Answers(body_site=BodySite.NAIL)))
    found = Checker(html).by_testid
    assert "result" not in found
    assert "probability" not in found
    assert found["outside"][0]["data-outside"] == "nail"
    assert found["verdict"][0]["data-priority"] == "medium"
    assert headings(html) == ["Show this spot to a doctor within 3 months"], "one card"


def test_a_place_that_cannot_be_judged_is_not_asked_for_a_better_photo() -> None:
    html = view(with_answers(refused(), Answers(body_site=BodySite.NAIL)))["answer"]
    assert "too dark" not in html
    assert headings(html) == ["Show this spot to a doctor within 3 months"]


def test_the_picture_of_a_place_that_cannot_be_judged_still_alarms() -> None:
    html = whole(with_answers(answered(mel=0.9), Answers(body_site=BodySite.NAIL)))
    found = Checker(html).by_testid
    assert len(found["verdict"]) == 1
    assert headings(html) == ["See a doctor within 2 weeks"]
    assert found["verdict"][0]["data-priority"] == "urgent"
    assert "result" not in found
    answer = view(with_answers(answered(mel=0.9), Answers(body_site=BodySite.NAIL)))["answer"]
    assert "elanoma" not in answer, "the alarm has no name"


@pytest.mark.parametrize("state", [READY, refused(), broken()])
def test_answers_alone_ask_for_a_priority(state: State) -> None:
    assert "verdict" not in Checker(view(state)["answer"]).by_testid
    found = Checker(view(with_answers(state, Answers(bleeding=True)))["answer"]).by_testid
    assert found["verdict"][0]["data-priority"] == "high"


def test_what_would_make_a_judged_picture_better_stands_beside_its_answer() -> None:
    spot = replace(
        photo_of(answered(mel=0.9)), findings=(finding(QualityIssue.GLARE, Severity.WARN),)
    )
    state = replace(answered(mel=0.9), spots=(spot,))
    html = view(state)["answer"]
    assert Checker(html).by_testid["quality"][0]["data-issues"] == "glare"
    assert "reflected" in html


def test_three_refusals_offer_another_way() -> None:
    assert "offer" not in Checker(view(refused())["answer"]).by_testid
    html = view(replace(refused(), refusals=3))["answer"]
    assert "offer" in Checker(html).by_testid

"""The page is always about the last photo, whatever is slow, late or broken.

A small model of the host: it reads, decodes, judges and predicts after any delay, in any order that
the ports allow, and the visitor does anything meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PIL import Image

from app.effects import (
    DecodeFile,
    DecodeOnHost,
    Predict,
    Prepare,
    PressShutter,
    ReadPhoto,
    RestartEngine,
    ShowPicture,
)
from app.events import (
    AnswersGiven,
    CameraFailed,
    CameraStalled,
    CameraStarted,
    CameraStopped,
    Crashed,
    EngineFailed,
    EngineReplaced,
    FileRead,
    Frame,
    NothingChosen,
    Photo,
    PhotoOpened,
    PhotosChosen,
    PhotoUnreadable,
    PictureArrived,
    PictureRefused,
    Predicted,
    PredictionFailed,
    Reset,
    ResetRefused,
    Source,
)
from app.screens.screening.spot import Failed, Pending, asked_alone, triage_of, urgency
from app.screens.screening.state import Broken, Mode, State
from app.screens.screening.update import update
from lentigo.errors import (
    BrokenPictureError,
    CameraRefusedError,
    EngineError,
    Fault,
    HostDecodableError,
    LentigoError,
    NoBackendError,
)
from lentigo.model.calibration import softmax
from lentigo.picture.quality import QualityIssue
from lentigo.triage.checklist import NO_ANSWERS, Answers, SkinType
from lentigo.triage.several_photos import MOST_PHOTOS, floor_of
from tests.unit.builders import engine, logits, prepared

if TYPE_CHECKING:
    from app.effects import Effect
    from app.events import Event

KINDS = ("melanoma", "mole", "unclear", "blurred", "broken", "unreadable", "heic")
# What the model answers in the end.
JUDGED = ("melanoma", "mole", "unclear", "heic")
MELANOMA_SCORE = {"melanoma": 0.9, "unclear": 0.15}
# So far apart that no two frames count together, and each answer tells which picture it is of.
STEP_MS = 5000.0
SPOT_ANSWERS = (Answers(bleeding=True), Answers(change_in_size=True), NO_ANSWERS)
PERSON_ANSWERS = (Answers(had_melanoma=True), Answers(skin_type=SkinType.II), NO_ANSWERS)
# Runs of the machine, and acts in each.
RUNS, ACTS = 120, 45


@dataclass(frozen=True)
class Asked:
    """The browser's question for the camera, asked at an act; the rest as in ``Live``."""

    intent: int
    replaces: int | None
    joins: int | None


class Page(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.intent = 0
        self.next_id = 1
        self.kinds: dict[int, str] = {}
        self.pending: list[Event] = [engine()]
        self.delivered: list[Event] = []
        self.asked: Asked | None = None
        self.abandoned = 0
        self.camera_on = False
        # What the page should know, by the words of the rule.
        self.row: list[int] = []
        self.opened: int | None = None
        self.said: dict[int | None, Answers] = {None: NO_ANSWERS}
        self.person = NO_ANSWERS
        # Whether questions were answered since photos were chosen.
        self.answered = False
        # What each file holds, and the photos that have counted for each spot.
        self.contents: dict[int, bytes] = {}
        self.counted: dict[int, set[int]] = {}

    # --- the host --------------------------------------------------------------------------------

    def send(self, event: Event) -> None:
        self.state, effects = update(self.state, event)
        for effect in effects:
            self.perform(effect)
        # The host closes a camera that is not wanted any more.
        if self.state.mode not in {Mode.LIVE, Mode.BOOTING}:
            self.camera_on = False

    def perform(self, effect: Effect) -> None:
        match effect:
            case ReadPhoto(photo_id):
                self.pending.append(self.read(photo_id))
            case DecodeFile(photo, _):
                self.pending.append(self.decoded(photo))
            case DecodeOnHost(photo_id):
                self.pending.append(PictureArrived(self.photo(photo_id), picture(photo_id)))
            case Prepare(of, _):
                blurred = self.kinds[of.id] == "blurred"
                issues = (QualityIssue.BLUR,) if blurred else ()
                self.pending.append(prepared(of, *issues))
            case Predict(sent):
                kind = self.kinds[sent.of.id]
                scores = logits(mel=MELANOMA_SCORE.get(kind, 0.01))
                self.pending.append(Predicted(sent.of.id, scores, 60.0, "wasm", 1.0))
            case RestartEngine():
                self.pending.append(engine("cpu"))
            case PressShutter() | ShowPicture():
                pass
            case _:
                raise AssertionError(f"unexpected {effect}")

    def read(self, photo_id: int) -> Event:
        kind = self.kinds[photo_id]
        photo = self.photo(photo_id)
        if kind == "unreadable":
            return PhotoUnreadable(photo_id, LentigoError(Fault.MISTAKE))
        if photo.source is Source.CAPTURE:
            return PictureArrived(photo, picture(photo_id))
        content = self.contents[photo_id]
        return FileRead(photo_id, len(content), content)

    def photo(self, photo_id: int) -> Photo:
        return next(shot.photo for shot in self.state.shots if shot.id == photo_id)

    def decoded(self, photo: Photo) -> Event:
        match self.kinds[photo.id]:
            case "broken":
                return PictureRefused(photo, BrokenPictureError(Fault.DAMAGED, name="a.jpg"))
            case "heic":
                return PictureRefused(photo, HostDecodableError(Fault.MISTAKE))
            case _:
                return PictureArrived(photo, picture(photo.id))

    def act(self) -> int:
        self.intent += 1
        return self.intent

    def new_id(self, kind: str) -> int:
        number = self.next_id
        self.next_id += 1
        self.kinds[number] = kind
        self.contents[number] = b"%d" % number
        return number

    def new_frame(self, kind: str) -> Frame:
        number = self.new_id(kind)
        return Frame(number, self.intent, number * STEP_MS)

    def new(self, kind: str, source: Source) -> Photo:
        number = self.new_id(kind)
        return Photo(number, self.intent, source, number * STEP_MS, f"{kind}.jpg")

    def close_camera(self) -> None:
        self.camera_on = False
        if self.asked is not None:
            self.asked = None
            self.abandoned += 1

    def chose(
        self, photos: tuple[Photo, ...], replaces: int | None, joins: int | None = None
    ) -> None:
        ids = [photo.id for photo in photos]
        self.answered = False
        former = self.state.spot(replaces)
        joined = joins if joins in self.row else replaces if former and former.answer else None
        if joined is not None:
            self.opened = joined
            self.send(PhotosChosen(self.intent, photos, replaces, joins))
            return
        again = replaces in self.row
        if again and replaces is not None:
            at = self.row.index(replaces)
            said = self.said[replaces] if len(ids) == 1 else NO_ANSWERS
            self.row[at : at + 1] = ids
        else:
            said = self.said[None]
            self.row = [*self.row, *ids] if len(self.row) > 1 else ids
        self.said |= dict.fromkeys(ids, said) | {None: NO_ANSWERS}
        self.opened = ids[0] if again and len(ids) == 1 else None
        self.send(PhotosChosen(self.intent, photos, replaces, joins))

    # --- what the visitor does -------------------------------------------------------------------

    @rule(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=3), again=st.booleans())
    def choose(self, kinds: list[str], again: bool) -> None:
        self.act()
        self.close_camera()
        replaces = self.state.shown.id if again and self.state.live is None else None
        self.chose(tuple(self.new(kind, Source.CHOSEN) for kind in kinds), replaces)

    @precondition(lambda self: self.state.live is None and self.row)
    @rule(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=4), same=st.booleans())
    def add_to_the_spot(self, kinds: list[str], same: bool) -> None:
        self.act()
        self.close_camera()
        photos = tuple(self.new(kind, Source.CHOSEN) for kind in kinds)
        joins = self.state.shown.id
        if same and joins is not None:
            self.contents[photos[0].id] = self.contents[joins]
        self.chose(photos, None, joins)

    @precondition(lambda self: self.asked is None and not self.camera_on)
    @rule(place=st.sampled_from(("another", "again", "more")))
    def press_open_camera(self, place: str) -> None:
        shown = self.state.shown.id
        replaces, joins = (shown if place == wanted else None for wanted in ("again", "more"))
        self.asked = Asked(self.intent, replaces, joins)

    @precondition(lambda self: self.asked is not None)
    @rule(allowed=st.booleans())
    def answer_the_question(self, allowed: bool) -> None:
        assert self.asked is not None
        asked, self.asked = self.asked, None
        self.act()
        if not allowed:
            self.send(CameraFailed(self.intent, CameraRefusedError(Fault.CAMERA_REFUSED)))
            return
        self.camera_on = True
        if not {asked.replaces, asked.joins} & {*self.row} and len(self.row) < 2:
            self.row, self.opened = [], None
        self.send(CameraStarted(self.intent, asked.replaces, asked.joins))

    @precondition(lambda self: self.abandoned > 0)
    @rule()
    def answer_a_question_that_was_called_off(self) -> None:
        # The host stops such a stream; nothing is told to Python.
        self.abandoned -= 1

    @precondition(lambda self: self.camera_on)
    @rule(kind=st.sampled_from(("melanoma", "mole", "blurred")))
    def a_frame_comes(self, kind: str) -> None:
        frame = self.new_frame(kind)
        self.pending.append(PictureArrived(frame, picture(frame.id)))

    @precondition(lambda self: self.camera_on)
    @rule(kind=st.sampled_from(("melanoma", "mole", "blurred")))
    def press_the_shutter(self, kind: str) -> None:
        self.act()
        self.close_camera()
        live = self.state.live
        replaces, joins = (live.replaces, live.joins) if live else (None, None)
        self.chose((self.new(kind, Source.CAPTURE),), replaces, joins)

    @precondition(lambda self: self.camera_on)
    @rule()
    def the_camera_stands_still(self) -> None:
        self.act()
        self.send(CameraStalled(self.intent))

    @rule()
    def close(self) -> None:
        self.act()
        self.close_camera()
        self.send(CameraStopped(self.intent))

    @rule()
    def drop_an_address(self) -> None:
        self.act()
        self.close_camera()
        self.send(NothingChosen(self.intent, LentigoError(Fault.MISTAKE)))

    @rule(confirmed=st.booleans())
    def start_again(self, confirmed: bool) -> None:
        self.act()
        self.close_camera()
        if confirmed or len(self.row) < 2:
            self.row, self.opened = [], None
            self.said[None] = NO_ANSWERS
        self.send(Reset(self.intent, confirmed))

    @rule()
    def keep_the_photos(self) -> None:
        self.act()
        self.send(ResetRefused(self.intent))

    @precondition(lambda self: len(self.row) > 1)
    @rule(data=st.data())
    def open_one(self, data: st.DataObject) -> None:
        self.act()
        self.close_camera()
        self.opened = data.draw(st.sampled_from(self.row))
        self.send(PhotoOpened(self.intent, self.opened))

    @precondition(lambda self: self.state.live is None and self.state.mode is not Mode.ANALYSING)
    @rule(spot=st.sampled_from(SPOT_ANSWERS), person=st.sampled_from(PERSON_ANSWERS))
    def answer_questions(self, spot: Answers, person: Answers) -> None:
        self.act()
        photo_id = self.state.shown.id
        self.answered = True
        self.said[photo_id], self.person = spot, person
        self.send(AnswersGiven(self.intent, spot.with_person(person), photo_id))

    # --- what the machine does -------------------------------------------------------------------

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def something_ends(self, data: st.DataObject) -> None:
        event = self.pending.pop(data.draw(st.integers(0, len(self.pending) - 1)))
        self.delivered.append(event)
        self.send(event)

    @rule()
    def everything_ends(self) -> None:
        while self.pending:
            event = self.pending.pop(0)
            self.delivered.append(event)
            self.send(event)

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def something_ends_twice(self, data: st.DataObject) -> None:
        """What belongs to a picture that is no longer in hand changes nothing."""
        event = data.draw(st.sampled_from(self.delivered))
        if about(event) in {None, self.state.working, *frames_in_hand(self.state)}:
            return
        if isinstance(event, PictureArrived) and isinstance(event.of, Frame):
            return
        self.check_void(event)

    @rule(data=st.data())
    def an_older_act_comes_late(self, data: st.DataObject) -> None:
        if self.intent == 0:
            return
        intent = data.draw(st.integers(0, self.intent - 1))
        photo = Photo(10_000, intent, Source.CHOSEN, 0.0)
        late: tuple[Event, ...] = (
            PhotosChosen(intent, (photo,)),
            CameraStarted(intent),
            CameraFailed(intent, CameraRefusedError(Fault.CAMERA_REFUSED)),
            Reset(intent, confirmed=True),
            AnswersGiven(intent, Answers(bleeding=True), self.state.shown.id),
        )
        self.check_void(data.draw(st.sampled_from(late)))

    def check_void(self, event: Event) -> None:
        after, effects = update(self.state, event)
        assert effects == ()
        for field in fields(State):
            assert getattr(after, field.name) is getattr(self.state, field.name), field.name

    @precondition(lambda self: self.state.in_flight is not None)
    @rule()
    def the_prediction_fails(self) -> None:
        assert self.state.in_flight is not None
        self.send(PredictionFailed(self.state.in_flight.of.id, EngineError(Fault.MODEL_NOT_LOADED)))

    @rule()
    def the_engine_dies(self) -> None:
        self.pending = [event for event in self.pending if not isinstance(event, Predicted)]
        self.send(EngineReplaced())
        self.pending.append(engine())

    @rule(failure=st.sampled_from(("none", "none", "none", "engine", "program")))
    def the_program_fails(self, failure: str) -> None:
        if failure == "engine":
            self.send(EngineFailed(NoBackendError(Fault.MODEL_NOT_LOADED)))
        elif failure == "program":
            self.send(Crashed(LentigoError(Fault.MISTAKE)))

    # --- what always holds -----------------------------------------------------------------------

    @invariant()
    def the_camera_is_on_only_in_live(self) -> None:
        if self.camera_on:
            assert self.state.live is not None
        if self.state.mode is Mode.LIVE:
            assert self.camera_on

    @invariant()
    def the_row_holds_every_photo_that_was_not_replaced(self) -> None:
        assert [spot.id for spot in self.state.spots] == self.row

    @invariant()
    def the_answer_is_of_the_photos_that_it_stands_beside(self) -> None:
        for spot in self.state.spots:
            if spot.answer is not None:
                scores = [
                    logits(mel=MELANOMA_SCORE.get(self.kinds[shot.id], 0.01))
                    for shot in spot.accepted
                ]
                expected = softmax(np.mean(scores, axis=0), 1.0)[4]
                assert abs(spot.answer.assessment.probabilities[4] - expected) < 1e-3

    @invariant()
    def only_good_photos_count_each_once_and_five_at_most(self) -> None:
        for spot in self.state.spots:
            assert len(spot.accepted) <= MOST_PHOTOS
            assert {self.kinds[shot.id] for shot in spot.accepted} <= {*JUDGED}
            files = [s for s in spot.accepted if s.photo.source is Source.CHOSEN]
            assert len({self.contents[shot.id] for shot in files}) == len(files)

    @invariant()
    def what_has_counted_is_never_taken_out(self) -> None:
        self.counted = {
            photo_id: ids for photo_id, ids in self.counted.items() if photo_id in self.row
        }
        for spot in self.state.spots:
            ids = {shot.id for shot in spot.accepted}
            assert ids >= self.counted.get(spot.id, set())
            self.counted[spot.id] = ids

    @invariant()
    def no_photo_is_outvoted_by_more_than_a_tier(self) -> None:
        for spot in self.state.spots:
            alone = [asked_alone(shot) for shot in spot.accepted]
            given = triage_of(spot, NO_ANSWERS).priority
            assert given.severity >= floor_of(alone).severity

    @invariant()
    def the_page_shows_the_last_photo_or_what_the_row_asks_for(self) -> None:
        state = self.state
        if state.live or not self.row or state.mode is Mode.ANALYSING:
            return
        if isinstance(state.stage, Broken):
            return
        if self.opened is not None:
            assert state.shown.id == self.opened
            return
        worst = max(urgency(spot, state.session.person) for spot in state.spots)
        if len(self.row) == 1:
            assert state.shown.id == self.row[0]
        elif not self.answered:
            # Answers that come later change the order of the row, but never what is open.
            assert urgency(state.shown, state.session.person) == worst

    @invariant()
    def what_was_said_stays_with_its_spot(self) -> None:
        for photo_id in self.row:
            spot = self.state.spot(photo_id)
            assert spot is not None
            assert spot.answers == self.said[photo_id]
        assert self.state.draft == (self.said[None] if not self.row else NO_ANSWERS)
        assert self.state.session.person == self.person

    def teardown(self) -> None:
        """Every run settles: each photo ends in an answer or in words."""
        self.close_camera()
        self.act()
        self.send(CameraStopped(self.intent))
        if self.state.session.running is None and not self.pending:
            self.pending.append(engine("cpu"))
        while self.pending:
            self.send(self.pending.pop(0))
        assert self.state.mode is not Mode.ANALYSING
        assert not any(isinstance(shot.stage, Pending) for shot in self.state.shots)
        for spot in self.state.spots:
            assert spot.answer or spot.findings or isinstance(spot.stage, Failed)


def picture(photo_id: int) -> Image.Image:
    """A picture like no other."""
    return Image.new("RGB", (64, 64), (photo_id % 256, photo_id // 256, 0))


def about(event: Event) -> int | None:
    """The picture that an event is about."""
    match event:
        case FileRead(photo_id) | PhotoUnreadable(photo_id):
            return photo_id
        case PictureArrived(photo) | PictureRefused(photo):
            return photo.id
        case Predicted(request_id):
            return request_id
        case _:
            return getattr(getattr(event, "of", None), "id", None)


def frames_in_hand(state: State) -> set[int]:
    """The pictures that the engine has or gets next, and every live frame while live."""
    return {held.of.id for held in (state.waiting, state.in_flight) if held}


TestSequence = pytest.mark.slow(Page.TestCase)
TestSequence.settings = settings(max_examples=RUNS, stateful_step_count=ACTS, deadline=None)

"""What a report for the doctor says of a kept spot: its whole history, and what still stands. Pure.

It is set as the report of one answer is (``app.keep.report``). The photos are whole, out of the
store: one that is cut so that the spot fills it would hide that the spot grew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lentigo
from app.keep.document import Figure, Report, Section, printable, printable_section
from app.spots.shown import due_text, name_of, size_text
from app.words.catalogue import keys
from app.words.dates import day_text, time_text
from app.words.lists import clauses
from app.words.picture import FAULT, MODALITY
from app.words.places import place_name
from app.words.triage import BODY_SITE, QUESTION_LABEL, SKIN_TYPE, advice_text
from lentigo.model.modality import Modality
from lentigo.spots.comparison.change import ChangeCode
from lentigo.spots.history import HistoryRule, is_taken_back, wants_doctor
from lentigo.spots.records import Care, ChangeSeen
from lentigo.triage.advice import ADVICE
from lentigo.triage.checklist import POINTS

if TYPE_CHECKING:
    from app.keep.moment import Moment
    from app.spots.collection import Collection, Watched
    from app.words import Words
    from lentigo.spots.history import HistoryRequest
    from lentigo.spots.records import Capture
    from lentigo.triage.checklist import Answers

_CARE = keys((Care.SEEN, Care.REMOVED), "spots.care.{}")
_CHANGE = keys(ChangeCode, "spots.measured.{}")
_WHY = keys(HistoryRule, "report.why.{}")
_SEEN = keys(ChangeSeen, "report.seen.{}")


def spot_report(watched: Watched, collection: Collection, at: Moment, words: Words) -> Report:
    """Write the report of a kept spot, made at some time."""
    captures = watched.captures
    sections = (
        _spot(watched, words),
        *(_photo(capture, words) for capture in watched.history),
        *_person(watched, collection, words),
        Section(
            words("report.limits"),
            (
                words("report.limits.miss"),
                words("report.limits.scope-of-history"),
                words("report.unticked"),
            ),
        ),
    )
    return Report(
        file_name=f"report-{at.local.date().isoformat()}.pdf",
        language=words.language.tag,
        title=printable(words("report.title")),
        made=printable(time_text(at.local, words)),
        lead=printable(words("report.lead")),
        person=printable(words("report.person")),
        figures=_figures(watched, words),
        advice=printable_section(_advice(watched, collection, words)),
        why=printable_section(_why(watched, words)),
        sections=tuple(map(printable_section, sections)),
        note=printable(words("report.note")),
        foot=printable(_foot(captures, words)),
    )


def _figures(watched: Watched, words: Words) -> tuple[Figure, ...]:
    """Show the first photo, the latest, the one that asked for a doctor, and the area around."""
    captures, asked = watched.captures, watched.standing
    shown = [captures[0], captures[-1]]
    if asked is not None and wants_doctor(asked):
        shown.append(asked.capture)
    photos = tuple(
        Figure(
            printable(words("report.photo", day=day_text(capture.taken, words))),
            key=capture.picture,
        )
        for capture in captures
        if capture in shown
    )
    area = watched.spot.overview
    if area is None:
        return photos
    return *photos, Figure(printable(words("report.area")), key=area.picture, mark=(area.x, area.y))


def _advice(watched: Watched, collection: Collection, words: Words) -> Section:
    """Say what still stands, whatever a newer photo says; first in a few words."""
    asked, state = watched.standing, _state(watched, words)
    said = [due_text(watched, collection, words)]
    if asked is not None and wants_doctor(asked):
        said = _asked(watched, asked, words)
    elif asked is not None:
        said.append(words("report.tier", tier=advice_text(ADVICE[asked.priority], words).title))
    # Of a spot that is gone nothing is due but its state.
    return Section(words("report.advice"), tuple(dict.fromkeys((*said, state))))


def _asked(watched: Watched, asked: HistoryRequest, words: Words) -> list[str]:
    """Say by when a doctor was to see it, and that a newer photo does not take that back."""
    advice = ADVICE[asked.priority]
    assert advice.within is not None
    text, answered, within = advice_text(advice, words), asked.capture.answered, advice.within
    day, by = day_text(answered, words), day_text(within.after(answered), words)
    said = [text.action, words("report.asked", day=day, count=within.count, unit=within.unit)]
    if is_taken_back(watched.history, watched.spot.state):
        said.append(words("report.asked.newer"))
    return [*said, words("report.tier.by", tier=text.title, day=by)]


def _state(watched: Watched, words: Words) -> str:
    """Say that a doctor has seen the spot, if one has."""
    state = watched.spot.state
    if state.on is None:
        return words("report.not-seen")
    return words(_CARE[state.care], day=day_text(state.on, words))


def _why(watched: Watched, words: Words) -> Section:
    """Say which photo asked for it, and by what."""
    asked, title = watched.standing, words("report.why")
    if asked is None:
        return Section(title, (words("report.why.none"),))
    day = day_text(asked.capture.taken, words)
    said = [words(_WHY[asked.rule], day=day)]
    if asked.rule is HistoryRule.ANSWER_OF_THE_DAY and asked.capture.judged.rules:
        said.append(words("report.rules", codes=clauses(asked.capture.judged.rules, words)))
    if ADVICE[asked.priority].within is not None:
        said.append(words("report.source", source=ADVICE[asked.priority].source))
    return Section(title, tuple(said))


def _spot(watched: Watched, words: Words) -> Section:
    """Give its name, its place, and what the visitor has written about it."""
    spot = watched.spot
    said = [words("report.name", name=name_of(spot, words))] if spot.name else []
    site = next((c.answers.body_site for c in watched.captures[::-1] if c.answers.body_site), None)
    if spot.place is not None:
        said.append(words("report.place", place=place_name(spot.place.site, words)))
    elif site is not None:
        said.append(words("report.place", place=words(BODY_SITE[site])))
    else:
        said.append(words("report.place.unknown"))
    if spot.note:
        said.append(words("report.spot-note", note=spot.note))
    return Section(words("report.kept-spot"), tuple(said))


def _photo(capture: Capture, words: Words) -> Section:
    """Give what was asked for on the day of a photo, and on what it rests."""
    judged, day = capture.judged, day_text(capture.answered, words)
    action = advice_text(ADVICE[judged.priority], words).action
    said = [words("report.said", day=day, action=action)]
    if judged.rules:
        codes = clauses(judged.rules, words)
        said = [words("report.said.by-rules", day=day, action=action, codes=codes)]
    if capture.is_deleted:
        said.append(words("report.photo-deleted"))
    if capture.answers.yes:
        said.append(_answers(capture.answers, words))
    if capture.change_seen is not None:
        said.append(words(_SEEN[capture.change_seen]))
    if capture.changes:
        named = [words(QUESTION_LABEL[question]) for question in capture.changes]
        said.append(words("report.day-changes", changes=clauses(named, words)))
    said += [words("report.measured", change=_change(code, words)) for code in capture.concerns]
    if capture.size is not None:
        day = day_text(capture.size.on or capture.taken, words)
        said.append(words("report.size", day=day, size=size_text(capture.size, words)))
    if capture.modality is not Modality.CAMERA:
        said.append(words(MODALITY[capture.modality]))
    said += [words(FAULT[issue]) for issue in capture.issues]
    title = words("spots.photo.label", day=day_text(capture.taken, words))
    return Section(title, tuple(said))


def _answers(answers: Answers, words: Words) -> str:
    """Give what was answered by yes, with its points."""
    said = [words(QUESTION_LABEL[question]) for question in answers.yes]
    return words(
        "report.day-answers",
        answers=clauses(said, words),
        points=answers.points,
        most=sum(POINTS.values()),
    )


def _change(code: str, words: Words) -> str:
    """Put what was measured into words; a later Lentigo may have measured something else."""
    return words(_CHANGE[ChangeCode(code)]) if code in list(ChangeCode) else code


def _person(watched: Watched, collection: Collection, words: Words) -> tuple[Section, ...]:
    """Give what is known of the person alone, if anything is."""
    person = next((p for p in collection.people if p.id == watched.spot.person), None)
    if person is None:
        return ()
    about = person.about
    said = [words(QUESTION_LABEL[question]) for question in about.yes]
    if about.skin_type:
        said.append(words("report.skin", skin=words(SKIN_TYPE[about.skin_type])))
    return (Section(words("report.about-person"), tuple(said)),) if said else ()


def _foot(captures: tuple[Capture, ...], words: Words) -> str:
    version = lentigo.__version__
    models = tuple(dict.fromkeys(c.judged.model for c in captures if c.judged.model))
    if not models:
        return words("report.foot.no-class", version=version)
    return words("report.foot.of-history", version=version, models=clauses(models, words))

"""What a visitor keeps of an answer: a report, a reminder, the photo, and the page on paper."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest
from PIL import Image
from pypdf import PdfReader

from app.words import IN_ENGLISH
from app.words.dates import day_text
from lentigo.triage.checklist import Question
from tests.browser.lentigo_page import manifest
from tests.browser.pictures import lesion, png, unknown
from tests.browser.sharing import DIALOG, NO_SHARING, SHARING

if TYPE_CHECKING:
    from tests.browser.lentigo_page import LentigoPage

A4_POINTS = (595, 842)
# How often Python is asked what it knows of before a test gives up, every 20 ms.
MOST_LOOKS = 500


def saved(page: LentigoPage, testid: str) -> tuple[str, bytes]:
    """Press a button that saves a file; returns the file's name and what is in it."""
    with page.page.expect_download() as download:
        page.press(testid)
    return download.value.suggested_filename, download.value.path().read_bytes()


def read(pdf: bytes) -> tuple[PdfReader, str]:
    """Open a PDF; returns all its text in one line."""
    reader = PdfReader(io.BytesIO(pdf))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tick(page: LentigoPage, *questions: Question) -> None:
    """Answer questions by yes, all at once, and wait until Python knows."""
    page.unfold_questions()
    page.page.evaluate(
        """(ids) => {
          const boxes = ids.map((id) => document.getElementById(id));
          for (const box of boxes) box.checked = true;
          boxes[0].dispatchEvent(new Event('change', { bubbles: true }));
        }""",
        [f"answer-{question}" for question in questions],
    )
    until_known(page, set(questions))


def until_known(page: LentigoPage, questions: set[Question]) -> None:
    """Wait until these are the questions that were answered by yes."""
    known = "[str(q) for q in bridge._application.page.screening.answers.yes]"
    for _ in range(MOST_LOOKS):
        if (found := set(page.run_python(known))) == questions:
            return
        page.page.wait_for_timeout(20)
    raise AssertionError(f"Python knows of {sorted(found)}, not of {sorted(questions)}")


def today() -> date:
    return datetime.now(UTC).date()


def test_a_report_that_cannot_be_made_is_told_and_can_be_asked_for_again(
    lentigo: LentigoPage,
) -> None:
    """First of all: a library that has come once stays."""
    lentigo.judge(png(lesion()))
    lentigo.guard.expected = ("failed: .*vendor/jspdf/jspdf.js", "console error: Failed to load")
    lentigo.page.route("**/vendor/jspdf/jspdf.js", lambda route: route.abort())
    lentigo.press("report")
    lentigo.page.wait_for_selector("[data-testid=kept-file]:text('could not be made')")
    lentigo.page.unroute("**/vendor/jspdf/jspdf.js")
    lentigo.guard.verify()
    lentigo.guard.expected = ()
    name, _ = saved(lentigo, "report")
    assert lentigo.text("[data-testid=kept-file]") == f"Saved as {name}."


def test_the_report_is_one_page_of_text_that_says_what_the_page_says(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()), name="arm 腕.png")
    tick(lentigo, Question.CHANGE_IN_SIZE, Question.BLEEDING)
    name, pdf = saved(lentigo, "report")
    reader, text = read(pdf)
    assert name == f"report-{today().isoformat()}.pdf"
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == A4_POINTS
    assert reader.metadata
    assert reader.metadata.title == IN_ENGLISH("report.title")
    assert str(reader.root_object["/Lang"]) == "en"
    # The photo, and lines with what the fonts of a PDF have not: they are drawn.
    assert len(reader.pages[0].images) > 1
    assert "arm ?" not in text
    for shown in ("[data-testid=result] h2", ".next-step"):
        assert " ".join(lentigo.text(shown).split()) in text
    assert day_text(today(), IN_ENGLISH) in text
    for said in (
        "Changed in size (2 points); Bled without being hurt.",
        "2 of 10 points. Doctors refer from 3.",
        "No scale.",
        "[Rule: ",
        "Not a diagnosis, and not an approved medical device.",
        "A photo cannot rule out skin cancer.",
        "Doctor’s note",
        f"model {manifest().id}",
    ):
        assert said in text, said


def test_a_report_of_everything_that_can_be_said_is_one_page_too(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    tick(lentigo, *Question)
    reader, text = read(saved(lentigo, "report")[1])
    assert len(reader.pages) == 1
    for question in Question:
        assert IN_ENGLISH(f"question.{question}.label") in text
    assert "Nothing was sent." in text
    # What is known of the person would outlast this test, but for the next person.
    lentigo.press("next-person")
    until_known(lentigo, set())
    lentigo.wait_for("ready")
    assert lentigo.count("next-person") == 0


def test_answers_alone_are_reported_without_a_picture(lentigo: LentigoPage) -> None:
    tick(lentigo, Question.NOT_HEALING)
    lentigo.page.wait_for_selector("[data-testid=report]")
    assert lentigo.count("save-photo") == 0
    reader, text = read(saved(lentigo, "report")[1])
    assert len(reader.pages[0].images) == 0
    assert "There was no photo." in text
    assert "[Rule: red-flag.not-healing]" in text


def test_a_photo_of_no_lesion_has_nothing_to_keep_until_the_answers_ask_for_a_doctor(
    lentigo: LentigoPage,
) -> None:
    assert lentigo.upload(png(unknown())) == "rejected"
    assert lentigo.count("report") == 0
    tick(lentigo, Question.NOT_HEALING)
    lentigo.page.wait_for_selector("[data-testid=report]")
    reader, text = read(saved(lentigo, "report")[1])
    assert len(reader.pages[0].images) == 1
    assert "Melanoma" not in text


def test_where_files_can_be_shared_the_report_is_once_the_visitor_knows_what_it_means(
    lentigo: LentigoPage,
) -> None:
    lentigo.judge(png(lesion()))
    lentigo.page.evaluate(SHARING, "shared")
    lentigo.press("report")
    lentigo.page.wait_for_selector(DIALOG, state="visible")
    assert "no longer only on your device" in lentigo.text(DIALOG)
    assert lentigo.page.evaluate("window.shared") == []
    lentigo.press("share-now")
    lentigo.page.wait_for_selector(DIALOG, state="hidden")
    name = f"report-{today().isoformat()}.pdf"
    assert lentigo.page.evaluate("window.shared") == [[name, "application/pdf", "%PDF-"]]
    lentigo.page.evaluate(NO_SHARING)


@pytest.mark.parametrize("outcome", ["AbortError", "NotAllowedError"])
def test_a_report_that_was_not_shared_can_be_saved(lentigo: LentigoPage, outcome: str) -> None:
    lentigo.judge(png(lesion()))
    lentigo.page.evaluate(SHARING, outcome)
    lentigo.press("report")
    lentigo.page.wait_for_selector(DIALOG, state="visible")
    if outcome == "AbortError":
        lentigo.press("share-now")
        _, pdf = saved(lentigo, "share-save")
    else:
        _, pdf = saved(lentigo, "share-now")
    assert pdf.startswith(b"%PDF-")
    assert not lentigo.page.is_visible(DIALOG)
    lentigo.page.evaluate(NO_SHARING)


def test_the_reminder_is_a_calendar_file(lentigo: LentigoPage) -> None:
    tick(lentigo, Question.NOT_HEALING)
    lentigo.page.wait_for_selector("[data-testid=remind]")
    name, data = saved(lentigo, "remind")
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    (event,) = calendar.events
    # Half of the two weeks.
    day = today() + timedelta(days=7)
    assert (event.start, name) == (day, f"reminder-{day.isoformat()}.ics")
    assert event.summary == "Look at the spot again"
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_chosen_photo_is_saved_as_it_is(lentigo: LentigoPage) -> None:
    data = png(lesion())
    lentigo.judge(data, name="arm.png")
    assert saved(lentigo, "save-photo") == ("arm.png", data)


def test_what_the_shutter_took_is_saved_as_a_jpeg(lentigo: LentigoPage) -> None:
    name, kind, data = lentigo.page.evaluate(
        """async () => {
          const { Photos } = await import('./js/page/photos.js');
          const photos = new Photos();
          const rgba = new Uint8ClampedArray(64 * 48 * 4).map((_, i) => [200, 120, 90, 255][i % 4]);
          photos.hold(1, { rgba, width: 64, height: 48 });
          const file = await photos.file(1, 'spot.jpg');
          return [file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]];
        }"""
    )
    assert (name, kind) == ("spot.jpg", "image/jpeg")
    picture = Image.open(io.BytesIO(bytes(data)))
    assert (picture.format, picture.size) == ("JPEG", (64, 48))
    assert picture.getpixel((30, 20)) == pytest.approx((200, 120, 90), abs=3)


def test_on_paper_an_answer_is_one_page_with_the_disclaimer_once(lentigo: LentigoPage) -> None:
    lentigo.judge(png(lesion()))
    tick(lentigo, Question.CHANGE_IN_SIZE, Question.BLEEDING)
    heading = lentigo.text("[data-testid=result] h2")
    reader, text = read(lentigo.page.pdf(prefer_css_page_size=True))
    assert len(reader.pages) == 1
    assert text.count("Not a diagnosis") == 1
    assert heading in text
    assert len(reader.pages[0].images) >= 1
    for pressed in ("Report for the doctor", "Add a photo", "Another spot"):
        assert pressed not in text

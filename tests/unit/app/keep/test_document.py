import pytest

from app.keep.document import printable
from app.words.en import MESSAGES
from app.words.en.keep import MESSAGES as OF_KEEPING


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Größe ≈ 7 mm – “so”…", "Größe ? 7 mm – “so”…"),
        ("Gdańsk", "Gdansk"),
        ("e\u0301te\u0301", "été"),
        ("ﬁle №3", "file No3"),
        ("点.jpg", "?.jpg"),
        ("\u2068תמונה.jpg\u2069", "?????.jpg"),
        ("🙂\u200d🙂", "??"),
    ],
)
def test_what_the_fonts_lack_is_written_plainer_or_as_a_question_mark(
    text: str, printed: str
) -> None:
    assert printable(text) == printed


def test_every_word_of_a_report_can_be_printed() -> None:
    areas = (
        *("advice.", "because.", "question.", "body-site.", "skin-type.", "diagnosis."),
        *("time-frame.", "quality.", "modality."),
    )
    said = [MESSAGES[key] for key in MESSAGES if key.startswith(areas)] + [*OF_KEEPING.values()]
    assert [text for text in said if printable(text) != text] == []

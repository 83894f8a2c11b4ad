import pytest

from app.keep.document import printable
from app.words.en import MESSAGES
from app.words.en.keep import MESSAGES as OF_KEEPING


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Größe ≈ 7 mm – “so”…", "Größe ≈ 7 mm – “so”…"),
        ("Gdańsk", "Gdańsk"),
        ("e\u0301te\u0301", "été"),
        ("点.jpg", "点.jpg"),
        ("\u2068תמונה.jpg\u2069", "תמונה.jpg"),
        ("a\u0000b\u202ec\nd", "abc\nd"),
        ("🙂\u200d🙂", "🙂\u200d🙂"),
    ],
)
def test_only_what_has_no_shape_of_its_own_is_left_out(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_every_word_of_a_report_can_be_printed() -> None:
    areas = (
        *("advice.", "because.", "question.", "body-site.", "skin-type.", "diagnosis."),
        *("time-frame.", "quality.", "modality."),
    )
    said = [MESSAGES[key] for key in MESSAGES if key.startswith(areas)] + [*OF_KEEPING.values()]
    # In the fonts' own characters, so that it stays text: the page draws what they lack.
    assert [
        text for text in said if text.encode("cp1252", "replace").decode("cp1252") != text
    ] == []

import unicodedata

import pytest

from lentigo.picture.filename import LONGEST_SHOWN, shown


def test_an_ordinary_name_stays() -> None:
    assert shown("IMG_2041.jpeg") == "IMG_2041.jpeg"
    assert shown("Muttermal am Rücken, März.jpg") == "Muttermal am Rücken, März.jpg"
    assert shown("痣 2024.png") == "痣 2024.png"


def test_a_long_name_loses_its_middle_and_keeps_its_ending() -> None:
    name = shown("x" * 200 + "_left-arm_2.jpeg")
    assert len(name) == LONGEST_SHOWN
    assert name.startswith("xxxxx")
    assert name.endswith("eft-arm_2.jpeg")
    assert "…" in name


@pytest.mark.parametrize("length", range(LONGEST_SHOWN - 2, LONGEST_SHOWN + 3))
def test_no_name_is_longer_than_what_a_line_can_hold(length: int) -> None:
    assert len(shown("x" * length)) == min(length, LONGEST_SHOWN)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a\nb.jpg", "a_b.jpg"),
        ("a\r\n\tb.jpg", "a___b.jpg"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("a\u2066b\u2069.jpg", "a_b_.jpg"),
        ("a\u200fb.jpg", "a_b.jpg"),
        ("a\u2028b.jpg", "a_b.jpg"),
        ("a\x00b\x1b[31m.jpg", "a_b_[31m.jpg"),
        ("a\ud800b.jpg", "a_b.jpg"),
        ("a\ufeffb.jpg", "a_b.jpg"),
        ("  a   b.jpg ", "a b.jpg"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_what_breaks_a_line_or_turns_it_is_taken_out(name: str, written: str) -> None:
    assert shown(name) == written


def test_a_name_from_right_to_left_is_kept_apart_from_the_sentence() -> None:
    assert shown("שומה.jpg") == "\u2068שומה.jpg\u2069"
    assert shown("شامة.jpg") == "\u2068شامة.jpg\u2069"


def test_an_emoji_of_several_parts_stays_whole() -> None:
    assert shown("👩\u200d⚕️.jpg") == "👩\u200d⚕️.jpg"


def test_no_character_of_any_kind_comes_through_that_could_do_harm() -> None:
    every = "".join(map(chr, range(0x3000)))
    for start in range(0, len(every), 20):
        for character in shown(every[start : start + 20]).strip("\u2068\u2069"):
            category = unicodedata.category(character)
            assert character == "\u200d" or not category.startswith("C"), repr(character)
            assert category not in {"Zl", "Zp"}


def test_a_cut_leaves_no_accent_at_the_ellipsis() -> None:
    name = shown("x" * 60 + "\u0301" + "y" * 13)
    assert name == "x" * 25 + "…" + "y" * 13

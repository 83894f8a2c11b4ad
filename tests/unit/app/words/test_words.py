"""The catalogue's formatter; tests/unit/js/test_words.py has JavaScript say the same."""

from typing import Any

import pytest

from app.html import markup
from app.words import IN_ENGLISH
from app.words.catalogue import ENGLISH, Words, keys
from app.words.en import MESSAGES
from app.words.lists import clauses, listed
from app.words.message_format import MessageError, parse
from lentigo.priority import Priority

COUNTED = "{n, plural, =0 {none} one {# spot} other {# spots}}"
CHOSEN = "{who, select, doctor {a doctor} other {somebody, {name}}}"
# What is said for which message and values, in Python and in JavaScript.
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("As it is.", {}, "As it is."),
    ("{ name }, {n}", {"name": "Ann", "n": 1234}, "Ann, 1234"),
    ("{n, number}", {"n": 1234567}, "1,234,567"),
    ("{x, number, ::.}", {"x": 12.7}, "13"),
    ("{x, number, ::.}", {"x": 12.5}, "12"),
    ("{x, number, ::.00}", {"x": 1234.507}, "1,234.51"),
    ("{x, number, ::.0}", {"x": 3}, "3.0"),
    ("{p, percent} of", {"p": 0.126}, "13% of"),
    ("{p, percent}", {"p": 0.009}, "<1%"),
    ("{p, percent}", {"p": 0.991}, ">99%"),
    (COUNTED, {"n": 0}, "none"),
    (COUNTED, {"n": 1}, "1 spot"),
    (COUNTED, {"n": 1000}, "1,000 spots"),
    ("Ask {who, select, doctor {a doctor} other {somebody}}.", {"who": "doctor"}, "Ask a doctor."),
    (CHOSEN, {"who": "nurse", "name": "Ann"}, "somebody, Ann"),
    (
        "{n, plural, one {{who, select, a {# A} other {# B}}} other {many}}",
        {"n": 1, "who": "a"},
        "# A",
    ),
    ("# stays, as <5 does", {}, "# stays, as <5 does"),
]


def words_for(message: str) -> Words:
    return Words(ENGLISH, {**MESSAGES, "it": message})


@pytest.mark.parametrize(("message", "values", "said"), CASES)
def test_a_message_is_said(message: str, values: dict[str, Any], said: str) -> None:
    assert words_for(message)("it", **values) == said


@pytest.mark.parametrize(
    "message",
    [
        "don't",
        "{",
        "}",
        "{name",
        "{na-me}",
        "{n, date}",
        "{n, number, 0.0}",
        "{n, plural, one {x}}",
        "{n, select, a {x} a {y} other {z}}",
        "{n, plural, other {x}",
        "<b>x</b>",
        "<strong>x",
    ],
)
def test_a_malformed_message_is_an_error(message: str) -> None:
    with pytest.raises(MessageError):
        parse(message)


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("{name}", {}),
        ("no place", {"name": "Ann"}),
        ("{n, number}", {"n": 1.5}),
        ("{n, plural, other {#}}", {"n": "1"}),
        ("{p, percent}", {"p": "1"}),
        ("{x}", {"x": 0.5}),
        ("{who, select, other {x}}", {"who": 1}),
        ("<strong>Why:</strong> {x}", {"x": "so"}),
    ],
)
def test_values_that_do_not_fit_are_an_error_that_names_the_key(
    message: str, values: dict[str, Any]
) -> None:
    with pytest.raises(MessageError, match=r"^it: "):
        words_for(message)("it", **values)


def test_a_value_of_an_option_that_is_not_chosen_is_asked_for_all_the_same() -> None:
    with pytest.raises(MessageError, match="differ in name"):
        words_for(CHOSEN)("it", who="doctor")


def test_a_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        IN_ENGLISH("nothing")


def test_words_may_be_stressed_and_values_are_escaped() -> None:
    words = words_for("<strong>{n, plural, other {# & more}}</strong> of {name}, {p, percent}")
    said = words.html("it", n=2, name="<Ann>", p=0.001)
    assert said.text == "<strong>2 &amp; more</strong> of &lt;Ann&gt;, &lt;1%"
    assert words_for("{it}").html("it", it=markup("<i></i>")).text == "<i></i>"


@pytest.mark.parametrize(
    ("items", "said"),
    [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c"), ("abcd", "a, b, c and d")],
)
def test_things_are_listed_as_the_language_lists_them(items: str, said: str) -> None:
    assert listed(tuple(items), IN_ENGLISH) == said


def test_what_has_commas_of_its_own_is_parted_by_more() -> None:
    assert clauses(("a, b", "c"), IN_ENGLISH) == "a, b; c"
    assert clauses((), IN_ENGLISH) == ""


def test_keys_name_the_messages_of_a_closed_vocabulary() -> None:
    assert keys(Priority, "advice.{}.title")[Priority.LOW] == "advice.low.title"

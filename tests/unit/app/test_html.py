import pytest

from app.html import NOTHING, Html, join, markup


def test_what_is_put_into_a_template_is_escaped() -> None:
    made = markup('<b title="{name}">{name}</b>', name='<i> & "you"')
    assert made.text == (
        '<b title="&lt;i&gt; &amp; &quot;you&quot;">&lt;i&gt; &amp; &quot;you&quot;</b>'
    )


def test_html_is_put_in_as_it_is_and_numbers_in_their_form() -> None:
    inner = markup("<i>{x:.1f}</i>", x=1.25)
    assert markup("<p>{inner}{n}</p>", inner=inner, n=3) == Html("<p><i>1.2</i>3</p>")


def test_a_template_and_its_values_agree() -> None:
    with pytest.raises(ValueError, match="differ in id, name"):
        markup("<b>{name}</b>", id=3)


def test_pieces_are_joined() -> None:
    pieces = [markup("<i></i>"), markup("<b></b>")]
    assert join(pieces).text == "<i></i><b></b>"
    assert not join([])
    assert not NOTHING


def test_a_plain_text_is_no_html() -> None:
    """Held by the type checker: it complains of an ``ignore`` where it sees no error."""
    region: Html = "<b>"  # type: ignore[assignment]
    pieces: list[Html] = ["<b>"]  # type: ignore[list-item]
    assert region == pieces[0]

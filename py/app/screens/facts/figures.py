"""One figure as the facts state it, and tables of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import Html, join, markup
from app.words import keys
from lentigo.model.outlier_figures import SkinTone
from lentigo.model.slice_figures import Slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.words import Words
    from lentigo.model.figures import Figure
    from lentigo.model.slice_figures import SliceFigures

# The kinds of picture that a visitor can place, the one like their own pictures first.
KINDS = (Slice.CAMERA, Slice.DERMOSCOPIC_HAM10000)
KIND = keys(KINDS, "facts.kind.{}")
SKIN_TONE = keys(SkinTone, "facts.skin-tone.{}")


def shown(slices: Mapping[Slice, SliceFigures]) -> list[Slice]:
    """Return the kinds of which there are pictures."""
    return [kind for kind in KINDS if slices[kind].pictures]


def share(figure: Figure, words: Words) -> Html:
    """Write one share with its interval; an undefined one, or one on few lesions, says so."""
    if figure.told is None:
        return markup("{words}", words=words("facts.figure.too-few"))
    text = words("facts.figure", share=figure.told, n=figure.n)
    if figure.low is None or figure.high is None:
        return markup("{text}", text=text)
    between = words("facts.figure.range", low=figure.low, high=figure.high)
    return markup("{text} <small>{between}</small>", text=text, between=between)


def points(error: float) -> int:
    """Return an error 0..1 in whole percentage points; 0 is less than one."""
    return 0 if error * 100 < 1 else round(error * 100)


def paragraph(text: Html | str) -> Html:
    """Render a paragraph."""
    return markup("<p>{text}</p>", text=text)


def table(
    head: Sequence[str], rows: Iterable[tuple[str, Sequence[Html | str]]], words: Words
) -> Html:
    """Render a table with a head over each column and a name before each row."""
    columns = join(markup('<th scope="col">{title}</th>', title=title) for title in head)
    body = join(
        markup(
            '<tr><th scope="row">{title}</th>{cells}</tr>',
            title=title,
            cells=join(markup("<td>{cell}</td>", cell=cell) for cell in cells),
        )
        for title, cells in rows
    )
    return markup(
        '<div class="scroll" role="group" tabindex="0" aria-label="{name}"><table>'
        "<thead><tr><td></td>{columns}</tr></thead><tbody>{body}</tbody></table></div>",
        name=words("facts.table"),
        columns=columns,
        body=body,
    )

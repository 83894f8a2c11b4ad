"""Small SVG charts from numbers: axes, lines, dots and matrices, without a plotting library.

Everything is a pure function of frozen values; lengths are in SVG pixels. The charts stand in
Markdown as ``<img>``, where no colour of the page reaches them: they bring their own ground, and
follow the reader's light or dark scheme. A series differs from the next one by colour, by marker
and by dashes, so that it can be told without colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]

FONT_PX = 12
# Of system-ui at 12 px, generous: for legends that stand side by side.
CHARACTER_PX = 7.2
# So dark that the ink on it can still be read, in both schemes.
_DARKEST_CELL = 0.45
# From this share of its row on, a cell's share is set in bold.
_STRONG_CELL = 0.5
_STYLE = """
.ground{fill:#fdfcfa;stroke:#d9d5cc}.ink{fill:#1c2426}.soft{fill:#4d5a5e}
.grid{stroke:#e6e2d9}.frame{stroke:#8c979b}.level{stroke:#4d5a5e}
.s0{--c:#0f6a74}.s1{--c:#c04f12}.s2{--c:#5a52b8}.s3{--c:#8a6d00}
.cell{fill:#0f6a74}
@media (prefers-color-scheme: dark){
.ground{fill:#1e2528;stroke:#364146}.ink{fill:#eceff0}.soft{fill:#aebabe}
.grid{stroke:#303a3f}.frame{stroke:#76848a}.level{stroke:#aebabe}
.s0{--c:#74ccd2}.s1{--c:#ffa468}.s2{--c:#b9b5ff}.s3{--c:#ecca62}
.cell{fill:#74ccd2}
}
.line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.mark{fill:var(--c)}.thin{stroke-width:1;fill:none}
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.head{font-size:15px;font-weight:650}.panel{font-weight:650}.small{font-size:11px}
"""


@dataclass(frozen=True)
class Box:
    """A place on the sheet."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Axis:
    """A linear axis from ``low`` to ``high`` with labelled ticks."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def share(self, value: float) -> float:
        """Return where a value lies, 0 at ``low`` to 1 at ``high``; values outside are cut."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class Series:
    """Points that are joined by a line, or stand alone; ``look`` is the colour and the marker."""

    points: tuple[Point, ...]
    look: int
    joined: bool = True
    dashed: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Panel:
    """One chart. ``levels`` are horizontal lines with a label, ``steps`` vertical ones."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    diagonal: bool = False
    levels: tuple[tuple[float, str], ...] = ()
    steps: tuple[tuple[float, str], ...] = ()


def number(value: float) -> str:
    """Write a length with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def shares_axis(title: str, low: float = 0.0, high: float = 1.0, step: float = 0.2) -> Axis:
    """Return an axis of shares, labelled in per cent."""
    count = round((high - low) / step)
    ticks = [low + step * index for index in range(count + 1)]
    return Axis(title, low, high, tuple((tick, f"{tick * 100:.0f} %") for tick in ticks))


def decimals_axis(title: str, low: float, high: float, step: float) -> Axis:
    """Return an axis labelled with one or two decimals."""
    count = round((high - low) / step)
    digits = 1 if step >= 0.1 else 2
    ticks = [low + step * index for index in range(count + 1)]
    return Axis(title, low, high, tuple((tick, f"{tick:.{digits}f}") for tick in ticks))


def text(at: Point, words: str, kind: str = "ink", anchor: str = "start", turn: str = "") -> str:
    """Write words at a place; ``kind`` are the classes that colour and size them."""
    extra = f' transform="{turn}"' if turn else ""
    return (
        f'<text x="{number(at[0])}" y="{number(at[1])}" class="{kind}" '
        f'text-anchor="{anchor}"{extra}>{escape(words)}</text>'
    )


def line(start: Point, end: Point, kind: str, dashes: str = "") -> str:
    """Draw a thin straight line."""
    extra = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path class="thin {kind}" d="M{number(start[0])} {number(start[1])}'
        f'L{number(end[0])} {number(end[1])}"{extra}/>'
    )


def marker(at: Point, look: int, radius: float = 3.2) -> str:
    """Draw a series' marker: a dot, a square, a diamond or a triangle."""
    x, y, r = at[0], at[1], radius
    corners = (
        (),
        ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)),
        ((x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)),
        ((x, y - 1.2 * r), (x + 1.2 * r, y + r), (x - 1.2 * r, y + r)),
    )[look % 4]
    if not corners:
        return f'<circle class="mark" cx="{number(x)}" cy="{number(y)}" r="{number(r)}"/>'
    path = "L".join(f"{number(a)} {number(b)}" for a, b in corners)
    return f'<path class="mark" d="M{path}z"/>'


def draw_series(series: Series, places: Sequence[Point]) -> str:
    """Draw a series whose points have been placed on the sheet."""
    parts = []
    if series.joined and len(places) > 1:
        path = "L".join(f"{number(x)} {number(y)}" for x, y in places)
        dashes = ' stroke-dasharray="5 4"' if series.dashed else ""
        parts.append(f'<path class="line" d="M{path}"{dashes}/>')
    if series.marked or not series.joined or len(places) == 1:
        parts += [marker(place, series.look) for place in places]
    return f'<g class="s{series.look}">{"".join(parts)}</g>'


def draw_panel(panel: Panel, box: Box) -> str:
    """Draw a chart whose plotting area is the box; titles and tick labels stand around it."""

    def place(point: Point) -> Point:
        return (
            box.left + panel.x.share(point[0]) * box.width,
            box.bottom - panel.y.share(point[1]) * box.height,
        )

    parts = [text((box.left, box.top - 10), panel.title, "ink panel")]
    for value, label in panel.y.ticks:
        _, y = place((panel.x.low, value))
        parts.append(line((box.left, y), (box.right, y), "grid"))
        parts.append(text((box.left - 6, y + 4), label, "soft small", "end"))
    for value, label in panel.x.ticks:
        x, _ = place((value, panel.y.low))
        parts.append(line((x, box.bottom), (x, box.bottom + 4), "frame"))
        parts.append(text((x, box.bottom + 17), label, "soft small", "middle"))
    for index, (value, label) in enumerate(panel.steps):
        x, _ = place((value, panel.y.low))
        parts.append(line((x, box.top), (x, box.bottom), "frame", "2 3"))
        # Neighbours stand at two heights, so that close ones can be read.
        parts.append(text((x + 4, box.top + 12 + 14 * (index % 2)), label, "soft small"))
    if panel.diagonal:
        parts.append(line((box.left, box.bottom), (box.right, box.top), "frame", "3 4"))
    for value, label in panel.levels:
        _, y = place((panel.x.low, value))
        parts.append(line((box.left, y), (box.right, y), "level", "6 3"))
        parts.append(text((box.right - 2, y - 4), label, "soft small", "end"))
    parts.append(line((box.left, box.bottom), (box.right, box.bottom), "frame"))
    parts += [draw_series(each, [place(point) for point in each.points]) for each in panel.series]
    middle = (box.left + box.width / 2, box.bottom + 34)
    parts.append(text(middle, panel.x.title, "soft", "middle"))
    if panel.y.title:
        x, y = box.left - 44, box.top + box.height / 2
        turn = f"rotate(-90 {number(x)} {number(y)})"
        parts.append(text((x, y), panel.y.title, "soft", "middle", turn))
    return "".join(parts)


def legend(entries: Sequence[tuple[str, Series]], at: Point) -> str:
    """Draw a row of names, each with a sample of its series."""
    parts = []
    x, y = at
    for name, series in entries:
        sample = [(x, y - 4), (x + 26, y - 4)]
        if not series.joined:
            sample = [(x + 13, y - 4)]
        elif series.marked:
            sample.insert(1, (x + 13, y - 4))
        marked = Series((), series.look, series.joined, series.dashed)
        parts.append(draw_series(marked, sample))
        if series.joined and series.marked:
            parts.append(f'<g class="s{series.look}">{marker((x + 13, y - 4), series.look)}</g>')
        parts.append(text((x + 33, y), name, "ink"))
        x += 33 + len(name) * CHARACTER_PX + 22
    return "".join(parts)


def draw_matrix(title: str, names: Sequence[str], counts: Sequence[Sequence[int]], box: Box) -> str:
    """Draw counts (rows: what it is, columns: what was answered), shaded by the share of its row.

    Each cell says the row's share in whole per cent above the count; an empty row stays empty.
    """
    side = box.width / len(names)
    parts = [text((box.left, box.top - 26), title, "ink panel")]
    for column, name in enumerate(names):
        parts.append(text((box.left + (column + 0.5) * side, box.top - 7), name, "soft", "middle"))
    for row, (name, values) in enumerate(zip(names, counts, strict=True)):
        top, total = box.top + row * side, sum(values)
        parts.append(text((box.left - 7, top + side / 2 + 4), name, "soft", "end"))
        for column, count in enumerate(values):
            share = count / total if total else 0.0
            left = box.left + column * side
            parts.append(
                f'<rect class="cell" x="{number(left + 1)}" y="{number(top + 1)}" '
                f'width="{number(side - 2)}" height="{number(side - 2)}" rx="3" '
                f'fill-opacity="{0.04 + _DARKEST_CELL * share:.2f}"/>'
            )
            if not count:
                continue
            at = (left + side / 2, top + side / 2 + 1)
            kind = "ink panel" if share >= _STRONG_CELL else "ink"
            parts.append(text(at, f"{share * 100:.0f} %", kind, "middle"))
            parts.append(text((at[0], at[1] + 13), str(count), "ink small", "middle"))
    return "".join(parts)


def document(title: str, description: str, width: float, height: float, body: str) -> str:
    """Put a sheet around what was drawn; the title is shown, the description is read out."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" role="img" aria-labelledby="t d">\n'
        f'<title id="t">{escape(title)}</title>\n<desc id="d">{escape(description)}</desc>\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="ground" x=".5" y=".5" width="{number(width - 1)}" '
        f'height="{number(height - 1)}" rx="10"/>\n'
        f"{text((24, 32), title, 'ink head')}\n"
        + body.replace("<g class", "\n<g class")
        + "\n</svg>\n"
    )

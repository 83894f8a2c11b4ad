"""Millimetres by a coin: which coin, what was found in its photo, and the size. Pure.

Without a coin there are no millimetres anywhere.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.screens.spot.overview import photo_problem
from app.spots.shown import size_text
from app.spots.sizing import proposal
from app.words.catalogue import keys
from lentigo.spots.history import HistoryRule, requests_of_all
from lentigo.spots.scale.coin import Coin
from lentigo.spots.scale.find import NoCoin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.spots.events import CoinSought, Proposal
    from app.spots.state import Sizing, Spots
    from app.words import Words
    from lentigo.spots.records import Capture

_COIN = keys(Coin, "spots.coin.{}")
_ASKS = keys((HistoryRule.SIZE_GREW, HistoryRule.NEW_AND_LARGE), "spots.size.asks.{}")
_NO_COIN = keys(NoCoin, "spots.size.{}")


def size(spots: Spots, capture: Capture, words: Words) -> Html:
    """Show the size of the spot, or how to get it."""
    sizing = spots.sizing
    if sizing is not None and sizing.capture == capture.id:
        shown = _sought(sizing, capture, words)
    elif capture.size is not None:
        watched = spots.collection.watched(capture.spot)
        asked = requests_of_all(watched.history if watched else ())
        rules = [each.rule for each in asked if each.capture.id == capture.id]
        shown = _known(capture, [rule for rule in rules if rule in _ASKS], words)
    else:
        shown = _form(capture, None, words)
    return markup(
        '<div class="size" data-testid="size"><h4>{title}</h4>{shown}</div>',
        title=words("spots.size"),
        shown=shown,
    )


def _known(capture: Capture, rules: Iterable[HistoryRule], words: Words) -> Html:
    assert capture.size is not None
    return markup(
        '<p data-testid="diameter" data-mm="{mm}" data-error-mm="{error}">{found}</p>'
        '{asks}<p class="note">{meaning}</p><p class="actions"><button type="button" '
        'class="quiet small" data-action="size-removed" data-capture="{id}">{remove}</button></p>',
        mm=f"{capture.size.diameter_mm:.2f}",
        error=f"{capture.size.error_mm:.2f}",
        found=size_text(capture.size, words),
        asks=join(
            markup('<p class="notice" data-testid="size-asks">{text}</p>', text=words(_ASKS[rule]))
            for rule in rules
        ),
        meaning=words("spots.size.meaning"),
        id=capture.id,
        remove=words("spots.size.remove"),
    )


def _form(capture: Capture, sizing: Sizing | None, words: Words) -> Html:
    options = join(
        markup(
            '<option value="{coin}"{selected}>{name}</option>',
            coin=coin,
            selected=markup(" selected") if sizing and sizing.coin is coin else NOTHING,
            name=words(_COIN[coin]),
        )
        for coin in Coin
    )
    return markup(
        '<form data-form="coin"><p>{how}</p><p class="field"><label for="coin">{label}</label>'
        '<select id="coin" name="coin" required><option value="">{none}</option>{options}</select>'
        '</p><p class="actions"><label class="button by-hand">{take}<input type="file" '
        'accept="image/*" capture="environment" data-coin-of="{id}"></label>'
        '<label class="button">{choose}<input type="file" accept="image/*" data-coin-of="{id}" '
        'data-testid="coin-file"></label></p></form>',
        how=words("spots.size.how"),
        label=words("spots.size.which"),
        none=words("spots.size.choose"),
        options=options,
        take=words("spots.size.take"),
        choose=words("spots.size.photo"),
        id=capture.id,
    )


def _sought(sizing: Sizing, capture: Capture, words: Words) -> Html:
    if sizing.apart.error is not None:
        problem = photo_problem(sizing.apart.error, words)
        return join((problem, _form(capture, sizing, words)))
    if sizing.found is None:
        return markup('<p class="note" role="status">{text}</p>', text=words("spots.size.working"))
    asked = proposal(sizing)
    if asked is not None:
        return _question(sizing.found, asked, sizing.coin, capture, words)
    reason = sizing.found.found
    text = words(_NO_COIN[reason] if isinstance(reason, NoCoin) else "spots.size.no-other")
    return markup(
        '<p class="notice" role="status" data-testid="no-coin">{text}</p>{form}',
        text=text,
        form=_form(capture, sizing, words),
    )


def _question(
    found: CoinSought, asked: Proposal, coin: Coin, capture: Capture, words: Words
) -> Html:
    """Draw what was found into the photo, and ask."""
    no = markup(
        '<button type="button" data-action="coin-refused" data-testid="not-the-coin">{text}'
        "</button>",
        text=words("spots.size.no"),
    )
    if asked.size is None:
        return markup(
            '{picture}<p class="notice" role="status" data-testid="no-size">{text}</p>'
            '<p class="actions">{no}</p>',
            picture=_picture(found, asked, words),
            text=words("spots.size.no-edge"),
            no=no,
        )
    return markup(
        '{picture}<form data-form="is-coin" data-testid="is-coin"><p role="status"><strong>{ask}'
        '</strong></p><label class="choice"><input type="checkbox" name="new"><span>{new}</span>'
        '</label><p class="actions"><button type="submit" class="primary" '
        'data-action="coin-confirmed" data-capture="{id}" data-testid="the-coin">{yes}</button>'
        "{no}</p></form>",
        picture=_picture(found, asked, words),
        ask=words("spots.size.ask", coin=words(_COIN[coin])),
        new=words("spots.size.new"),
        id=capture.id,
        yes=words("spots.size.yes"),
        no=no,
    )


def _picture(found: CoinSought, asked: Proposal, words: Words) -> Html:
    """Draw the coin's edge, and the spot's dashed."""
    width, height = found.shown_px
    return markup(
        '<figure><div class="over-pictures"><img src="data:image/jpeg;base64,{jpeg}" alt="{label}" '
        'width="{width}" height="{height}"><svg viewBox="0 0 {width} {height}" aria-hidden="true">'
        '<polygon points="{coin}"/>{spot}</svg></div></figure>',
        jpeg=b64encode(found.picture).decode("ascii"),
        label=words("spots.size.label"),
        width=width,
        height=height,
        coin=_points(asked.edge, width, height),
        spot=markup(
            '<polygon class="earlier" points="{at}"/>', at=_points(asked.outline, width, height)
        )
        if asked.outline
        else NOTHING,
    )


def _points(polygon: tuple[tuple[float, float], ...], width: int, height: int) -> str:
    return " ".join(f"{x * width:.1f},{y * height:.1f}" for x, y in polygon)

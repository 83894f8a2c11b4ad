"""A coin and the spot looked for in a photo, for the visitor to confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.spots.comparing import as_jpeg
from app.spots.events import CoinSought, Proposal
from lentigo.spots.scale.find import NoCoin, find_coins
from lentigo.spots.scale.size import edge_of, measure

if TYPE_CHECKING:
    from PIL import Image

    from app.spots.effects import SeekCoin
    from lentigo.spots.scale.coin import Coin
    from lentigo.spots.scale.ellipse import Ellipse

# Longest side of the photo that is shown with what was found.
SHOWN_PX = 640


def coin_sought(effect: SeekCoin) -> CoinSought:
    """Look for both; in what a photo shows nothing is ever an error."""
    picture = effect.picture
    seen = find_coins(picture)
    found = (
        seen
        if isinstance(seen, NoCoin)
        else tuple(_proposal(picture, effect.coin, one.ellipse) for one in seen)
    )
    shown = picture.copy()
    shown.thumbnail((SHOWN_PX, SHOWN_PX))
    return CoinSought(effect.photo_id, as_jpeg(shown), shown.size, found)


def _proposal(picture: Image.Image, coin: Coin, ellipse: Ellipse) -> Proposal:
    width, height = picture.size
    measured = measure(picture, coin, ellipse)
    edge = tuple((x / width, y / height) for x, y in edge_of(ellipse))
    if measured is None:
        return Proposal(edge)
    outline = tuple((x / width, y / height) for x, y in measured.outline)
    return Proposal(edge, outline, measured.size)

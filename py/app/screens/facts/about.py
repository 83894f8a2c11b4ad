"""What the model cannot do, and what it is."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from app.html import Html, join, markup
from app.words.lists import listed
from lentigo.model.slice_figures import Slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.words import Words
    from lentigo.model.manifest import Manifest, PictureSet
    from lentigo.model.slice_figures import SliceFigures

CARD = "docs/generated/model-card.md"


def limits(slices: Mapping[Slice, SliceFigures], words: Words) -> Html:
    """Say what it cannot do."""
    return _list(
        (
            words("facts.limits.one-picture"),
            words("facts.limits.seven-kinds"),
            words("facts.limits.not-made-for"),
            words("facts.limits.own-sets"),
            words("facts.limits.phone", lesions=slices[Slice.SMARTPHONE].lesions),
        )
    )


def about(manifest: Manifest, words: Words) -> Html:
    """Say which model it is, what it learned from, and under which licence."""
    sizes = [
        words("facts.model.size", variant=name, megabytes=variant.download_bytes / 1e6)
        for name, variant in manifest.variants.items()
    ]
    return markup(
        "<p>{model} {licence}</p><p>{learned}</p>{sets}<p>{card}</p>",
        model=words(
            "facts.model.about",
            id=manifest.id,
            architecture=manifest.architecture,
            parameters=manifest.parameters / 1e6,
            sizes=listed(sizes, words),
        ),
        licence=words(
            "facts.model.licence.inherited"
            if manifest.licence_is_inherited
            else "facts.model.licence",
            licence=manifest.licence,
        ),
        learned=words("facts.model.learned-from"),
        sets=_list(_set(each, words) for each in manifest.data),
        card=words.html("facts.model.card", path=markup("<code>{path}</code>", path=CARD)),
    )


def _set(each: PictureSet, words: Words) -> str:
    licences = reduce(
        lambda first, second: words("facts.model.licence.either", first=first, second=second),
        each.licences,
    )
    if len(each.licences) > 1:
        licences = words("facts.model.licence.by-image", licences=licences)
    return words("facts.model.set", name=each.name, licences=licences, source=each.source)


def _list(items: Iterable[str]) -> Html:
    rendered = join(markup("<li>{item}</li>", item=item) for item in items)
    return markup("<ul>{items}</ul>", items=rendered)

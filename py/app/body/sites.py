"""The places of the body as a list, and help for those that one cannot see oneself. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.words.catalogue import keys
from app.words.places import place_name, region_name
from lentigo.spots.place import ABOUT, SITES, HardToSee, Region, Site

if TYPE_CHECKING:
    from app.words.catalogue import Words

_FIND = keys(HardToSee, "body.hard.{}")


def site_list(chosen: Site | None, words: Words) -> Html:
    """Render every place by the parts of the body; the first option, without a value, says nothing.

    An option names its side too, since a closed list shows the option alone.
    """
    return markup(
        '<label class="site-list"><span>{label}</span>'
        '<select id="site" name="site" data-testid="site"><option value="">{none}</option>{groups}'
        "</select></label>",
        label=words("body.site"),
        none=words("body.site.none"),
        groups=join(_group(region, chosen, words) for region in Region),
    )


def _group(region: Region, chosen: Site | None, words: Words) -> Html:
    return markup(
        '<optgroup label="{name}">{sites}</optgroup>',
        name=region_name(region, words),
        sites=join(
            markup(
                '<option value="{site}"{selected}>{name}</option>',
                site=site,
                selected=markup(" selected") if site is chosen else NOTHING,
                name=place_name(site, words),
            )
            for site in SITES[region]
        ),
    )


def hard_to_see_help(site: Site, words: Words) -> Html:
    """Say how to find and photograph a place that one cannot see well; nothing of any other."""
    hard = ABOUT[site].hard
    if hard is None:
        return NOTHING
    # The camera's own buttons, by their names.
    alone = words("body.hard.alone", voice=words("page.voice"), automatic=words("page.automatic"))
    tips = (words("body.hard.somebody"), words(_FIND[hard]), alone, words("body.hard.mirrored"))
    return markup(
        '<section class="hard-to-see" data-testid="hard-to-see"><p><strong>{title}</strong></p>'
        "<ul>{tips}</ul></section>",
        title=words("body.hard.title"),
        tips=join(markup("<li>{tip}</li>", tip=tip) for tip in tips),
    )

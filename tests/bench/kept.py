"""A thousand photos that are kept: how long the screens take, and how much memory."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lentigo.model.modality import Modality
from lentigo.priority import Priority
from lentigo.spots.archive import write
from lentigo.spots.comparison.photo import photo_of
from lentigo.spots.records import Capture, Judged, KeptSpot, Person
from tests.bench.machine import renderers_of, resident_mb
from tests.bench.report import Measure
from tests.bench.visit import new_profile, open_page
from tests.browser.pictures import jpeg, lesion, wide
from training.pictures.synthetic import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Playwright

    from lentigo.spots.records import Record

CAPTURES = 1000
CAPTURES_A_SPOT = 4
# A write of the vault holds its pictures in memory at once.
_SPOTS_AT_ONCE = 10
_WALKED = 60
_SIDE_PX, _THUMBNAIL_PX = 768, 128
_DAY = date(2025, 1, 1)
_NOON = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
_PROFILE = "profile-with-kept-spots"
_KEPT_JS = Path(__file__).parent / "pages" / "kept.js"


class _Drawn:
    """A look's spot, drawn at four sizes and lights: its pictures, and the outline of each."""

    def __init__(self, look: Look) -> None:
        self.name = str(look)
        self.pictures: dict[str, bytes] = {}
        self.outlines = []
        for step in range(CAPTURES_A_SPOT):
            picture = wide(lesion(look, _SIDE_PX - 24 * step, seed=7 + step))
            self.outlines.append(tuple(photo_of(picture).outline))
            self.pictures[f"{look}-{step}"] = jpeg(picture)
            small = picture.resize((_THUMBNAIL_PX, _THUMBNAIL_PX))
            self.pictures[f"{look}-{step}-small"] = jpeg(small)


def _spot(index: int, drawn: _Drawn) -> Iterator[tuple[Record, list[list[str]]]]:
    """Yield the records of one spot, and for each the keys of its pictures with their names."""
    name = f"spot-{index}"
    yield KeptSpot(name, "person", f"Mole {index}", _NOON, note="seen in the bath"), []
    for step in range(CAPTURES_A_SPOT):
        day = timedelta(days=90 * step + index % 60)
        picture, thumbnail = f"picture-{index}-{step}", f"small-{index}-{step}"
        yield (
            Capture(
                id=f"capture-{index}-{step}",
                spot=name,
                taken=_DAY + day,
                answered=_DAY + day,
                saved=_NOON + day,
                picture=picture,
                thumbnail=thumbnail,
                judged=Judged(Priority.LOW, ("top-class.nv",), "lentigo-v1", "float16"),
                modality=Modality.CAMERA,
                outline=drawn.outlines[step],
            ),
            [[picture, f"{drawn.name}-{step}"], [thumbnail, f"{drawn.name}-{step}-small"]],
        )


def _call(page: Page, name: str, **given: Any) -> Any:
    return page.evaluate(f"(given) => kept.{name}(given)", given)


def _fill(page: Page, captures: int) -> None:
    looks = [_Drawn(look) for look in (Look.EVEN_BROWN, Look.ASYMMETRIC_DARK)]
    pictures = {
        name: base64.b64encode(data).decode("ascii")
        for drawn in looks
        for name, data in drawn.pictures.items()
    }
    spots = range(captures // CAPTURES_A_SPOT)
    first: list[tuple[Record, list[list[str]]]] = [(Person("person", "", _NOON), [])]
    for start in range(0, len(spots), _SPOTS_AT_ONCE):
        rows = first + [
            row
            for index in spots[start : start + _SPOTS_AT_ONCE]
            for row in _spot(index, looks[index % len(looks)])
        ]
        first = []
        puts = [{"key": record.id, "json": write(record), "revision": 0} for record, _ in rows]
        blobs = [blob for _, keys in rows for blob in keys]
        _call(page, "fill", puts=puts, pictures=pictures, blobs=blobs)
        pictures = {}


class _Visit:
    """One fresh page, and what was measured in it, by name."""

    def __init__(self, page: Page, spots: int) -> None:
        self.page = page
        self._spots = spots
        self.seconds: dict[str, float] = {}
        self.megabytes: dict[str, float | None] = {}

    def _go(self, address: str, wanted: str, count: int = 1) -> tuple[float, float]:
        """Seconds until the screen is there, and until its pictures in view are."""
        wanted = f".kept {wanted}"
        there, seen = _call(self.page, "timed", hash=address, wanted=wanted, count=count)
        return there / 1000, seen / 1000

    def _list(self) -> tuple[float, float]:
        return self._go("#/spots", "[data-testid=spot]", self._spots)

    def _spot(self, index: int) -> float:
        return self._go(f"#/spots/spot-{index}", f"[data-capture=capture-{index}-0] img")[1]

    def run(self) -> None:
        """Look at the list, at a spot, and at two photos of it."""
        before_mb = _resident_mb()
        compared = "#/spots/spot-1/compare", "[data-testid=comparison]"
        there, seen = self._list()
        self.megabytes["memory that My spots takes"] = _grown_mb(before_mb, _resident_mb())
        self._spot(0)
        self.seconds |= {
            "opening My spots": seen,
            "of which the list": there,
            "opening one spot": self._spot(1),
            "what can be measured in a photo": self._shape(),
            "comparing two photos": self._go(*compared)[1],
        }

    def _shape(self) -> float:
        wanted = "[data-testid=shape] :is([data-testid=finding], [data-testid=no-shape])"
        pressed_ms: float = _call(
            self.page, "pressed", button="[data-testid=shape] button", wanted=wanted
        )
        return pressed_ms / 1000

    def walk(self) -> None:
        """Look at many spots more, with the list between them.

        The browser keeps pictures that it has decoded, up to a limit of its own, which the first
        ones reach.
        """
        seen_mb = []
        for first in (0, _WALKED):
            for index in range(first, first + _WALKED):
                self._spot(2 + index % (self._spots - 2))
                self._list()
            seen_mb.append(_resident_mb())
        self.megabytes["memory that more spots take"] = _grown_mb(*seen_mb)


def measure_kept(playwright: Playwright, url: str, captures: int, runs: int) -> list[Measure]:
    """Fill a store, and look through it in a fresh page each time; seconds and megabytes."""
    spots = captures // CAPTURES_A_SPOT
    visits: list[_Visit] = []
    with new_profile(playwright, name=_PROFILE) as context:
        context.add_init_script(path=_KEPT_JS)
        filling = open_page(context, f"{url}?backend=wasm")
        _fill(filling, captures)
        filling.close()
        for _ in range(runs):
            visit = _Visit(open_page(context, f"{url}?backend=wasm"), spots)
            visit.run()
            if not visits:
                visit.walk()
            visit.page.close()
            visits.append(visit)
    kept = f"{captures} photos of {spots} spots"
    notes = {
        "opening My spots": f"{kept}, with the pictures in view",
        "of which the list": "before its pictures",
        "opening one spot": f"{CAPTURES_A_SPOT} photos, with those in view",
        "what can be measured in a photo": "pressed to shown",
        "comparing two photos": "read, lined up, measured and shown",
        "memory that My spots takes": "resident, the page's process",
        "memory that more spots take": f"{_WALKED} spots and the list between, after {_WALKED}",
    }
    values = [{**visit.seconds, **visit.megabytes} for visit in visits]
    measured = {
        name: tuple(of for each in values if (of := each.get(name)) is not None) for name in notes
    }
    return [
        Measure(name, "MB" if name.startswith("memory") else "s", of, notes[name])
        for name, of in measured.items()
        if of
    ]


def _resident_mb() -> float | None:
    found = (resident_mb(process) for process in renderers_of(_PROFILE))
    return max((size for size in found if size is not None), default=None)


def _grown_mb(before_mb: float | None, after_mb: float | None) -> float | None:
    return None if before_mb is None or after_mb is None else after_mb - before_mb

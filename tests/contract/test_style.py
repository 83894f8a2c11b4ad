"""The style sheets: sides of a line, not of a screen; borders that can be seen; each criterion."""

import re
from pathlib import Path

import pytest

from tests.contract.tree import ROOT

SHEETS = [ROOT / "style.css", ROOT / "lab.css"]
STYLE = SHEETS[0].read_text(encoding="utf-8")
# WCAG 2.2 has so many criteria at levels A and AA.
CRITERIA = 55
# What a border of a control lies on.
GROUNDS = ("paper", "card")
LEAST_CONTRAST = 3.0


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_only_a_device_has_a_left_and_a_right(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    for declaration in re.findall(r"[\w-]+:[^;{}]+", text):
        if re.search(r"\b(left|right)\b", declaration):
            assert "env(safe-area-inset-" in declaration, declaration.strip()
    # Four values, of which the second and the fourth differ, are sides too.
    for values in re.findall(r"(?:padding|margin|inset|border-width):\s*([^;{}()]+)", text):
        sides = values.split()
        assert len(sides) < 4 or sides[1] == sides[3], values


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of ``#rrggbb`` (WCAG 2)."""
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("border", ["edge", "accent"])
def test_the_border_of_a_control_can_be_seen_on_every_ground(border: str, scheme: int) -> None:
    light, dark = re.findall(r"\n *:root \{(\s*(?:color-scheme|--paper).*?)\}", STYLE, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", (light, dark)[scheme]))
    for ground in GROUNDS:
        assert contrast(colours[border], colours[ground]) >= LEAST_CONTRAST, (border, ground)


def test_every_criterion_is_written_down_once() -> None:
    text = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\d)\.(\d)\.(\d+) [^|]+\| (AA?) \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE
    )
    numbers = [tuple(map(int, row[:3])) for row in rows]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == CRITERIA

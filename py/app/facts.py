"""The model's facts, from its manifest: what the evaluation wrote, shown as it is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from app.wording import percent
from lentigo.diagnosis import Diagnosis
from lentigo.priority import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lentigo.manifest import Manifest

# The slices of the evaluation that a visitor can place, the one like their own pictures first.
_SLICES = {
    "camera": "Photos from a camera or phone",
    "dermoscopic_ham10000": "Dermoscope pictures (HAM10000)",
}
_ROWS = {
    "melanoma_urgent": "Melanomas that got “urgent”",
    "malignant_at_least_medium": "Melanomas, carcinomas and precancers that got at least “medium”",
    "naevus_low": "Ordinary moles that got “low”",
}


def model_facts(manifest: Manifest) -> str:
    """Render the figures by kind of picture; a model without an evaluation says so."""
    slices = manifest.metrics.get("slices", {})
    columns = [name for name in _SLICES if name in slices]
    if not columns:
        return "<p>This model carries no evaluation.</p>"
    head = "".join(f'<th scope="col">{escape(_SLICES[name])}</th>' for name in columns)
    sizes = "".join(
        f"<td>{slices[name]['pictures']} pictures of {slices[name]['lesions']} lesions</td>"
        for name in columns
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td>{_figure(slices[name]['priority'][key])}</td>" for name in columns)
        + "</tr>"
        for key, label in _ROWS.items()
    )
    return (
        "<p>Measured on pictures that the model had not seen, with the range in which the true "
        "figure lies 95 times in 100. A first, small model: it raises many false alarms, and it "
        "still misses melanomas.</p>"
        f'<table><thead><tr><td></td>{head}</tr></thead><tbody><tr><th scope="row">Tested on</th>'
        f"{sizes}</tr>{rows}</tbody></table>"
        f"<p>Model {escape(manifest.id)}, {manifest.parameters / 1e6:.1f} million parameters. "
        f"{escape(manifest.licence)}</p>"
    )


def false_alarm(manifest: Manifest, priority: Priority) -> str:
    """Say how often ordinary moles get this priority or a more severe one; empty if not known.

    From the test pictures of cameras and phones, which are most like a visitor's own.
    """
    camera = manifest.metrics.get("slices", {}).get("camera", {}).get("priority", {})
    tiers = camera.get("pictures_by_class_and_tier", {}).get(Diagnosis.NV)
    if not tiers or priority.severity <= Priority.UNCERTAIN.severity:
        return ""
    alarms = sum(n for tier, n in tiers.items() if Priority(tier).severity >= priority.severity)
    pictures = sum(tiers.values())
    return (
        f"This model is careful rather than sure: of {pictures} photos of ordinary moles it gave "
        f"{alarms} this priority or a higher one. It is a reason to ask, not bad news."
    )


def _figure(figure: Mapping[str, Any]) -> str:
    """Write one share with its interval; an undefined one says so."""
    if figure.get("value") is None:
        return "too few to say"
    text = f"{percent(figure['value'])} of {figure['n']}"
    if figure.get("low") is None:
        return text
    return f"{text} <small>({percent(figure['low'])} to {percent(figure['high'])})</small>"

"""The words that the view shows for values of the domain. Plain, calm, never "safe"."""

from __future__ import annotations

from dataclasses import dataclass

from lentigo.diagnosis import FULL_NAME
from lentigo.model.modality import Modality
from lentigo.picture.quality import QualityIssue, Remedy
from lentigo.priority import Priority, Request, Rule

BACKEND_NAME = {
    "webgpu": "WebGPU (graphics card)",
    "webgl": "WebGL (graphics card)",
    "wasm": "WebAssembly (processor)",
    "cpu": "JavaScript (processor, slow)",
}


FAULT: dict[QualityIssue, str] = {
    QualityIssue.BLUR: "The picture is not sharp.",
    QualityIssue.MOTION: "The picture is blurred by movement.",
    QualityIssue.DARK: "The picture is too dark.",
    QualityIssue.BRIGHT: "The picture is too bright.",
    QualityIssue.GLARE: "Light is reflected on the skin.",
    QualityIssue.CONTRAST: "The picture shows no detail.",
    QualityIssue.COLOUR_CAST: "The light is coloured.",
    QualityIssue.TOO_SMALL: "The spot has too few pixels.",
    QualityIssue.TOO_FAR: "The spot is small in the picture.",
    QualityIssue.TOO_CLOSE: "The spot is cut off by the edge.",
    QualityIssue.OFF_CENTRE: "The spot is not in the middle.",
    QualityIssue.NO_LESION: "No spot stands out from the skin.",
    QualityIssue.SEVERAL_LESIONS: "There is more than one spot.",
    QualityIssue.NOT_SKIN: "The picture does not look like skin.",
    QualityIssue.UNKNOWN_LESION: (
        "The picture does not look like a skin spot that the program knows."
    ),
    QualityIssue.HAIR: "Hair lies over the spot.",
    QualityIssue.MARKER: "A ruler or a pen mark is in the picture.",
    QualityIssue.COLOUR: "The picture has too little colour.",
}


@dataclass(frozen=True)
class RemedyText:
    """The one thing to do: a few words to read while aiming, and a sentence for a still picture."""

    short: str
    sentence: str


REMEDY: dict[Remedy, RemedyText] = {
    Remedy.FOCUS_AT_20_CM: RemedyText(
        "A little further away: 20 to 25 cm, then zoom",
        "Hold the camera 20 to 25 cm away and zoom in: most cameras cannot focus nearer.",
    ),
    Remedy.HOLD_STILL: RemedyText(
        "Hold still", "Rest the arm that holds the camera, and hold still."
    ),
    Remedy.MORE_LIGHT: RemedyText(
        "Move to the light", "Move to the light: daylight at a window is best."
    ),
    Remedy.LESS_LIGHT: RemedyText(
        "Move out of direct light", "Move out of direct light and switch the flash off."
    ),
    Remedy.TILT_AWAY_FROM_LIGHT: RemedyText(
        "Tilt away from the reflection",
        "Tilt the camera a little, so that no lamp is reflected on the skin.",
    ),
    Remedy.CLEAN_LENS: RemedyText(
        "Wipe the lens", "Wipe the lens, and hold the camera 20 to 25 cm from the spot."
    ),
    Remedy.NEUTRAL_LIGHT: RemedyText("Move to daylight", "Move away from coloured light."),
    Remedy.IN_COLOUR: RemedyText(
        "In colour, without a filter",
        "Take the photo again in colour, in good light and without a filter.",
    ),
    Remedy.ORIGINAL_PHOTO: RemedyText(
        "Closer, or zoom in",
        "Use the original photo rather than a small or compressed copy, or zoom in more.",
    ),
    Remedy.ZOOM_IN: RemedyText(
        "Zoom in", "Zoom in until the spot fills about half of the frame’s width."
    ),
    Remedy.MOVE_AWAY: RemedyText(
        "Further away", "Move away until plain skin is seen all around the spot."
    ),
    Remedy.CENTRE: RemedyText("Bring the spot to the middle", "Bring the spot to the middle."),
    Remedy.SHOW_LESION: RemedyText(
        "Aim at the spot", "Show one spot, sharp, with plain skin around it."
    ),
    Remedy.ONE_LESION: RemedyText("One spot alone", "Show each spot alone, with skin around it."),
    Remedy.PART_HAIR: RemedyText(
        "Move the hair aside", "Move or wet the hair so that it lies aside."
    ),
    Remedy.REMOVE_MARKS: RemedyText(
        "Leave out rulers and marks", "Leave rulers out of the picture and wipe pen marks off."
    ),
    Remedy.KNOWN_SPOT: RemedyText(
        "Aim at one spot, with plain skin around it",
        "Take a sharp photo with one spot in the middle and plain skin around it. If it is a spot "
        "that worries you, show it to a doctor.",
    ),
}

LIGHT = "Light"
# What live mode ticks off, in the order in which it is set right.
CHECKS: dict[str, frozenset[QualityIssue]] = {
    LIGHT: frozenset(
        {
            QualityIssue.DARK,
            QualityIssue.BRIGHT,
            QualityIssue.GLARE,
            QualityIssue.CONTRAST,
            QualityIssue.COLOUR_CAST,
            QualityIssue.COLOUR,
        }
    ),
    "Sharp": frozenset({QualityIssue.BLUR}),
    "Still": frozenset({QualityIssue.MOTION}),
    "Spot": frozenset(
        {
            QualityIssue.NO_LESION,
            QualityIssue.NOT_SKIN,
            QualityIssue.UNKNOWN_LESION,
            QualityIssue.SEVERAL_LESIONS,
            QualityIssue.OFF_CENTRE,
        }
    ),
    "Distance": frozenset({QualityIssue.TOO_FAR, QualityIssue.TOO_CLOSE, QualityIssue.TOO_SMALL}),
    "Clear": frozenset({QualityIssue.HAIR, QualityIssue.MARKER}),
}


MODALITY_TEXT: dict[Modality, str] = {
    Modality.CAMERA: "Taken as a camera picture.",
    Modality.DERMOSCOPIC: "Taken as a picture through a dermoscope.",
    Modality.UNSURE: "It is not clear how the picture was taken, so the more careful limits hold.",
}
MODALITY_CHOICE: dict[Modality, str] = {
    Modality.CAMERA: "Camera or phone",
    Modality.DERMOSCOPIC: "Dermoscope",
}
ACTIVATION_CAVEAT = (
    "It shows where the model looked, not why, and not where the spot begins or ends."
)


def percent(probability: float) -> str:
    """Write a probability 0..1 as a whole percentage; the ends say "under" and "over"."""
    if probability < 0.01:
        return "<1 %"
    if probability > 0.99:
        return ">99 %"
    return f"{probability * 100:.0f} %"


def reason(request: Request, point: float | None) -> str:
    """Say in one sentence why a rule asked for its priority; ``point`` is its threshold 0..1."""
    name = FULL_NAME[request.diagnosis] if request.diagnosis else ""
    share = percent(request.probability)
    match request.rule:
        case Rule.TOP_CLASS:
            return f"The picture is most like {lower_first(name)} ({share})."
        case Rule.OPERATING_POINT:
            return (
                f"{name} scores {share}, at or above the {percent(point or 0)} "
                "from which the program asks for a doctor’s opinion."
            )
        case Rule.MALIGNANCY:
            return (
                f"The three classes that can be cancer or turn into it score {share} together, "
                f"at or above the {percent(point or 0)} from which a doctor should look."
            )
        case Rule.CONFIDENCE:
            return f"No class stands out: the closest one scores only {share}."


def lower_first(text: str) -> str:
    """Write a name within a sentence: "Melanoma" becomes "melanoma"."""
    return text[:1].lower() + text[1:]


PRIORITY_ICON: dict[Priority, str] = {
    Priority.URGENT: "icon-urgent",
    Priority.HIGH: "icon-high",
    Priority.MEDIUM: "icon-medium",
    Priority.UNCERTAIN: "icon-uncertain",
    Priority.LOW: "icon-low",
}

"""The words that the view shows for values of the domain. Plain, calm, never "safe"."""

from __future__ import annotations

from dataclasses import dataclass

from lentigo.diagnosis import FULL_NAME
from lentigo.modality import Modality
from lentigo.priority import Priority, Request, Rule
from lentigo.quality import QualityIssue

BACKEND_NAME = {
    "webgpu": "WebGPU (graphics card)",
    "webgl": "WebGL (graphics card)",
    "wasm": "WebAssembly (processor)",
    "cpu": "JavaScript (processor, slow)",
}


@dataclass(frozen=True)
class IssueText:
    """What is wrong with a picture, and the one thing to do about it."""

    fault: str
    remedy: str


ISSUE_TEXT: dict[QualityIssue, IssueText] = {
    QualityIssue.DARK: IssueText(
        "The picture is too dark.", "Move to the light: daylight at a window is best."
    ),
    QualityIssue.BRIGHT: IssueText(
        "The picture is too bright.", "Move out of direct light and switch the flash off."
    ),
    QualityIssue.CONTRAST: IssueText(
        "The picture shows no detail.",
        "Clean the lens, and hold the camera 20 to 25 cm from the spot.",
    ),
    QualityIssue.TOO_SMALL: IssueText(
        "The picture has too few pixels.", "Use the original photo rather than a thumbnail."
    ),
    QualityIssue.UNKNOWN_LESION: IssueText(
        "The picture does not look like a skin spot that the program knows.",
        "Take a sharp photo with one spot in the middle and plain skin around it. If it is a spot "
        "that worries you, show it to a doctor.",
    ),
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

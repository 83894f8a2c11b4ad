"""The card's English for the codes of the evaluation and of the manifest."""

from __future__ import annotations

import re

from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import Corruption
from lentigo.model.figures import Undefined
from lentigo.model.outlier_figures import OutlierKind, SkinTone
from lentigo.model.selection import Criterion
from lentigo.model.slice_figures import Slice
from lentigo.prevalence import Population
from lentigo.priority import MALIGNANCY_RISK_POINT, MELANOMA_RISK_POINTS

DIAGNOSES = {
    Diagnosis.AKIEC: "Actinic keratosis or Bowen’s disease",
    Diagnosis.BCC: "Basal cell carcinoma",
    Diagnosis.BKL: "Seborrhoeic keratosis, solar lentigo or similar",
    Diagnosis.DF: "Dermatofibroma",
    Diagnosis.MEL: "Melanoma",
    Diagnosis.NV: "Melanocytic naevus (mole)",
    Diagnosis.VASC: "Vascular lesion",
}
SLICES = {
    Slice.DERMOSCOPIC_HAM10000: "Dermoscopic, HAM10000",
    Slice.DERMOSCOPIC: "Dermoscopic, all sets",
    Slice.CAMERA: "Clinical, all",
    Slice.CLINICAL: "Clinical, close-up",
    Slice.SMARTPHONE: "Clinical, smartphone",
}
# How an image was taken, by the evaluation's keys: without a dermoscope is clinical.
WAYS = {"dermoscopic": "dermoscopic", "camera": "clinical"}
CAMERAS = {"clinical": "clinical, close-up", "smartphone": "clinical, smartphone"}
OUTLIERS = {
    OutlierKind.IMAGENET_SAMPLE_1000: "Everyday pictures (ImageNet)",
    OutlierKind.DOGS_CATS: "Dogs and cats",
    OutlierKind.NORMAL_SKIN_ABDOMEN: "Plain skin (abdomen)",
    OutlierKind.WOUNDS: "Wounds",
}
SKIN_TONES = {
    SkinTone.DARK: "dark (0-1)",
    SkinTone.MEDIUM: "medium (2-3)",
    SkinTone.LIGHT: "light (4-5)",
}
# Each with the unit of its severity.
CORRUPTIONS = {
    Corruption.GAUSSIAN_BLUR: ("Gaussian blur", "px of standard deviation"),
    Corruption.MOTION_BLUR: ("Motion blur", "px of movement"),
    Corruption.DARKNESS: ("Darkness", "stops of exposure"),
    Corruption.DARK_TONES: ("Dark tones", "gamma"),
    Corruption.OVEREXPOSURE: ("Overexposure", "stops of exposure"),
    Corruption.NOISE: ("Noise", "levels of 255"),
    Corruption.RECOMPRESSION: ("Recompression", "JPEG quality"),
    Corruption.ROTATION: ("Rotation", "degrees"),
    Corruption.ZOOM: ("Zoom", "times"),
    Corruption.SHIFT: ("Shift", "of the side"),
    Corruption.WARM_LIGHT: ("Warm light", "of red and blue light"),
    Corruption.COLD_LIGHT: ("Cold light", "of red and blue light"),
}
POPULATIONS = {
    Population.SUSPECTED: (
        "skin lesions that the patient or the general practitioner suspected of malignancy",
        "benign to malignant 10 to 1 in 2010, general practices in the north of the Netherlands",
    ),
    Population.PIGMENTED: (
        "pigmented lesions in general practice that were not at once seen to be benign",
        "36 melanomas among 1,436 lesions, east of England",
    ),
}
CRITERIA = {
    Criterion.NLL: "the negative log-likelihood",
    Criterion.CLASS_BALANCED_NLL: (
        "the class-balanced negative log-likelihood (the mean over the seven classes of each "
        "class's mean)"
    ),
    Criterion.ECE: (
        "the expected calibration error of the top class, averaged over dermoscopic and "
        "clinical images"
    ),
}
UNDEFINED = {
    Undefined.NO_PICTURES: "no such images in this split",
    Undefined.ONE_SIDE: "all images on one side",
}
RISK_POINTS = {
    **{
        f"melanoma_{tier}": (f"Melanoma asks for {tier}", point)
        for tier, point in MELANOMA_RISK_POINTS.items()
    },
    "malignancy": ("Any malignancy asks for medium", MALIGNANCY_RISK_POINT),
}


def named(group: str) -> str:
    """Return a study's name of a group of images with the word for how they were taken."""
    return re.sub(r"\bcamera\b", WAYS["camera"], group)

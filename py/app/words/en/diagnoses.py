"""The seven classes: as a name of its own, and within a sentence."""

MESSAGES = {
    "diagnosis.akiec": "Actinic keratosis or Bowen’s disease",
    "diagnosis.akiec.within": "actinic keratosis or Bowen’s disease",
    "diagnosis.bcc": "Basal cell carcinoma",
    "diagnosis.bcc.within": "basal cell carcinoma",
    "diagnosis.bkl": "Seborrhoeic keratosis, solar lentigo or similar",
    "diagnosis.bkl.within": "seborrhoeic keratosis, solar lentigo or similar",
    "diagnosis.df": "Dermatofibroma",
    "diagnosis.df.within": "dermatofibroma",
    "diagnosis.mel": "Melanoma",
    "diagnosis.mel.within": "melanoma",
    "diagnosis.nv": "Melanocytic naevus (mole)",
    "diagnosis.nv.within": "melanocytic naevus (mole)",
    "diagnosis.vasc": "Vascular lesion",
    "diagnosis.vasc.within": "vascular lesion",
    "priority.low": "low",
    "priority.uncertain": "uncertain",
    "priority.medium": "medium",
    "priority.high": "high",
    "priority.urgent": "urgent",
}

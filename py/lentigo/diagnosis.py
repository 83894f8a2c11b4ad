"""The seven diagnoses of HAM10000, the closed vocabulary of the model.

Source: Tschandl, Rosendahl, Kittler, Scientific Data 5:180161 (2018), table 1.
"""

from __future__ import annotations

from enum import StrEnum


class Diagnosis(StrEnum):
    """One class of the model; the order is the order of its logits."""

    AKIEC = "akiec"
    BCC = "bcc"
    BKL = "bkl"
    DF = "df"
    MEL = "mel"
    NV = "nv"
    VASC = "vasc"


# Malignant or precancerous: the classes whose probabilities add up to "malignancy".
MALIGNANT: frozenset[Diagnosis] = frozenset({Diagnosis.MEL, Diagnosis.BCC, Diagnosis.AKIEC})

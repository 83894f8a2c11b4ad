"""Decision curves: what the rule and the risk are worth at the declared prevalence.

Most pictures of the test sets show a cancer, which is no visitor's risk. So the pictures with the
condition count as many as the declared prevalence says, and the benign ones are the others. What
is malignant but not the condition is left out: a carcinoma that is told "urgent" is no false alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.prevalence import MALIGNANCY, MELANOMA
from lentigo.priority import Priority
from training.measure.decisions import Condition, positives_of
from training.measure.metrics import share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.decisions import Decisions
    from training.measure.metrics import Draws

DECLARED = {Condition.MELANOMA: MELANOMA, Condition.MALIGNANCY: MALIGNANCY}
# The alarm that is meant for a condition.
ALARMS = {Condition.MELANOMA: Priority.URGENT, Condition.MALIGNANCY: Priority.MEDIUM}
# Threshold probabilities at which the risk is looked at, to four times the prevalence.
THRESHOLDS = {
    Condition.MELANOMA: tuple(step / 200 for step in range(1, 21)),
    Condition.MALIGNANCY: tuple(step / 50 for step in range(1, 21)),
}


def decision_curve(decisions: Decisions, condition: Condition, draws: Draws) -> dict[str, Any]:
    """Return what the rule catches and spares, and whom the risk alone would send by threshold.

    ``by_score`` is empty where all pictures are on one side.
    """
    prevalence, alarm = DECLARED[condition].value, ALARMS[condition]
    benign = ~decisions.malignant
    sick = positives_of(decisions.labels)[condition]
    alarmed = decisions.severity >= alarm.severity
    return {
        "alarm": str(alarm),
        "prevalence": round(prevalence, 4),
        "sensitivity": share(alarmed, sick, draws).as_dict(),
        "specificity": share(~alarmed, benign, draws).as_dict(),
        "by_score": _by_score(decisions.risk(condition), sick, benign, condition),
    }


def _by_score(
    risks: NDArray[np.float64],
    sick: NDArray[np.bool_],
    benign: NDArray[np.bool_],
    condition: Condition,
) -> list[dict[str, float]]:
    if not sick.any() or not benign.any():
        return []
    return [
        {
            "threshold": threshold,
            "caught": round(float((risks[sick] >= threshold).mean()), 4),
            "alarmed": round(float((risks[benign] >= threshold).mean()), 4),
        }
        for threshold in THRESHOLDS[condition]
    ]

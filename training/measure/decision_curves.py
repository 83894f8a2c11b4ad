"""Decision curves: what the rule and the score are worth at the declared prevalence.

Most pictures of the test sets show a cancer, which is no visitor's risk. So the pictures with the
condition count as many as the declared prevalence says, and the benign ones are the others. What
is malignant but not the condition is left out: a carcinoma that is told "urgent" is no false alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lentigo.prevalence import MALIGNANCY, MELANOMA
from lentigo.priority import Priority
from training.measure.decisions import MEL, Condition
from training.measure.metrics import share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.measure.decisions import Decisions
    from training.measure.metrics import Draws

DECLARED = {Condition.MELANOMA: MELANOMA, Condition.MALIGNANCY: MALIGNANCY}
# The alarm that is meant for a condition.
ALARMS = {Condition.MELANOMA: Priority.URGENT, Condition.MALIGNANCY: Priority.MEDIUM}
# Threshold probabilities at which the score is looked at, to four times the prevalence.
THRESHOLDS = {
    Condition.MELANOMA: tuple(step / 200 for step in range(1, 21)),
    Condition.MALIGNANCY: tuple(step / 50 for step in range(1, 21)),
}


def reweighted(scores: NDArray[np.float64], prior: float, prevalence: float) -> NDArray[np.float64]:
    """Return probabilities 0..1 that are meant for one prevalence as those for another.

    The likelihood ratio stays (Saerens, Latinne and Decaestecker, Neural Computation 14:21-41,
    2002). ``ValueError`` for a prevalence of nobody or everybody.
    """
    if not (0.0 < prior < 1.0 and 0.0 < prevalence < 1.0):
        raise ValueError(f"a prevalence lies between 0 and 1, not {prior} and {prevalence}")
    sick = scores * (prevalence / prior)
    return sick / (sick + (1.0 - scores) * ((1.0 - prevalence) / (1.0 - prior)))


def decision_curve(decisions: Decisions, condition: Condition, draws: Draws) -> dict[str, Any]:
    """Return what the rule catches and spares, and whom the score would send at each threshold.

    ``by_score`` is empty where all pictures are on one side.
    """
    prevalence, alarm = DECLARED[condition].value, ALARMS[condition]
    benign = ~decisions.malignant
    sick = decisions.labels == MEL if condition is Condition.MELANOMA else decisions.malignant
    alarmed = decisions.severity >= alarm.severity
    return {
        "alarm": str(alarm),
        "prevalence": round(prevalence, 4),
        "sensitivity": share(alarmed, sick, draws).as_dict(),
        "specificity": share(~alarmed, benign, draws).as_dict(),
        "by_score": _by_score(decisions.score(condition), sick, benign, condition),
    }


def _by_score(
    scores: NDArray[np.float64],
    sick: NDArray[np.bool_],
    benign: NDArray[np.bool_],
    condition: Condition,
) -> list[dict[str, float]]:
    if not sick.any() or not benign.any():
        return []
    prior = float(sick.sum() / (sick.sum() + benign.sum()))
    risks = reweighted(scores, prior, DECLARED[condition].value)
    return [
        {
            "threshold": threshold,
            "caught": round(float((risks[sick] >= threshold).mean()), 4),
            "alarmed": round(float((risks[benign] >= threshold).mean()), 4),
        }
        for threshold in THRESHOLDS[condition]
    ]

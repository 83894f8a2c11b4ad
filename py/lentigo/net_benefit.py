"""What an alarm is worth, against sending everybody or nobody: decision curves.

A threshold probability is the risk from which on somebody would want a spot looked at: who would
have 33 spots looked at to find one melanoma has one of 3 %. It weighs a false alarm against a find
(Vickers and Elkin, Medical Decision Making 26:565-574, 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

# From this risk on NICE NG12 sends people on a suspected cancer pathway.
NICE_THRESHOLD = 0.03


def net_benefit(caught: float, alarmed: float, prevalence: float, threshold: float) -> float:
    """Return finds without any false alarm that the alarms are worth, as a share of all people.

    ``caught`` of those with the condition and ``alarmed`` of the others get the alarm, 0..1.
    ``ValueError`` unless the threshold lies in 0..1, below 1.
    """
    if not 0.0 <= threshold < 1.0:
        raise ValueError(f"a threshold probability lies in 0..1, below 1, not {threshold}")
    weight = threshold / (1.0 - threshold)
    return caught * prevalence - alarmed * (1.0 - prevalence) * weight


def of_everybody(prevalence: float, threshold: float) -> float:
    """Return the net benefit of sending everybody; that of sending nobody is 0."""
    return net_benefit(1.0, 1.0, prevalence, threshold)


@dataclass(frozen=True)
class Worth:
    """The threshold probabilities between which an alarm is worth more than both.

    ``low`` is 0 of an alarm that missed nobody.
    """

    low: float
    high: float

    @property
    def fewest_spots(self) -> int:
        """How many spots one must at least be ready to have looked at for a find."""
        return round(1 / self.high)

    @property
    def most_spots(self) -> int | None:
        """How many at most; None for any number."""
        return round(1 / self.low) if self.low else None


def worth_of(caught: float, alarmed: float, prevalence: float) -> Worth | None:
    """Return where an alarm is worth more than sending everybody, and nobody; None where nowhere.

    Below the risk of those who are not alarmed it is better to send everybody, and above the risk
    of those who are, nobody. All shares 0..1.
    """
    sent = caught * prevalence + alarmed * (1.0 - prevalence)
    if not 0.0 < sent < 1.0:
        return None
    low, high = (1.0 - caught) * prevalence / (1.0 - sent), caught * prevalence / sent
    # An alarm that tells nothing has the same risk on both sides, but for rounding.
    return Worth(low, high) if high - low > 1e-9 else None

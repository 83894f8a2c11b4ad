"""What each priority means for a person: how soon, and one next step.

Words: never "safe", never a diagnosis. Time frames carry their source, or the word "ours".
"""

from __future__ import annotations

from dataclasses import dataclass

from lentigo.priority import Priority


@dataclass(frozen=True)
class Advice:
    """One priority in plain words: a title, a time frame in words, one next step, its source."""

    title: str
    time_frame: str
    next_step: str
    source: str


ADVICE: dict[Priority, Advice] = {
    Priority.URGENT: Advice(
        title="Urgent",
        time_frame="Within 2 weeks",
        next_step="Call your doctor or a dermatologist today and ask for an appointment. "
        "Say that a spot on your skin has to be looked at.",
        source="NICE NG12: suspected melanoma, an appointment within 2 weeks",
    ),
    Priority.HIGH: Advice(
        title="High",
        time_frame="Within 4 weeks",
        next_step="Make an appointment with a doctor and show this spot.",
        source="ours, after NICE NG12: suspected basal cell carcinoma, a routine referral",
    ),
    Priority.MEDIUM: Advice(
        title="Medium",
        time_frame="Within 3 months",
        next_step="Have a doctor look at this spot. Go sooner if it grows, bleeds or changes.",
        source="ours",
    ),
    Priority.UNCERTAIN: Advice(
        title="Uncertain",
        time_frame="Try again now",
        next_step="This photo does not allow an answer. Take another one in even daylight, sharp "
        "and close. If it stays uncertain, show the spot to a doctor.",
        source="ours",
    ),
    Priority.LOW: Advice(
        title="Low",
        time_frame="Photograph again in 8 weeks",
        next_step="No warning signs were found in this photo. This cannot rule out skin cancer. "
        "Watch for change; see a doctor if it changes or worries you.",
        source="ours",
    ),
}

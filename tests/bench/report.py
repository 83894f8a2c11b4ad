"""What was measured, against what is wanted: as a table, as JSON and as a page of `docs/`."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Decimals that mean something in each unit.
_DECIMALS = {"ms": 1, "s": 2, "MB": 1, "1/s": 1, "": 0}


@dataclass(frozen=True)
class Measure:
    """One quantity, measured ``len(values)`` times in ``unit``; ``note`` says how or by what."""

    name: str
    unit: str
    values: tuple[float, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"{self.name} was measured no time")

    @property
    def median(self) -> float:
        """The middle value; of an even number of values the mean of the middle two."""
        return statistics.median(self.values)

    @property
    def smallest(self) -> float:
        """The smallest value."""
        return min(self.values)

    @property
    def largest(self) -> float:
        """The largest value."""
        return max(self.values)

    def text(self, value: float) -> str:
        """A value of this quantity with its unit."""
        return f"{value:.{_DECIMALS[self.unit]}f} {self.unit}".rstrip()


@dataclass(frozen=True)
class Target:
    """A limit: ``below`` it, or at least it. ``worst`` holds the worst value to it, not the median.

    Stated for two cores without a GPU, from localhost.
    """

    limit: float
    below: bool = True
    worst: bool = False

    def met_by(self, measure: Measure) -> bool:
        """Tell whether a measurement reaches it."""
        if self.below:
            return (measure.largest if self.worst else measure.median) < self.limit
        return (measure.smallest if self.worst else measure.median) >= self.limit

    def text(self, measure: Measure) -> str:
        """The limit in the measurement's unit."""
        return f"{'<' if self.below else '≥'} {self.limit:g} {measure.unit}"


_TASK = Target(50, worst=True)
TARGETS = {
    "first paint": Target(0.3),
    "ready, first visit": Target(5),
    "ready, second visit": Target(4),
    "camera preview": Target(1),
    "ready over a phone's link": Target(11.5),
    "of which beyond the transfer": Target(3),
    "transferred, gzip": Target(12.5),
    "Python for a 640x480 frame": Target(15),
    "gauges in live mode": Target(10, below=False),
    "live answers": Target(8, below=False),
    "opening My spots": Target(1),
    "comparing two photos": Target(2),
    "what can be measured in a photo": Target(0.5),
    "memory that more spots take": Target(50),
    "Lentigo, WebGPU, dispatches": Target(76),
    "Lentigo, WebGPU, submits": Target(2),
    "Lentigo, WebGPU, buffers": Target(40),
    "GPUs that do not start, WebKit": Target(3, worst=True),
    **{
        f"{where}memory, {name} of 12 MP": Target(limit)
        for where, limit in (("", 500), ("WebKit: ", 400))
        for name in ("JPEG", "progressive JPEG", "WebP", "PNG")
    },
    **{
        f"longest task, {phase}{clock}": _TASK
        for phase in ("boot", "live", "12 MP upload")
        for clock in ("", ", processor time")
    },
}


@dataclass(frozen=True)
class Ratio:
    """How many times as long ours takes as another runtime: under 1 is faster.

    ``value`` is of the medians, ``fastest`` of the fastest runs, which a busy machine moves less.
    """

    ours: str
    theirs: str
    value: float
    fastest: float


def ratio(ours: Measure, theirs: Measure) -> Ratio:
    """Compare two measurements of a duration."""
    if ours.unit != theirs.unit:
        raise ValueError(f"{ours.name} is in {ours.unit}, {theirs.name} in {theirs.unit}")
    return Ratio(
        ours.name, theirs.name, ours.median / theirs.median, ours.smallest / theirs.smallest
    )


@dataclass
class Report:
    """One run of the bench. ``left_out`` maps what was not measured to the reason."""

    date: str
    machine: str
    browser: str
    conditions: str
    measures: list[Measure] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Report:
        """The report that ``document`` was made of."""
        measures = [
            Measure(each["name"], each["unit"], tuple(each["values"]), each["note"])
            for each in document["measures"]
        ]
        by_name = {measure.name: measure for measure in measures}
        ratios = [
            ratio(by_name[each["ours"]], by_name[each["theirs"]]) for each in document["ratios"]
        ]
        said = {key: document[key] for key in ("date", "machine", "browser", "conditions")}
        return cls(
            **said,
            measures=measures,
            ratios=ratios,
            left_out=document["left_out"],
            details=document["details"],
        )

    def rows(self) -> list[tuple[str, ...]]:
        """Name, median, min, max, runs, target, verdict and note of every measurement."""
        return [_row(measure) for measure in self.measures]

    def document(self) -> dict[str, Any]:
        """All of it, as JSON takes it."""
        return {
            "date": self.date,
            "machine": self.machine,
            "browser": self.browser,
            "conditions": self.conditions,
            "measures": [_entry(measure) for measure in self.measures],
            "ratios": [vars(each) for each in self.ratios],
            "left_out": self.left_out,
            "details": self.details,
        }


def _row(measure: Measure) -> tuple[str, ...]:
    target = TARGETS.get(measure.name)
    return (
        measure.name,
        measure.text(measure.median),
        measure.text(measure.smallest),
        measure.text(measure.largest),
        str(len(measure.values)),
        target.text(measure) if target else "",
        ("met" if target.met_by(measure) else "MISSED") if target else "",
        measure.note,
    )


def _entry(measure: Measure) -> dict[str, Any]:
    target = TARGETS.get(measure.name)
    return {
        "name": measure.name,
        "unit": measure.unit,
        "median": measure.median,
        "min": measure.smallest,
        "max": measure.largest,
        "values": list(measure.values),
        "note": measure.note,
        "target": {**vars(target), "met": target.met_by(measure)} if target else None,
    }


def _ratio_rows(report: Report) -> list[tuple[str, ...]]:
    return [
        (each.ours, each.theirs, f"{each.value:.2f}", f"{each.fastest:.2f}")
        for each in report.ratios
    ]


RATIO_HEADINGS = ("Lentigo", "other", "medians", "fastest runs")
HEADINGS = ("measured", "median", "min", "max", "runs", "target", "", "note")


def table(rows: Sequence[tuple[str, ...]], headings: tuple[str, ...] = HEADINGS) -> str:
    """Line the cells of the rows up in columns; the last column may be as long as it likes."""
    lines = [headings, *rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def printed(report: Report) -> str:
    """The report as a terminal shows it."""
    parts = [f"{report.machine}; {report.browser}; {report.conditions}", "", table(report.rows())]
    if report.ratios:
        parts += ["", "Lentigo's time over another runtime's, same weights (under 1 is faster)"]
        parts += [table(_ratio_rows(report), RATIO_HEADINGS)]
    parts += [f"\nnot measured: {name}: {why}" for name, why in report.left_out.items()]
    return "\n".join(parts)


def _markdown_table(rows: Sequence[tuple[str, ...]], headings: tuple[str, ...]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


PERFORMANCE_INTRODUCTION = (
    "Targets are for two cores without a GPU, from localhost. A task's target holds for the "
    "worst run, every other for the median. A task's duration by the clock holds the time in "
    "which the main thread waited for a core; its processor time does not. How fast the "
    "machine was in this run shows in the times of the other runtimes below. What a long run does "
    "to memory and rate: [soak.md](soak.md)."
)
SOAK_INTRODUCTION = (
    "One visitor leaves the camera on. Each quantity is given for the first quarter of the run and "
    "for the last, whose note is the change of the median. Memory that grows, or a rate that "
    "falls, would show. The page's JavaScript heap also holds the bench's own note of every answer "
    "and frame, five numbers each, and grows by those."
)


def markdown(report: Report, title: str, command: str, introduction: str) -> str:
    """The report as a page of `docs/`, with the command that writes it."""
    left_out = [f"- {name}: {why}" for name, why in report.left_out.items()]
    parts = [
        f"# {title}",
        f"Written by `python3 serve.py bench {command}`; not by hand.",
        f"{report.date}: {report.machine}; {report.browser}; {report.conditions}.",
        introduction,
        _markdown_table(report.rows(), HEADINGS),
    ]
    if report.ratios:
        parts += [
            "## Beside other runtimes",
            "The same weights, picture and browser, each runtime in a worker of its own. A runtime "
            "whose logits are not ours is left out. The ratio is Lentigo's time over the other's, "
            "so under 1 is faster.",
            _markdown_table(_ratio_rows(report), RATIO_HEADINGS),
        ]
    if left_out:
        parts += ["## Not measured", "\n".join(left_out)]
    return "\n\n".join(parts) + "\n"

"""What the Lab reckons in JavaScript: spreads, agreement with PyTorch, and the sentence."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.words.en import MESSAGES
from tooling.layout import REPOSITORY

FIGURES = (REPOSITORY.root / "js" / "lab" / "figures.js").as_uri()
WORDS = (REPOSITORY.root / "js" / "page" / "words.js").as_uri()


def call(folder: Path, function: str, *arguments: object) -> Any:
    """Call a function of ``js/lab/figures.js`` under Node; everything crosses as JSON."""
    script = folder / "call.mjs"
    script.write_text(
        f"import {{ {function} }} from '{FIGURES}';\n"
        f"console.log(JSON.stringify({function}(...{json.dumps(arguments)})));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("values", "median", "low", "high"),
    [([7], 7, 7, 7), ([10, 2, 4, 8, 6], 6, 2.8, 9.2), ([4, 1, 3, 2], 2.5, 1.3, 3.7)],
)
def test_the_spread_is_the_median_and_all_but_the_outer_tenths(
    tmp_path: Path, values: list[int], median: float, low: float, high: float
) -> None:
    expected = {"median": median, "low": low, "high": high}
    assert call(tmp_path, "spread", values) == pytest.approx(expected)


def test_agreement_is_the_largest_difference_and_how_often_the_top_is_the_same(
    tmp_path: Path,
) -> None:
    third = math.log(3)
    found = call(
        tmp_path,
        "agreement",
        # With temperature 1: (3/4, 1/4) for (1/2, 1/2), and (1/4, 3/4) for (3/4, 1/4).
        [[third, 0], [0, third]],
        [[0, 0], [third, 0]],
        1,
    )
    assert found["pictures"] == 2
    assert found["same_top"] == 1
    assert found["largest_logit_difference"] == pytest.approx(third)
    assert found["largest_probability_difference"] == pytest.approx(0.5)


def test_the_temperature_softens_probabilities_but_not_logits(tmp_path: Path) -> None:
    nine = math.log(9)
    found = call(tmp_path, "agreement", [[nine, 0]], [[0, 0]], 2)
    assert found["largest_logit_difference"] == pytest.approx(nine)
    assert found["largest_probability_difference"] == pytest.approx(0.25)


def row(variant: str, steady: tuple[float, float, float], **changed: object) -> dict[str, Any]:
    median, low, high = steady
    agreement = {
        "pictures": 4,
        "same_top": 4,
        "largest_logit_difference": 0.01,
        "largest_probability_difference": 0.002,
    }
    return {
        "backend": "wasm",
        "variant": variant,
        "download_bytes": {"float16": 12_000_000, "uint8": 6_000_000}[variant],
        "steady_ms": {"median": median, "low": low, "high": high},
        "agreement": agreement,
        **changed,
    }


def finding(folder: Path, *rows: dict[str, Any]) -> Any:
    """What is found between rows, in English."""
    script = folder / "find.mjs"
    catalogue = {"language": "en", "messages": MESSAGES}
    script.write_text(
        f"import {{ finding }} from '{FIGURES}';\nimport {{ sentence }} from '{WORDS}';\n"
        f"const catalogue = {json.dumps(catalogue)};\n"
        "const words = (key, values = {}) => sentence(catalogue, key, values);\n"
        f"console.log(JSON.stringify(finding({json.dumps(rows)}, 'float16', words)));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_a_lead_within_the_spread_is_none(tmp_path: Path) -> None:
    found = finding(tmp_path, row("float16", (70, 65, 75)), row("uint8", (67, 62, 72)))
    assert found["headline"] == "Yes: a smaller download, at the same speed."


def test_a_lag_within_the_spread_is_none(tmp_path: Path) -> None:
    found = finding(tmp_path, row("float16", (70, 65, 75)), row("uint8", (73, 68, 80)))
    assert found["headline"] == "Yes: a smaller download, at the same speed."
    assert found["details"] == [
        "uint8 is 50% of the download of float16: 6.0 MB instead of 12.0 MB.",
        "An answer takes as long on WebAssembly: 73 ms with uint8, 70 ms with float16, "
        "which is within the spread.",
        "uint8 gives the reference’s top class for 4 of 4 test pictures; no "
        "probability is off by more than 0.20 points.",
    ]


@pytest.mark.parametrize(
    ("small", "headline"),
    [
        ((50, 48, 52), "Yes: a smaller download and faster answers."),
        ((90, 85, 95), "Yes: a smaller download, but slower answers."),
    ],
)
def test_a_difference_beyond_the_spread_is_told(
    tmp_path: Path, small: tuple[float, float, float], headline: str
) -> None:
    found = finding(tmp_path, row("float16", (70, 65, 75)), row("uint8", small))
    assert found["headline"] == headline


def test_what_answers_otherwise_or_saves_nothing_is_no_plain_yes(tmp_path: Path) -> None:
    usual = row("float16", (70, 65, 75))
    differs = {**usual["agreement"], "same_top": 3}
    small = row("uint8", (70, 65, 75), agreement=differs, download_bytes=12_000_000)
    headline = finding(tmp_path, usual, small)["headline"]
    assert headline == "No gain here, but other answers, at the same speed."


def test_the_fastest_backend_is_the_one_that_counts(tmp_path: Path) -> None:
    slow = [row(name, (2000, 1900, 2100), backend="cpu") for name in ("float16", "uint8")]
    fast = [row(name, (70, 65, 75)) for name in ("float16", "uint8")]
    assert "on WebAssembly" in finding(tmp_path, *slow, *fast)["details"][1]


def test_one_variant_alone_answers_nothing(tmp_path: Path) -> None:
    cpu = row("uint8", (2000, 1900, 2100), backend="cpu")
    assert finding(tmp_path, row("float16", (70, 65, 75)), cpu) is None


def test_what_slows_one_of_two_rounds_is_taken_for_no_difference(tmp_path: Path) -> None:
    """Measured twice in turns and pooled, a busy moment widens the spread instead."""
    busy = call(tmp_path, "spread", [120, 122, 124, 126, 70, 71, 72, 73])
    quiet = call(tmp_path, "spread", [70, 71, 72, 73, 70, 71, 72, 73])
    assert call(tmp_path, "compare", busy, quiet) == "same"
    assert call(tmp_path, "compare", {**busy, "low": 80}, quiet) == "slower"

"""The page of the gauges is made of its JSON, and each command keeps the others' parts."""

import json
import shutil
from pathlib import Path

import pytest

from training.studies import camera_to_label
from training.studies.gauge_document import DATA, PAGE, gained, keep, to_markdown


def test_the_page_says_what_its_figures_say() -> None:
    document = json.loads(DATA.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == to_markdown(document)


def test_a_part_is_replaced_and_the_rest_kept(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    shutil.copy(DATA, out)
    before = json.loads(out.read_text(encoding="utf-8"))
    framing = before["framing"] | {"n": 12345}
    keep({"framing": framing}, out)
    after = json.loads(out.read_text(encoding="utf-8"))
    assert after == before | {"framing": framing}
    assert "Against 12345 masks" in out.with_suffix(".md").read_text(encoding="utf-8")


def test_a_figure_carries_its_difference_unless_nothing_changed() -> None:
    gain = {"value": 0.01, "n": 5, "low": -0.002, "high": 0.0211}
    assert gained({"value": 0.612, "n": 5, "gain": gain}) == "0.612 (+0.010, -0.002 to +0.021)"
    same = {"value": 0.0, "n": 5, "low": 0.0, "high": 0.0}
    assert gained({"value": 0.612, "n": 5, "gain": same}) == "0.612"
    assert gained({"value": 0.6, "n": 5, "too_few_to_say": True, "gain": gain}) == "too few to say"
    assert gained({"value": None, "n": 0, "reason": "no pictures"}) == "— (no pictures)"


def test_an_unknown_study_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["camera_to_label", "gate", "gaite"])
    with pytest.raises(SystemExit):
        camera_to_label.main()
    assert "there is no study gaite" in capsys.readouterr().err

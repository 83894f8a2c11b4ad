"""Whoever brings a model of their own, as ``models/README.md`` says, gets answers from it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from playwright.sync_api import Browser

from lentigo.diagnosis import Diagnosis
from lentigo.model.calibration import softmax
from lentigo.picture.preprocess import INPUT_SIZE_PX, to_model_input
from tests.browser.lentigo_page import LentigoPage
from tests.browser.pictures import lesion, png
from tests.browser.sites import MODEL, ROOT, AlteredHosting, served
from tests.unit import tiny_model
from training.release.own_model import complete

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MINE = "models/mine"


def model_files(folder: Path) -> dict[str, Path]:
    """Return the model's files by their paths on the site."""
    return {
        f"{MINE}/{path.relative_to(folder).as_posix()}": path
        for path in folder.rglob("*")
        if path.is_file()
    }


@contextmanager
def site_with(folder: Path, page: Path) -> Iterator[str]:
    """The site with a further model, which the page names: step 5 of the README."""
    text = (ROOT / "index.html").read_text(encoding="utf-8")
    assert text.count(f"{MODEL}/manifest.json") == 1
    page.write_text(text.replace(MODEL, MINE), encoding="utf-8")
    replaced = {**model_files(folder), "": page, "index.html": page}
    with served(AlteredHosting(ROOT, replaced=replaced)) as url:
        yield url


def bring(folder: Path) -> Path:
    """Make the model's folder: steps 1 to 4 of the README."""
    tiny_model.write(folder, ROOT / MODEL)
    document = complete(folder)
    (folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_model_with_nothing_but_logits_is_proved_and_answers(
    chromium: Browser, tmp_path: Path
) -> None:
    mine = bring(tmp_path / "mine")
    picture = lesion(size_px=INPUT_SIZE_PX)
    temperature = json.loads((mine / "manifest.json").read_text())["calibration"]["temperature"]
    expected = softmax(tiny_model.network(to_model_input(picture)), temperature)[0]
    with (
        site_with(mine, tmp_path / "index.html") as url,
        LentigoPage(chromium, url) as page,
    ):
        page.boot("?backend=wasm")
        answer = page.judge(png(picture))
        np.testing.assert_allclose(answer.values, expected, rtol=0, atol=1e-3)
        assert answer.diagnosis == list(Diagnosis)[int(expected.argmax())]
        page.page.click("a[href='#/facts'] >> visible=true")
        page.page.wait_for_selector("[data-region=facts] p")
        facts = page.text("[data-region=facts]")
        assert "carries no evaluation" in facts
        assert "mean-colour" in facts


def test_a_model_whose_classes_were_swapped_on_the_way_is_not_believed(
    chromium: Browser, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    tiny_model.write(mine, ROOT / MODEL)
    golden = json.loads((mine / "golden.json").read_text(encoding="utf-8"))
    for case in golden["cases"]:
        logits = case["logits"]
        logits[0], logits[1] = logits[1], logits[0]
    (mine / "golden.json").write_text(json.dumps(golden), encoding="utf-8")
    (mine / "manifest.json").write_text(json.dumps(complete(mine)), encoding="utf-8")
    with (
        site_with(mine, tmp_path / "index.html") as url,
        LentigoPage(chromium, url) as page,
    ):
        page.open("?backend=wasm")
        assert page.wait_for("ready", "error") == "error"
        page.page.wait_for_selector("[data-region=answer] .notice")
        assert "golden logits differ" in page.text("[data-region=answer]")

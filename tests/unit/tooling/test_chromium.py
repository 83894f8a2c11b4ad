"""The browser of the tests must run."""

from pathlib import Path

import pytest

from tooling import chromium
from tooling.errors import ToolingError


def test_a_browser_named_by_the_variable_must_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(ToolingError, match="not a browser that runs"):
        chromium.find_chromium(tmp_path, lambda text: None)

"""Without Node.js and npm the tools say what to do."""

from pathlib import Path

import pytest

from tooling import node
from tooling.errors import ToolingError
from tooling.layout import Layout


def test_a_missing_npm_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(layout: Layout) -> node.Node:
        raise ToolingError("pip failed", "connect")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "_install_wheel_node", offline)
    with pytest.raises(ToolingError, match="npm was not found") as caught:
        node.find_node(Layout(tmp_path))
    assert "install Node.js" in caught.value.remedy
    assert "taking Node.js from PyPI's wheel" in capsys.readouterr().out

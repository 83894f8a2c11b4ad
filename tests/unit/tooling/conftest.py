"""What several modules of these tests start from."""

from pathlib import Path

import pytest

from tests.unit.tooling.small_site import make_site


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a small site."""
    return make_site(tmp_path)

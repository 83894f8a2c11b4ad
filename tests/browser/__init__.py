"""Chromium against the whole page. ``conftest.py`` is the way in.

``python -m tests.browser.X`` is run from the repository's root; ``lentigo`` is then found in
``py/`` without being installed.
"""

import importlib.util
import sys
from pathlib import Path

if importlib.util.find_spec("lentigo") is None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "py"))

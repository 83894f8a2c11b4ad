"""Training, calibration, evaluation and export of the model. training/README.md is the way in.

``python -m training.pipeline`` and every other command is run from the repository's root;
``lentigo`` is then found in ``py/`` without being installed.
"""

import importlib.util
import sys
from pathlib import Path

if importlib.util.find_spec("lentigo") is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "py"))

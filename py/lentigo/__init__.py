"""Lentigo's domain: from a picture of a skin lesion to a medical priority.

Pure: the standard library, numpy and Pillow. Imports nothing of the browser. Read in this
order: ``diagnosis``, ``priority``, then the three steps ``picture`` (``examination``), ``model``
(``reading``) and ``triage`` (``rules``).
"""

__version__ = "0.1.0"

"""Lentigo's domain: from a picture of a skin lesion to a medical priority.

Pure: the standard library, numpy and Pillow. Imports nothing of the browser. Read in this
order: ``diagnosis``, ``priority``, ``manifest``, ``decode``, ``preprocess``, ``quality``,
``calibration``, ``smoothing``, ``errors``.
"""

__version__ = "0.1.0"

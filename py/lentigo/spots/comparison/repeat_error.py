"""How much two photos of an unchanged spot differ by this method: a change must be larger.

HAM10000 has several photos of a lesion from one sitting, zoomed, turned and lit differently. The
figures lie above the 98 % quantile of the pairs that fit, `test` left out
(``training.studies.repeat_photos``, ``docs/generated/repeat-photos.md``). Together they are
meant to let at most one pair of twenty pass as changed.
"""

# Natural logarithm of newer over older area: about 9 % larger or smaller.
GROWTH_LOG, SHRINK_LOG = 0.085, 0.09
# What the sector that gained most gained beyond the middle one, in shares of the older area.
ONE_SIDED_SHARE = 0.045
# Distance of the mean colour, against skin, from the older one's; CIELAB.
COLOUR_LAB = 20.0
# Natural logarithm of newer over older standard deviation of the lightness.
SPREAD_LOG = 0.4
# Largest new dark area, and largest new pale one, in shares of the spot.
DARKER_SHARE, PALER_SHARE = 0.05, 0.07

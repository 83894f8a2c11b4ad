"""The outlines of our drawings of the body: closed curves through points, drawn and pointed at.

Units are those of the drawings: 240 wide. A point that stands twice is a corner; elsewhere the
curve is smooth. What both sides have is drawn once and mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, dist, pi, sin

Point = tuple[float, float]
Polygon = tuple[Point, ...]

WIDTH = 240.0
# Hands and feet: the middle of the left column, where its shapes begin, and where both rows do.
COLUMN_X = 58.0
HAND_X, FOOT_X = 4.0, 18.0
ROWS_Y = (8.0, 166.0)


def mirrored(shape: Polygon) -> Polygon:
    """Return a shape as the other half of its drawing has it."""
    return tuple((WIDTH - x, y) for x, y in reversed(shape))


def moved(shape: Polygon, by_x: float, by_y: float) -> Polygon:
    """Return a shape somewhere else."""
    return tuple((x + by_x, y + by_y) for x, y in shape)


# fmt: off
# The half at the drawing's right, from the crown down the outside; palms turned to whoever looks.
_HALF: Polygon = (
    (120, 24), (130, 26), (138, 33), (141, 44), (141, 55), (139, 66), (134, 77), (130, 82),
    (130, 90), (132, 97), (139, 102), (150, 106), (161, 109), (170, 114), (176, 123), (179, 136),
    (181, 152), (184, 170), (188, 188), (193, 206), (197, 224), (200, 242), (202, 252),
    (206, 258), (212, 265), (217, 274), (218, 280), (215, 283), (211, 280), (207, 274), (206, 275),
    (209, 286), (210, 298), (209, 306), (205, 311), (199, 313), (193, 310), (190, 302), (189, 290),
    (188, 276), (189, 262), (190, 252), (187, 238), (181, 218), (175, 200), (171, 186), (168, 170),
    (165, 155), (161, 140), (161, 140),
    (161, 152), (159, 170), (156, 186), (155, 200), (157, 214), (161, 230), (164, 246),
    (165, 264), (164, 284), (161, 308), (158, 328), (156, 342), (157, 354), (159, 370), (158, 388),
    (154, 408), (149, 428), (147, 442), (148, 450), (152, 460), (155, 468), (152, 473), (143, 474),
    (135, 473), (131, 466), (132, 454), (132, 440), (132, 424), (130, 404), (127, 386), (126, 370),
    (127, 356), (128, 344), (127, 330), (126, 312), (124, 292), (122, 276), (120, 271), (120, 271),
)
# fmt: on
BODY: Polygon = (*_HALF[:-2], (120, 271), (120, 271), *mirrored(_HALF)[2:-1])

# fmt: off
_FACE_HALF: Polygon = (
    (120, 22), (137, 24), (152, 32), (162, 46), (166, 62), (166, 80), (165, 96), (161, 112),
    (153, 127), (142, 138), (130, 145), (120, 147),
)
FACE: Polygon = (*_FACE_HALF, *mirrored(_FACE_HALF)[1:-1])
EAR_IN_FACE: Polygon = (
    (165, 84), (170, 78), (175, 80), (176, 88), (173, 98), (169, 105), (165, 105), (164, 96),
)
# The left side of the head, which looks to the left.
PROFILE: Polygon = (
    (187, 172), (170, 173), (154, 180), (144, 192), (140, 206), (138, 217), (140, 222), (136, 230),
    (130, 239), (131, 243), (138, 246), (138, 249), (134, 253), (136, 256), (138, 258), (135, 262),
    (138, 266), (138, 272), (142, 279), (151, 281), (162, 279), (171, 279), (176, 287), (177, 300),
    (177, 300), (216, 300), (216, 300), (214, 286), (217, 272), (224, 258), (229, 242), (230, 222),
    (227, 203), (218, 187), (204, 176),
)
EAR_IN_PROFILE: Polygon = (
    (184, 228), (190, 223), (197, 226), (199, 234), (196, 243), (191, 251), (186, 252), (184, 244),
    (183, 236),
)
# fmt: on


@dataclass(frozen=True)
class Digit:
    """A finger or a toe from its base to its tip."""

    base: Point
    tip: Point
    width: float

    def _at(self, forward: float, aside: float) -> Point:
        """Return a point so many units along the digit and aside of its middle."""
        length = dist(self.base, self.tip)
        along_x = (self.tip[0] - self.base[0]) / length
        along_y = (self.tip[1] - self.base[1]) / length
        return (
            self.base[0] + along_x * forward - along_y * aside,
            self.base[1] + along_y * forward + along_x * aside,
        )

    @property
    def outline(self) -> Polygon:
        """From the left of its base round its tip to the right of its base, thinner at the tip."""
        length, half = dist(self.base, self.tip), self.width / 2
        left = (
            (0, half),
            (length * 0.55, 0.97 * half),
            (length - 0.8 * half, 0.86 * half),
            (length - 0.15 * half, 0.5 * half),
        )
        return (
            *(self._at(forward, -aside) for forward, aside in left),
            self.tip,
            *(self._at(forward, aside) for forward, aside in reversed(left)),
        )

    @property
    def nail(self) -> Polygon:
        """The nail on its upper side."""
        end, long, wide = dist(self.base, self.tip) - 0.14 * self.width, self.width, self.width
        return tuple(
            self._at(end - forward * long, aside * wide)
            for forward, aside in (
                (0.04, -0.18), (0, 0), (0.04, 0.18), (0.3, 0.27), (0.55, 0.22), (0.62, 0),
                (0.55, -0.22), (0.3, -0.27),
            )
        )  # fmt: skip

    @property
    def middle_of_nail(self) -> Point:
        """Where a pin in the nail goes."""
        return self._at(dist(self.base, self.tip) - 0.45 * self.width, 0)

    def around_nail(self, reach: float) -> Polygon:
        """The tip, as far as a finger that points at the nail may miss it."""
        x, y = self.middle_of_nail
        turns = (pi / 4 * eighth for eighth in range(8))
        return tuple((x + reach * cos(turn), y + reach * sin(turn)) for turn in turns)


# A hand with its thumb to the right and a foot with its big toe to the right, both pointing up.
THUMB = Digit((83, 74), (95, 49), 12.5)
FINGERS = (
    Digit((21, 62), (13, 33), 10.5),
    Digit((34, 57), (30, 15), 11.5),
    Digit((47.5, 55), (48, 8), 12),
    Digit((61, 58), (66, 16), 12),
)
BIG_TOE = Digit((60, 34), (61, 6), 17)
TOES = (
    Digit((14, 40), (11, 25), 9),
    Digit((23.5, 35), (21, 17), 9.5),
    Digit((34, 32), (33, 11), 10),
    Digit((45.5, 31), (45, 6), 11),
)
# fmt: off
HAND: Polygon = (
    (30, 124), (30, 124), (28, 108), (21, 92), (17, 77),
    *(point for finger in FINGERS for point in finger.outline), (71, 72), (77, 77),
    *THUMB.outline[1:-1], (86, 88), (77, 99), (68, 109), (66, 124), (66, 124),
)
FOOT: Polygon = (
    (36, 127), (26, 123), (22, 112), (22, 98), (19, 78), (14, 58), (10, 44),
    *(point for toe in (*TOES, BIG_TOE) for point in toe.outline[1:-1]),
    (70, 42), (68, 56), (62, 71), (57, 86), (54, 100), (52, 114), (46, 124),
)
# fmt: on

"""What our drawings of the body show within their outlines, so that one knows where one is.

Paths in the units of ``lentigo.spots.body_shapes``. Of ``BOTH_SIDES`` only the right half is
written down; the left one is its mirror image.
"""

from __future__ import annotations

from lentigo.spots.place import View

# fmt: off
MIDDLE: dict[View, tuple[str, ...]] = {
    View.FRONT: (
        "M120 54v6", "M115 71c3 1.6 7 1.6 10 0",  # nose, mouth
        "M120 216v4",  # navel
    ),
    View.BACK: (
        "M120 118v112",  # spine
        "M120 246v24",
    ),
    View.HEAD: (
        "M116 107c2 2 6 2 8 0",  # under the nose
        # Lips.
        "M120 120.500c-2 -2 -6 -2 -13 2.500c5 5 9 6 13 6s8 -1 13 -6c-7 -4 -11 -4 -13 -2.500",
        "M107 123c8 1.500 18 1.500 26 0",
    ),
    View.HANDS: (),
    View.FEET: (),
}
BOTH_SIDES: dict[View, tuple[str, ...]] = {
    View.FRONT: (
        "M141 47c4 -2 6 2 4 8c-1 4 -3 6 -5 5",  # ear
        "M127 51c2 -1.6 5 -1.6 7 0",  # eye
        "M127 112c7 -3 16 -2 24 0",  # collarbone
        "M128 163c9 4 20 2 26 -7",  # chest
        "M158 244c-8 14 -20 24 -32 29",  # groin
        "M136 346c3 4 10 4 13 0",  # knee
        "M173 195c5 2 10 1 13 -3",  # crease of the elbow
        "M195.500 310l-.5 -17", "M201 312v-18", "M206 309l-.5 -15",  # fingers
        "M148 473v-4", "M144 473.500v-4", "M140 473.500v-4", "M136 473v-4",  # toes
    ),
    View.BACK: (
        "M141 47c4 -2 6 2 4 8c-1 4 -3 6 -5 5",  # ear
        "M130 79c-4 -3 -7 -3 -10 -3",  # hair
        "M149 122c5 12 3 28 -8 34",  # shoulder blade
        "M120 270c8 9 26 10 38 1",  # under the buttock
        "M134 342c5 3 11 3 16 0",  # hollow of the knee
        "M177 190c2 5 8 6 11 2",  # elbow
        "M195.500 310l-.5 -17", "M201 312v-18", "M206 309l-.5 -15",  # fingers
        "M134 460c5 4 12 4 17 -1",  # heel
    ),
    View.HEAD: (
        "M120 44c12 0 20 3 30 9c6 4 10 9 15 14",  # hair
        "M131 72c6 -4 15 -4 21 0",  # brow
        "M132 82c5 4 13 4 18 0", "M136 85l-1 2.500", "M141 86v2.700", "M146 85l1 2.500",  # eye
        "M126 84c0 8 3 12 4.500 17c.5 3 -2 4.500 -4.500 4",  # nose
        "M168 85c4 -2 6 3 2 12",  # ear
        "M139 141c0 8 1 14 6 20",  # neck
        # The side.
        "M147 190c10 1 16 6 21 22c5 6 11 3 15 12",  # hair
        "M196 249c5 5 8 12 16 15c3 1 4 1 7 2",
        "M143 212c6 -4 12 -4 18 0",  # brow
        "M145 220c4 3 9 3 13 0", "M147 222.500l-1 2", "M151 223.500v2.300",  # eye
        "M137 241c1 -3 6 -4 7 2",  # nostril
        "M136.500 256.500c4 1 7 0 9 -2",  # mouth
        "M171 279c8 -5 13 -12 15 -20",  # jaw
        "M187 233c3 -5 8 -3 7 4c-1 5 -5 4 -4 10",  # ear
    ),
    View.HANDS: (),
    View.FEET: (),
}
# Of one left hand or foot, in the units of its own shape.
HAND_ABOVE = (
    "M30 66c2 -3 6 -3 8 -1", "M44 63c2 -3 6 -3 8 -1", "M58 66c2 -3 6 -3 8 -1",  # knuckles
    "M17.500 70c2 -2 5 -2 6 0",
)
HAND_BELOW = (
    "M73 80c-14 2 -24 16 -23 34", "M22 82c14 6 24 2 32 -12", "M24 94c14 4 32 -2 47 -14",
)
FOOT_ABOVE = (
    "M26 106c0 -8 5 -12 12 -12s12 4 12 12s-5 13 -12 13s-12 -5 -12 -13",  # ankle
    "M27 58l2 -8", "M37 57l1.500 -9", "M47 57l1 -10",
)
FOOT_BELOW = ("M14 58c12 6 36 -4 52 2", "M25 106c8 -8 20 -8 27 0")
# fmt: on

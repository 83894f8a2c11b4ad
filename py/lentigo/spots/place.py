"""Where on the body a spot is: a named place, and where that was pointed at in a drawing.

``left`` and ``right`` are the person's own. Each place knows its general anatomical site in the
ISIC Archive, the checklist's place, and what makes it hard to see for oneself.

Sources: ISIC's names are ``AnatomSiteGeneralEnum`` of ``isic_metadata`` (ImageMarkup/isic-metadata,
``isic_metadata/fields.py``); which place belongs to which follows its ``AnatomSiteEnum`` (shoulder:
upper extremity; buttock: lower extremity; armpit: lateral trunk).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lentigo.triage.checklist import BodySite


class Region(StrEnum):
    """A part of the body under which places are listed."""

    HEAD = "head"
    FRONT = "front"
    BACK = "back"
    LEFT_ARM = "left-arm"
    LEFT_HAND = "left-hand"
    RIGHT_ARM = "right-arm"
    RIGHT_HAND = "right-hand"
    LEFT_LEG = "left-leg"
    LEFT_FOOT = "left-foot"
    RIGHT_LEG = "right-leg"
    RIGHT_FOOT = "right-foot"


class Site(StrEnum):
    """A place on the body, in the order of a list from head to foot."""

    SCALP = "scalp"
    FOREHEAD = "forehead"
    LEFT_EYE = "left-eye"
    RIGHT_EYE = "right-eye"
    NOSE = "nose"
    LEFT_CHEEK = "left-cheek"
    RIGHT_CHEEK = "right-cheek"
    LIP = "lip"
    CHIN = "chin"
    LEFT_EAR = "left-ear"
    RIGHT_EAR = "right-ear"
    NECK_FRONT = "neck-front"
    NECK_BACK = "neck-back"
    LEFT_CHEST = "left-chest"
    RIGHT_CHEST = "right-chest"
    LEFT_ARMPIT = "left-armpit"
    RIGHT_ARMPIT = "right-armpit"
    BELLY = "belly"
    LEFT_SIDE = "left-side"
    RIGHT_SIDE = "right-side"
    GENITALS = "genitals"
    LEFT_UPPER_BACK = "left-upper-back"
    RIGHT_UPPER_BACK = "right-upper-back"
    LOWER_BACK = "lower-back"
    LEFT_BUTTOCK = "left-buttock"
    RIGHT_BUTTOCK = "right-buttock"
    ANUS = "anus"
    LEFT_SHOULDER = "left-shoulder"
    LEFT_UPPER_ARM_FRONT = "left-upper-arm-front"
    LEFT_UPPER_ARM_BACK = "left-upper-arm-back"
    LEFT_ELBOW = "left-elbow"
    LEFT_FOREARM_INSIDE = "left-forearm-inside"
    LEFT_FOREARM_OUTSIDE = "left-forearm-outside"
    LEFT_HAND_BACK = "left-hand-back"
    LEFT_PALM = "left-palm"
    LEFT_THUMBNAIL = "left-thumbnail"
    LEFT_FINGERNAIL = "left-fingernail"
    RIGHT_SHOULDER = "right-shoulder"
    RIGHT_UPPER_ARM_FRONT = "right-upper-arm-front"
    RIGHT_UPPER_ARM_BACK = "right-upper-arm-back"
    RIGHT_ELBOW = "right-elbow"
    RIGHT_FOREARM_INSIDE = "right-forearm-inside"
    RIGHT_FOREARM_OUTSIDE = "right-forearm-outside"
    RIGHT_HAND_BACK = "right-hand-back"
    RIGHT_PALM = "right-palm"
    RIGHT_THUMBNAIL = "right-thumbnail"
    RIGHT_FINGERNAIL = "right-fingernail"
    LEFT_THIGH_FRONT = "left-thigh-front"
    LEFT_THIGH_BACK = "left-thigh-back"
    LEFT_KNEE = "left-knee"
    LEFT_KNEE_BACK = "left-knee-back"
    LEFT_SHIN = "left-shin"
    LEFT_CALF = "left-calf"
    LEFT_FOOT_TOP = "left-foot-top"
    LEFT_SOLE = "left-sole"
    LEFT_BIG_TOE_NAIL = "left-big-toe-nail"
    LEFT_TOENAIL = "left-toenail"
    RIGHT_THIGH_FRONT = "right-thigh-front"
    RIGHT_THIGH_BACK = "right-thigh-back"
    RIGHT_KNEE = "right-knee"
    RIGHT_KNEE_BACK = "right-knee-back"
    RIGHT_SHIN = "right-shin"
    RIGHT_CALF = "right-calf"
    RIGHT_FOOT_TOP = "right-foot-top"
    RIGHT_SOLE = "right-sole"
    RIGHT_BIG_TOE_NAIL = "right-big-toe-nail"
    RIGHT_TOENAIL = "right-toenail"


class IsicSite(StrEnum):
    """The general anatomical sites of the ISIC Archive."""

    HEAD_NECK = "head/neck"
    UPPER_EXTREMITY = "upper extremity"
    LOWER_EXTREMITY = "lower extremity"
    ANTERIOR_TORSO = "anterior torso"
    POSTERIOR_TORSO = "posterior torso"
    PALMS_SOLES = "palms/soles"
    LATERAL_TORSO = "lateral torso"
    ORAL_GENITAL = "oral/genital"


class HardToSee(StrEnum):
    """Why one cannot see a place well oneself, which decides what helps."""

    HAIR = "hair"
    EAR = "ear"
    BEHIND = "behind"
    PRIVATE = "private"
    SOLE = "sole"


class View(StrEnum):
    """A drawing on which a place can be pointed at; ``HEAD`` is the face and both sides."""

    FRONT = "front"
    BACK = "back"
    HEAD = "head"
    HANDS = "hands"
    FEET = "feet"


@dataclass(frozen=True)
class About:
    """What is known of a place; ``hard`` is ``None`` where one can see it oneself."""

    region: Region
    isic: IsicSite
    body_site: BodySite = BodySite.ELSEWHERE
    hard: HardToSee | None = None


def _about() -> dict[Site, About]:
    """Build the table; what both sides have stands once, without its side."""
    head, arm, leg = IsicSite.HEAD_NECK, IsicSite.UPPER_EXTREMITY, IsicSite.LOWER_EXTREMITY
    face = About(Region.HEAD, head, BodySite.FACE_OR_SCALP)
    # An eye and its lid are one place here, as are lips and mouth: the more cautious one counts.
    eye = About(Region.HEAD, head, BodySite.MUCOSA)
    front = About(Region.FRONT, IsicSite.ANTERIOR_TORSO)
    side = About(Region.FRONT, IsicSite.LATERAL_TORSO)
    back = About(Region.BACK, IsicSite.POSTERIOR_TORSO, hard=HardToSee.BEHIND)
    buttock = About(Region.BACK, leg, hard=HardToSee.BEHIND)
    oral_genital, mucosa = IsicSite.ORAL_GENITAL, BodySite.MUCOSA
    single = {
        "scalp": About(Region.HEAD, head, BodySite.FACE_OR_SCALP, HardToSee.HAIR),
        "forehead": face,
        "nose": face,
        "lip": About(Region.HEAD, oral_genital, mucosa),
        "chin": face,
        "neck-front": About(Region.HEAD, head),
        "neck-back": About(Region.HEAD, head, hard=HardToSee.BEHIND),
        "belly": front,
        "genitals": About(Region.FRONT, oral_genital, mucosa, HardToSee.PRIVATE),
        "lower-back": back,
        "anus": About(Region.BACK, oral_genital, mucosa, HardToSee.PRIVATE),
    }
    sided = {
        "eye": eye,
        "cheek": face,
        "ear": About(Region.HEAD, head, hard=HardToSee.EAR),
        "chest": front,
        "armpit": side,
        "side": side,
        "upper-back": back,
        "buttock": buttock,
    }
    # Of a limb: its general site, the checklist's place, what hides it. The region has a side too.
    of_a_limb = {
        "shoulder": ("arm", arm, BodySite.ELSEWHERE, None),
        "upper-arm-front": ("arm", arm, BodySite.ELSEWHERE, None),
        "upper-arm-back": ("arm", arm, BodySite.ELSEWHERE, HardToSee.BEHIND),
        "elbow": ("arm", arm, BodySite.ELSEWHERE, None),
        "forearm-inside": ("arm", arm, BodySite.ELSEWHERE, None),
        "forearm-outside": ("arm", arm, BodySite.ELSEWHERE, None),
        "hand-back": ("hand", arm, BodySite.ELSEWHERE, None),
        "palm": ("hand", IsicSite.PALMS_SOLES, BodySite.PALM_OR_SOLE, None),
        "thumbnail": ("hand", arm, BodySite.NAIL, None),
        "fingernail": ("hand", arm, BodySite.NAIL, None),
        "thigh-front": ("leg", leg, BodySite.ELSEWHERE, None),
        "thigh-back": ("leg", leg, BodySite.ELSEWHERE, HardToSee.BEHIND),
        "knee": ("leg", leg, BodySite.ELSEWHERE, None),
        "knee-back": ("leg", leg, BodySite.ELSEWHERE, HardToSee.BEHIND),
        "shin": ("leg", leg, BodySite.ELSEWHERE, None),
        "calf": ("leg", leg, BodySite.ELSEWHERE, HardToSee.BEHIND),
        "foot-top": ("foot", leg, BodySite.ELSEWHERE, None),
        "sole": ("foot", IsicSite.PALMS_SOLES, BodySite.PALM_OR_SOLE, HardToSee.SOLE),
        "big-toe-nail": ("foot", leg, BodySite.NAIL, None),
        "toenail": ("foot", leg, BodySite.NAIL, None),
    }
    table = {Site(name): about for name, about in single.items()}
    for of in ("left", "right"):
        table |= {Site(f"{of}-{name}"): about for name, about in sided.items()}
        table |= {
            Site(f"{of}-{name}"): About(Region(f"{of}-{part}"), isic, body_site, hard)
            for name, (part, isic, body_site, hard) in of_a_limb.items()
        }
    return table


ABOUT: dict[Site, About] = _about()
SITES: dict[Region, tuple[Site, ...]] = {
    region: tuple(site for site in Site if ABOUT[site].region is region) for region in Region
}


def is_hard_to_see(site: Site) -> bool:
    """Whether one needs a mirror or somebody else to look at a place."""
    return ABOUT[site].hard is not None


@dataclass(frozen=True)
class Place:
    """A place, and where in a drawing it was pointed at: ``x``, ``y`` in 0..1 of its box.

    ``x`` runs from the drawing's left, ``y`` from its top. All three are given or none; otherwise,
    or out of range, ``ValueError``.
    """

    site: Site
    view: View | None = None
    x: float | None = None
    y: float | None = None

    def __post_init__(self) -> None:
        given = (self.view, self.x, self.y)
        if any(part is None for part in given) and any(part is not None for part in given):
            raise ValueError(f"a place has a view, x and y, or none of them, not {given}")
        for number in (self.x, self.y):
            if number is not None and not 0 <= number <= 1:
                raise ValueError(f"{number} is not in 0..1 of a drawing")

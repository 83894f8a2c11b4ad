"""The evaluation is parsed strictly: nothing of it can drop out in silence."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lentigo.errors import ManifestError
from lentigo.model.evaluation import Evaluation, parse_evaluation
from lentigo.model.figures import Figure, Undefined
from lentigo.model.slice_figures import Slice
from lentigo.model.strict import read
from tests.unit.evaluations import evaluation_document, figure, undefined

Place = tuple[str | int, ...]


def whole() -> Any:
    """The document as a file holds it: no two of its objects are the same one."""
    return json.loads(json.dumps(evaluation_document()))


def at(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


def named(place: Place) -> str:
    return "evaluation" + "".join(
        f"[{key}]" if isinstance(key, int) else f".{key}" for key in place
    )


def objects(value: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict):
        yield place
        for key, inner in value.items():
            yield from objects(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, (*place, index))


def one_of_each_shape() -> list[tuple[Place, str]]:
    """A key of each kind of object: those with the same keys are alike."""
    document = evaluation_document()
    seen: set[frozenset[str]] = set()
    found = []
    for place in objects(document):
        shape = frozenset(at(document, place))
        if shape not in seen:
            seen.add(shape)
            found += [(place, key) for key in sorted(shape)]
    return found


def test_a_whole_evaluation_is_read_by_name() -> None:
    found = parse_evaluation(evaluation_document())
    assert found.slices[Slice.CAMERA].pictures == 200
    assert found.slices[Slice.CAMERA].ece_after == Figure(value=0.025, n=200)
    assert found.natural_frequencies.melanoma.dermoscopic is None
    assert found.out_of_distribution is not None
    assert found.out_of_distribution.skin_tone_gap_milk10k.darker_lesions == 18


def test_a_renamed_key_is_an_error_that_names_its_place() -> None:
    places = one_of_each_shape()
    assert len(places) > 150
    document = whole()
    for place, key in places:
        holder = at(document, place)
        value = holder.pop(key)
        holder[f"{key}-renamed"] = value
        with pytest.raises(ManifestError) as refused:
            parse_evaluation(document)
        assert f"{named(place)} " in refused.value.args[0], (place, key)
        assert key in refused.value.args[0]
        del holder[f"{key}-renamed"]
        holder[key] = value
    parse_evaluation(document)


def test_what_is_said_of_a_place_says_what_is_wrong_there() -> None:
    document = whole()
    document["slices"]["camera"]["selective"][1]["accuracy"]["value"] = 82.0
    where = r"evaluation\.slices\.camera\.selective\[1\]\.accuracy\.value is a number in 0\.\.1"
    with pytest.raises(ManifestError, match=where):
        parse_evaluation(document)


OPTIONAL = ("modality", "out_of_distribution", "robustness", "quantised")


@pytest.mark.parametrize("section", OPTIONAL)
def test_what_was_not_measured_is_none_and_not_empty(section: str) -> None:
    assert getattr(parse_evaluation({**evaluation_document(), section: None}), section) is None
    gaps: tuple[object, ...] = ({}, [], "not measured", 0)
    for gap in gaps:
        with pytest.raises(ManifestError, match=rf"evaluation\.{section} "):
            parse_evaluation({**evaluation_document(), section: gap})


@pytest.mark.parametrize("section", sorted(set(evaluation_document()) - set(OPTIONAL)))
def test_what_every_evaluation_has_may_not_be_none(section: str) -> None:
    with pytest.raises(ManifestError, match=rf"evaluation\.{section} "):
        parse_evaluation({**evaluation_document(), section: None})


def test_a_trial_on_some_of_the_pictures_is_no_evaluation() -> None:
    with pytest.raises(ManifestError, match=r"evaluation\.every is a number in 1\.\.1, not 3"):
        parse_evaluation({**evaluation_document(), "every": 3})


def test_a_figure_is_a_value_or_the_reason_for_none() -> None:
    assert read(Figure, figure(0.5)).value == 0.5
    nothing = read(Figure, undefined())
    assert (nothing.value, nothing.reason, nothing.told) == (None, Undefined.NO_PICTURES, None)
    few = read(Figure, figure(0.5, 6, too_few_to_say=True))
    assert (few.value, few.told) == (0.5, None)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"value": None, "n": 0}, "a value, or the reason"),
        ({"value": 0.5, "n": 3, "reason": "one-side"}, "a value, or the reason"),
        (
            {"value": None, "n": 0, "reason": "no pictures"},
            "reason is one of no-pictures, one-side",
        ),
        ({"value": 0.5, "n": 3, "low": 0.4}, "an interval has two ends"),
        ({"value": True, "n": 3}, "value is a number"),
        ({"value": 0.5, "n": 3.0}, "n is a whole number"),
        ({"value": 0.5, "n": -1}, "n is a number in 0"),
        ({"value": 0.5, "n": 3, "too_few_to_say": 1}, "too_few_to_say is true or false"),
        ([0.5, 3], "is an object, not list"),
    ],
)
def test_a_figure_that_contradicts_itself_is_refused(document: Any, words: str) -> None:
    with pytest.raises(ManifestError, match=words):
        read(Figure, document)


@pytest.mark.parametrize("junk", [True, 10**400, "junk", [[]], {"a": 1}])
def test_junk_in_an_evaluation_is_a_manifest_error(junk: object) -> None:
    document = whole()
    shapes: dict[frozenset[str], Place] = {}
    for place in objects(document):
        shapes.setdefault(frozenset(at(document, place)), place)
    for place in shapes.values():
        if place:
            holder, key = at(document, place[:-1]), place[-1]
            value, holder[key] = holder[key], junk
            with pytest.raises(ManifestError):
                parse_evaluation(document)
            holder[key] = value


def test_an_evaluation_is_frozen() -> None:
    found = parse_evaluation(evaluation_document())
    assert isinstance(found, Evaluation)
    with pytest.raises(AttributeError):
        found.every = 2  # type: ignore[misc]

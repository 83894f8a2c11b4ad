"""The committed model: manifest, files, class order, golden vectors and model card agree."""

import base64
import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from lentigo.model.evaluation import parse_evaluation
from lentigo.model.manifest import parse_manifest
from lentigo.picture.preprocess import INPUT_SIZE_PX
from training.card.card import CARD, made_of
from training.card.markdown import percent, plain
from training.network.graph_model import GraphModel, only, read_graph_model
from training.network.model_folder import (
    DEFAULT_MODEL,
    LICENCE,
    VARIANTS,
    ModelFolder,
    describe_file,
)
from training.pictures.synthetic import Look, draw_lesion
from training.release.folded import fold, parameter_count

FOLDER = ModelFolder.named(DEFAULT_MODEL)
MAX_SHARD_BYTES = 4 * 1024 * 1024


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=VARIANTS)
def graph(request: pytest.FixtureRequest) -> GraphModel:
    return read_graph_model(FOLDER.path / request.param / "model.json")


def test_the_manifest_parses() -> None:
    manifest = parse_manifest(FOLDER.manifest.read_text(encoding="utf-8"))
    assert manifest.id == FOLDER.path.name
    assert set(manifest.variants) == set(VARIANTS)
    assert manifest.licence == LICENCE


def test_every_file_is_the_one_that_the_manifest_names() -> None:
    document = read(FOLDER.manifest)
    for name, variant in document["variants"].items():
        on_disk = {p.relative_to(FOLDER.path).as_posix() for p in (FOLDER.path / name).iterdir()}
        assert set(variant["files"]) == on_disk
        for path, entry in variant["files"].items():
            content = (FOLDER.path / path).read_bytes()
            assert entry == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    golden = document["golden"]
    assert {"path": golden["path"], **describe_file(FOLDER.path / golden["path"])} == golden


def test_no_shard_is_above_four_megabytes() -> None:
    for shard in FOLDER.path.glob("*/*.bin"):
        assert shard.stat().st_size <= MAX_SHARD_BYTES, shard


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_class_order_of_the_weights_is_that_of_the_program(variant: str) -> None:
    carried = read(FOLDER.path / variant / "model.json")["userDefinedMetadata"]["labels"]
    assert carried == list(Diagnosis)
    assert read(FOLDER.manifest)["labels"] == carried


def test_loading_weights_with_swapped_classes_is_refused() -> None:
    pytest.importorskip("torch", reason="torch is in the training environment only")
    from training.network.model import check_labels  # noqa: PLC0415

    check_labels(tuple(Diagnosis))
    with pytest.raises(ValueError, match="labels"):
        check_labels(("akiec", "bcc", "bkl", "df", "nv", "mel", "vasc"))


@pytest.mark.parametrize(
    "name", [p.relative_to(FOLDER.path).as_posix() for p in sorted(FOLDER.path.rglob("*.json"))]
)
def test_no_file_tells_where_it_was_made(name: str) -> None:
    text = (FOLDER.path / name).read_text(encoding="utf-8")
    for trace in ("/home/", "/root/", "/tmp/", "/work/", "C:\\", "localhost"):
        assert trace not in text


def test_the_graph_is_lean_and_every_batch_norm_is_folded(graph: GraphModel) -> None:
    operations = {node.op for node in only(graph, ["logits"]).nodes}
    assert operations == {
        "Placeholder",
        "_FusedConv2D",
        "FusedDepthwiseConv2dNative",
        "_FusedMatMul",
        "Sigmoid",
        "Mul",
        "AddV2",
        "Mean",
    }
    for node in graph.nodes:
        if node.op.startswith(("_Fused", "Fused")):
            assert graph.constants[node.inputs[2]].ndim == 1, f"{node.name}: bias is of rank 1"


def test_what_explains_the_answer_costs_a_convolution_and_seven_products(
    graph: GraphModel,
) -> None:
    names = {node.name for node in only(graph, ["logits", "embedding"]).nodes}
    more = sorted(node.op for node in graph.nodes if node.name not in names)
    assert more in ([], ["Conv2D", *["_FusedMatMul"] * 7])


def test_an_output_that_is_not_there_is_named(graph: GraphModel) -> None:
    with pytest.raises(ValueError, match="has no verdict"):
        only(graph, ["verdict"])


def test_the_graph_has_the_outputs_that_the_manifest_names(graph: GraphModel) -> None:
    names = {node.name for node in graph.nodes}
    given = {name for name in read(FOLDER.manifest)["outputs"].values() if name is not None}
    assert given <= names
    assert graph.constants["classifier/kernel"].shape == (1280, len(Diagnosis))


def test_the_graph_holds_as_many_parameters_as_the_manifest_says(graph: GraphModel) -> None:
    learned = sum(v.size for v in graph.constants.values() if v.dtype == np.float32)
    assert learned == read(FOLDER.manifest)["parameters"]


def test_both_variants_hold_the_same_weights_but_for_rounding() -> None:
    float16, uint8 = (
        read_graph_model(FOLDER.path / name / "model.json").constants for name in VARIANTS
    )
    assert float16.keys() == uint8.keys()
    for name, values in float16.items():
        if values.dtype != np.float32:
            assert np.array_equal(values, uint8[name]), name
            continue
        spread = float(values.max() - values.min())
        assert np.abs(values - uint8[name]).max() <= spread / 255 + 1e-3, name


def test_golden_pictures_are_drawn_by_code_and_named_for_look_and_seed() -> None:
    for case in read(FOLDER.golden)["cases"]:
        raw = np.frombuffer(base64.b64decode(case["rgb"]), np.uint8)
        stored = raw.reshape(case["height"], case["width"], 3).astype(int)
        # The first released model's are all of seed 1, and named for their look alone.
        look, _, seed = case["name"].partition(" ")
        drawn = np.asarray(draw_lesion(int(seed or 1), case["width"], Look(look))).astype(int)
        assert np.abs(stored - drawn).max() <= 1


def test_golden_drawings_are_the_first_of_each_class_and_one_class_is_too_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch", reason="torch is in the training environment only")
    from training.release import export  # noqa: PLC0415

    def names(*classes: int) -> None:
        answers = itertools.cycle(classes)
        monkeypatch.setattr(
            "training.network.model.infer",
            lambda *_: (np.eye(7)[[next(answers)]], np.zeros((1, 1280))),
        )

    names(4, 4, 5, 4, 0, 5, 1)
    looks = [drawing.look for drawing in export.choose_drawings(None)]
    assert looks == [list(Look)[place] for place in (0, 2, 4, 6)]
    names(5)
    with pytest.raises(ValueError, match="names 1 classes"):
        export.choose_drawings(None)


def test_golden_answers_name_different_classes() -> None:
    cases = read(FOLDER.golden)["cases"]
    assert 3 <= len(cases) <= 4
    assert all(len(case["logits"]) == len(Diagnosis) for case in cases)
    assert len({int(np.argmax(case["logits"])) for case in cases}) == len(cases)


def test_tolerances_tell_a_port_from_a_swap_of_classes() -> None:
    manifest = read(FOLDER.manifest)
    logits = np.array([case["logits"] for case in read(FOLDER.golden)["cases"]])
    swapped = [
        np.abs(logits - logits[:, order]).max()
        for first in range(len(Diagnosis))
        for second in range(first)
        for order in [_swap(first, second)]
    ]
    for variant in manifest["variants"].values():
        assert variant["tolerance_logit"] < min(swapped)


def _swap(first: int, second: int) -> list[int]:
    order = list(range(len(Diagnosis)))
    order[first], order[second] = second, first
    return order


def test_the_manifest_carries_the_figures_of_the_evaluation() -> None:
    assert read(FOLDER.manifest)["evaluation"] == read(FOLDER.evaluation)


def test_the_evaluation_was_made_with_the_scales_of_the_manifest() -> None:
    calibration = read(FOLDER.calibration)
    manifest = read(FOLDER.manifest)
    evaluation = read(FOLDER.evaluation)
    assert manifest["scales"] == calibration["scales"]
    assert evaluation["scales"] == calibration["scales"]
    assert evaluation["temperature"] == manifest["calibration"]["temperature"]


def test_the_model_card_is_made_of_the_files() -> None:
    evaluation = parse_evaluation(read(FOLDER.evaluation))
    card = CARD.read_text(encoding="utf-8")
    assert card == made_of(DEFAULT_MODEL)[0]
    for figures in evaluation.slices.values():
        assert percent(figures.balanced_accuracy) in card
        assert plain(figures.melanoma_auc) in card
        assert percent(figures.priority.melanoma_urgent) in card


def test_the_card_says_what_must_be_said() -> None:
    card = " ".join(CARD.read_text(encoding="utf-8").split())
    for words in ("never a diagnosis", "CC BY-NC 4.0", "non-commercial", "dark skin"):
        assert words in card


@pytest.mark.parametrize("architecture", ["tf_efficientnetv2_b0", "efficientnetv2_of_lite0"])
def test_folding_a_batch_norm_leaves_the_answer_alone(architecture: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is in the training environment only")
    pytest.importorskip("tensorflow", reason="TensorFlow is in the training environment only")
    from training.measure.probes import HIDDEN_UNITS, Probe, Probes  # noqa: PLC0415
    from training.measure.risk_heads import LinearHead  # noqa: PLC0415
    from training.network import model  # noqa: PLC0415
    from training.release.export import expected_outputs  # noqa: PLC0415
    from training.release.tensorflow_graph import run  # noqa: PLC0415

    generator = np.random.default_rng(1)
    modality, lesion = (
        Probe(
            *(
                generator.normal(size=shape).astype(np.float32)
                for shape in (
                    (model.EMBEDDING_CHANNELS, HIDDEN_UNITS),
                    HIDDEN_UNITS,
                    HIDDEN_UNITS,
                    (),
                )
            )
        )
        for _ in range(2)
    )
    melanoma, malignancy, nail = (
        LinearHead(
            generator.normal(size=model.EMBEDDING_CHANNELS).astype(np.float32),
            np.array(generator.normal(), np.float32),
        )
        for _ in range(3)
    )
    fitted = Probes(modality, lesion, melanoma, malignancy, nail)
    torch.manual_seed(1)
    network = model.build(architecture=architecture)
    for module in network.modules():
        if hasattr(module, "running_var"):
            torch.nn.init.uniform_(module.running_mean, -0.5, 0.5)
            torch.nn.init.uniform_(module.running_var, 0.5, 2.0)
    folded = fold(network.eval(), fitted)
    pixels = np.asarray(draw_lesion(1), dtype=np.float32)[np.newaxis] / 127.5 - 1.0
    outputs = {name: output.numpy() for name, output in run(folded, pixels).items()}
    for name, expected in expected_outputs(network, fitted, pixels).items():
        assert outputs[name].shape == expected.shape
        assert np.abs(outputs[name] - expected).max() < 1e-3, name
    means = outputs["maps"].mean(axis=(1, 2))
    np.testing.assert_allclose(means + folded.classifier.bias, outputs["logits"], atol=1e-4)
    if architecture == model.GRAFTED:
        assert parameter_count(folded) == read(FOLDER.manifest)["parameters"]


def test_golden_pictures_fill_the_input() -> None:
    for case in read(FOLDER.golden)["cases"]:
        assert case["height"] * case["repeat"] == INPUT_SIZE_PX
        assert case["width"] * case["repeat"] == INPUT_SIZE_PX

"""The training loop learns, and goes on where it was interrupted. On drawn lesions."""

import io
from pathlib import Path

import numpy as np
import pytest

from lentigo.diagnosis import Diagnosis
from training.data import Modality, Record, Split
from training.synthetic import Look, draw_lesion

torch = pytest.importorskip("torch", reason="torch is in the training environment only")
from training import train  # noqa: E402

SIZE_PX = 48
STEPS = 40
CLASSES = {
    Diagnosis.NV: Look.EVEN_BROWN,
    Diagnosis.VASC: Look.RED_LACUNAE,
    Diagnosis.AKIEC: Look.SCALY_PINK,
}


def toy() -> tuple[list[Record], dict[str, bytes]]:
    records, files = [], {}
    for diagnosis, look in CLASSES.items():
        for seed in range(8):
            name = f"toy/{diagnosis}{seed}.jpg"
            buffer = io.BytesIO()
            draw_lesion(seed, 64, look).save(buffer, "PNG")
            files[name] = buffer.getvalue()
            records.append(
                Record("toy", name, name, diagnosis, Modality.CLINICAL, 1.0, Split.TRAIN, "ours")
            )
    return records, files


def recipe(minutes: float) -> train.Recipe:
    return train.Recipe(
        minutes=minutes,
        batch=16,
        learning_rate=2e-3,
        weight_decay=0.0,
        label_smoothing=0.0,
        mixup_share=0.0,
        weight_average=0.9,
        seed=1,
        threads=1,
        checkpoint_every_s=1e9,
        resolutions=[(1.0, SIZE_PX)],
    )


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    records, files = toy()
    first = train.train(recipe(0.01), records, files, tmp_path)
    again = train.train(recipe(0.01), records, files, tmp_path)
    assert (again.step, again.trained_s) == (first.step, first.trained_s)
    for name, tensor in first.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name]), name
    longer = train.train(recipe(first.trained_s / 60.0 + 0.001), records, files, tmp_path)
    assert longer.step > first.step


def test_the_loop_learns_to_tell_drawings_apart() -> None:
    records, files = toy()
    sampling = train.sampling_of(records)
    batches = train.Batches(recipe(1.0), records, files, sampling)
    labels = torch.tensor([list(Diagnosis).index(r.diagnosis) for r in records if r.diagnosis])
    run = train.start(recipe(1.0))
    run.network.train()
    for step in range(STEPS):
        pictures, chosen = batches.draw(step, SIZE_PX)
        prior = torch.from_numpy(sampling.log_prior[chosen])
        train.train_step(run, recipe(1.0), train.to_input(pictures), labels[chosen], prior)

    # Batch statistics (train mode): the running ones need more steps than a test has.
    unseen = np.stack(
        [
            np.asarray(draw_lesion(seed, SIZE_PX, look))
            for look in CLASSES.values()
            for seed in range(100, 108)
        ]
    )
    with torch.no_grad():
        logits = run.network(train.to_input(unseen))
    expected = np.repeat([list(Diagnosis).index(d) for d in CLASSES], 8)
    assert (logits.argmax(dim=1).numpy() == expected).mean() > 0.8


def test_the_prior_of_each_set_is_taken_by_itself() -> None:
    def record(source: str, diagnosis: Diagnosis) -> Record:
        return Record(source, "a", "a", diagnosis, Modality.CLINICAL, 1.0, Split.TRAIN, "ours")

    records = [record("one", Diagnosis.NV)] * 9 + [record("one", Diagnosis.MEL)]
    records += [record("two", Diagnosis.BCC)] * 4
    sampling = train.sampling_of(records)
    assert sampling.weight.sum() == pytest.approx(1.0)
    # By 1/sqrt(count), nine naevi are drawn three times as often as one melanoma.
    assert sampling.weight[:9].sum() == pytest.approx(3 * sampling.weight[9])
    order = list(Diagnosis)
    assert np.exp(sampling.log_prior[0, order.index(Diagnosis.NV)]) == pytest.approx(3 / 4)
    assert np.exp(sampling.log_prior[9, order.index(Diagnosis.MEL)]) == pytest.approx(1 / 4)
    assert np.exp(sampling.log_prior[10, order.index(Diagnosis.BCC)]) == pytest.approx(1.0)


def test_a_recipe_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    text = Path("training/first.toml").read_text(encoding="utf-8")
    assert train.read_recipe(Path("training/first.toml")).batch == 48
    (tmp_path / "odd.toml").write_text(text.replace("batch =", "bacth ="), encoding="utf-8")
    with pytest.raises(SystemExit, match="bacth, batch"):
        train.read_recipe(tmp_path / "odd.toml")

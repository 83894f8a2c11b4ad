"""The learning curve: runs follow one another, and the figure is that of the curves."""

from training.fit.learning_curve import FIGURE, draw, points, read_ways


def line(step: int, value: float) -> dict[str, object]:
    return {"step": step, "ham10000": {"melanoma_auc": {"value": value}}}


def test_runs_follow_one_another_in_pictures_seen() -> None:
    runs = [[line(100, 0.8), line(500, 0.9)], [line(250, 0.85)]]
    assert points(runs, "melanoma_auc") == ((3.2, 0.8), (16.0, 0.9), (24.0, 0.85))


def test_the_committed_figure_is_of_the_committed_curves() -> None:
    assert FIGURE.read_text(encoding="utf-8") == draw(read_ways())

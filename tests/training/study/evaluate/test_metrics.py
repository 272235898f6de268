import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="needs the train extra")
from sklearn.metrics import (
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    top_k_accuracy_score,
)

from timbrescope.models.frontend import settings as front_end_settings
from timbrescope.models.instruments import NAMES
from timbrescope.training.measures.reliability import without_temperature
from timbrescope.training.study.evaluate.metrics import (
    Metrics,
    MetricsError,
    baseline_probabilities,
    evaluate_answers,
    load_answers,
    measure,
    read_metrics,
    save_answers,
)
from timbrescope.training.study.folder import StudyFolder

CLASSES = len(NAMES)


def claims(answered: list[int], *, confidence: float = 0.73) -> np.ndarray:
    """Probabilities that give each clip one likeliest class, and the rest to all others."""
    rows = np.full((len(answered), CLASSES), (1 - confidence) / (CLASSES - 1))
    rows[np.arange(len(answered)), answered] = confidence
    return rows


def random_answers(n: int, *, seed: int, classes: int = CLASSES) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    probabilities = rng.dirichlet(np.full(CLASSES, 0.3), size=n)
    probabilities[np.arange(n), labels] += rng.random(n)
    return probabilities / probabilities.sum(axis=1, keepdims=True), labels


def groups_of(n: int, *, size: int = 1) -> np.ndarray:
    return np.array([f"group {i // size}" for i in range(n)])


def test_figures_of_a_case_worked_by_hand() -> None:
    """Class 0: 3 of 4 right; class 5: 1 of 2 right; one clip of class 0 is called 5, one of 5
    is called 9, a class without clips."""
    labels = np.array([0, 0, 0, 0, 5, 5])
    found = measure(claims([0, 0, 0, 5, 5, 9]), labels, groups_of(6))
    assert (found.n, found.classes, len(found.absent)) == (6, 2, 26)
    assert found.accuracy == pytest.approx(4 / 6)
    accordion, cowbell = found.per_class["Accordion"], found.per_class["Cowbell"]
    assert (accordion.precision, accordion.recall, accordion.support) == (1.0, 0.75, 4)
    assert (cowbell.precision, cowbell.recall, cowbell.support) == (0.5, 0.5, 2)
    assert accordion.f1 == pytest.approx(6 / 7, abs=1e-6)
    assert found.macro_f1 == pytest.approx((6 / 7 + 0.5) / 2, abs=1e-6)
    assert found.weighted_f1 == pytest.approx((4 * 6 / 7 + 2 * 0.5) / 6, abs=1e-6)
    assert found.macro_recall == 0.625
    assert found.confusion[0][0] == 3
    assert found.confusion[0][5] == 1
    assert found.confusion[5][9] == 1
    assert sum(map(sum, found.confusion)) == 6
    assert "Electric Guitar" in found.absent, "answered, but without a test clip"


def test_the_calibration_error_of_a_case_worked_by_hand() -> None:
    """Confidence 0.9 with 1 of 2 right, 0.5 with 2 of 2 right: error (0.4 * 2 + 0.5 * 2) / 4."""
    probabilities = np.concatenate([claims([0, 1], confidence=0.9), claims([2, 3], confidence=0.5)])
    found = measure(probabilities, np.array([0, 0, 2, 3]), groups_of(4))
    assert found.ece == pytest.approx(0.45)
    assert [(b.count, b.accuracy) for b in found.reliability] == [(2, 1.0), (2, 0.5)]
    assert found.reliability[0].low < 0.5 <= found.reliability[0].high
    assert found.nll == pytest.approx(-np.log([0.9, 0.1 / 27, 0.5, 0.5]).mean(), abs=1e-5)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, CLASSES))
def test_figures_agree_with_scikit_learn(seed: int, classes: int) -> None:
    probabilities, labels = random_answers(60, seed=seed, classes=classes)
    found = measure(probabilities, labels, groups_of(60), resamples=2)
    present, answered = np.unique(labels), probabilities.argmax(axis=1)
    options: dict[str, Any] = {"labels": present, "average": "macro", "zero_division": 0}
    assert found.macro_f1 == pytest.approx(f1_score(labels, answered, **options), abs=1e-6)
    assert found.macro_recall == pytest.approx(recall_score(labels, answered, **options), abs=1e-6)
    precision = precision_score(labels, answered, **options)
    assert found.macro_precision == pytest.approx(precision, abs=1e-6)
    top3 = top_k_accuracy_score(labels, probabilities, k=3, labels=np.arange(CLASSES))
    assert found.top3 == pytest.approx(top3, abs=1e-6)
    likelihood = log_loss(labels, probabilities, labels=np.arange(CLASSES))
    assert found.nll == pytest.approx(likelihood, abs=1e-4)


def test_a_class_with_probability_zero_is_in_no_top_three() -> None:
    """Nearest neighbours give 0 to most classes; the alphabet must not decide between them."""
    certain = np.zeros((2, CLASSES))
    certain[:, 20] = 1.0
    found = measure(certain, np.array([0, 20]), groups_of(2))
    assert found.top3 == 0.5


def test_impossible_answers_have_a_finite_likelihood() -> None:
    certain = np.zeros((1, CLASSES))
    certain[0, 1] = 1.0
    assert measure(certain, np.array([0]), groups_of(1)).nll == pytest.approx(15.94, abs=0.01)


@settings(max_examples=20)
@given(st.floats(0.3, 6.0), st.integers(0, 2**32 - 1))
def test_a_temperature_can_be_taken_out_again(temperature: float, seed: int) -> None:
    logits = np.random.default_rng(seed).normal(0, 3.0, (30, CLASSES))

    def softmax(values: np.ndarray) -> np.ndarray:
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    stored = softmax(logits / temperature).astype(np.float32)
    assert without_temperature(stored, temperature) == pytest.approx(softmax(logits), abs=1e-5)
    labels = logits.argmax(axis=1)
    with_it = measure(stored, labels, groups_of(30), temperature=temperature, resamples=2)
    without = measure(softmax(logits), labels, groups_of(30), resamples=2)
    assert with_it.uncalibrated_nll == pytest.approx(without.nll, abs=1e-4)
    assert without.uncalibrated_nll is None


def test_few_groups_give_no_interval_but_a_reason() -> None:
    probabilities, labels = random_answers(40, seed=1)
    found = measure(probabilities, labels, groups_of(40, size=10))
    assert found.intervals == {}
    assert "4 groups" in found.note
    assert "at least 5" in found.note


def test_figures_survive_json(tmp_path: Path) -> None:
    probabilities, labels = random_answers(50, seed=2)
    found = measure(probabilities, labels, groups_of(50), temperature=1.3)
    assert Metrics.from_dict(json.loads(json.dumps(found.as_dict()))) == found
    assert set(found.intervals) == {"accuracy", "macro_f1", "macro_recall", "top3"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p, labels: (p * 3, labels), "rows sum to 3"),
        (lambda p, labels: (p - 0.5, labels), "not logits"),
        (lambda p, labels: (np.where(p > 0.5, np.nan, p), labels), "not probabilities"),
        (lambda p, labels: (p[:, :27], labels), "28 probabilities for each clip"),
        (lambda p, labels: (p[:0], labels[:0]), "no answers to measure"),
        (lambda p, labels: (p, labels + 28), "not in 0...27"),
    ],
)
def test_what_cannot_be_measured_is_refused(spoil: Any, said: str) -> None:
    probabilities, labels = spoil(claims([0, 1, 2]), np.array([0, 1, 2]))
    with pytest.raises(MetricsError, match=said):
        measure(probabilities, labels, groups_of(len(labels)))


def test_the_baseline_always_answers_the_commonest_class() -> None:
    found = baseline_probabilities(np.array([3, 3, 3, 7]), 5)
    assert found.shape == (5, CLASSES)
    assert (found.argmax(axis=1) == 3).all()
    assert found[0, 3] == pytest.approx(0.75)
    with pytest.raises(MetricsError, match="no training clips"):
        baseline_probabilities(np.array([], int), 5)


def test_answers_are_kept_and_measured(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    probabilities, labels = random_answers(30, seed=3)
    clips = [f"Bläser/{i}.wav" for i in range(30)]
    path = folder.answers("random", "mel", "test")
    save_answers(
        path, probabilities=probabilities, labels=labels, groups=groups_of(30), clips=clips
    )
    kept = load_answers(path)
    assert kept.clips.tolist() == clips
    assert kept.probabilities == pytest.approx(probabilities, abs=1e-6)
    found = evaluate_answers(folder, "random", "mel", "test")
    assert read_metrics(folder.metrics("random", "mel", "test")) == found
    assert found.temperature is None
    assert [file.name for file in path.parent.iterdir() if file.suffix == ".part"] == []


def test_the_sidecars_temperature_is_stated(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    probabilities, labels = random_answers(30, seed=4)
    path = folder.answers("grouped", "mel", "test")
    save_answers(
        path, probabilities=probabilities, labels=labels, groups=groups_of(30), clips=labels
    )
    sidecar = folder.onnx("grouped", "mel").with_suffix(".json")
    sidecar.parent.mkdir(parents=True)
    stated = {
        "name": "a study: CNN",
        "kind": "mel",
        "version": "1",
        "classes": NAMES,
        "front_end": front_end_settings("mel"),
        "temperature": 2.0,
        "thresholds": {"quiet_dbfs": -60, "not_sure": 0.5},
        "sha256": "0" * 64,
        "licence": "",
        "created": "",
    }
    sidecar.write_text(json.dumps(stated), "utf-8")
    found = evaluate_answers(folder, "grouped", "mel", "test", seed=5)
    assert found.temperature == 2.0
    assert found.uncalibrated_ece is not None
    assert found.uncalibrated_ece != found.ece


def test_missing_or_spoilt_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MetricsError, match="step 'evaluate'"):
        load_answers(tmp_path / "none.npz")
    spoilt = tmp_path / "spoilt.npz"
    spoilt.write_bytes(b"PK not a zip")
    with pytest.raises(MetricsError, match=r"spoilt\.npz"):
        load_answers(spoilt)
    figures = tmp_path / "figures.json"
    figures.write_text("[]", "utf-8")
    with pytest.raises(MetricsError, match=r"figures\.json"):
        read_metrics(figures)
    with pytest.raises(MetricsError, match="different lengths"):
        save_answers(spoilt, probabilities=claims([1]), labels=[1, 2], groups=["a"], clips=["b"])

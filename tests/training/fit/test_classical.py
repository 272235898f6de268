"""The classical models: the paper's settings, 28 columns, and the same again by the same seed."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skl2onnx", reason="needs the train extra")

from classical_material import features_of, fitted_to, vectors_of

from timbrescope.models.catalogue import CLASSICAL_NAMES
from timbrescope.training.fit.classical import (
    MODEL,
    SCALER,
    ClassicalModelError,
    build,
    fit_classical,
    mean_vectors,
    probabilities,
)

PAPER = {
    "logistic-regression": {"max_iter": 1000, "class_weight": "balanced", "random_state": 22},
    "k-nearest-neighbours": {"n_neighbors": 5, "weights": "distance"},
    "random-forest": {"n_estimators": 200, "n_jobs": -1, "random_state": 22},
}


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_the_settings_are_the_papers(name: str) -> None:
    found = build(name, seed=22).named_steps[MODEL].get_params()
    assert {key: found[key] for key in PAPER[name]} == PAPER[name]


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_the_models_learn_and_answer_with_probabilities(name: str) -> None:
    fitted = fitted_to(name, range(28))
    vectors, labels = vectors_of(range(28), each=4, seed=9)
    found = probabilities(fitted, vectors)
    assert found.shape == (len(labels), 28)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
    assert (found.argmax(axis=1) == labels).mean() > 0.5
    assert fitted.settings["windows"] == 28 * 12
    assert fitted.seconds >= 0


def test_the_scaler_knows_the_training_vectors_only() -> None:
    fitted = fitted_to("logistic-regression", range(28))
    vectors, _ = vectors_of(range(28))
    before = fitted.pipeline.named_steps[SCALER].mean_.copy()
    probabilities(fitted, vectors + 100)
    np.testing.assert_array_equal(fitted.pipeline.named_steps[SCALER].mean_, before)
    np.testing.assert_allclose(before, vectors.astype(np.float64).mean(axis=0), rtol=1e-9)


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_units_of_the_coefficients_do_not_matter(name: str) -> None:
    vectors, labels = vectors_of(range(6))
    scale, offset = np.float32(2.0) ** np.arange(-20, 20), np.float32(0)
    plain = fit_classical(name, vectors, labels, seed=22)
    scaled = fit_classical(name, vectors * scale + offset, labels, seed=22)
    tested, _ = vectors_of(range(6), seed=4)
    found = probabilities(scaled, tested * scale + offset)
    np.testing.assert_allclose(found, probabilities(plain, tested), atol=1e-5)


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_missing_classes_have_columns_of_zeros(name: str) -> None:
    fitted = fitted_to(name, (2, 7, 27))
    vectors, _ = vectors_of([0, 2, 7, 27])
    found = probabilities(fitted, vectors)
    assert fitted.classes.tolist() == [2, 7, 27]
    assert np.flatnonzero(found.sum(axis=0)).tolist() == [2, 7, 27]
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_the_seed_decides_the_forest() -> None:
    vectors, labels = vectors_of(range(5))
    tested, _ = vectors_of(range(5), seed=8)
    first, again, other = (
        probabilities(fit_classical("random-forest", vectors, labels, seed=seed), tested)
        for seed in (22, 22, 23)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_no_vectors_have_no_answers() -> None:
    fitted = fitted_to("k-nearest-neighbours", (1, 2))
    assert probabilities(fitted, np.empty((0, 40), np.float32)).shape == (0, 28)
    assert mean_vectors(np.empty((0, 40, 130), np.float32)).shape == (0, 40)


def test_means_are_summed_in_double_precision_and_read_from_disk(tmp_path: Path) -> None:
    features = features_of(vectors_of(range(28), each=20)[0])
    np.save(tmp_path / "f.npy", features)
    found = mean_vectors(np.load(tmp_path / "f.npy", mmap_mode="r"))
    np.testing.assert_array_equal(
        found, features.astype(np.float64).mean(axis=2).astype(np.float32)
    )


@pytest.mark.parametrize(
    ("name", "rows", "labels", "message"),
    [
        ("svm", 4, [0, 1, 2, 3], "no classical model 'svm'; known are logistic-regression"),
        ("random-forest", 4, [3, 3, 3, 3], r"1 class\(es\)"),
        ("random-forest", 3, [0, 1], r"\(2, 40\), not \(3, 40\)"),
        ("k-nearest-neighbours", 4, [0, 1, 0, 1], "needs 5 windows or more, not 4"),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    name: str, rows: int, labels: list[int], message: str
) -> None:
    with pytest.raises(ClassicalModelError, match=message):
        fit_classical(name, np.zeros((rows, 40), np.float32), np.array(labels), seed=22)

"""Exported classical models against scikit-learn, where single precision could go wrong too."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skl2onnx", reason="needs the train extra")

import onnx
import onnxruntime
from classical_material import features_of, fitted_to, steady, vectors_of
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.ensemble import RandomForestClassifier

from timbrescope.models.artefact import load_artefact
from timbrescope.models.catalogue import CLASSICAL_NAMES
from timbrescope.models.classifier import Classifier
from timbrescope.training.export.classical import compare, export_classical, run_graph
from timbrescope.training.export.classical_graph import build_graph
from timbrescope.training.export.classical_size import graph_bytes, within_budget
from timbrescope.training.export.forest_graph import forest_graph, rounded_down
from timbrescope.training.export.neighbours_graph import undecided
from timbrescope.training.export.sidecar import ParityError, Provenance
from timbrescope.training.fit.classical import (
    ClassicalModelError,
    Fitted,
    fit_classical,
    mean_vectors,
    probabilities,
)
from timbrescope.training.measures.calibration import calibrate


@pytest.fixture(scope="module", params=CLASSICAL_NAMES)
def fitted(request: pytest.FixtureRequest) -> Fitted:
    return fitted_to(request.param, range(28))


@pytest.fixture(scope="module")
def held_out() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    vectors, labels = vectors_of(range(28), each=4, seed=9)
    return features_of(vectors), labels


def answers(fitted: Fitted, features: NDArray[np.float32]) -> NDArray[np.float32]:
    return run_graph(build_graph(fitted).SerializeToString(), features)[1]


def test_the_graph_gives_scikit_learns_probabilities(
    fitted: Fitted, held_out: tuple[NDArray[np.float32], NDArray[np.int64]]
) -> None:
    features, _ = held_out
    logits, found = run_graph(build_graph(fitted).SerializeToString(), features)
    expected = probabilities(fitted, mean_vectors(features))
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_allclose(softmax(logits, axis=1), found, atol=1e-6)


def test_the_graph_has_the_names_and_shapes_of_the_contract(fitted: Fitted) -> None:
    graph = build_graph(fitted, name="mine")
    shapes = {
        entry.name: [axis.dim_param or axis.dim_value for axis in entry.type.tensor_type.shape.dim]
        for entry in (*graph.graph.input, *graph.graph.output)
    }
    assert shapes == {
        "features": ["batch", 40, 130],
        "logits": ["batch", 28],
        "probabilities": ["batch", 28],
    }
    assert [(entry.domain, entry.version) for entry in graph.opset_import] == [("", 17)]
    stated = {entry.key: entry.value for entry in graph.metadata_props}
    assert stated == {"name": "mine", "version": "0.1.0", "kind": "mfcc"}


def test_export_writes_a_pair_that_the_product_runs(
    fitted: Fitted, held_out: tuple[NDArray[np.float32], NDArray[np.int64]], tmp_path: Path
) -> None:
    features, labels = held_out
    path = tmp_path / "new" / "model.onnx"
    report = export_classical(
        fitted, path, features=features, labels=labels, provenance=Provenance(split={"name": "x"})
    )
    assert report.parity.windows == len(labels)
    assert report.size_bytes == path.stat().st_size
    sidecar = load_artefact(path).sidecar
    assert (sidecar.kind, sidecar.family, sidecar.split) == ("mfcc", fitted.name, {"name": "x"})
    assert sidecar.name == f"timbrescope-{fitted.name}"
    classifier = Classifier.load(path=path)
    assert not classifier.explains
    found = np.stack([classifier.predict(window).probabilities for window in features[:5]])
    logits, _ = run_graph(path.read_bytes(), features)
    expected = softmax(logits[:5] / sidecar.temperature, axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_temperature_and_threshold_are_fitted_to_the_graph_that_is_written(
    fitted: Fitted, held_out: tuple[NDArray[np.float32], NDArray[np.int64]], tmp_path: Path
) -> None:
    features, labels = held_out
    path = tmp_path / "model.onnx"
    export_classical(fitted, path, features=features, labels=labels, provenance=Provenance())
    wanted = calibrate(run_graph(path.read_bytes(), features)[0], labels)
    sidecar = load_artefact(path).sidecar
    assert sidecar.temperature == wanted.temperature
    assert sidecar.thresholds.not_sure == wanted.not_sure
    assert sidecar.metrics["calibration"] == wanted.as_dict()


def test_without_labels_the_given_temperature_is_kept(
    held_out: tuple[NDArray[np.float32], NDArray[np.int64]], tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    export_classical(
        fitted_to("logistic-regression", range(28)),
        path,
        features=held_out[0],
        provenance=Provenance(temperature=2.5, not_sure=0.3, name="own"),
    )
    sidecar = load_artefact(path).sidecar
    assert (sidecar.name, sidecar.temperature) == ("own", 2.5)
    assert sidecar.thresholds.not_sure == 0.3


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
@pytest.mark.parametrize("classes", [(4, 19), (0, 5, 27)])
def test_missing_classes_get_nothing_at_any_temperature(
    name: str, classes: tuple[int, ...]
) -> None:
    part = fitted_to(name, classes)
    features = features_of(vectors_of(classes, seed=6)[0])
    logits, found = run_graph(build_graph(part).SerializeToString(), features)
    np.testing.assert_allclose(found, probabilities(part, mean_vectors(features)), atol=1e-4)
    absent = np.setdiff1d(np.arange(28), classes)
    assert np.isfinite(logits).all()
    assert (softmax(logits / 10, axis=1)[:, absent] == 0).all()


def test_a_window_that_was_stored_is_known_again() -> None:
    vectors, labels = vectors_of(range(28))
    model = fit_classical("k-nearest-neighbours", vectors, labels, seed=22)
    found = answers(model, steady(vectors))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[np.arange(len(labels)), labels], 1, atol=1e-4)
    np.testing.assert_allclose(found, probabilities(model, vectors), atol=1e-4)


def test_equal_windows_of_several_classes_share_the_answer() -> None:
    vectors, labels = vectors_of(range(4))
    vectors[12], vectors[24] = vectors[0], vectors[0]
    model = fit_classical("k-nearest-neighbours", vectors, labels, seed=22)
    found = answers(model, steady(vectors[:1]))
    np.testing.assert_allclose(found[0, :4], [1 / 3, 1 / 3, 1 / 3, 0], atol=1e-4)
    np.testing.assert_allclose(found, probabilities(model, vectors[:1]), atol=1e-4)


def test_nearly_equal_windows_weigh_as_their_distance_says() -> None:
    vectors, labels = vectors_of(range(4))
    near = vectors[:1].copy()
    near[0, 0] = np.nextafter(near[0, 0], np.float32(0))
    model = fit_classical("k-nearest-neighbours", vectors, labels, seed=22)
    found = answers(model, steady(near))
    np.testing.assert_allclose(found, probabilities(model, near), atol=1e-4)


def test_answers_that_chance_decides_are_left_out_of_the_comparison() -> None:
    vectors, labels = vectors_of(range(8))
    vectors[::12] = vectors[0]
    model = fit_classical("k-nearest-neighbours", vectors, labels, seed=22)
    tested = vectors[[0, 1]]
    assert undecided(model.pipeline, tested).tolist() == [True, False]
    logits, found = run_graph(build_graph(model).SerializeToString(), steady(tested))
    report = compare(model, tested, logits=logits, answers=found)
    assert (report.windows, report.ties, report.ok) == (1, 1, True)


def test_many_equal_windows_of_one_class_are_no_tie() -> None:
    vectors, labels = vectors_of(range(8))
    vectors[:12] = vectors[0]
    model = fit_classical("k-nearest-neighbours", vectors, labels, seed=22)
    assert not undecided(model.pipeline, vectors[:1]).any()
    assert answers(model, steady(vectors[:1]))[0, 0] == pytest.approx(1, abs=1e-4)


def test_thresholds_are_never_rounded_up() -> None:
    low = np.float32(1.0)
    for _ in range(50):
        high = np.nextafter(low, np.float32(2))
        between = (np.float64(low) + np.float64(high)) / 2
        assert rounded_down(np.array([between]))[0] == low
        low = high
    exact = np.array([-2.5, 0.0, 0.1, 1e-30])
    assert (rounded_down(exact).astype(np.float64) <= exact).all()
    assert rounded_down(exact)[0] == np.float32(-2.5)


def run_forest(forest: RandomForestClassifier, x: NDArray[np.float32]) -> NDArray[np.float64]:
    session = onnxruntime.InferenceSession(
        forest_graph(forest).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: NDArray[np.float64] = session.run(None, {"standardised": x})[0]
    return found


def test_neighbouring_float32_values_fall_on_the_right_side_of_a_threshold() -> None:
    steps = np.arange(64, dtype=np.uint32) + np.float32(1.0).view(np.uint32)
    x = np.repeat(steps.view(np.float32)[:, np.newaxis], 3, axis=1)
    labels = np.arange(64) % 2
    forest = RandomForestClassifier(n_estimators=20, random_state=1).fit(x, labels)
    limits = np.concatenate([tree.tree_.threshold for tree in forest.estimators_])
    assert (limits.astype(np.float32) > limits).any(), "no threshold that rounding would spoil"
    np.testing.assert_allclose(run_forest(forest, x), forest.predict_proba(x), atol=1e-7)


def test_trees_without_a_split_and_mixed_leaves() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(40, 3)).astype(np.float32)
    labels = rng.integers(0, 3, 40)
    for settings in ({"max_depth": 2}, {"min_samples_leaf": 30}, {"max_leaf_nodes": 7}):
        forest = RandomForestClassifier(n_estimators=8, random_state=1, **settings).fit(x, labels)
        np.testing.assert_allclose(run_forest(forest, x), forest.predict_proba(x), atol=1e-7)


def test_a_graph_of_another_model_is_not_written(
    held_out: tuple[NDArray[np.float32], NDArray[np.int64]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = build_graph(fitted_to("k-nearest-neighbours", range(28), each=6))

    def wrong(*_: object, **__: object) -> onnx.ModelProto:
        return other

    monkeypatch.setattr("timbrescope.training.export.classical.build_graph", wrong)
    mine = fitted_to("k-nearest-neighbours", range(28))
    with pytest.raises(ParityError, match="k-nearest-neighbours differs from scikit-learn"):
        export_classical(mine, tmp_path / "m.onnx", features=held_out[0], provenance=Provenance())
    assert list(tmp_path.iterdir()) == []


def test_without_held_out_windows_nothing_is_written(tmp_path: Path) -> None:
    mine = fitted_to("logistic-regression", range(28))
    nothing = np.empty((0, 40, 130), np.float32)
    with pytest.raises(ClassicalModelError, match="needs held-out windows"):
        export_classical(mine, tmp_path / "m.onnx", features=nothing, provenance=Provenance())
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_with_nan_or_without_windows_is_not_ok(fitted: Fitted) -> None:
    nothing = np.zeros((1, 28), np.float32)
    report = compare(fitted, vectors_of([1], each=1)[0], logits=nothing, answers=nothing + np.nan)
    assert not report.ok
    assert not replace(report, windows=0, probabilities=0.0, softmax=0.0).ok


@pytest.mark.parametrize(
    ("name", "share", "method"),
    [("random-forest", 0.6, "of 200 trees"), ("k-nearest-neighbours", 0.6, "of 8400 vectors")],
)
def test_a_budget_is_kept_and_its_price_stated(
    name: str,
    share: float,
    method: str,
    held_out: tuple[NDArray[np.float32], NDArray[np.int64]],
    tmp_path: Path,
) -> None:
    large = fitted_to(name, range(28), each=12 if name == "random-forest" else 300)
    whole = graph_bytes(large)
    budget = int(whole * share)
    path = tmp_path / "m.onnx"
    features, labels = held_out
    report = export_classical(
        large,
        path,
        features=features,
        labels=labels,
        provenance=Provenance(),
        budget_bytes=budget,
    )
    assert path.stat().st_size < budget
    assert method in report.pruning
    stated = load_artefact(path).sidecar.metrics["pruning"]
    assert stated["full"]["bytes"] == whole
    assert stated["shipped"]["bytes"] < budget
    right = probabilities(large, mean_vectors(features)).argmax(axis=1) == labels
    assert stated["full"]["accuracy"] == pytest.approx(right.mean(), abs=1e-4)
    found = run_graph(path.read_bytes(), features)[1].argmax(axis=1) == labels
    assert stated["shipped"]["accuracy"] == pytest.approx(found.mean(), abs=1e-4)


def test_what_fits_is_left_alone_and_what_cannot_be_cut_is_refused(fitted: Fitted) -> None:
    kept, pruning = within_budget(fitted)
    assert kept is fitted
    assert not pruning.applied
    with pytest.raises(ClassicalModelError, match="cannot be cut below 2000"):
        within_budget(fitted, budget_bytes=2000)

"""The exported graph against Keras and against the gradient tape."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tensorflow", reason="needs the train extra")
pytest.importorskip("tf2onnx", reason="needs the train extra")
pytestmark = pytest.mark.train

import keras  # noqa: E402
import onnx  # noqa: E402

from timbrescope.models.artefact import load_artefact, sidecar_path  # noqa: E402
from timbrescope.models.classifier import Classifier  # noqa: E402
from timbrescope.models.frontend import PAPER_KINDS, WINDOW_SAMPLES, FeatureKind, features  # noqa: E402
from timbrescope.training.export.cnn import build_graph, export_model  # noqa: E402
from timbrescope.training.export.grad_cam import HEATMAPS, OUTPUT_NAMES  # noqa: E402
from timbrescope.training.export.parity import (  # noqa: E402
    check_parity,
    gradient_heatmaps,
    run_graph,
)
from timbrescope.training.export.sidecar import ParityError, Provenance  # noqa: E402
from timbrescope.training.fit.cnn import (  # noqa: E402
    EMBEDDING,
    LOGITS,
    PROBABILITIES,
    build_cnn,
    layer_output,
    with_precision,
)

WINDOWS = 6


def sounds() -> list[NDArray[np.float32]]:
    """Tones, noises and clicks: windows whose spectrograms have little in common."""
    rng = np.random.default_rng(5)
    time_s = np.arange(WINDOW_SAMPLES) / 22_050
    tones = [0.3 * np.sin(2 * np.pi * hz * time_s) for hz in (220.0, 1_760.0)]
    noises = [rng.normal(0, level, WINDOW_SAMPLES) for level in (0.1, 0.01)]
    clicks = [
        np.where(np.arange(WINDOW_SAMPLES) % period == 0, 0.9, 0.0) for period in (500, 9_000)
    ]
    return [sound.astype(np.float32) for sound in tones + noises + clicks]


def lived_in(kind: FeatureKind) -> keras.Model:
    """A network whose BatchNormalization is far from the identity, as after training."""
    keras.utils.set_random_seed(7)
    model = build_cnn(kind)
    rng = np.random.default_rng(8)
    for number in (1, 2, 3):
        norm = model.get_layer(f"norm{number}")
        size = norm.gamma.shape
        norm.gamma.assign(rng.normal(0, 1, size))
        norm.beta.assign(rng.normal(0, 0.3, size))
        norm.moving_mean.assign(rng.normal(0, 0.3, size))
        norm.moving_variance.assign(rng.uniform(0.05, 2.0, size))
    return model


def sure(model: keras.Model, batch: NDArray[np.float32], *, kind: FeatureKind) -> keras.Model:
    """A copy with its logits scaled so that p of every window is between 0.999 and 1 - 1e-9."""
    logits = layer_output(model, LOGITS)(batch, training=False)[LOGITS].numpy()
    ranked = np.sort(logits, axis=1)
    gap = float((ranked[:, -1] - ranked[:, -2]).min())
    copy = with_precision(model, kind=kind, precision="float32")
    head = copy.get_layer(LOGITS)
    head.kernel.assign(head.kernel * (12.0 / gap))
    return copy


@pytest.fixture(scope="module", params=PAPER_KINDS)
def kind(request: pytest.FixtureRequest) -> FeatureKind:
    return request.param


@pytest.fixture(scope="module")
def batch(kind: FeatureKind) -> NDArray[np.float32]:
    return np.stack([features(sound, kind=kind) for sound in sounds()])


@pytest.fixture(scope="module")
def model(kind: FeatureKind) -> keras.Model:
    return lived_in(kind)


def test_graph_gives_what_keras_and_the_tape_give(
    kind: FeatureKind, model: keras.Model, batch: NDArray[np.float32]
) -> None:
    report = check_parity(
        build_graph(model, kind=kind).SerializeToString(), model, batch, kind=kind
    )
    assert report.ok, str(report)
    assert report.windows == WINDOWS


def test_heatmaps_survive_certainty(
    kind: FeatureKind, model: keras.Model, batch: NDArray[np.float32]
) -> None:
    """Some windows, each alone, so that each is in the range where p (1 - p) dies."""
    for row in range(0, WINDOWS, 2):
        window = batch[row : row + 1]
        certain = sure(model, window, kind=kind)
        graph = build_graph(certain, kind=kind).SerializeToString()
        found = run_graph(graph, window)
        assert found[PROBABILITIES].max() > 0.999
        best = int(found[PROBABILITIES][0].argmax())
        report = check_parity(graph, certain, window, kind=kind)
        assert report.heatmaps <= 1e-3, str(report)
        exact = gradient_heatmaps(certain, window, kind=kind)[0, best]
        assert (found[HEATMAPS][0, best].max() > 0) == (exact.max() > 0)


def test_at_p_equal_to_one_the_map_is_still_drawn(
    kind: FeatureKind, model: keras.Model, batch: NDArray[np.float32]
) -> None:
    """Where float32 says 1.0 exactly, the naive gradient is zero and its map is black."""
    before = run_graph(build_graph(model, kind=kind).SerializeToString(), batch)
    certain = with_precision(model, kind=kind, precision="float32")
    head = certain.get_layer(LOGITS)
    head.kernel.assign(head.kernel * 1e5)
    found = run_graph(build_graph(certain, kind=kind).SerializeToString(), batch)
    assert (found[PROBABILITIES].max(axis=1) == 1.0).all()
    assert np.isfinite(found[HEATMAPS]).all()
    rows, best = np.arange(WINDOWS), found[LOGITS].argmax(axis=1)
    np.testing.assert_array_equal(best, before[LOGITS].argmax(axis=1))
    assert (found[HEATMAPS][rows, best].max(axis=(1, 2)) > 0).any()


def test_graph_has_the_names_and_shapes_of_the_contract(
    kind: FeatureKind, model: keras.Model
) -> None:
    graph = build_graph(model, kind=kind)
    rows = {"mel": 128, "mfcc": 40}[kind]
    shapes = {
        entry.name: [axis.dim_param or axis.dim_value for axis in entry.type.tensor_type.shape.dim]
        for entry in (*graph.graph.input, *graph.graph.output)
    }
    assert shapes == {
        "features": ["batch", rows, 130],
        LOGITS: ["batch", 28],
        PROBABILITIES: ["batch", 28],
        EMBEDDING: ["batch", 128],
        HEATMAPS: ["batch", 28, rows // 4, 32],
    }
    assert tuple(entry.name for entry in graph.graph.output) == OUTPUT_NAMES
    assert {entry.domain: entry.version for entry in graph.opset_import}[""] == 17


def test_export_writes_a_pair_that_the_product_accepts(
    kind: FeatureKind, model: keras.Model, batch: NDArray[np.float32], tmp_path: Path
) -> None:
    path = tmp_path / f"{kind}.onnx"
    export_model(
        model, path, kind=kind, features=batch, provenance=Provenance(temperature=2.0, not_sure=0.4)
    )
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [f"{kind}.json", f"{kind}.onnx"]
    sidecar = load_artefact(path).sidecar
    assert (sidecar.temperature, sidecar.thresholds.not_sure) == (2.0, 0.4)
    logits = Classifier.load(kind, path=path).predict(batch[0]).logits
    expected = layer_output(model, LOGITS)(batch[:1], training=False)[LOGITS][0]
    np.testing.assert_allclose(logits, expected, atol=1e-4)


def test_a_graph_of_other_weights_is_not_written(
    kind: FeatureKind,
    model: keras.Model,
    batch: NDArray[np.float32],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = build_graph(build_cnn(kind), kind=kind)

    def wrong_graph(*_: object, **__: object) -> onnx.ModelProto:
        return other

    monkeypatch.setattr("timbrescope.training.export.cnn.build_graph", wrong_graph)
    path = tmp_path / f"{kind}.onnx"
    with pytest.raises(ParityError, match="differs from the network"):
        export_model(model, path, kind=kind, features=batch, provenance=Provenance())
    assert not path.exists()
    assert not sidecar_path(path).exists()


def test_a_report_with_nan_is_not_ok(
    kind: FeatureKind, model: keras.Model, batch: NDArray[np.float32]
) -> None:
    graph = build_graph(model, kind=kind).SerializeToString()
    report = check_parity(graph, model, batch[:1], kind=kind)
    assert not dataclasses.replace(report, heatmaps=float("nan")).ok

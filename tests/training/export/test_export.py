"""A small flagship, exported and opened as the product opens it."""

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs the train extra")
onnx = pytest.importorskip("onnx", reason="needs the train extra")
onnxruntime = pytest.importorskip("onnxruntime")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.models.artefact import load_artefact  # noqa: E402
from timbrescope.models.classifier import Classifier  # noqa: E402
from timbrescope.training.export import flagship as export  # noqa: E402
from timbrescope.training.export.flagship import export_flagship  # noqa: E402
from timbrescope.training.export.reverse import REFERENCE  # noqa: E402
from timbrescope.training.export.sidecar import ParityError, Provenance  # noqa: E402
from timbrescope.training.fit.flagship.head import LinearHead  # noqa: E402
from timbrescope.training.fit.flagship.network import build_flagship  # noqa: E402
from timbrescope.training.fit.flagship.settings import Shape  # noqa: E402

SMALL = Shape(width=1 / 16, blocks=(6, 14), dropout=0.0)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keras.utils.set_random_seed(1)
    windows, model = window_set(), build_flagship(SMALL)
    path = tmp_path_factory.mktemp("models") / "flagship.onnx"
    report = export_flagship(
        model,
        path,
        head=LinearHead.of(model),
        shape=SMALL,
        features=np.asarray(windows.features[::12], np.float32),
        provenance=Provenance(background=True),
    )
    assert report.ok
    return path


def test_it_opens_as_a_model_that_knows_none_of_the_28(shipped: Path) -> None:
    classifier = Classifier(load_artefact(shipped))
    found = classifier.predict(np.asarray(window_set(seed=4).features[0], np.float32))
    assert classifier.sidecar.background
    assert classifier.sidecar.family == "flagship"
    assert 0 < found.probabilities.sum() < 1
    assert found.embedding is not None
    assert found.embedding.shape == (64,)
    assert classifier.explains


def test_weights_lie_in_half_precision_and_the_rounding_is_stated(shipped: Path) -> None:
    graph = onnx.load(shipped).graph
    # Silence, whose activations runtimes reckon when they load, is no weight.
    large = [
        entry
        for entry in graph.initializer
        if np.prod(entry.dims) >= 1_024 and not entry.name.startswith(REFERENCE)
    ]
    assert len(large) >= 5
    assert {entry.data_type for entry in large} == {onnx.TensorProto.FLOAT16}
    parity = load_artefact(shipped).sidecar.metrics["parity"]
    assert 0 < parity["half_precision_logits_max_abs"] < 0.1


def test_batch_and_single_windows_get_the_same_answers(shipped: Path) -> None:
    features = np.asarray(window_set(seed=5).features[:3], np.float32)
    session = onnxruntime.InferenceSession(shipped.read_bytes())

    def logits(windows: np.ndarray) -> np.ndarray:
        classes = np.zeros(len(windows), np.int64)
        feed = {"features": windows, "explained": classes, "against": classes}
        return session.run(["logits"], feed)[0]

    together = logits(features)
    for number, each in enumerate(features):
        np.testing.assert_allclose(logits(each[np.newaxis])[0], together[number], atol=1e-5)


def test_a_graph_that_differs_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, model = window_set(), build_flagship(SMALL)
    head = LinearHead.of(model)
    other = LinearHead(head.kernel, head.bias + 0.01)
    whole = export.flagship_graph
    monkeypatch.setattr(
        export, "flagship_graph", lambda model, **given: whole(model, **(given | {"head": other}))
    )
    path = tmp_path / "flagship.onnx"
    with pytest.raises(ParityError, match="differs"):
        export_flagship(
            model,
            path,
            head=head,
            shape=SMALL,
            features=np.asarray(windows.features[:2], np.float32),
            provenance=Provenance(),
        )
    assert not path.exists()

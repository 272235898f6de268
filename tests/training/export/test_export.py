"""A small flagship, exported and opened as the product opens it."""

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs the train extra")
pytest.importorskip("tf2onnx", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.models.artefact import load_artefact  # noqa: E402
from timbrescope.models.classifier import Classifier  # noqa: E402
from timbrescope.training.export import flagship as export  # noqa: E402
from timbrescope.training.export.flagship import export_flagship  # noqa: E402
from timbrescope.training.export.sidecar import ParityError, Provenance  # noqa: E402
from timbrescope.training.fit.flagship.batches import TargetScaling  # noqa: E402
from timbrescope.training.fit.flagship.head import LinearHead  # noqa: E402
from timbrescope.training.fit.flagship.network import build_flagship  # noqa: E402
from timbrescope.training.fit.flagship.settings import Shape  # noqa: E402

SMALL = Shape(stem=4, stages=(4, 6, 8), blocks=(1, 1, 1), coarse=16, dropout=0.0)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keras.utils.set_random_seed(1)
    windows, model = window_set(), build_flagship(SMALL)
    heard = LinearHead.heard(model, TargetScaling.of(windows))
    path = tmp_path_factory.mktemp("models") / "flagship.onnx"
    report = export_flagship(
        model,
        path,
        head=LinearHead.of(model).plus(heard, share=0.3),
        features=np.asarray(windows.mel[::12], np.float32),
        provenance=Provenance(background=True),
    )
    assert report.ok
    return path


def test_it_opens_as_a_model_that_knows_none_of_the_28(shipped: Path) -> None:
    classifier = Classifier(load_artefact(shipped))
    found = classifier.predict(np.asarray(window_set(seed=4).mel[0], np.float32))
    assert classifier.sidecar.background
    assert classifier.sidecar.family == "flagship"
    assert 0 < found.probabilities.sum() < 1
    assert found.embedding is not None
    assert found.embedding.shape == (128,)
    assert found.heatmaps is not None
    assert found.heatmaps.shape == (28, 16, 17)
    assert (found.heatmaps >= 0).all()


def test_a_graph_that_differs_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, model = window_set(), build_flagship(SMALL)
    head = LinearHead.of(model)
    other = LinearHead(head.fine, head.coarse, head.bias + 0.01)
    whole = export.flagship_graph
    monkeypatch.setattr(
        export, "flagship_graph", lambda model, *, name, **_: whole(model, head=other, name=name)
    )
    path = tmp_path / "flagship.onnx"
    with pytest.raises(ParityError, match="differs"):
        export_flagship(
            model,
            path,
            head=head,
            features=np.asarray(windows.mel[:2], np.float32),
            provenance=Provenance(),
        )
    assert not path.exists()

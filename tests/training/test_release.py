"""From a prepared corpus to a model file, in the smallest form that has all 28 classes."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytest.importorskip("tf2onnx", reason="needs the train extra")
pytestmark = pytest.mark.train

from models.artefact import load_artefact  # noqa: E402
from models.frontend import KINDS, settings  # noqa: E402
from models.instruments import NAMES  # noqa: E402
from training import cli  # noqa: E402


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "features" / "k"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for part, count in (("train", 56), ("validation", 28)):
        np.save(folder / f"{part}-mfcc.npy", rng.normal(0, 20, (count, 40, 130)).astype("f4"))
        np.save(folder / f"{part}-labels.npy", np.arange(count) // (count // 28))
        (folder / f"{part}-groups.json").write_text(json.dumps(["g"] * count))
    stated = {
        "recipe": 1,
        "corpus": "0" * 64,
        "recordings": 3,
        "sources": ["someone (CC0)"],
        "front_end": {kind: settings(kind) for kind in KINDS},
        "classes": list(NAMES),
        "per_class": 2,
        "validation_per_class": 1,
        "seed": 22,
    }
    (folder / "settings.json").write_text(json.dumps(stated))
    (tmp_path / "features" / "current.json").write_text(json.dumps({"key": "k"}))
    return tmp_path


def test_fit_and_export_make_a_model_that_says_where_it_comes_from(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--model", "mfcc", "--cache", str(cache)]
    assert cli.main(["export", *common, "--output", str(cache)]) == 1
    assert "run `timbrescope-train fit`" in capsys.readouterr().err
    assert cli.main(["fit", *common, "--epochs", "1"]) == 0
    assert cli.main(["export", *common, "--output", str(cache)]) == 0
    sidecar = load_artefact(cache / "mfcc.onnx").sidecar
    assert sidecar.attributions == ("someone (CC0)",)
    assert sidecar.corpus["identity"] == "0" * 64
    assert sidecar.split["validation_windows"] == 28
    assert sidecar.metrics["validation"]["n"] == 28
    assert sidecar.metrics["training"]["epochs"] == 1
    assert sidecar.metrics["calibration"]["temperature"] == sidecar.temperature
    assert sidecar.thresholds.quiet_dbfs == -60.0


def test_without_prepared_features_fit_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["fit", "--model", "mel", "--cache", str(tmp_path)]) == 1
    assert "timbrescope-train prepare" in capsys.readouterr().err

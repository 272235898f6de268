"""From a prepared corpus to a model file, in the smallest form that has all 28 classes."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytest.importorskip("tf2onnx", reason="needs the train extra")
pytestmark = pytest.mark.train

from prepared_cache import make_prepared_cache  # noqa: E402

from timbrescope.models.artefact import load_artefact  # noqa: E402
from timbrescope.training import cli  # noqa: E402
from timbrescope.training.fit.settings import FitSettings  # noqa: E402
from timbrescope.training.release.recipe import read_recipe  # noqa: E402


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return make_prepared_cache(tmp_path)


def test_fit_and_export_make_a_model_that_says_where_it_comes_from(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--model", "mfcc", "--cache", str(cache)]
    assert cli.main(["export", *common, "--output", str(cache)]) == 1
    assert "run `timbrescope-train fit`" in capsys.readouterr().err
    assert cli.main(["fit", *common, "--set", "networks.epochs=1"]) == 0
    assert cli.main(["export", *common, "--output", str(cache)]) == 0
    sidecar = load_artefact(cache / "mfcc.onnx").sidecar
    recipe = read_recipe(cache / "runs" / "mfcc" / "recipe.toml")
    assert recipe.networks == FitSettings(epochs=1)
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

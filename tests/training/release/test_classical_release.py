"""From a prepared corpus to the classical model files, by the command line."""

import json
from pathlib import Path

import pytest

pytest.importorskip("skl2onnx", reason="needs the train extra")

from prepared_cache import make_prepared_cache

from timbrescope.models.artefact import load_artefact, sidecar_path
from timbrescope.models.catalogue import CLASSICAL_NAMES
from timbrescope.models.classifier import Classifier
from timbrescope.training import cli


@pytest.mark.parametrize("name", CLASSICAL_NAMES)
def test_fit_and_export_make_a_model_that_says_where_it_comes_from(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--model", name, "--cache", str(make_prepared_cache(tmp_path))]
    assert cli.main(["export", *common, "--output", str(tmp_path)]) == 1
    assert f"run `timbrescope-train fit --model {name}`" in capsys.readouterr().err
    assert cli.main(["fit", *common]) == 0
    assert json.loads(capsys.readouterr().out)["train_windows"] == 56
    assert cli.main(["export", *common, "--output", str(tmp_path)]) == 0
    assert "28 windows" in capsys.readouterr().out
    path = tmp_path / f"{name}.onnx"
    sidecar = load_artefact(path).sidecar
    assert (sidecar.family, sidecar.kind) == (name, "mfcc")
    assert sidecar.attributions == ("someone (CC0)",)
    assert sidecar.corpus["identity"] == "0" * 64
    assert sidecar.split["train_windows"] == 56
    assert sidecar.metrics["validation"]["n"] == 28
    assert sidecar.metrics["training"]["settings"]["seed"] == 22
    assert sidecar.metrics["calibration"]["temperature"] == sidecar.temperature
    assert sidecar.metrics["pruning"]["method"] == "none"
    assert not Classifier.load(path=path).explains


def test_a_model_of_other_windows_than_those_prepared_last_is_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--model", "logistic-regression", "--cache", str(make_prepared_cache(tmp_path))]
    assert cli.main(["fit", *common]) == 0
    make_prepared_cache(tmp_path, each=3, key="later")
    assert cli.main(["export", *common, "--output", str(tmp_path)]) == 1
    assert "was fitted to the windows k, but later were prepared since" in capsys.readouterr().err
    assert not (tmp_path / "logistic-regression.onnx").exists()
    assert not sidecar_path(tmp_path / "logistic-regression.onnx").exists()


def test_a_run_keeps_nothing_that_has_to_be_trusted(tmp_path: Path) -> None:
    common = ["--model", "random-forest", "--cache", str(make_prepared_cache(tmp_path))]
    assert cli.main(["fit", *common]) == 0
    kept = sorted(path.name for path in (tmp_path / "runs" / "random-forest").iterdir())
    assert kept == ["fit.json", "recipe.toml"]


def test_a_model_that_answers_otherwise_than_in_its_run_is_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--model", "logistic-regression", "--cache", str(make_prepared_cache(tmp_path))]
    assert cli.main(["fit", *common]) == 0
    path = tmp_path / "runs" / "logistic-regression" / "fit.json"
    summary = json.loads(path.read_text("utf-8"))
    summary["validation"]["accuracy"] = 1.0
    path.write_text(json.dumps(summary), "utf-8")
    assert cli.main(["export", *common, "--output", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert "answers otherwise than in its run" in message
    assert "run `timbrescope-train fit --model logistic-regression`" in message
    assert not (tmp_path / "logistic-regression.onnx").exists()


def test_without_prepared_windows_fit_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["fit", "--model", "random-forest", "--cache", str(tmp_path)]) == 1
    assert "timbrescope-train prepare" in capsys.readouterr().err

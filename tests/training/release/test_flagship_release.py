from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import store  # noqa: E402

from timbrescope.models.artefact import load_artefact  # noqa: E402
from timbrescope.training.features.cache import load_set  # noqa: E402
from timbrescope.training.fit.checkpoints import TrainingError  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings, Shape  # noqa: E402
from timbrescope.training.packages.pinned_trunk import TRUNK_PACKAGE  # noqa: E402
from timbrescope.training.release import flagship as release  # noqa: E402
from timbrescope.training.release.flagship import fit_for_release, release_flagship  # noqa: E402

SMALL = Shape(width=1 / 16, blocks=(6, 14), dropout=0.0)
SETTINGS = FlagshipSettings(shape=SMALL, epochs=1, batch_size=8, folds=1)
# Only its heads are fitted: enough where the weights do not matter.
FROZEN = replace(SETTINGS, epochs=0)


@pytest.fixture(autouse=True)
def no_trunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched: a narrow trunk has no published weights."""
    monkeypatch.setattr(release, "fetch_trunk", lambda _: None)


def test_a_finished_run_becomes_a_model_file_that_states_what_it_cost(tmp_path: Path) -> None:
    cache = store(tmp_path / "cache")
    summary = fit_for_release(cache, settings=SETTINGS)
    release_flagship(cache, path=tmp_path / "flagship.onnx")
    sidecar = load_artefact(tmp_path / "flagship.onnx").sidecar
    assert sidecar.background
    assert sidecar.attributions == ("someone (CC0)", TRUNK_PACKAGE.credit)
    assert sidecar.metrics["training"]["core_hours"] == summary["core_hours"]
    # Only windows whose group was left out by a run are answered for.
    assert summary["validation"]["n"] == sum(
        load_set(cache / "features" / "k", part="validation").of_fold(0, part="validation")
    )
    assert 0 < sidecar.thresholds.not_sure < 1
    assert sidecar.metrics["calibration"]["false_answers_per_minute"] <= 0.5


def test_what_learned_from_other_windows_is_not_shipped(tmp_path: Path) -> None:
    cache = store(tmp_path / "cache")
    fit_for_release(cache, settings=FROZEN)
    (cache / "features" / "k").rename(cache / "features" / "j")
    (cache / "features" / "current.json").write_text('{"key": "j"}')
    with pytest.raises(TrainingError, match="fit --model flagship"):
        release_flagship(cache, path=tmp_path / "flagship.onnx")


def test_settings_are_restored_from_what_a_run_states(tmp_path: Path) -> None:
    cache = store(tmp_path / "cache")
    fit_for_release(cache, settings=FROZEN)
    with pytest.raises(TrainingError, match="--restart"):
        fit_for_release(cache, settings=replace(FROZEN, seed=1))
    fit_for_release(cache, settings=replace(FROZEN, seed=1), restart=True)

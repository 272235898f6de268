"""Training on a corpus that any network can learn: each class has its own bright rows."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.fit.batches import EpochBatches  # noqa: E402
from timbrescope.training.fit.checkpoints import (  # noqa: E402
    ResumableEarlyStopping,
    RunState,
    TrainingError,
    read_state,
)
from timbrescope.training.fit.cnn import build_cnn, compile_cnn  # noqa: E402
from timbrescope.training.fit.examples import Examples  # noqa: E402
from timbrescope.training.fit.train_cnn import (  # noqa: E402
    FitSettings,
    class_weights,
    fit,
    forget_run,
    identity,
    load_best,
    require_all_classes,
)

SETTINGS = FitSettings(epochs=2, batch_size=28)


def easy_part(count: int, *, seed: int) -> Examples:
    labels = np.arange(count) % 28
    features = np.random.default_rng(seed).normal(-40, 3, (count, 40, 130)).astype(np.float32)
    for row, label in zip(features, labels, strict=True):
        row[label : label + 4] += 30
    return Examples(features, labels)


@pytest.fixture(scope="module")
def parts() -> tuple[Examples, Examples]:
    return easy_part(56, seed=1), easy_part(28, seed=2)


def test_a_run_resumes_where_it_stopped(parts: tuple[Examples, Examples], tmp_path: Path) -> None:
    train, validation = parts
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder, epochs in ((whole, 2), (broken, 1), (broken, 2)):
        fit(
            "mfcc",
            train=train,
            validation=validation,
            folder=folder,
            settings=replace(SETTINGS, epochs=epochs),
        )
    losses = [
        [row["loss"] for row in json.loads((folder / "state.json").read_text())["history"]]
        for folder in (whole, broken)
    ]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-3)
    summary = json.loads((broken / "fit.json").read_text())
    assert (summary["epochs"], summary["stopped_by"]) == (2, "epochs")
    assert (broken / "history.csv").read_text().count("\n") == 3
    assert [path.name for path in broken.glob("*.keras")] == ["epoch-002.keras"]
    assert load_best("mfcc", folder=broken).count_params() == 113_692


def test_another_corpus_does_not_go_on_with_an_old_run(
    parts: tuple[Examples, Examples], tmp_path: Path
) -> None:
    train, _ = parts
    mine = identity("mfcc", train=train, settings=SETTINGS)
    (tmp_path / "state.json").write_text(json.dumps({"identity": mine}))
    assert read_state(tmp_path, identity=mine).epochs_done == 0
    other = identity("mfcc", train=easy_part(56, seed=3), settings=SETTINGS)
    with pytest.raises(TrainingError, match="--restart"):
        read_state(tmp_path, identity=other)
    forget_run(tmp_path)
    assert read_state(tmp_path, identity=other).identity == other


def test_patience_counts_from_the_best_epoch(tmp_path: Path) -> None:
    state = RunState("x")
    batches = EpochBatches(np.zeros((1, 40, 130)), np.zeros(1, int), batch_size=1, seed=0)
    stopping = ResumableEarlyStopping(
        tmp_path, state=state, batches=batches, patience=2, max_minutes=60
    )
    model = build_cnn("mfcc")
    compile_cnn(model)
    stopping.set_model(model)
    reasons = []
    for epoch, loss in enumerate([2.0, 1.0, 1.5, 1.2]):
        stopping.on_epoch_begin(epoch)
        figures = {"loss": loss, "val_loss": loss, "accuracy": 0.5, "val_accuracy": 0.5}
        stopping.on_epoch_end(epoch, figures)
        reasons.append(state.stopped_by)
    assert reasons == [None, None, None, "patience"]
    assert (state.best_epoch, state.best_val_loss) == (1, 1.0)


def test_no_epoch_begins_that_would_end_too_late(
    parts: tuple[Examples, Examples], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, validation = parts
    settings = replace(SETTINGS, epochs=9, max_minutes=0.0)
    fit("mfcc", train=train, validation=validation, folder=tmp_path, settings=settings)
    summary = json.loads((tmp_path / "fit.json").read_text())
    assert (summary["epochs"], summary["stopped_by"]) == (1, "time")
    assert "epoch 1: loss" in capsys.readouterr().out


def test_rarer_classes_weigh_more() -> None:
    weights = class_weights(np.array([0, *range(28)]))
    assert weights[0] == pytest.approx(29 / 28 / 2)
    assert weights[1] == pytest.approx(29 / 28)


def test_a_class_without_windows_is_named() -> None:
    with pytest.raises(TrainingError, match="no training windows for Violin"):
        require_all_classes(np.arange(27))


def test_a_study_may_lack_classes() -> None:
    weights = class_weights(np.array([3, 3, 3, 5]))
    assert weights[5] == pytest.approx(3 * weights[3])
    assert weights[0] == 1.0


def test_a_part_without_windows_is_named(tmp_path: Path) -> None:
    nothing = Examples(np.empty((0, 40, 130), np.float32), np.empty(0, np.int64))
    with pytest.raises(TrainingError, match="no validation window"):
        fit(
            "mfcc",
            train=easy_part(28, seed=0),
            validation=nothing,
            folder=tmp_path,
            settings=SETTINGS,
        )


def test_an_epoch_holds_every_window_once_in_its_own_order() -> None:
    labels = np.arange(10)
    batches = EpochBatches(np.zeros((10, 40, 130)), labels, batch_size=4, seed=1)
    orders = []
    for batches.epoch in (0, 1, 0):
        orders.append(np.concatenate([found for _, found in batches]).tolist())
    assert sorted(orders[0]) == sorted(orders[1]) == labels.tolist()
    assert orders[0] == orders[2] != orders[1]
    assert len(batches) == 3

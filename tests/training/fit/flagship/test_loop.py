from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.models.instruments import index_of  # noqa: E402
from timbrescope.training.features.cache import WindowSet  # noqa: E402
from timbrescope.training.fit.checkpoints import TrainingError  # noqa: E402
from timbrescope.training.fit.flagship import loop  # noqa: E402
from timbrescope.training.fit.flagship.answers import window_logits  # noqa: E402
from timbrescope.training.fit.flagship.loop import fit_flagship, load_flagship  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings, Shape  # noqa: E402

SMALL = Shape(stem=4, stages=(4, 6, 8), blocks=(1, 1, 1), coarse=16, dropout=0.0)
SETTINGS = FlagshipSettings(
    shape=SMALL, epochs=2, restart_epochs=1, plain_epochs=1, batch_size=8, learning_rate=5e-3
)


def test_a_broken_off_run_ends_as_an_unbroken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train, held_out = window_set(), window_set(seed=2)
    whole = fit_flagship(
        train=train, validation=held_out, folder=tmp_path / "whole", settings=SETTINGS
    )
    one_epoch = loop._one_epoch

    def broken(*args: Any, validation: WindowSet) -> None:
        trainer, batches, state = args
        if state.epochs_done == 1:
            raise KeyboardInterrupt
        one_epoch(trainer, batches, state, validation=validation)

    folder = tmp_path / "broken"
    with monkeypatch.context() as patched:
        patched.setattr(loop, "_one_epoch", broken)
        with pytest.raises(KeyboardInterrupt):
            fit_flagship(train=train, validation=held_out, folder=folder, settings=SETTINGS)
    resumed = fit_flagship(train=train, validation=held_out, folder=folder, settings=SETTINGS)
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
    again = load_flagship(folder, settings=SETTINGS)
    logits = window_logits(again, held_out.mel)
    np.testing.assert_allclose(logits, window_logits(resumed, held_out.mel), atol=1e-5)


def test_plain_epochs_see_the_windows_as_they_are(tmp_path: Path) -> None:
    train, held_out = window_set(), window_set(seed=2)
    # As the front end gives them: relative to the loudest cell.
    loudest = train.mel.max(axis=(1, 2), keepdims=True)
    train = replace(train, mel=np.clip(train.mel - loudest, -80, 0))
    plain = replace(SETTINGS, epochs=1, restart_epochs=0, plain_epochs=1)
    off = replace(plain, plain_epochs=0, masking=False, mixing=False, colouring=False)
    on = replace(plain, plain_epochs=0)
    weights = [
        fit_flagship(
            train=train, validation=held_out, folder=tmp_path / str(number), settings=settings
        ).get_weights()[0]
        for number, settings in enumerate((plain, off, on))
    ]
    np.testing.assert_allclose(weights[0], weights[1], atol=2e-5)
    assert np.abs(weights[0] - weights[2]).max() > 1e-3


def test_it_learns_to_tell_two_instruments_apart(tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=8, restart_epochs=0, teacher_weight=0.0, learning_rate=2e-2)
    model = fit_flagship(
        train=window_set(per_label=16, teacher=False),
        validation=window_set(seed=2),
        folder=tmp_path,
        settings=settings,
    )
    held_out = window_set(seed=3)
    logits = window_logits(model, held_out.mel)
    for name in ("Cowbell", "Violin"):
        of_class = logits[held_out.labels == index_of(name)]
        assert (of_class.argmax(axis=1) == index_of(name)).mean() > 0.9


def test_a_run_of_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=1, restart_epochs=0)
    train = window_set()
    fit_flagship(train=train, validation=train, folder=tmp_path, settings=settings)
    with pytest.raises(TrainingError, match="--restart"):
        fit_flagship(
            train=train, validation=train, folder=tmp_path, settings=replace(settings, seed=3)
        )


def test_a_teachers_weight_needs_a_teachers_answers(tmp_path: Path) -> None:
    train = window_set(teacher=False)
    with pytest.raises(TrainingError, match="--teacher"):
        fit_flagship(train=train, validation=train, folder=tmp_path, settings=SETTINGS)

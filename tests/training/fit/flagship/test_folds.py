from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.training.fit.flagship.folds import (  # noqa: E402
    HeldOut,
    at_share,
    best_share,
)
from timbrescope.training.fit.flagship.loop import END_FILE, START_FILE  # noqa: E402
from timbrescope.training.fit.flagship.network import build_flagship  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings, Shape  # noqa: E402

SMALL = FlagshipSettings(shape=Shape(width=1 / 16, blocks=(6, 14), dropout=0.0))


def _way(*recalls: float) -> list[dict[str, float]]:
    shares = np.linspace(0.25, 1, len(recalls))
    return [
        {"share": float(share), "macro_recall": recall}
        for share, recall in zip(shares, recalls, strict=True)
    ]


def test_the_share_is_the_best_in_the_mean_of_the_folds() -> None:
    assert best_share([_way(0.5, 0.6, 0.4, 0.3), _way(0.5, 0.3, 0.7, 0.2)]) == 0.75


def test_of_shares_that_are_as_good_the_smallest_is_taken() -> None:
    assert best_share([_way(0.5, 0.5, 0.5, 0.5)]) == 0.25


def test_answers_to_held_out_windows_come_back_from_disk(tmp_path: Path) -> None:
    windows = window_set()
    logits = np.random.default_rng(1).normal(size=(len(windows.labels), 28))
    part = HeldOut.of(logits, windows)
    both = HeldOut.joined([part, part])
    both.write(tmp_path)
    read = HeldOut.read(tmp_path)
    assert read.logits.shape == (2 * len(windows.labels), 28)
    assert read.groups.tolist() == windows.groups * 2
    noise = read.of_subjects("noise")
    np.testing.assert_array_equal(noise, read.logits[read.subjects == "noise"])
    assert len(noise) == 2 * windows.subjects.count("noise")


def test_a_network_half_way_has_the_mean_of_both_ends(tmp_path: Path) -> None:
    ends = []
    for name in (START_FILE, END_FILE):
        model = build_flagship(SMALL.shape)
        ends.append(model.get_weights())
        model.save_weights(tmp_path / name)
    half = at_share(tmp_path, settings=SMALL, share=0.5).get_weights()
    for found, *both in zip(half, *ends, strict=True):
        np.testing.assert_allclose(found, np.mean(both, axis=0), atol=1e-6)

"""Hats and cymbals ring longer or shorter than they were recorded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.playing.notes import note_of
from timbrescope.training.playing.ringing import (
    CHANGED_SHARES,
    LARGEST_CHANGE_DB,
    ringing_otherwise,
    rung,
)
from timbrescope.training.playing.strokes import RINGS_OUT_S, Stroke, sound_of

TIMES = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
HAT = (np.random.default_rng(1).normal(0, 0.2, TIMES.size) * np.exp(-12.0 * TIMES)).astype(
    np.float32
)
STROKE = Stroke(0.0, RINGS_OUT_S, note_of(HAT, pitched=False))


def _half_energy_s(sound: np.ndarray) -> float:
    energy = np.cumsum(np.square(sound, dtype=np.float64))
    return float(np.searchsorted(energy, 0.5 * energy[-1])) / SAMPLE_RATE_HZ


@pytest.mark.parametrize("times", [0.4, 0.7, 1.5, 2.5])
def test_a_stroke_rings_so_many_times_as_long(times: float) -> None:
    found = _half_energy_s(sound_of(rung(STROKE, times=times))) / _half_energy_s(sound_of(STROKE))
    assert found == pytest.approx(times, rel=0.25)


@settings(max_examples=30)
@given(times=st.floats(0.4, 2.5), centre_s=st.floats(0.0, 3.0))
def test_the_gain_begins_at_one_and_stays_within_its_limit(times: float, centre_s: float) -> None:
    note = note_of(HAT, pitched=False)
    short = Stroke(0.0, RINGS_OUT_S, type(note)(note.samples, 1.0, np.nan, centre_s))
    gains = [gain for _, gain in rung(short, times=times).swell] or [1.0]
    assert gains[0] == pytest.approx(1.0)
    steps = np.diff(gains)
    assert (steps >= 0).all() if times >= 1 else (steps <= 0).all()
    assert abs(20 * np.log10(gains[-1])) <= LARGEST_CHANGE_DB + 1e-6


@pytest.mark.parametrize("instrument", ["Hi-Hats", "Cymbals", "Piano"])
def test_only_hats_and_cymbals_are_changed_and_not_always(instrument: str) -> None:
    rng = np.random.default_rng(3)
    changed = [
        ringing_otherwise([STROKE, STROKE], instrument, rng) != (STROKE, STROKE) for _ in range(200)
    ]
    share = CHANGED_SHARES.get(instrument, 0.0)
    assert np.mean(changed) == pytest.approx(share, abs=0.1)

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.playing.band import Band, band_of
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.practice import SLOW_NOTE_S, scale, two_bars
from timbrescope.training.playing.struck import HABITS

SEEDS = st.integers(0, 2**32 - 1)
SAMPLES = np.ones(SAMPLE_RATE_HZ, np.float32)


def _band(seed: int) -> Band:
    notes = [Note(SAMPLES, 1.0, float(key), 0.5, 0.9) for key in range(48, 76, 2)]
    return band_of(notes, span=26, rng=np.random.default_rng(seed))


@settings(max_examples=40)
@given(seed=SEEDS, rings=st.booleans(), length_s=st.floats(0.5, 8.0))
def test_a_slow_scale_goes_step_by_step(seed: int, rings: bool, length_s: float) -> None:
    band = _band(seed)
    strokes = scale(band, length_s, np.random.default_rng(seed), rings=rings).strokes
    keys = [round(s.note.key + s.shift - band.tuning) for s in strokes]
    places = [band.scale.index(key) for key in keys]
    assert (np.abs(np.diff(places)) == 1).all()
    starts = np.array([stroke.start_s for stroke in strokes])
    assert starts[0] < SLOW_NOTE_S[1]
    assert starts[-1] < length_s
    assert (np.diff(starts) > 0.9 * SLOW_NOTE_S[0]).all()


@settings(max_examples=40)
@given(seed=SEEDS, instrument=st.sampled_from(sorted(HABITS)))
def test_two_bars_are_in_time_and_sound(seed: int, instrument: str) -> None:
    notes = [Note(SAMPLES, 1.0, float("nan"), centre_s) for centre_s in (0.02, 0.1, 0.6)]
    habits = HABITS[instrument]
    strokes = two_bars(notes, 8.0, np.random.default_rng(seed), habits=habits).strokes
    starts = np.array([stroke.start_s for stroke in strokes])
    assert len(strokes) >= 2
    assert (np.diff(starts) > -0.01).all()
    assert starts.max() < 8.1
    assert all(stroke.length_s >= 0.02 for stroke in strokes)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.training.corpus.samples.drumkits import PIECE_OF_KEY
from timbrescope.training.playing import struck
from timbrescope.training.playing.grooves import (
    GROOVES,
    INSTRUMENT_OF_KEY,
    STROKES_DB,
    groove,
    hits,
)

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=40)
@given(seed=SEEDS, keys=st.sampled_from(((42, 44), (49, 51, 57), (54,), (60, 61), (69, 70, 82))))
def test_hits_strike_only_the_given_keys(seed: int, keys: tuple[int, ...]) -> None:
    events = hits(5.0, keys, np.random.default_rng(seed))
    assert events
    assert {event.key for event in events} <= set(keys)
    assert all(0 <= event.start_s < 5.0 and 1 <= event.velocity <= 127 for event in events)


@settings(max_examples=40)
@given(seed=SEEDS)
def test_a_groove_has_more_than_one_piece_and_only_those_of_a_kit(seed: int) -> None:
    events = groove(6.0, np.random.default_rng(seed))
    keys = {event.key for event in events}
    assert len(keys) >= 2
    assert keys <= set(PIECE_OF_KEY)
    assert all(0 <= event.start_s < 6.0 for event in events)


@pytest.mark.parametrize("number", range(len(GROOVES)))
def test_the_bars_of_a_groove_are_as_long_as_each_other(number: int) -> None:
    bar = GROOVES[number]
    assert len(bar.kick) == len(bar.snare) == len(bar.time)
    assert len(bar.time) % bar.steps_per_beat == 0
    assert set(bar.kick + bar.snare + bar.time) <= {*STROKES_DB, "."}


def test_every_kind_of_percussion_has_its_keys() -> None:
    assert set(INSTRUMENT_OF_KEY.values()) == struck.HABITS.keys() - {"Drum Set"}

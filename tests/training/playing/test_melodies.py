from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.training.playing.melodies import PLAYERS, Register, velocity_of

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("style", sorted(PLAYERS))
@settings(max_examples=15)
@given(seed=SEEDS, low=st.integers(28, 60), octaves=st.integers(1, 4))
def test_a_player_stays_in_the_register_and_within_the_phrase(
    style: str, seed: int, low: int, octaves: int
) -> None:
    register = Register(low, low + 12 * octaves, 5.0)
    events = PLAYERS[style](register, np.random.default_rng(seed))
    assert events
    for event in events:
        assert 0 <= event.start_s < register.length_s
        assert 0 < event.length_s <= register.length_s
        assert register.low <= event.key <= register.high
        assert 1 <= event.velocity <= 127


@pytest.mark.parametrize("style", ["keys", "guitar", "mallets", "mandolin"])
def test_a_key_is_let_go_before_it_is_struck_again(style: str) -> None:
    for seed in range(10):
        events = PLAYERS[style](Register(40, 84, 6.0), np.random.default_rng(seed))
        ends: dict[int, float] = defaultdict(float)
        for event in events:
            assert event.start_s >= ends[event.key] - 1e-9
            ends[event.key] = event.start_s + event.length_s


def test_louder_strokes_have_higher_velocities() -> None:
    rng = np.random.default_rng(1)
    soft, loud = (np.mean([velocity_of(g, level=90, rng=rng) for _ in range(50)]) for g in (-12, 0))
    assert loud > soft + 20


def test_the_same_seed_plays_the_same() -> None:
    register = Register(40, 84, 5.0)
    once = PLAYERS["guitar"](register, np.random.default_rng(5))
    assert once == PLAYERS["guitar"](register, np.random.default_rng(5))

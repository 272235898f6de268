import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instruments import NAMES
from training.grooves import groove, hits
from training.melodies import PLAYERS, Register
from training.presets import (
    FLUID,
    HITS,
    PITCHED,
    parts,
)

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("style", sorted(PLAYERS))
@settings(max_examples=25)
@given(seed=SEEDS)
def test_a_player_stays_in_midi_range_and_within_the_phrase(style: str, seed: int) -> None:
    register = Register(40, 84, 5.0)
    events = PLAYERS[style](register, np.random.default_rng(seed))
    assert events
    for event in events:
        assert 0 <= event.start_s < register.length_s + 1.0
        assert event.length_s > 0
        assert 0 <= event.key <= 127
        assert 1 <= event.velocity <= 127


@pytest.mark.parametrize("style", ["wind", "bowed", "bass", "mallets"])
@settings(max_examples=25)
@given(seed=SEEDS)
def test_single_lines_stay_in_the_register(style: str, seed: int) -> None:
    events = PLAYERS[style](Register(50, 74, 5.0), np.random.default_rng(seed))
    assert all(50 <= event.key <= 74 for event in events)


@settings(max_examples=40)
@given(seed=SEEDS)
def test_hits_strike_only_the_given_keys(seed: int) -> None:
    events = hits(5.0, (42, 44), np.random.default_rng(seed))
    assert events
    assert {event.key for event in events} <= {42, 44}
    assert all(event.start_s >= 0 and 1 <= event.velocity <= 127 for event in events)


@settings(max_examples=25)
@given(seed=SEEDS)
def test_a_groove_has_more_than_one_piece(seed: int) -> None:
    events = groove(6.0, np.random.default_rng(seed))
    assert len({event.key for event in events}) >= 2
    assert all(event.start_s < 6.0 for event in events)


def test_the_same_seed_plays_the_same() -> None:
    register = Register(40, 84, 5.0)
    once = PLAYERS["guitar"](register, np.random.default_rng(5))
    assert once == PLAYERS["guitar"](register, np.random.default_rng(5))


def test_parts_are_unique_and_of_known_classes() -> None:
    found = parts()
    assert len({part.name for part in found}) == len(found)
    assert {part.instrument for part in found} <= set(NAMES)
    assert all(part.voice.style in PLAYERS for part in found if not part.voice.keys)


def test_presets_that_are_not_the_instrument_are_left_out() -> None:
    assert {"Mandolin", "Ukulele", "Dobro"}.isdisjoint(PITCHED.keys() | HITS.keys())
    assert {p.font for p in parts() if p.instrument == "Harmonium"} == {FLUID}


def test_groups_name_family_and_class() -> None:
    part = next(p for p in parts() if p.font == FLUID and p.instrument == "Accordion")
    assert part.group == "fluidr3:Accordion"

from collections.abc import Callable

import numpy as np
import pytest
from heard import SEEDS, SHAPES, SIZES, background, made, tone
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator

from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import WINDOW_SAMPLES, Samples
from timbrescope.training.augment import FAMILIES, Background, UnknownFamilyError, augmented
from timbrescope.training.augment.chain import CHAIN
from timbrescope.training.augment.framing import delivered
from timbrescope.training.augment.signals import peak_of

Change = Callable[[Samples, Background, Generator], Samples]

STEPS: list[Change] = [*(step.change for step in CHAIN), lambda w, _, rng: delivered(w, rng=rng)]
NAMES = [*(step.family for step in CHAIN), "level"]


def _check(out: Samples, size: int) -> None:
    assert out.shape == (size,)
    assert out.dtype == np.float32
    assert np.isfinite(out).all()
    assert peak_of(out) <= 1.0


def _heard(window: Samples, seed: int, families: tuple[str, ...] = FAMILIES) -> Samples:
    rng = np.random.default_rng(seed)
    return augmented(window, background=background(), rng=rng, families=families)


@pytest.mark.parametrize("change", STEPS, ids=NAMES)
@settings(max_examples=40)
@given(seed=SEEDS, size=SIZES, shape=st.sampled_from(SHAPES), with_background=st.booleans())
def test_every_step_keeps_length_range_and_finiteness_and_its_input(
    change: Change, seed: int, size: int, shape: str, with_background: bool
) -> None:
    material = background() if with_background else Background()
    window = made(shape, size)
    out = change(window, material, np.random.default_rng(seed))
    _check(out, size)
    np.testing.assert_array_equal(window, made(shape, size))
    if shape == "silence":
        assert not out.any()


@settings(max_examples=60)
@given(
    seed=SEEDS,
    size=SIZES,
    shape=st.sampled_from(SHAPES),
    families=st.sets(st.sampled_from(FAMILIES)),
    scale=st.sampled_from((1.0, 1e-30, 1e-3, 40.0, 3e38)),
)
def test_any_families_keep_length_range_and_finiteness_of_any_level(
    seed: int, size: int, shape: str, families: set[str], scale: float
) -> None:
    window = made(shape, size) * np.float32(scale)
    _check(_heard(window, seed, tuple(families)), size)


@settings(max_examples=15)
@given(seed=SEEDS)
def test_the_same_seed_augments_the_same(seed: int) -> None:
    window = made("noise", 9_000)
    np.testing.assert_array_equal(_heard(window, seed), _heard(window, seed))


def test_seeds_differ() -> None:
    window = tone(440.0, 9_000)
    heard = {_heard(window, seed).tobytes() for seed in range(10)}
    assert len(heard) == 10


def test_without_families_a_window_stays_and_a_loud_one_comes_down() -> None:
    window = made("noise", 500) * np.float32(0.3)
    np.testing.assert_allclose(_heard(window, 0, ()), window, atol=1e-7)
    np.testing.assert_allclose(_heard(window * 10, 0, ()), window / peak_of(window), atol=1e-6)


def test_about_a_tenth_is_clean_but_for_the_level() -> None:
    window = made("noise", 3_000)
    families = ("framing", "equalisation", "rooms", "noise", "dynamics", "bandwidth")
    clean = 0
    for seed in range(200):
        out = _heard(window, seed, families)
        clean += np.allclose(
            np.abs(out) / peak_of(out), np.abs(window) / peak_of(window), atol=1e-5
        )
    assert 0.05 < clean / 200 < 0.2


def test_leaving_a_family_out_changes_nothing_in_the_draws_of_others() -> None:
    # Where bandwidth is not met, it makes no difference whether it could have been.
    window, others = made("noise", 3_000), tuple(f for f in FAMILIES if f != "bandwidth")
    same = [np.array_equal(_heard(window, s), _heard(window, s, others)) for s in range(20)]
    assert sum(same) > 10


@pytest.mark.parametrize("families", [("rooms", "rain"), "noise"])
def test_an_unknown_family_is_refused_by_name(families: tuple[str, ...]) -> None:
    with pytest.raises(UnknownFamilyError, match="is no family of augmentation"):
        _heard(made("tone", 100), 0, families)
    assert issubclass(UnknownFamilyError, TimbrescopeError)
    assert issubclass(UnknownFamilyError, ValueError)


def test_every_family_has_a_step_and_a_whole_window_passes() -> None:
    assert {step.family for step in CHAIN} == set(FAMILIES)
    for seed in range(4):
        _check(_heard(made("noise", WINDOW_SAMPLES), seed), WINDOW_SAMPLES)

from collections.abc import Callable

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.fit.flagship.spectral import coloured, masked, mixed, rereferenced  # noqa: E402

STEPS = (coloured, mixed, masked)


@pytest.fixture
def batch() -> "tf.Tensor":
    return tf.constant(np.random.default_rng(1).uniform(-80, 0, (8, 128, 130)), tf.float32)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("seed", range(4))
def test_steps_keep_shape_and_are_finite_and_repeatable(
    step: Callable[..., "tf.Tensor"], batch: "tf.Tensor", seed: int
) -> None:
    key = tf.constant([seed, 7])
    found = step(batch, seed=key)
    assert found.shape == batch.shape
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found, step(batch, seed=key))
    assert not np.array_equal(found, step(batch, seed=tf.constant([seed, 8])))


def test_mixing_only_ever_adds_power(batch: "tf.Tensor") -> None:
    found = mixed(batch, seed=tf.constant([1, 2]))
    assert (found.numpy() >= batch.numpy() - 1e-3).all()


def test_masks_hide_whole_bands_or_frames(batch: "tf.Tensor") -> None:
    hidden = (masked(batch, seed=tf.constant([3, 4])) != batch).numpy()
    bands = hidden.all(axis=2)[:, :, np.newaxis]
    frames = hidden.all(axis=1)[:, np.newaxis, :]
    np.testing.assert_array_equal(hidden, bands | frames)
    assert hidden.any()


def test_a_rereferenced_batch_is_as_the_front_end_gives_it(batch: "tf.Tensor") -> None:
    found = rereferenced(batch + 13.0).numpy()
    assert found.max(axis=(1, 2)) == pytest.approx(np.zeros(8))
    assert found.min() >= -80.0

"""Holes in the windows of a training step: the network learns to answer from what is left.

Half of the windows lose some of their cells (Park et al., "SpecAugment", 2019), so that no
single partial or attack decides alone; and so that what a window without certain cells gets for
an answer says something about these cells (Hooker et al. 2019): evidence is tested so.
"""

import tensorflow as tf

from timbrescope.training.fit.flagship.network import LOUDEST, NEPERS_PER_DB, SILENCE

HOLED_SHARE = 0.5
LOST_SHARES = (0.05, 0.6)
# Bands and frames of a hole; each step has one of them.
HOLE_SIZES = ((2, 4), (2, 16), (4, 8), (4, 16), (8, 32))
# So many of the windows with holes lose whatever is fainter than a limit instead.
FAINT_SHARE = 0.2
FAINT_BELOW_DB = (12.0, 45.0)


def with_holes(batch: tf.Tensor, *, seed: tf.Tensor) -> tf.Tensor:
    """Return features with holes of silence in half of the windows.

    Parameters
    ----------
    batch : Tensor, shape (N, 64, 256)
    seed : Tensor, shape (2,)
        Of `tf.random.stateless_uniform`; the same seed gives the same holes.
    """
    seeds = tf.unstack(tf.random.split(seed, 4))
    count = tf.shape(batch)[0]
    holed, faint = tf.unstack(tf.random.stateless_uniform((2, count, 1, 1), seeds[0]))
    lost = tf.random.stateless_uniform((count, 1, 1), seeds[1], *LOST_SHARES)
    size = tf.random.stateless_uniform((), seeds[2], 0, len(HOLE_SIZES), dtype=tf.int32)
    draws = [lambda h=hole: _grid(batch, h, seed=seeds[3]) for hole in HOLE_SIZES]
    below_db = FAINT_BELOW_DB[0] + (FAINT_BELOW_DB[1] - FAINT_BELOW_DB[0]) * (
        (lost - LOST_SHARES[0]) / (LOST_SHARES[1] - LOST_SHARES[0])
    )
    gone = tf.where(
        faint < FAINT_SHARE,
        batch < LOUDEST - below_db * NEPERS_PER_DB,
        tf.switch_case(size, draws) < lost,
    )
    return tf.where(gone & (holed < HOLED_SHARE), SILENCE, batch)


def _grid(batch: tf.Tensor, hole: tuple[int, int], *, seed: tf.Tensor) -> tf.Tensor:
    """Return a number between 0 and 1 for every cell, the same within each hole."""
    bands, frames = hole
    _, height, width = batch.shape
    shape = (tf.shape(batch)[0], height // bands, width // frames)
    drawn = tf.random.stateless_uniform(shape, seed)
    return tf.repeat(tf.repeat(drawn, bands, axis=1), frames, axis=2)

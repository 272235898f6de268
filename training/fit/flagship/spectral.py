"""Augmentation of log-mel batches while they are trained on: fresh in every epoch, and cheap.

What windows meet on their way into the cache (`training.augment`) is fixed there; here a
spectrogram is coloured by another smooth response, mixed with a quieter one, and partly hidden
(SpecAugment, Park et al. 2019). All of it works on decibels relative to the loudest cell.
"""

import tensorflow as tf

from timbrescope.models.frontend import DYNAMIC_RANGE_DB

COLOURED_SHARE = 0.5
COLOUR_TERMS = 5
COLOUR_DB = 5.0
MIXED_SHARE = 0.35
MIXED_BELOW_DB = (10.0, 35.0)
MASKED_SHARE = 0.6
MASKS = 2
WIDEST_MASK_BANDS, WIDEST_MASK_FRAMES = 18, 26


def coloured(batch: tf.Tensor, *, seed: tf.Tensor) -> tf.Tensor:
    """Add a smooth random curve over frequency to half of the spectrograms.

    Parameters
    ----------
    batch : Tensor, shape (N, bands, frames)
        Decibels.
    seed : Tensor, shape (2,)
        Of `tf.random.stateless_uniform`; the same seed gives the same batch.
    """
    seeds = tf.random.split(seed, 2)
    count, bands = tf.shape(batch)[0], batch.shape[1]
    place = tf.linspace(0.0, 3.14159265, bands)[tf.newaxis, :]
    orders = tf.range(1.0, COLOUR_TERMS + 1.0)
    terms = tf.cos(orders[:, tf.newaxis] * place)
    weights = tf.random.stateless_normal((count, COLOUR_TERMS), seeds[0]) * (COLOUR_DB / orders)
    chosen = tf.random.stateless_uniform((count, 1), seeds[1]) < COLOURED_SHARE
    curve = tf.where(chosen, weights, 0.0) @ terms
    return batch + curve[:, :, tf.newaxis]


def mixed(batch: tf.Tensor, *, seed: tf.Tensor) -> tf.Tensor:
    """Add to some spectrograms the power of a quieter one: their neighbour in the batch."""
    seeds = tf.random.split(seed, 2)
    shape = (tf.shape(batch)[0], 1, 1)
    below = tf.random.stateless_uniform(shape, seeds[0], *MIXED_BELOW_DB)
    neighbour = tf.roll(batch, 1, axis=0) - below
    # The power of a sum is on average the sum of the powers.
    to_db = 10.0 / tf.math.log(10.0)
    both = tf.reduce_logsumexp(tf.stack([batch, neighbour]) / to_db, axis=0) * to_db
    return tf.where(tf.random.stateless_uniform(shape, seeds[1]) < MIXED_SHARE, both, batch)


def masked(batch: tf.Tensor, *, seed: tf.Tensor) -> tf.Tensor:
    """Hide bands and stretches of time of some spectrograms, two of each at most."""
    seeds = tf.random.split(seed, 2 * MASKS)
    hidden = tf.zeros_like(batch, dtype=tf.bool)
    for number in range(MASKS):
        hidden |= _stripe(batch, axis=1, widest=WIDEST_MASK_BANDS, seed=seeds[2 * number])
        hidden |= _stripe(batch, axis=2, widest=WIDEST_MASK_FRAMES, seed=seeds[2 * number + 1])
    return tf.where(hidden, -DYNAMIC_RANGE_DB, batch)


def _stripe(batch: tf.Tensor, *, axis: int, widest: int, seed: tf.Tensor) -> tf.Tensor:
    seeds = tf.random.split(seed, 3)
    count, size = tf.shape(batch)[0], batch.shape[axis]
    width = tf.random.stateless_uniform((count, 1), seeds[0], 0.0, float(widest))
    width *= tf.cast(tf.random.stateless_uniform((count, 1), seeds[1]) < MASKED_SHARE, tf.float32)
    start = tf.random.stateless_uniform((count, 1), seeds[2]) * (float(size) - width)
    place = tf.range(float(size))[tf.newaxis, :]
    inside = (place >= start) & (place < start + width)
    return inside[:, :, tf.newaxis] if axis == 1 else inside[:, tf.newaxis, :]


def rereferenced(batch: tf.Tensor) -> tf.Tensor:
    """Return decibels relative to each spectrogram's loudest cell, as the front end does."""
    loudest = tf.reduce_max(batch, axis=(1, 2), keepdims=True)
    return tf.maximum(batch - loudest, -DYNAMIC_RANGE_DB)

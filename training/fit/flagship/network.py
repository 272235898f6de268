"""The flagship network in Keras 3: a pretrained trunk, and a head that is linear in its maps.

The head sees the averages of several blocks' maps over the frames that sound. The middle blocks
are there beside the last one because they tell instruments of unheard makers apart better than it
does, and because their cells see less of the window each. Every logit is a bias plus a weighted
sum over the cells of the maps: nothing else decides.

A note of a tenth of a second in 3 s of silence would be a tenth of any plain average, and the
silence the rest. So frames count by how loud they are: fully down to 30 dB below the loudest,
not at all from 50 dB on.
"""

import keras
import numpy as np
from keras import layers, ops

from timbrescope.models.frontend import feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.models.logmel import LOG_OFFSET, PEAK_MAGNITUDE
from timbrescope.training.fit.flagship.settings import Shape
from timbrescope.training.fit.flagship.trunk import normalisation_names, trunk
from timbrescope.training.teacher.answers import EMBEDDING_UNITS as TEACHER_UNITS
from timbrescope.training.teacher.answers import LABELS as TEACHER_LABELS

AVERAGES = "averages"
STANDARDISED = "standardised"
GATE = "gate"
LOGITS = "logits"
TEACHER_EMBEDDING = "teacher_embedding"
TEACHER_LOGITS = "teacher_logits"
AUDIBLE = "audible"
# What lies further below the loudest band than this is taken for silence.
AUDIBLE_DB = 60.0
FULL_BELOW_DB, NOTHING_BELOW_DB = 30.0, 50.0
# Keeps a window without any sound from being divided by nothing: its averages are zero.
LEAST_WEIGHT = 1e-3
NEPERS_PER_DB = float(np.log(10.0) / 20.0)
LOUDEST = float(np.log(PEAK_MAGNITUDE + LOG_OFFSET))
SILENCE = float(np.log(PEAK_MAGNITUDE * 10 ** (-AUDIBLE_DB / 20) + LOG_OFFSET))


def map_name(block: int) -> str:
    """Return the name of the layer that holds the map of a block."""
    return f"map{block}"


@keras.saving.register_keras_serializable(package="timbrescope")
class Audible(layers.Layer):
    """Features without what is 60 dB or more below the loudest band: all that is the same.

    Quiet room noise changes no answer then, and carries no evidence. Shapes stay; no weights.
    """

    def call(self, features: keras.KerasTensor) -> keras.KerasTensor:
        """Raise a batch to the floor; see the class."""
        return ops.maximum(features, SILENCE)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the input's shape."""
        return input_shape


@keras.saving.register_keras_serializable(package="timbrescope")
class SoundingFrames(layers.Layer):
    """How much each frame counts, from 0 to 1, by its loudest band.

    Input (N, 64, 256) as `models.logmel` gives them, output (N, 256). No weights.
    """

    def call(self, features: keras.KerasTensor) -> keras.KerasTensor:
        """Weigh the frames of a batch; see the class."""
        below_db = (LOUDEST - ops.max(features, axis=1)) / NEPERS_PER_DB
        return ops.clip(
            (NOTHING_BELOW_DB - below_db) / (NOTHING_BELOW_DB - FULL_BELOW_DB), 0.0, 1.0
        )

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return (N, frames)."""
        return (input_shape[0], input_shape[2])


@keras.saving.register_keras_serializable(package="timbrescope")
class SoundingAverage(layers.Layer):
    """The average of a map over the cells that sound.

    Inputs (N, bands / s, frames / s, channels) and the frames' weights (N, frames); output
    (N, channels). A cell counts as its loudest frame does. No weights.
    """

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        """Average a batch; see the class."""
        feature_map, gate = inputs
        shares = cell_shares(gate, cells=feature_map.shape[2])
        by_frame = ops.mean(feature_map, axis=1)
        return ops.sum(by_frame * shares[:, :, None], axis=1)

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        """Return (N, channels)."""
        return (input_shape[0][0], input_shape[0][3])


def cell_shares(gate: keras.KerasTensor, *, cells: int) -> keras.KerasTensor:
    """Return how much each cell along time counts, (N, cells); the sum is 1, or 0 in silence."""
    stride = gate.shape[1] // cells
    loudest = ops.max(ops.reshape(gate, (-1, cells, stride)), axis=2)
    return loudest / (ops.sum(loudest, axis=1, keepdims=True) + LEAST_WEIGHT)


@keras.saving.register_keras_serializable(package="timbrescope")
class Standardised(layers.Layer):
    """Averages with mean 0 and spread 1 over the training windows; both are set, not learned."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the two vectors."""
        units = (input_shape[-1],)
        self.mean = self.add_weight(shape=units, initializer="zeros", trainable=False, name="mean")
        self.spread = self.add_weight(
            shape=units, initializer="ones", trainable=False, name="spread"
        )

    def call(self, averages: keras.KerasTensor) -> keras.KerasTensor:
        """Standardise a batch."""
        return (averages - self.mean) / self.spread


def build_flagship(shape: Shape | None = None, *, precision: str = "float32") -> keras.Model:
    """Build the network, untrained.

    Parameters
    ----------
    shape : Shape, optional
    precision : str
        Of the trunk: ``float32``; ``mixed_bfloat16`` trains faster where the processor has it;
        ``float64`` is for the oracle of parity.

    Returns
    -------
    keras.Model
        Input ``features`` (N, 64, 256); output a dict of ``logits`` (N, 28),
        ``teacher_embedding`` (N, 384) and ``teacher_logits`` (N, 527). Maps and averages are
        layers named by this module.
    """
    chosen, policy = shape or Shape(), keras.dtype_policies.DTypePolicy(precision)
    exact = "float64" if precision == "float64" else "float32"
    inputs = keras.Input(shape=feature_shape("logmel"), name="features", dtype=exact)
    gate = SoundingFrames(name=GATE, dtype=exact)(inputs)
    x = Audible(name=AUDIBLE, dtype=exact)(inputs)
    x = layers.Reshape((*x.shape[1:], 1), name="one_channel", dtype=exact)(x)
    blocks = trunk(x, policy=policy, width=chosen.width)
    averages = []
    for block in chosen.blocks:
        found = layers.Activation("linear", name=map_name(block), dtype=exact)(blocks[block])
        averages.append(SoundingAverage(name=f"average{block}", dtype=exact)([found, gate]))
    x = layers.Concatenate(name=AVERAGES, dtype=exact)(averages)
    x = Standardised(name=STANDARDISED, dtype=exact)(x)
    dropped = layers.Dropout(chosen.dropout, name="dropout", dtype=exact)(x)
    # The teacher is imitated with all that there is: its answers cannot be learned by heart, and
    # noise in the averages would keep its heads from following it.
    heads = {
        name: layers.Dense(units, name=name, dtype=exact)(seen)
        for name, units, seen in (
            (LOGITS, len(NAMES), dropped),
            (TEACHER_EMBEDDING, TEACHER_UNITS, x),
            (TEACHER_LOGITS, TEACHER_LABELS, x),
        )
    }
    model = keras.Model(inputs, heads, name="flagship")
    for name in normalisation_names():
        model.get_layer(name).trainable = False
    return model

"""The flagship network in Keras 3: residual, at two resolutions, with a linear head.

Log-mel decibels go through a strided stem and residual stages. The head is linear in the
averages of two feature maps, a fine one and a coarse one, so that every logit is a bias plus
the sum of one map over the spectrogram: what the map shows is all that the network went by.
Residual blocks as in He et al. 2016, a channel that tells the frequency as in Liu et al. 2018
("CoordConv").
"""

import keras
from keras import layers, ops

from timbrescope.models.frontend import feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.training.fit.flagship.settings import Shape
from timbrescope.training.teacher.tagger import EMBEDDING_UNITS as TEACHER_UNITS
from timbrescope.training.teacher.tagger import LABELS as TEACHER_LABELS

EMBEDDING_UNITS = 128
FINE_MAP = "fine_map"
COARSE_MAP = "coarse_map"
FINE_PROJECTION = "fine_projection"
COARSE_PROJECTION = "coarse_projection"
EMBEDDING = "embedding"
LOGITS = "logits"
TEACHER_EMBEDDING = "teacher_embedding"
TEACHER_LOGITS = "teacher_logits"
# Mel decibels lie between -80 and 0: this puts them around zero with a spread of about one.
MIDDLE_DB, SPREAD_DB = -45.0, 20.0


@keras.saving.register_keras_serializable(package="timbrescope")
class Scaling(layers.Layer):
    """Scale decibels and add a channel that holds each row's frequency, from -1 to 1.

    Input (N, 128, 130) dB, output (N, 128, 130, 2). No weights.
    """

    def call(self, features: keras.KerasTensor) -> keras.KerasTensor:
        """Scale a batch; see the class."""
        rows = features.shape[1]
        scaled = (features - MIDDLE_DB) / SPREAD_DB
        height = ops.cast(ops.linspace(-1.0, 1.0, rows), features.dtype)
        frequency = ops.zeros_like(scaled) + ops.reshape(height, (1, rows, 1))
        return ops.stack([scaled, frequency], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the input's shape with two channels behind it."""
        return (*input_shape, 2)


def build_flagship(shape: Shape | None = None, *, precision: str = "float32") -> keras.Model:
    """Build the untrained network.

    Parameters
    ----------
    shape : Shape, optional
    precision : str
        ``float32``; ``mixed_bfloat16`` trains faster where the processor has it; ``float64``
        is for the oracle of parity.

    Returns
    -------
    keras.Model
        Input ``features`` (N, 128, 130) in dB; output a dict of ``logits`` (N, 28),
        ``teacher_embedding`` (N, 384) and ``teacher_logits`` (N, 527). The maps and the
        embedding (N, 128) are layers named by this module's constants.
    """
    chosen, policy = shape or Shape(), keras.dtype_policies.DTypePolicy(precision)
    exact = "float64" if precision == "float64" else "float32"
    inputs = keras.Input(shape=feature_shape("mel"), name="features", dtype=exact)
    x = Scaling(name="scaling", dtype=exact)(inputs)
    x = _convolution(x, chosen.stem, size=5, stride=2, name="stem", policy=policy)
    maps = []
    strides: tuple[int | tuple[int, int], ...] = (2, 2, (2, 1))
    for stage, (filters, blocks) in enumerate(zip(chosen.stages, chosen.blocks, strict=True), 1):
        for block in range(blocks):
            name, stride = f"stage{stage}_{block}", strides[stage - 1] if block == 0 else 1
            x = _residual(x, filters, stride=stride, name=name, policy=policy)
        maps.append(x)
    fine = layers.Activation("linear", name=FINE_MAP, dtype=exact)(maps[1])
    x = _convolution(x, chosen.coarse, size=1, stride=1, name="coarse", policy=policy)
    coarse = layers.Activation("linear", name=COARSE_MAP, dtype=exact)(x)
    return keras.Model(inputs, _heads(fine, coarse, shape=chosen, exact=exact), name="flagship")


def _heads(
    fine: keras.KerasTensor, coarse: keras.KerasTensor, *, shape: Shape, exact: str
) -> dict[str, keras.KerasTensor]:
    fine_average = layers.GlobalAveragePooling2D(name="fine_average", dtype=exact)(fine)
    average = layers.GlobalAveragePooling2D(name="coarse_average", dtype=exact)(coarse)
    dropped = layers.Dropout(shape.dropout, name="dropout", dtype=exact)(average)
    embedding = layers.Add(name=EMBEDDING, dtype=exact)(
        [
            layers.Dense(EMBEDDING_UNITS, use_bias=False, name=FINE_PROJECTION, dtype=exact)(
                fine_average
            ),
            layers.Dense(EMBEDDING_UNITS, use_bias=False, name=COARSE_PROJECTION, dtype=exact)(
                dropped
            ),
        ]
    )
    return {
        LOGITS: layers.Dense(len(NAMES), name=LOGITS, dtype=exact)(embedding),
        TEACHER_EMBEDDING: layers.Dense(TEACHER_UNITS, name=TEACHER_EMBEDDING, dtype=exact)(
            average
        ),
        TEACHER_LOGITS: layers.Dense(TEACHER_LABELS, name=TEACHER_LOGITS, dtype=exact)(average),
    }


def _convolution(
    x: keras.KerasTensor,
    filters: int,
    *,
    size: int,
    stride: int | tuple[int, int],
    name: str,
    policy: keras.DTypePolicy,
    activation: bool = True,
) -> keras.KerasTensor:
    x = layers.Conv2D(
        filters,
        size,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
        dtype=policy,
    )(x)
    x = layers.BatchNormalization(momentum=0.98, name=f"{name}_norm", dtype=policy)(x)
    return layers.ReLU(name=f"{name}_relu", dtype=policy)(x) if activation else x


def _residual(
    x: keras.KerasTensor,
    filters: int,
    *,
    stride: int | tuple[int, int],
    name: str,
    policy: keras.DTypePolicy,
) -> keras.KerasTensor:
    y = _convolution(x, filters, size=3, stride=stride, name=f"{name}_a", policy=policy)
    y = _convolution(
        y, filters, size=3, stride=1, name=f"{name}_b", policy=policy, activation=False
    )
    if stride != 1:
        x = layers.AveragePooling2D(stride, padding="same", name=f"{name}_pool", dtype=policy)(x)
    if x.shape[-1] != filters:
        x = _convolution(
            x, filters, size=1, stride=1, name=f"{name}_skip", policy=policy, activation=False
        )
    total = layers.Add(name=f"{name}_sum", dtype=policy)([x, y])
    return layers.ReLU(name=f"{name}_out", dtype=policy)(total)

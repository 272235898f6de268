"""The paper's CNN in Keras 3, standardisation of each window included.

Three blocks of Conv2D 3x3 'same' with ReLU, BatchNormalization and MaxPooling 2x2 (32, 64
and 128 filters), then global average pooling, Dense 128 ReLU, Dropout 0.5 and Dense 28 with
softmax (Senatori & Nardone, Information 2025, 16, 864). 113,692 parameters for the mel input
and, as all convolutions see one channel, for the MFCC input as well.

Deviation from the paper's code in form only: the softmax is a layer of its own behind the
Dense 28, so that logits can be reached by name, and the standardisation (which the paper does
in NumPy) is the first layer, so that no user of the exported graph can forget it.
"""

import keras
from keras import layers, ops

from timbrescope.models.frontend import FeatureKind, feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.training.fit.settings import FitSettings

FILTERS = (32, 64, 128)
EMBEDDING_UNITS = 128
DROPOUT = 0.5
STANDARDISE_EPSILON_DB = 1e-6

LAST_CONVOLUTION = "conv3"
LAST_NORMALISATION = "norm3"
EMBEDDING = "embedding"
DROPOUT_LAYER = "dropout"
LOGITS = "logits"
PROBABILITIES = "probabilities"


def _window_mean(values: keras.KerasTensor) -> keras.KerasTensor:
    """Return the mean over both axes, taken one after the other.

    onnxruntime adds up in single precision, one number after the other: over all 16,640 at once
    that costs two digits, which the logits of a confident network show as 2e-4.
    """
    return ops.mean(ops.mean(values, axis=2, keepdims=True), axis=1, keepdims=True)


@keras.saving.register_keras_serializable(package="timbrescope")
class WindowStandardisation(layers.Layer):
    """Subtract each window's own mean and divide by its own deviation, over both axes.

    Input (N, h, w) dB, output (N, h, w, 1). No weights: nothing is learnt from a corpus.
    """

    def call(self, features: keras.KerasTensor) -> keras.KerasTensor:
        """Standardise a batch; see the class."""
        centred = features - _window_mean(features)
        # Two passes: E[x²] - E[x]² loses digits where a window is nearly constant.
        deviation = ops.sqrt(_window_mean(ops.square(centred)))
        return ops.expand_dims(centred / (deviation + STANDARDISE_EPSILON_DB), axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the input's shape with one channel behind it."""
        return (*input_shape, 1)


def build_cnn(kind: FeatureKind, *, precision: str = "float32") -> keras.Model:
    """Build the untrained, uncompiled network for a feature kind.

    Parameters
    ----------
    kind : {"mel", "mfcc"}
    precision : str
        ``float32``, or ``float64`` for the oracle of `training.export.parity`.

    Returns
    -------
    keras.Model
        Input ``features`` (N, 128, 130) or (N, 40, 130) in dB, output ``probabilities``
        (N, 28). Logits, embedding and the last feature map are layers named by this
        module's constants.

    """
    inputs = keras.Input(shape=feature_shape(kind), name="features", dtype=precision)
    x = WindowStandardisation(name="standardise", dtype=precision)(inputs)
    for number, filters in enumerate(FILTERS, start=1):
        x = _block(x, number=number, filters=filters, precision=precision)
    x = layers.GlobalAveragePooling2D(name="average", dtype=precision)(x)
    x = layers.Dense(EMBEDDING_UNITS, activation="relu", name=EMBEDDING, dtype=precision)(x)
    x = layers.Dropout(DROPOUT, name=DROPOUT_LAYER, dtype=precision)(x)
    x = layers.Dense(len(NAMES), name=LOGITS, dtype=precision)(x)
    outputs = layers.Softmax(name=PROBABILITIES, dtype=precision)(x)
    return keras.Model(inputs, outputs, name=f"timbrescope_{kind}")


def _block(x: keras.KerasTensor, *, number: int, filters: int, precision: str) -> keras.KerasTensor:
    x = layers.Conv2D(
        filters, 3, padding="same", activation="relu", name=f"conv{number}", dtype=precision
    )(x)
    x = layers.BatchNormalization(name=f"norm{number}", dtype=precision)(x)
    return layers.MaxPooling2D(2, name=f"pool{number}", dtype=precision)(x)


def compile_cnn(model: keras.Model, *, learning_rate: float = FitSettings.learning_rate) -> None:
    """Compile with the paper's optimiser and loss (Adam, categorical cross-entropy).

    Labels stay integers: the sparse form is the same loss without 28 numbers per label.
    """
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )


def with_precision(model: keras.Model, *, kind: FeatureKind, precision: str) -> keras.Model:
    """Return a copy of a network of this module, same weights, computing in `precision`."""
    copy = build_cnn(kind, precision=precision)
    copy.set_weights(model.get_weights())
    return copy


def layer_output(model: keras.Model, *layer_names: str) -> keras.Model:
    """Return a model sharing all weights whose outputs are the named layers', as a dict."""
    outputs = {name: model.get_layer(name).output for name in layer_names}
    return keras.Model(model.input, outputs, name=f"{model.name}_inspection")

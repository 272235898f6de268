"""The layers of the paper's network: their output shapes and their numbers of parameters.

Computed from the architecture instead of asked of Keras, whose import takes seconds that a
report need not wait for; `tests/training/study/test_figure_network.py` compares every layer
with `training.fit.cnn.build_cnn`.
"""

from dataclasses import dataclass

from timbrescope.models.frontend import FeatureKind, feature_shape
from timbrescope.models.instruments import NAMES

FILTERS = (32, 64, 128)
EMBEDDING_UNITS = 128
_KERNEL = 3


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes
    ----------
    name : str
        As in `training.fit.cnn`.
    text : str
        What readers are told of it.
    shape : tuple of int
        Of its output, without the batch axis.
    parameters : int
        All that are stored, also the means and variances that are not trained.
    """

    name: str
    text: str
    shape: tuple[int, ...]
    parameters: int


@dataclass(frozen=True)
class Stage:
    """Layers that belong together, and the shape of what leaves them."""

    title: str
    layers: tuple[Layer, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the output of the last layer."""
        return self.layers[-1].shape


def stages(kind: FeatureKind) -> tuple[Stage, ...]:
    """Return the network for a kind of features, from input to output."""
    height, width = feature_shape(kind)
    found = [_input(height, width)]
    channels = 1
    for number, filters in enumerate(FILTERS, start=1):
        found.append(_block(number, height, width, channels=channels, filters=filters))
        height, width, channels = found[-1].shape
    average = Layer("average", "Global average\npooling", (channels,), 0)
    hidden = _dense("embedding", f"Dense {EMBEDDING_UNITS}\nReLU", channels, EMBEDDING_UNITS)
    dropout = Layer("dropout", "Dropout 0.5", hidden.shape, 0)
    logits = _dense("logits", f"Dense {len(NAMES)}", EMBEDDING_UNITS, len(NAMES))
    softmax = Layer("probabilities", "Softmax", logits.shape, 0)
    found += [
        Stage("Pooling", (average,)),
        Stage("Hidden layer", (hidden, dropout)),
        Stage("Answer", (logits, softmax)),
    ]
    return tuple(found)


def parameter_count(kind: FeatureKind) -> int:
    """Return the number of parameters of the whole network."""
    return sum(layer.parameters for stage in stages(kind) for layer in stage.layers)


def untrained_count(kind: FeatureKind) -> int:
    """Return how many of them are means and variances, which are counted and not trained."""
    norms = [layer for stage in stages(kind) for layer in stage.layers if layer.name[:4] == "norm"]
    return sum(layer.parameters // 2 for layer in norms)


def _input(height: int, width: int) -> Stage:
    return Stage(
        "Input",
        (
            Layer("features", "Features (dB)", (height, width), 0),
            Layer("standardise", "Standardise\neach clip", (height, width, 1), 0),
        ),
    )


def _block(number: int, height: int, width: int, *, channels: int, filters: int) -> Stage:
    shape = (height, width, filters)
    convolution = (_KERNEL * _KERNEL * channels + 1) * filters
    return Stage(
        f"Block {number}",
        (
            Layer(f"conv{number}", f"Conv {_KERNEL}×{_KERNEL}\nReLU", shape, convolution),
            # Scale, offset, mean and variance.
            Layer(f"norm{number}", "Batch\nnormalisation", shape, 4 * filters),
            Layer(f"pool{number}", "Max pooling\n2×2", (height // 2, width // 2, filters), 0),
        ),
    )


def _dense(name: str, text: str, inputs: int, units: int) -> Layer:
    return Layer(name, text, (units,), (inputs + 1) * units)

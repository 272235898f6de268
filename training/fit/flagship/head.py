"""The flagship's linear head as one matrix and a bias, folded from its layers."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from timbrescope.training.fit.flagship.batches import TargetScaling
from timbrescope.training.fit.flagship.network import LOGITS, STANDARDISED, TEACHER_LOGITS
from timbrescope.training.teacher.answers import EMBEDDING_UNITS
from timbrescope.training.teacher.audioset import averaging_matrix


@dataclass(frozen=True)
class LinearHead:
    """Logits are ``averages of all maps @ kernel + bias``.

    Attributes
    ----------
    kernel : ndarray, shape (channels of all maps, 28)
    bias : ndarray, shape (28,)
    """

    kernel: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def of(cls, model: keras.Model) -> "LinearHead":
        """Fold scaling and logits of a network of `training.fit.flagship.network`."""
        return cls(*_folded(model, LOGITS))

    @classmethod
    def heard(cls, model: keras.Model, scaling: TargetScaling) -> "LinearHead":
        """Fold the layers that give the teacher's logits into one that names instruments.

        It answers for each instrument with the mean logit of its AudioSet labels, as the
        network believes that the teacher would; centred over the training windows, so that
        its logits are about zero for what the corpus holds.
        """
        kernel, bias = _folded(model, TEACHER_LOGITS)
        spread = np.asarray(scaling.spread[EMBEDDING_UNITS:], np.float64)
        matrix = averaging_matrix()
        centre = np.asarray(scaling.mean[EMBEDDING_UNITS:], np.float64) @ matrix
        return cls((kernel * spread) @ matrix, (bias * spread) @ matrix + centre - centre.mean())

    def plus(self, other: "LinearHead", *, share: float) -> "LinearHead":
        """Return the head whose logits are this one's plus a share of the other's."""
        return LinearHead(self.kernel + share * other.kernel, self.bias + share * other.bias)

    def logits(self, averages: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the logits, (N, 28), for averages (N, channels of all maps)."""
        return averages @ self.kernel + self.bias


def _folded(model: keras.Model, layer: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean, spread = (np.asarray(w, np.float64) for w in model.get_layer(STANDARDISED).get_weights())
    kernel, bias = (np.asarray(w, np.float64) for w in model.get_layer(layer).get_weights())
    scaled = kernel / spread[:, np.newaxis]
    return scaled, bias - mean @ scaled

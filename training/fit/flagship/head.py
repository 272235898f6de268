"""The flagship's linear head as one matrix and a bias, folded from its layers."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from timbrescope.training.fit.flagship.answers import map_averages
from timbrescope.training.fit.flagship.network import LOGITS, STANDARDISED


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
        mean, spread = (
            np.asarray(w, np.float64) for w in model.get_layer(STANDARDISED).get_weights()
        )
        kernel, bias = (np.asarray(w, np.float64) for w in model.get_layer(LOGITS).get_weights())
        scaled = kernel / spread[:, np.newaxis]
        return cls(scaled, bias - mean @ scaled)

    def logits(self, averages: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the logits, (N, 28), for averages (N, channels of all maps)."""
        return averages @ self.kernel + self.bias


def window_logits(model: keras.Model, features: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return a flagship's logits, (N, 28), for features (N, 64, 256)."""
    return LinearHead.of(model).logits(map_averages(model, features))

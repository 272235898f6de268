"""The paper's way, lean: librosa, its network in Keras, Grad-CAM of the likeliest class alone.

Everything is warmed up before it counts. An answer is had in three ways: by ``model.predict``, as
Keras's guides and most notebooks write it; by calling the model, as Keras advises for single
windows; and for both answer and Grad-CAM from one call, the leanest.
"""

from functools import cache
from pathlib import Path

import keras
import librosa
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.training.fit.cnn import LAST_CONVOLUTION, build_cnn


@cache
def _network() -> keras.Model:
    return build_cnn("mel")


@cache
def _network_with_map() -> keras.Model:
    model = _network()
    last = model.get_layer(LAST_CONVOLUTION)
    return keras.Model(model.inputs[0], [last.output, model.output])


def predicted(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ask the model by ``predict``, then for the heat map of a window (66150,)."""
    spectrogram = mel(window)
    _network().predict(spectrogram, verbose=0)
    return heatmap(spectrogram)


def called(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Call the model, then ask for the heat map of a window (66150,)."""
    spectrogram = mel(window)
    np.asarray(_network()(spectrogram, training=False))
    return heatmap(spectrogram)


def explained(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ask for the heat map of a window (66150,), from which the answer is known as well."""
    return heatmap(mel(window))


def heatmap(spectrogram: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the Grad-CAM (128, 130) of the likeliest class of a spectrogram (1, 128, 130)."""
    with tf.GradientTape() as tape:
        feature_map, shares = _network_with_map()(spectrogram, training=False)
        best = shares[:, int(tf.argmax(shares[0]))]
    weights = tf.reduce_mean(tape.gradient(best, feature_map), axis=(0, 1, 2))
    heat = tf.nn.relu(tf.linalg.matvec(feature_map[0], weights))
    heat = heat / (tf.reduce_max(heat) + 1e-9)
    resized = tf.image.resize(heat[..., tf.newaxis], spectrogram.shape[1:])
    return np.asarray(resized.numpy()[..., 0], np.float32)


def mel(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the paper's spectrogram of a window (66150,), shape (1, 128, 130)."""
    power = librosa.feature.melspectrogram(y=window, sr=SAMPLE_RATE_HZ, n_mels=128, fmax=8000)
    return np.asarray(librosa.power_to_db(power, ref=np.max)[np.newaxis], np.float32)


def file_answers(path: Path) -> list[NDArray[np.float32]]:
    """Return the answers to the whole windows of a file, one after the other."""
    model = _network()
    sound, _ = librosa.load(path, sr=SAMPLE_RATE_HZ)
    starts = range(0, len(sound) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES)
    windows = [mel(sound[at : at + WINDOW_SAMPLES]) for at in starts]
    return [np.asarray(model(window, training=False)) for window in windows]

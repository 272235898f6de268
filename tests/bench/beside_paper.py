"""What files and live steps cost beside the paper's way, in processor time of this process.

The paper's way is librosa for sound and mel spectrogram, the paper's network in Keras, and Grad-CAM
by `tf.GradientTape` for the likeliest class alone.
"""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import encoded
import numpy as np
import soundfile
from numpy.typing import NDArray

from timbrescope.desktop.engine.classify_file import classify_file
from timbrescope.desktop.engine.listener import PREVIEW_SAMPLES, Listener
from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES


def files(folder: Path, *, length_s: float) -> dict[str, float]:
    """Measure how many times faster than real time a stereo FLAC is answered."""
    path = folder / "tune.flac"
    left = encoded.tune(length_s, 44_100)
    soundfile.write(path, np.stack([left, 0.7 * left], axis=1), 44_100)
    heard, mel = Classifier.load(), Classifier.load("mel")
    ours_s = cost_s(lambda: classify_file(path, classifier=heard))
    # Once before: librosa and TensorFlow are loaded and compiled then.
    _papers_file(path)
    paper_s = cost_s(lambda: _papers_file(path))
    decoding_s = cost_s(lambda: list(iter_windows(path)))
    mel_s = cost_s(lambda: classify_file(path, classifier=mel))
    return {
        "decoding, times real time on 1 core": length_s / decoding_s,
        "files (mel), times real time on 1 core": length_s / mel_s,
        f"files ({DEFAULT_MODEL}), times real time on 1 core": length_s / ours_s,
        f"files ({DEFAULT_MODEL}), times real time in 2 processes": _in_two(path, length_s),
        "files, librosa and Keras, times real time on 1 core": length_s / paper_s,
        "files, times the paper's way": paper_s / ours_s,
    }


def steps(*, count: int) -> dict[str, float]:
    """Measure a live step: front end, network and evidence of the newest window."""
    ours_ms, mel_ms = _step_ms(DEFAULT_MODEL, count=count), _step_ms("mel", count=count)
    paper = PapersStep()
    window = encoded.tune(3.0, SAMPLE_RATE_HZ)
    paper(window)
    paper_ms = 1e3 * median([cost_s(lambda: paper(window)) for _ in range(count)])
    return {
        f"live step ({DEFAULT_MODEL}), ms": ours_ms,
        "live step (mel, the paper's network), ms": mel_ms,
        "live step, librosa, Keras and GradientTape, ms": paper_ms,
        "live step, times the paper's way": paper_ms / ours_ms,
        "live step (mel, the paper's network), times the paper's way": paper_ms / mel_ms,
    }


def _step_ms(model: str, *, count: int) -> float:
    listener = Listener(Classifier.load(model))
    sound = encoded.tune(3.0 + count * PREVIEW_SAMPLES / SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)
    listener.hear(sound[:WINDOW_SAMPLES])
    starts = range(WINDOW_SAMPLES, len(sound) - PREVIEW_SAMPLES + 1, PREVIEW_SAMPLES)
    pieces = [sound[at : at + PREVIEW_SAMPLES] for at in starts]
    return 1e3 * median([cost_s(lambda each=each: listener.hear(each)) for each in pieces])  # type: ignore[misc]


def cost_s(work: Callable[[], object]) -> float:
    """Return the processor time that `work` takes, of all threads."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _one(path: Path) -> None:
    classify_file(path, classifier=Classifier.load())


def _in_two(path: Path, length_s: float) -> float:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        # Both have loaded their libraries before the clock starts.
        list(pool.map(_one, [path, path]))
        began = time.monotonic()
        list(pool.map(_one, [path] * 4))
        return 4 * length_s / (time.monotonic() - began)


class PapersStep:
    """One answer with its Grad-CAM, as the paper computes it."""

    def __init__(self) -> None:
        from timbrescope.training.fit.cnn import LAST_CONVOLUTION, build_cnn, layer_output

        self._model = build_cnn("mel")
        names = [layer.name for layer in self._model.layers]
        self._behind = self._model.layers[names.index(LAST_CONVOLUTION) + 1 :]
        self._last = LAST_CONVOLUTION
        self._front = layer_output(self._model, LAST_CONVOLUTION)

    def __call__(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the heat map of the likeliest class of a window (66150,)."""
        import tensorflow as tf

        feature_map = self._front(_papers_mel(window), training=False)
        with tf.GradientTape() as tape:
            tape.watch(feature_map[self._last])
            x = feature_map[self._last]
            for layer in self._behind:
                x = layer(x, training=False)
            best = tf.reduce_max(x, axis=-1)
        gradient = tape.gradient(best, feature_map[self._last])
        weights = tf.reduce_mean(gradient, axis=(1, 2))
        heatmap = tf.nn.relu(tf.einsum("nhwk,nk->nhw", feature_map[self._last], weights))
        return np.asarray(heatmap.numpy()[0], np.float32)


def _papers_mel(window: NDArray[np.float32]) -> NDArray[np.float32]:
    import librosa

    mel = librosa.feature.melspectrogram(y=window, sr=SAMPLE_RATE_HZ, n_mels=128)
    return np.asarray(librosa.power_to_db(mel, ref=np.max)[np.newaxis], np.float32)


def _papers_file(path: Path) -> None:
    import librosa

    from timbrescope.training.fit.cnn import build_cnn

    model = build_cnn("mel")
    sound, _ = librosa.load(path, sr=SAMPLE_RATE_HZ)
    for at in range(0, len(sound) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES):
        model(_papers_mel(sound[at : at + WINDOW_SAMPLES]), training=False)

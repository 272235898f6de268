"""What files and live steps cost beside the paper's way, in processor time of this process.

The paper's way is librosa for sound and mel spectrogram, the paper's network in Keras, and Grad-CAM
by `tf.GradientTape` for the likeliest class alone, everything warmed up. Its answer is had in three
ways: by ``model.predict``, as Keras's guides and most notebooks write it; by calling the model, as
Keras advises for single windows; and for both answer and Grad-CAM from one call, the leanest.

Like is compared with like by our own path with the paper's network (``mel``); the flagship, which
is larger and explained by another rule, stands beside it.
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
    ours_s = _warm_s(lambda: classify_file(path, classifier=heard))
    paper_s = _warm_s(lambda: _papers_file(path))
    decoding_s = _warm_s(lambda: list(iter_windows(path)))
    mel_s = _warm_s(lambda: classify_file(path, classifier=mel))
    return {
        "decoding, times real time on 1 core": length_s / decoding_s,
        "files (mel), times real time on 1 core": length_s / mel_s,
        f"files ({DEFAULT_MODEL}), times real time on 1 core": length_s / ours_s,
        f"files ({DEFAULT_MODEL}), times real time in 2 processes": _in_two(path, length_s),
        "files, librosa and Keras, times real time on 1 core": length_s / paper_s,
        "files, times the paper's way": paper_s / ours_s,
    }


def _warm_s(answer: Callable[[], object]) -> float:
    """Return what a file costs in a process that has answered one, as all but the first do.

    On the first of a process libraries are loaded, TensorFlow compiles, and it is tried whether
    windows may go through a network together: each way has that behind it.
    """
    answer()
    return cost_s(answer)


def steps(*, count: int) -> dict[str, float]:
    """Measure a live step: front end, network and evidence of the newest window."""
    window = encoded.tune(3.0, SAMPLE_RATE_HZ)
    ours = {
        "mel, the paper's network": _step_ms("mel", count=count),
        DEFAULT_MODEL: _step_ms(DEFAULT_MODEL, count=count),
    }
    paper = PapersStep()
    papers = {
        "model.predict, then Grad-CAM": lambda: paper.predicted(window),
        "model called, then Grad-CAM": lambda: paper.called(window),
        "Grad-CAM alone": lambda: paper.heatmap(_papers_mel(window)),
    }
    papers_ms = {way: _median_ms(step, count=count) for way, step in papers.items()}
    figures = {f"live step ({name}), ms": ms for name, ms in ours.items()}
    figures |= {f"live step, librosa, Keras, {way}, ms": ms for way, ms in papers_ms.items()}
    for name, ms in ours.items():
        for way, paper_ms in papers_ms.items():
            figures[f"live step ({name}; {way}), times the paper's way"] = paper_ms / ms
    return figures


def _median_ms(step: Callable[[], object], *, count: int) -> float:
    # Twice before: TensorFlow compiles on the first calls.
    for _ in range(2):
        step()
    return 1e3 * median([cost_s(step) for _ in range(count)])


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
        import keras

        from timbrescope.training.fit.cnn import LAST_CONVOLUTION, build_cnn

        self._model = build_cnn("mel")
        last = self._model.get_layer(LAST_CONVOLUTION)
        self._with_map = keras.Model(self._model.inputs[0], [last.output, self._model.output])

    def predicted(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """Ask the model by ``predict``, then for the heat map of a window (66150,)."""
        mel = _papers_mel(window)
        self._model.predict(mel, verbose=0)
        return self.heatmap(mel)

    def called(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """Call the model, then ask for the heat map of a window (66150,)."""
        mel = _papers_mel(window)
        np.asarray(self._model(mel, training=False))
        return self.heatmap(mel)

    def heatmap(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the Grad-CAM (128, 130) of the likeliest class of a spectrogram (1, 128, 130)."""
        import tensorflow as tf

        with tf.GradientTape() as tape:
            feature_map, shares = self._with_map(mel, training=False)
            best = shares[:, int(tf.argmax(shares[0]))]
        weights = tf.reduce_mean(tape.gradient(best, feature_map), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.linalg.matvec(feature_map[0], weights))
        heat = heat / (tf.reduce_max(heat) + 1e-9)
        resized = tf.image.resize(heat[..., tf.newaxis], mel.shape[1:])
        return np.asarray(resized.numpy()[..., 0], np.float32)


def _papers_mel(window: NDArray[np.float32]) -> NDArray[np.float32]:
    import librosa

    mel = librosa.feature.melspectrogram(y=window, sr=SAMPLE_RATE_HZ, n_mels=128, fmax=8000)
    return np.asarray(librosa.power_to_db(mel, ref=np.max)[np.newaxis], np.float32)


def _papers_file(path: Path) -> None:
    import librosa

    from timbrescope.training.fit.cnn import build_cnn

    model = build_cnn("mel")
    sound, _ = librosa.load(path, sr=SAMPLE_RATE_HZ)
    for at in range(0, len(sound) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES):
        model(_papers_mel(sound[at : at + WINDOW_SAMPLES]), training=False)

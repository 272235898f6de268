"""What files and live steps cost beside the paper's way (`papers_way`), in processor time.

Like is compared with like by our own path with the paper's network (``mel``); the flagship, which
is larger and explained by another rule, stands beside it. Each way has a process of its own, and
they take turns (`in_turns`).
"""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

import encoded
import numpy as np
import soundfile
from in_turns import Work, median_costs_s

from timbrescope.desktop.engine.classify_file import classify_file
from timbrescope.desktop.engine.listener import PREVIEW_SAMPLES, Listener
from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES

# How often each way is asked in turn, for the median of them.
FILE_TURNS = 7
STEP_TURNS = 4


def files(folder: Path, *, length_s: float) -> dict[str, float]:
    """Measure how many times faster than real time a stereo FLAC is answered."""
    path = folder / "tune.flac"
    left = encoded.tune(length_s, 44_100)
    soundfile.write(path, np.stack([left, 0.7 * left], axis=1), 44_100)
    ways = {
        "decoding": partial(_decoding, path),
        "files (mel)": partial(_answering, path, "mel"),
        f"files ({DEFAULT_MODEL})": partial(_answering, path, DEFAULT_MODEL),
        "files, librosa and Keras": partial(_papers_answering, path),
    }
    costs_s = median_costs_s(ways, turns=FILE_TURNS)
    figures = {
        f"{name}, times real time on 1 core": length_s / cost_s for name, cost_s in costs_s.items()
    }
    *_, ours, papers = costs_s.values()
    return {
        **figures,
        f"files ({DEFAULT_MODEL}), times real time in 2 processes": _in_two(path, length_s),
        "files, times the paper's way": papers / ours,
    }


def _decoding(path: Path) -> Work:
    return lambda: list(iter_windows(path))


def _answering(path: Path, model: str) -> Work:
    classifier = Classifier.load(model)
    return lambda: classify_file(path, classifier=classifier)


def _papers_answering(path: Path) -> Work:
    import papers_way

    return lambda: papers_way.file_answers(path)


def _one(path: Path) -> None:
    classify_file(path, classifier=Classifier.load())


def _in_two(path: Path, length_s: float) -> float:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        # Both have loaded their libraries before the clock starts.
        list(pool.map(_one, [path, path]))
        began = time.monotonic()
        list(pool.map(_one, [path] * 4))
        return 4 * length_s / (time.monotonic() - began)


def steps(*, count: int) -> dict[str, float]:
    """Measure a live step: front end, network and evidence of the newest window."""
    ours = {"mel, the paper's network": "mel", DEFAULT_MODEL: DEFAULT_MODEL}
    papers = {
        "model.predict, then Grad-CAM": "predicted",
        "model called, then Grad-CAM": "called",
        "Grad-CAM alone": "explained",
    }
    costs_s = median_costs_s(
        {name: partial(_step, model) for name, model in ours.items()}
        | {way: partial(_papers_step, function) for way, function in papers.items()},
        turns=STEP_TURNS,
        each=-(-count // STEP_TURNS),
    )
    figures = {f"live step ({name}), ms": 1e3 * costs_s[name] for name in ours}
    figures |= {f"live step, librosa, Keras, {way}, ms": 1e3 * costs_s[way] for way in papers}
    for name in ours:
        for way in papers:
            figures[f"live step ({name}; {way}), times the paper's way"] = (
                costs_s[way] / costs_s[name]
            )
    return figures


def _step(model: str) -> Work:
    """Return a live step with the next 0.2 s of a tune, from its beginning again at its end."""
    listener = Listener(Classifier.load(model))
    sound = encoded.tune(12.0, SAMPLE_RATE_HZ)
    listener.hear(sound[:WINDOW_SAMPLES])
    starts = range(0, len(sound) - PREVIEW_SAMPLES + 1, PREVIEW_SAMPLES)
    pieces = cycle([sound[at : at + PREVIEW_SAMPLES] for at in starts])
    return lambda: listener.hear(next(pieces))


def _papers_step(function: str) -> Work:
    import papers_way

    window = encoded.tune(3.0, SAMPLE_RATE_HZ)
    return lambda: getattr(papers_way, function)(window)

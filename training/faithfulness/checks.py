"""Whether evidence adds up, heeds the weights, finds what is where, and keeps still."""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from timbrescope.models.artefact import Artefact
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import band_centres_hz
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.training.faithfulness.graphs import (
    head_weights,
    last_convolution,
    randomised,
)
from timbrescope.training.faithfulness.material import Window
from timbrescope.training.measures.faithfulness import (
    SEED,
    Mean,
    mean_over_groups,
    share_within,
    similarity,
)

SHIFT_S = 0.010
GAIN_DB = 1.0
RANDOM_DRAWS = 3
# A mixture is of two recordings that are both answered rightly and this surely.
_SURE = 0.5
_CROSSOVER_HZ = 1_500.0
_FADE_SAMPLES = 441


def completeness(windows: Sequence[Window]) -> float:
    """Return the largest difference between the sum of the evidence and what it explains."""
    return max(
        abs(float(evidence.grid.sum(dtype=np.float64)) + evidence.rest - evidence.total)
        for evidence in (window.analysis.evidence for window in windows)
        if evidence is not None
    )


def stability(classifier: Classifier, windows: Sequence[Window]) -> dict[str, Any]:
    """Return how alike the maps are after a shift of 10 ms and after a gain of 1 dB."""
    groups = [window.source for window in windows]
    shift = round(SHIFT_S * SAMPLE_RATE_HZ)
    gain = 10 ** (-GAIN_DB / 20)
    shifted = [_alike(classifier, window, _later(window.samples, shift)) for window in windows]
    quieter = [_alike(classifier, window, window.samples * gain) for window in windows]
    return {
        "shift_10_ms": mean_over_groups(shifted, groups).stated(),
        "gain_1_db": mean_over_groups(quieter, groups).stated(),
    }


def _later(samples: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    return np.concatenate([np.zeros(count, np.float32), samples[:-count]])


def _alike(classifier: Classifier, window: Window, samples: NDArray[np.floating]) -> float:
    before = window.analysis.evidence
    after = classifier.analyse(
        samples.astype(np.float32), start_s=0.0, explained=window.analysis.best
    ).evidence
    return 0.0 if before is None or after is None else similarity(before.grid, after.grid)


def randomisation(
    artefact: Artefact, model: onnx.ModelProto, windows: Sequence[Window]
) -> dict[str, Any]:
    """Return how alike maps are to those of networks with weights drawn anew (Adebayo 2018)."""
    chosen = {"head": head_weights(model), "last convolution": last_convolution(model)}
    return {
        part: _similarity_to_random(artefact, model, windows, names=names).stated()
        for part, names in chosen.items()
    }


def _similarity_to_random(
    artefact: Artefact, model: onnx.ModelProto, windows: Sequence[Window], *, names: Sequence[str]
) -> Mean:
    found, groups = [], []
    for draw in range(RANDOM_DRAWS):
        other = classifier_of(artefact, randomised(model, names, seed=SEED + draw))
        for window in windows:
            theirs = other.analyse(window.samples, start_s=0.0, explained=window.analysis.best)
            assert theirs.evidence is not None
            assert window.analysis.evidence is not None
            found.append(similarity(window.analysis.evidence.grid, theirs.evidence.grid))
            groups.append(window.source)
    return mean_over_groups(found, groups)


def classifier_of(artefact: Artefact, model: onnx.ModelProto) -> Classifier:
    """Return a classifier of another graph, described as the shipped one is."""
    changed = copy.copy(artefact)
    return Classifier(replace(changed, graph=model.SerializeToString()))


def pointing(classifier: Classifier, windows: Sequence[Window]) -> dict[str, Any]:
    """Return in which share of mixtures the evidence for each of two lies on its own part.

    Half of them hold one instrument in the first 1.5 s and another after it, half one below and
    another above 1.5 kHz (none of these for MFCCs, which lie at no frequency). What is explained
    is one instrument rather than the other; it is right if most of what speaks for it lies on its
    own part.
    """
    sure = [
        window
        for window in windows
        if window.analysis.best == window.label and window.analysis.probability >= _SURE
    ]
    right: dict[str, list[float]] = {"time": [], "band": []}
    for first, second in _pairs(sure):
        right["time"] += _points(classifier, first, second, mixed=_in_turn, by_band=False)
        if classifier.kind != "mfcc":
            right["band"] += _points(classifier, first, second, mixed=_in_bands, by_band=True)
    everything = right["time"] + right["band"]
    return {
        "mixtures": len(everything) // 2,
        **{name: round(float(np.mean(each)), 4) for name, each in right.items() if each},
        "all": round(float(np.mean(everything)), 4) if everything else math.nan,
    }


def _pairs(windows: Sequence[Window]) -> Iterator[tuple[Window, Window]]:
    order = np.random.default_rng(SEED).permutation(len(windows))
    for one, other in zip(order[::2], order[1::2], strict=False):
        if windows[one].label != windows[other].label:
            yield windows[one], windows[other]


def _points(
    classifier: Classifier, first: Window, second: Window, *, mixed: Any, by_band: bool
) -> list[float]:
    samples = mixed(_levelled(first.samples), _levelled(second.samples))
    found = []
    for place, (label, rival) in enumerate(
        ((first.label, second.label), (second.label, first.label))
    ):
        analysis = classifier.analyse(samples, start_s=0.0, explained=label, against=rival)
        assert analysis.evidence is not None
        grid = analysis.evidence.grid
        part = np.zeros(grid.shape, bool)
        edge = _edge(classifier, grid.shape, by_band=by_band)
        own = slice(None, edge) if place == 0 else slice(edge, None)
        part[(own, slice(None)) if by_band else (slice(None), own)] = True
        found.append(float(share_within(grid, part) > 0.5))
    return found


def _edge(classifier: Classifier, shape: tuple[int, ...], *, by_band: bool) -> int:
    if not by_band:
        return shape[1] // 2
    return int(np.searchsorted(band_centres_hz(classifier.kind), _CROSSOVER_HZ))


def _levelled(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return samples * np.float32(0.1 / max(float(np.sqrt(np.mean(np.square(samples)))), 1e-6))


def _in_turn(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return half a window of each: of the stretch in which it is loudest."""
    half = WINDOW_SAMPLES // 2
    fade = np.ones(half, np.float32)
    fade[:_FADE_SAMPLES] = np.linspace(0, 1, _FADE_SAMPLES)
    fade[-_FADE_SAMPLES:] = np.linspace(1, 0, _FADE_SAMPLES)
    return np.concatenate([_loudest_half(one) * fade for one in (first, second)])


def _loudest_half(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    half = WINDOW_SAMPLES // 2
    starts = range(0, WINDOW_SAMPLES - half + 1, SAMPLE_RATE_HZ // 10)
    energy = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    start = max(starts, key=lambda at: energy[at + half] - energy[at])
    return _levelled(samples[start : start + half])


def _in_bands(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the first below the crossover and the second above it."""
    frequencies = np.fft.rfftfreq(WINDOW_SAMPLES, 1 / SAMPLE_RATE_HZ)
    low = frequencies < _CROSSOVER_HZ
    halves = [
        np.fft.irfft(np.fft.rfft(samples) * mask, WINDOW_SAMPLES).astype(np.float32)
        for samples, mask in ((first, low), (second, ~low))
    ]
    return _levelled(halves[0]) + _levelled(halves[1])

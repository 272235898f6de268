"""What the mel network went by, in six representations of the sound (after Chen et al. 2024).

The evidence weighs the sound's own spectrum; what is left is taken through each representation and
compared there with the whole sound. Beside it stands the same with the evidence of another clip:
where the two do not differ, a representation cannot show what the network goes by.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import librosa
import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import (
    FFT_SAMPLES,
    HOP_SAMPLES,
    MEL_FMAX_HZ,
    SAMPLE_RATE_HZ,
    mel_band_centres_hz,
)
from timbrescope.training.hashes import short_hash
from timbrescope.training.measures.distributions import (
    earth_movers,
    jensen_shannon,
    kullback_leibler,
    mean_difference,
)
from timbrescope.training.study.explore.waveforms import read_window
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.explained import (
    MODEL,
    ExplainedClip,
    explained_clips,
    explained_network,
)
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import CLASS_COLOURS
from timbrescope.training.study.figures.style import WIDE_IN, new_figure, value_grid

Power = NDArray[np.float64]
REPRESENTATIONS = ("STFT", "log-mel", "MFCC", "chroma", "spectral contrast", "tonnetz")
MEASURES: Mapping[str, Callable[[Power, Power], float]] = {
    "Kullback-Leibler (nats)": kullback_leibler,
    "Jensen-Shannon (nats)": jensen_shannon,
    "earth mover's distance": earth_movers,
    "mean difference": mean_difference,
}
OWN, ANOTHERS = "its own evidence", "the evidence of another clip"
# What is fainter than this beside the loudest is not heard.
_RANGE_DB = 60.0
_MEL_BANDS = 128
_COEFFICIENTS = 20


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plan of the figure, for the first split with answers."""
    explained = explained_network(inputs)
    if explained is None:
        return
    split, network = explained
    key = short_hash("representations", split, network, inputs.clips_key)
    title = "What the network goes by, in six representations"
    draw = partial(_draw, inputs, split=split)
    yield Plan("explained-representations", title, None, key, draw)


def represented(power: Power) -> dict[str, Power]:
    """Return the six representations of a power spectrum (1025, frames), nothing below zero."""
    mel = librosa.feature.melspectrogram(
        S=power, sr=SAMPLE_RATE_HZ, n_mels=_MEL_BANDS, fmax=MEL_FMAX_HZ
    )
    coefficients = librosa.feature.mfcc(S=_heights_db(mel), n_mfcc=_COEFFICIENTS)
    chroma = librosa.feature.chroma_stft(S=power, sr=SAMPLE_RATE_HZ, norm=None)
    contrast = librosa.feature.spectral_contrast(S=np.sqrt(power), sr=SAMPLE_RATE_HZ)
    tonnetz = librosa.feature.tonnetz(chroma=chroma)
    found = (_heights_db(power), _heights_db(mel), coefficients, chroma, contrast, tonnetz)
    return {
        name: np.abs(np.asarray(each, np.float64))
        for name, each in zip(REPRESENTATIONS, found, strict=True)
    }


def _heights_db(power: Power) -> Power:
    loudest = max(float(power.max()), 1e-12)
    return np.maximum(10.0 * np.log10(np.maximum(power / loudest, 1e-12)) + _RANGE_DB, 0.0)


def explained_power(power: Power, evidence: NDArray[np.floating]) -> Power:
    """Return the part of a power spectrum (1025, frames) that evidence (128, frames) points at."""
    bins_hz = _bins_hz()
    bands_hz = mel_band_centres_hz()
    weights = np.stack(
        [np.interp(bins_hz, bands_hz, frame) for frame in evidence.T.astype(np.float64)],
        axis=1,
    )
    return np.asarray(power * weights, np.float64)


def _bins_hz() -> NDArray[np.float64]:
    return np.asarray(librosa.fft_frequencies(sr=SAMPLE_RATE_HZ, n_fft=FFT_SAMPLES), np.float64)


def distances(power: Power, evidence: NDArray[np.floating]) -> dict[str, dict[str, float]]:
    """Return by representation and measure how far what is explained lies from the sound."""
    # Of what lies above its bands the network hears nothing.
    heard = power[: _bins_hz().searchsorted(MEL_FMAX_HZ, side="right")]
    heard = np.pad(heard, ((0, len(power) - len(heard)), (0, 0)))
    whole, part = represented(heard), represented(explained_power(heard, evidence))
    return {
        name: {measure: of(part[name], whole[name]) for measure, of in MEASURES.items()}
        for name in REPRESENTATIONS
    }


def _spectrum(shown: ExplainedClip) -> Power:
    window = read_window(shown.clip)
    transformed = librosa.stft(window, n_fft=FFT_SAMPLES, hop_length=HOP_SAMPLES)
    return np.asarray(np.abs(transformed) ** 2, np.float64)


def _draw(inputs: FigureInputs, *, split: str) -> Page:
    shown = list(explained_clips(inputs, split=split))
    if not shown:
        raise FigureError(f"the {MODEL} network of the {split} split answers no test clip rightly")
    found: dict[str, list[dict[str, dict[str, float]]]] = {OWN: [], ANOTHERS: []}
    for place, each in enumerate(shown):
        power = _spectrum(each)
        found[OWN].append(distances(power, each.evidence))
        found[ANOTHERS].append(distances(power, shown[place - 1].evidence))
    figure = new_figure(WIDE_IN, 5.6)
    places = np.arange(len(REPRESENTATIONS))
    for number, measure in enumerate(MEASURES, start=1):
        axes = figure.add_subplot(2, 2, number)
        for shift, (whose, colour) in enumerate(zip(found, CLASS_COLOURS[:2], strict=True)):
            means = [_mean(found[whose], name, measure) for name in REPRESENTATIONS]
            bars = axes.barh(places + 0.4 * shift - 0.2, means, 0.38, color=colour, label=whose)
            axes.bar_label(bars, fmt="%.3g", padding=2, fontsize=6.5)
        axes.set_yticks(places, REPRESENTATIONS)
        axes.invert_yaxis()
        axes.margins(x=0.18)
        axes.set_title(measure)
        value_grid(axes, axis="x")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return Page(figure, _caption(len(shown), split=split))


def _mean(found: list[dict[str, dict[str, float]]], name: str, measure: str) -> float:
    return float(np.mean([each[name][measure] for each in found]))


def _caption(count: int, *, split: str) -> str:
    return (
        f"How far what the mel network of the {split} split goes by lies from the whole sound, in "
        f"six representations and by four measures (after Chen et al. 2024): means over {count} "
        "test clips, one of each class that has one answered rightly. The Grad-CAM evidence weighs "
        "the sound's spectrum; what is left is represented anew. The second bar of a pair is the "
        "same with the evidence of another clip: where both are as long, the representation does "
        "not show what the network goes by."
    )

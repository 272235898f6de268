"""What of a sound made a network answer as it did, cell by cell of the model's features.

A model with the output ``contributions`` counts what every place of one of its inner maps adds to
a class, beside what the same place adds in silence; these numbers add up to the logit of the sound
minus that of silence. Most of each is handed to the sound round that place, the rest to all of it:
to the cells of the features in proportion to the square of their height above silence. So evidence
lies on sound and nowhere else, and still adds up.

The paper's networks have Grad-CAM instead (output ``heatmaps``). It adds up to nothing by itself:
it is kept to where sound is, and scaled to what it explains.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from timbrescope.models import logmel
from timbrescope.models.frontend import (
    DYNAMIC_RANGE_DB,
    FRAMES,
    HOP_SAMPLES,
    MEL_BANDS,
    FeatureKind,
    feature_shape,
    log_mel_of_mfcc,
    mel_band_centres_hz,
)
from timbrescope.models.heatmaps import resized
from timbrescope.models.logmel import LOG_OFFSET
from timbrescope.models.spectral_peaks import SpectralPeaks, spectral_peaks

# Class numbers of a graph's inputs ``explained`` and ``against``. Evidence for nothing is none, and
# costs nothing: a network with its way back takes twice as long as without.
NOTHING = -2
BEST = -1
OTHERS = -1
BACKGROUND = 28

# What is this far below the loudest cell of a window counts as silence.
SOUND_RANGE_DB = 60.0
# A place of an inner map hands what it adds to the sound within about this part of the window in
# each direction (0.19 s; a sixteenth of the bands), which is what such a place sees.
_REACH = 1 / 16
_DB_PER_NEPER = 20.0 / np.log(10.0)
# The layers behind such a place hear the whole window: this share of what it adds goes to all of
# the sound. Both numbers, and the square below, were chosen by deletion and insertion tests.
_WHOLE_SHARE = 0.3
_LEAST_SOUND = 1e-6


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against one class in one window. Arrays are read-only.

    Attributes
    ----------
    explained : int
        Class index 0-27.
    against : int
        `OTHERS`, `BACKGROUND`, or the class index that it is compared with.
    grid : ndarray, shape (rows, frames) of the model's features, float32
        In nats of the class's log-odds; above zero speaks for it. Exactly zero where there is no
        sound.
    total : float
        Log-odds that the window has more than silence; the grid's sum and `rest` add up to it.
    rest : float
        What could not be handed to any sound, because there is none nearby.
    kind : {"mel", "mfcc", "logmel"}
        Of the features.
    peaks : SpectralPeaks or None
        The partials that sound in the window, None where nobody has asked for them yet.
    sound : ndarray, shape (66150,), float32, or None
        The window itself, for `with_peaks`; None where it is not kept.
    """

    explained: int
    against: int
    grid: NDArray[np.float32]
    total: float
    rest: float
    kind: FeatureKind
    peaks: SpectralPeaks | None = None
    sound: NDArray[np.float32] | None = None

    def with_peaks(self) -> "Evidence":
        """Return the evidence with the partials in place of the sound, for whoever names them.

        Finding them takes half as long as an answer, and is seldom asked for. Without the sound
        the evidence is returned as it is.
        """
        if self.sound is None:
            return self
        return replace(self, peaks=spectral_peaks(self.sound), sound=None)

    @property
    def gain(self) -> float:
        """Sum of what speaks for the class, in nats."""
        return float(np.maximum(self.grid, 0.0).sum(dtype=np.float64))

    @property
    def loss(self) -> float:
        """Sum of what speaks against it, in nats, zero or less."""
        return float(np.minimum(self.grid, 0.0).sum(dtype=np.float64))


def on_spectrogram(evidence: Evidence) -> NDArray[np.float32]:
    """Return the evidence on the grid of the log-mel spectrogram, shape (128, 130), in nats.

    MFCCs lie at no frequency: their evidence says when, and is spread over all bands.
    """
    if evidence.kind == "mel":
        return evidence.grid
    if evidence.kind == "logmel":
        by_band, by_time = _from_logmel()
        return (by_band @ evidence.grid @ by_time.T).astype(np.float32)
    by_frame = evidence.grid.sum(axis=0) / MEL_BANDS
    return np.broadcast_to(by_frame, (MEL_BANDS, by_frame.size)).astype(np.float32)


def band_centres_hz(kind: FeatureKind) -> NDArray[np.float64]:
    """Return the frequency of every row of a model's features, for kinds whose rows are bands."""
    return logmel.band_edges_hz()[1:-1] if kind == "logmel" else mel_band_centres_hz()


@cache
def _from_logmel() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what brings a grid of `models.logmel` to the spectrogram: by band, and by frame.

    Every cell is handed to the bands and frames up to its neighbours, so that no gap is left and
    sums stay what they are.
    """
    bands = np.interp(band_centres_hz("logmel"), mel_band_centres_hz(), np.arange(MEL_BANDS))
    middle = logmel.HOP_SAMPLES * np.arange(logmel.FRAMES) + logmel.FRAME_SAMPLES / 2
    return _shares(bands, MEL_BANDS), _shares(middle / HOP_SAMPLES, FRAMES)


def _shares(places: NDArray[np.floating], points: int) -> NDArray[np.float64]:
    """Return the matrix (points, places) that hands each place to the points round it."""
    width = np.maximum(1.0, np.gradient(places))
    distance = np.abs(np.arange(points)[:, np.newaxis] - np.clip(places, 0, points - 1))
    weights = np.asarray(np.maximum(0.0, 1.0 - distance / width), np.float64)
    weights /= weights.sum(axis=0)
    weights.setflags(write=False)
    return weights


def silence(kind: FeatureKind) -> NDArray[np.float32]:
    """Return the features of silence beside sound: the lowest there are."""
    lowest = np.log(LOG_OFFSET) if kind == "logmel" else -DYNAMIC_RANGE_DB
    return np.full(feature_shape(kind), lowest, np.float32)


def sound_heights_db(features: NDArray[np.floating], *, kind: FeatureKind) -> NDArray[np.float64]:
    """Return how far every cell stands above silence, in dB.

    Parameters
    ----------
    features : ndarray
        Of one window, as `models.frontend.features` gives them.
    kind : {"mel", "mfcc", "logmel"}
        MFCCs have no cells of sound; all coefficients of a frame take that of its loudest band.

    Returns
    -------
    ndarray, shape of `features`
        Zero for cells that are `SOUND_RANGE_DB` below the loudest or more, or in a window that
        is all alike, as digital silence is.
    """
    level_db = np.asarray(features, np.float64)
    if kind == "mfcc":
        by_frame = log_mel_of_mfcc(level_db).max(axis=0)
        level_db = np.broadcast_to(by_frame, level_db.shape)
    elif kind == "logmel":
        level_db = level_db * _DB_PER_NEPER
    if np.ptp(level_db) == 0:
        return np.zeros(level_db.shape)
    return np.asarray(np.maximum(level_db - level_db.max() + SOUND_RANGE_DB, 0.0), np.float64)


def handed_to_sound(
    contributions: NDArray[np.floating], heights_db: NDArray[np.floating]
) -> tuple[NDArray[np.float64], float]:
    """Hand what the places of an inner map add to the sound, above all to that round them.

    Parameters
    ----------
    contributions : ndarray, shape (h, w)
        A map that covers the whole window.
    heights_db : ndarray, shape (rows, frames)
        From `sound_heights_db`.

    Returns
    -------
    grid : ndarray, shape (rows, frames)
        Zero where the height is; its sum and `rest` are the sum of `contributions`.
    rest : float
        Contributions of places with no sound in reach.
    """
    (rows, frames), (h, w) = heights_db.shape, contributions.shape
    total = float(contributions.sum(dtype=np.float64))
    sound = np.square(heights_db / SOUND_RANGE_DB)
    whole = float(sound.sum())
    if whole < _LEAST_SOUND:
        return np.zeros((rows, frames)), total
    by_row, by_frame = _reach(rows, h), _reach(frames, w)
    in_reach = by_row.T @ sound @ by_frame
    near = in_reach > _LEAST_SOUND
    local = (1.0 - _WHOLE_SHARE) * contributions
    shared = np.divide(local, in_reach, out=np.zeros((h, w)), where=near)
    by_cell = by_row @ shared @ by_frame.T + _WHOLE_SHARE * total / whole
    return sound * by_cell, float(local[~near].sum(dtype=np.float64))


@cache
def _reach(points: int, places: int) -> NDArray[np.float64]:
    """Return how much each of `points` lies in reach of each of `places`, (points, places)."""
    step = points / places
    centres = step * (np.arange(places) + 0.5) - 0.5
    away = (np.arange(points)[:, np.newaxis] - centres) / (_REACH * points)
    weights = np.exp(-0.5 * away**2)
    # Beyond three times the reach there is nothing, so that a far sound takes no share.
    weights[np.abs(away) > 3.0] = 0.0
    weights.setflags(write=False)
    return weights


def evidence_of_contributions(
    contributions: NDArray[np.floating],
    features: NDArray[np.floating],
    *,
    kind: FeatureKind,
    explained: int,
    against: int,
) -> Evidence:
    """Return the evidence of a graph's output ``contributions``, shape (h, w)."""
    grid, rest = handed_to_sound(contributions, sound_heights_db(features, kind=kind))
    total = float(contributions.sum(dtype=np.float64))
    return _evidence(grid, total, rest, kind=kind, explained=explained, against=against)


def evidence_of_heatmap(
    heatmap: NDArray[np.floating],
    features: NDArray[np.floating],
    *,
    kind: FeatureKind,
    explained: int,
    probability: float,
) -> Evidence:
    """Return the evidence of one class's Grad-CAM, shape (h, w), kept to where sound is.

    It is scaled so that it adds up to the log-odds of `probability` beyond those of a guess; below
    a guess there is no evidence.
    """
    cells = resized(heatmap, feature_shape(kind))
    cells = np.where(sound_heights_db(features, kind=kind) > 0, np.maximum(cells, 0.0), 0.0)
    total, whole = _beyond_guessing(probability), float(cells.sum())
    if whole <= 0 or total <= 0:
        cells, total = np.zeros(cells.shape), 0.0
    else:
        cells = cells * (total / whole)
    return _evidence(cells, total, 0.0, kind=kind, explained=explained, against=OTHERS)


def _beyond_guessing(probability: float) -> float:
    inside = min(max(probability, 1e-6), 1.0 - 1e-6)
    return float(np.log(inside / (1.0 - inside)) + np.log(BACKGROUND - 1))


def _evidence(
    grid: NDArray[np.floating],
    total: float,
    rest: float,
    *,
    kind: FeatureKind,
    explained: int,
    against: int,
) -> Evidence:
    cells = grid.astype(np.float32)
    cells.setflags(write=False)
    return Evidence(explained, against, cells, total, rest, kind)

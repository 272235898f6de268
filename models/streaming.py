"""The front end on a stream: only new frames are computed, the numbers stay those of the batch.

A frame that lies wholly inside a window does not depend on where the window ends, so the
stream computes it once. The two frames at each end of a window see the zero padding of
``center=True``; they are computed anew for each window (4 frames instead of 130). The frames of
`models.logmel` all lie inside, and windows start on the grid of both.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.models import logmel
from timbrescope.models.frontend import (
    FRAMES,
    HALF_FFT_SAMPLES,
    HOP_SAMPLES,
    MEL_BANDS,
    PAPER_KINDS,
    POWER_FLOOR,
    SAMPLE_RATE_HZ,
    WINDOW_SAMPLES,
    FeatureKind,
    features_of_power,
    mel_power,
)

# Frames 0 and 1 reach before the window, frames 128 and 129 beyond its end.
EDGE_FRAMES = 2
_INNER_FRAMES = FRAMES - 2 * EDGE_FRAMES
# The centre of frame 129 lies 614 samples before the end of the window.
_TAIL_START = (FRAMES - EDGE_FRAMES) * HOP_SAMPLES - HALF_FFT_SAMPLES
_EDGE_SAMPLES = HALF_FFT_SAMPLES + HOP_SAMPLES
_FIRST_COLUMN = 1 - HALF_FFT_SAMPLES // HOP_SAMPLES
_KEPT_SAMPLES = WINDOW_SAMPLES + HOP_SAMPLES + 2 * HALF_FFT_SAMPLES
# Frame -2 of `models.logmel` is the first that reaches into the stream.
_FIRST_MAGNITUDES = -((logmel.FRAME_SAMPLES - 1) // logmel.HOP_SAMPLES)
_MAGNITUDES_PER_HOP = HOP_SAMPLES // logmel.HOP_SAMPLES
# Behind the newest window on the grid lies less than a hop and the 319 samples it does not see.
_KEPT_MAGNITUDES = logmel.FRAMES + 2 * _MAGNITUDES_PER_HOP + 1


@dataclass(frozen=True)
class StreamWindow:
    """The newest window whose start lies on the stream's frame grid.

    Attributes
    ----------
    start_sample : int
        Stream index of the first sample, a multiple of 512; negative while less than 3 s
        have been heard (the time before the start counts as silence).
    samples : ndarray, shape (66150,), float32
    features : ndarray, float32
        Of the shape that `models.frontend.feature_shape` states.
    """

    start_sample: int
    samples: NDArray[np.float32]
    features: NDArray[np.float32]

    @property
    def start_s(self) -> float:
        """Start of the window in seconds of the stream."""
        return self.start_sample / SAMPLE_RATE_HZ


class StreamingFrontEnd:
    """Turns a stream of samples at 22,050 Hz into mel columns and window features.

    Owned and called by one thread. Chunk sizes never change a result.
    """

    def __init__(self) -> None:
        self._heard = 0
        self._samples = np.zeros(_KEPT_SAMPLES, dtype=np.float32)
        # Column -1 is centred before the stream starts but reaches into it.
        self._next_column = _FIRST_COLUMN
        self._power = {kind: np.zeros((MEL_BANDS, _INNER_FRAMES)) for kind in PAPER_KINDS}
        self._next_magnitudes = _FIRST_MAGNITUDES
        self._magnitudes = np.zeros((logmel.BANDS, _KEPT_MAGNITUDES), np.float32)

    @property
    def heard_samples(self) -> int:
        """Samples pushed since the start."""
        return self._heard

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take new samples and return the mel columns they complete.

        Parameters
        ----------
        samples : ndarray, shape (n,), float32

        Returns
        -------
        ndarray, shape (128, k), float32
            Mel power in dB re full scale (floor -100 dB). Column ``i`` of the stream, counted
            from 0, is centred on sample ``512 i``.
        """
        # In pieces of at most a second, so that the kept history always spans them.
        pieces = range(0, len(samples), SAMPLE_RATE_HZ)
        columns = [self._push_piece(samples[at : at + SAMPLE_RATE_HZ]) for at in pieces]
        return np.concatenate([np.empty((MEL_BANDS, 0), np.float32), *columns], axis=1)

    def _push_piece(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        self._samples = np.concatenate([self._samples[len(piece) :], piece])
        self._heard += len(piece)
        self._push_magnitudes()
        first = self._next_column
        complete = (self._heard - HALF_FFT_SAMPLES) // HOP_SAMPLES + 1
        if complete <= first:
            return np.empty((MEL_BANDS, 0), dtype=np.float32)
        begin = first * HOP_SAMPLES - HALF_FFT_SAMPLES
        end = (complete - 1) * HOP_SAMPLES + HALF_FFT_SAMPLES
        columns = mel_power(self._span(begin, end))
        self._next_column = complete
        for kind, new in columns.items():
            joined = np.concatenate([self._power[kind], new], axis=1)
            self._power[kind] = joined[:, -(_INNER_FRAMES + EDGE_FRAMES) :]
        heard = columns["mel"][:, max(0, -first) :]
        return (10.0 * np.log10(np.maximum(heard, POWER_FLOOR))).astype(np.float32)

    def _push_magnitudes(self) -> None:
        """Compute the frames of `models.logmel` that are complete by now."""
        first, hop = self._next_magnitudes, logmel.HOP_SAMPLES
        complete = (self._heard - logmel.FRAME_SAMPLES) // hop + 1
        if complete <= first:
            return
        new = logmel.band_magnitudes(
            self._span(first * hop, (complete - 1) * hop + logmel.FRAME_SAMPLES)
        )
        self._next_magnitudes = complete
        joined = np.concatenate([self._magnitudes, new], axis=1)
        self._magnitudes = joined[:, -_KEPT_MAGNITUDES:]

    def _span(self, begin: int, end: int) -> NDArray[np.float32]:
        offset = self._heard - len(self._samples)
        return self._samples[begin - offset : end - offset]

    def window(self, *, kind: FeatureKind) -> StreamWindow:
        """Return the newest window on the grid with its features of `kind`."""
        start = (self._heard - WINDOW_SAMPLES) // HOP_SAMPLES * HOP_SAMPLES
        samples = self._span(start, start + WINDOW_SAMPLES).copy()
        found = self._features(samples, start=start, kind=kind)
        samples.setflags(write=False)
        return StreamWindow(start, samples, found)

    def _features(
        self, samples: NDArray[np.float32], *, start: int, kind: FeatureKind
    ) -> NDArray[np.float32]:
        if kind == logmel.KIND:
            end = start // logmel.HOP_SAMPLES + logmel.FRAMES
            newer = self._next_magnitudes - end
            kept = self._magnitudes[:, -logmel.FRAMES - newer :][:, : logmel.FRAMES]
            return logmel.features_of_magnitudes(kept)
        inner_end = start // HOP_SAMPLES + FRAMES - EDGE_FRAMES
        surplus = self._next_column - inner_end
        inner = self._power[kind][:, -_INNER_FRAMES - surplus :][:, :_INNER_FRAMES]
        power = np.concatenate([_head(samples, kind), inner, _tail(samples, kind)], axis=1)
        return features_of_power(power, kind=kind)


def _head(samples: NDArray[np.float32], kind: FeatureKind) -> NDArray[np.float64]:
    padded = np.pad(samples[:_EDGE_SAMPLES], (HALF_FFT_SAMPLES, 0))
    return mel_power(padded, (kind,))[kind]


def _tail(samples: NDArray[np.float32], kind: FeatureKind) -> NDArray[np.float64]:
    padded = np.pad(samples[_TAIL_START:], (0, HALF_FFT_SAMPLES))
    return mel_power(padded, (kind,))[kind]

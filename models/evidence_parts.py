"""Where and when what speaks for a class lies: moments, partials, and how far they reach.

A moment is an *attack* if the evidence begins there. A *partial* is a peak of the sound's own
spectrum in a narrow band that holds far more of the evidence than the bands round it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.evidence import Evidence, band_centres_hz
from timbrescope.models.frontend import WINDOW_S
from timbrescope.models.spectral_peaks import PIECE_S, SpectralPeaks

# What speaks for a class with less than this, in nats, is not worth a sentence.
LEAST_NATS = 0.1
# No more than so many moments and so many pitches are told, from the longest form of the sentence
# to the shortest, which tells of a single place.
DETAILS = (3, 2, 1, 0)
MOST = DETAILS[0]
# A peak takes in its surroundings as far as this: so many seconds to each side, or this part of the
# bands.
_MOMENT_S = 0.12
_PARTIAL_BANDS = 1 / 64
# A peak holds this many times what it would if the evidence were spread evenly ...
_PROMINENCE = 1.8
# ... and this share of all of it.
_LEAST_SHARE = 0.06
# An attack: in the time before it there is less than this share of what there is behind it.
_ATTACK_SHARE = 0.4
# Peaks of the spectrum that are nearer to each other are the same partial.
_QUARTER_TONE = 2.0 ** (1 / 24)


@dataclass(frozen=True)
class Partial:
    """A frequency at which much of the evidence lies.

    Attributes
    ----------
    hertz : float
    step_hz : float
        How finely it is known: 0 for a peak of the sound's own spectrum, otherwise how far the
        bands of the model's features lie apart there.
    """

    hertz: float
    step_hz: float


@dataclass(frozen=True)
class EvidenceParts:
    """Where most of what speaks for a class lies.

    Attributes
    ----------
    attacks_s, moments_s : tuple of float
        Seconds of the stream or file at which much of it begins, or stands out without a beginning.
    partials : tuple of Partial
        Each one partial that sounds, never the middle of several.
    share : float
        Which part of the evidence lies at one of these.
    range_hz : (float, float) or None
        Between which frequencies four fifths of it lie; None for features that have no frequencies.
    range_s : (float, float)
        Between which seconds.
    """

    attacks_s: tuple[float, ...]
    moments_s: tuple[float, ...]
    partials: tuple[Partial, ...]
    share: float
    range_hz: tuple[float, float] | None
    range_s: tuple[float, float]


def parts_of(
    evidence: Evidence, *, start_s: float = 0.0, detail: int = MOST, skip_s: float = 0.0
) -> EvidenceParts | None:
    """Return where the evidence of a window from `start_s` on lies; None if there is none.

    Of the moments and of the pitches only the strongest `detail` count; with 0 the strongest
    pitch alone does, or the strongest moment if there is no pitch. Moments in the first `skip_s`
    seconds of the window are left out: they will soon be over where a window moves on.
    """
    gains = np.maximum(np.asarray(evidence.grid, np.float64), 0.0)
    whole = float(gains.sum())
    if whole < LEAST_NATS:
        return None
    evidence = evidence.with_peaks()
    step_s = WINDOW_S / gains.shape[1]
    by_time = gains.sum(axis=0) / whole
    by_band, reach, bands = _band_peaks(evidence, gains, most=max(1, detail))
    most = 0 if detail == 0 and bands else max(1, detail)
    times = _peaks(by_time, reach=max(1, round(_MOMENT_S / step_s)), most=most)
    told = [(at, *_told_at(by_time, at, step_s)) for at in times]
    told = [each for each in told if (each[1] + 0.5) * step_s >= skip_s]
    times = [at for at, _, _ in told]
    attacks = [place for _, place, is_attack in told if is_attack]
    moments = [place for _, place, is_attack in told if not is_attack]
    inside = _near(by_time.size, times, round(_MOMENT_S / step_s))
    held = np.broadcast_to(inside, gains.shape)
    partials: list[Partial] = []
    range_hz = None
    if evidence.kind != "mfcc":
        centres = band_centres_hz(evidence.kind)
        partials = _told_apart([_partial(evidence, gains, at, reach) for at in bands])
        held = held | _near(by_band.size, bands, reach)[:, np.newaxis]
        low, high = _middle(by_band)
        range_hz = float(centres[low]), float(centres[high])
    first, last = _middle(by_time)
    return EvidenceParts(
        attacks_s=tuple(max(0.0, start_s + (at + 0.5) * step_s) for at in sorted(attacks)),
        moments_s=tuple(max(0.0, start_s + (at + 0.5) * step_s) for at in sorted(moments)),
        partials=tuple(sorted(partials, key=lambda each: each.hertz)),
        share=float(gains[held].sum() / whole),
        range_hz=range_hz,
        range_s=(max(0.0, start_s + max(skip_s, first * step_s)), start_s + (last + 1) * step_s),
    )


def _band_peaks(
    evidence: Evidence, gains: NDArray[np.float64], *, most: int
) -> tuple[NDArray[np.float64], int, list[int]]:
    """Return the evidence by band, how far a peak reaches, and the peaks; MFCCs have none."""
    by_band = gains.sum(axis=1) / gains.sum()
    reach = max(1, round(_PARTIAL_BANDS * by_band.size))
    return (
        by_band,
        reach,
        [] if evidence.kind == "mfcc" else _peaks(by_band, reach=reach, most=most),
    )


def _peaks(profile: NDArray[np.float64], *, reach: int, most: int) -> list[int]:
    """Return the places that stand out of a profile, the strongest first, at most `most`.

    A peak holds what lies within `reach` of it; peaks do not share.
    """
    width = 2 * reach + 1
    even = width / profile.size
    held = np.convolve(profile, np.ones(width), mode="same")
    left = held.copy()
    found: list[int] = []
    while len(found) < most:
        at = int(left.argmax())
        if left[at] < max(_LEAST_SHARE, _PROMINENCE * even):
            break
        around = slice(max(0, at - reach), at + reach + 1)
        found.append(around.start + int(profile[around].argmax()))
        left[max(0, at - width) : at + width + 1] = 0.0
    return found


def _near(size: int, places: list[int], reach: int) -> NDArray[np.bool_]:
    inside = np.zeros(size, bool)
    for at in places:
        inside[max(0, at - reach) : at + reach + 1] = True
    return inside


def _told_at(by_time: NDArray[np.float64], at: int, step_s: float) -> tuple[float, bool]:
    """Return the place that is told of a peak, and whether it is an attack."""
    if _begins(by_time, at, step_s):
        return _rise(by_time, at, step_s), True
    return float(at), False


def _begins(by_time: NDArray[np.float64], at: int, step_s: float) -> bool:
    reach = max(1, round(_MOMENT_S / step_s))
    start = int(_rise(by_time, at, step_s))
    before, behind = by_time[max(0, start - reach) : start], by_time[start : start + reach]
    # A window that begins in the middle of a note has no attack there.
    return before.size == reach and float(before.mean()) < _ATTACK_SHARE * float(behind.mean())


def _rise(by_time: NDArray[np.float64], at: int, step_s: float) -> float:
    """Return the place of the steepest rise before a peak, or the peak itself."""
    reach = max(1, round(_MOMENT_S / step_s))
    first = max(0, at - 2 * reach)
    steps = np.diff(by_time[first : at + 1])
    return float(first + 1 + int(steps.argmax())) if steps.size else float(at)


def _partial(evidence: Evidence, gains: NDArray[np.float64], at: int, reach: int) -> Partial:
    """Return the partial that the evidence round band `at` lies on.

    It is the peak of the spectrum that is loudest where the evidence is, in one piece of the
    window. Without one it is the band itself.
    """
    centres = band_centres_hz(evidence.kind)
    # Bands overlap: what lies in one may come from a partial a little beside it.
    for way in (reach, 2 * reach + 1):
        low, high = max(0, at - way), min(centres.size - 1, at + way)
        found = _loudest(evidence.peaks, gains, centres, low=low, high=high)
        if found is not None:
            return Partial(found, 0.0)
    return Partial(float(centres[at]), float((centres[high] - centres[low]) / (high - low)))


def _loudest(
    peaks: SpectralPeaks | None,
    gains: NDArray[np.float64],
    centres: NDArray[np.floating],
    *,
    low: int,
    high: int,
) -> float | None:
    """Return the frequency of the peak between two bands that is loud where the evidence is."""
    if peaks is None:
        return None
    # The outermost bands reach beyond their centres.
    near = (peaks.hertz >= centres[low]) | (low == 0)
    near &= (peaks.hertz <= centres[high]) | (high == centres.size - 1)
    hertz = peaks.hertz[near]
    loudness = 10.0 ** (peaks.level_db[near] / 40.0)
    scores = _gain_at(gains, peaks.seconds[near], hertz, centres) * loudness
    if scores.size == 0 or scores.max() <= 0:
        return None
    return float(hertz[scores.argmax()])


def _gain_at(
    gains: NDArray[np.float64],
    seconds: NDArray[np.floating],
    hertz: NDArray[np.floating],
    centres: NDArray[np.floating],
) -> NDArray[np.float64]:
    """Return the evidence that lies in each peak's piece of the window, at its band."""
    up_to = np.pad(np.cumsum(gains, axis=1), ((0, 0), (1, 0)))
    frames = gains.shape[1] / WINDOW_S
    first, last = (
        np.clip(np.rint((seconds + way * PIECE_S / 2) * frames).astype(int), 0, gains.shape[1])
        for way in (-1, 1)
    )
    above = np.clip(np.searchsorted(centres, hertz), 1, centres.size - 1)
    share = (hertz - centres[above - 1]) / (centres[above] - centres[above - 1])
    share = np.clip(share, 0.0, 1.0)
    lower, upper = (up_to[row, last] - up_to[row, first] for row in (above - 1, above))
    return np.asarray(lower * (1.0 - share) + upper * share, np.float64)


def _told_apart(partials: Sequence[Partial]) -> list[Partial]:
    """Return the partials without those that are a stronger one told again."""
    kept: list[Partial] = []
    for each in partials:
        ratios = (max(each.hertz, one.hertz) / min(each.hertz, one.hertz) for one in kept)
        if all(ratio > _QUARTER_TONE for ratio in ratios):
            kept.append(each)
    return kept


def _middle(profile: NDArray[np.float64]) -> tuple[int, int]:
    """Return the first and last place of the middle four fifths."""
    up_to = np.cumsum(profile)
    first, last = np.searchsorted(up_to, [0.1 * up_to[-1], 0.9 * up_to[-1]])
    return int(first), int(min(last, profile.size - 1))

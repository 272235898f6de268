"""Evidence in a sentence: when and at which pitches what speaks for a class lies.

A moment is an *attack* if the evidence begins there. A *partial* is a peak of the sound's own
spectrum in a narrow band that holds far more of the evidence than the bands round it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.evidence import Evidence, band_centres_hz
from timbrescope.models.frontend import WINDOW_S
from timbrescope.models.notes import nearest_note
from timbrescope.models.spectral_peaks import PIECE_S, SpectralPeaks

# The forms of the sentence; views translate them.
MOSTLY, PARTLY = "mostly from {places}", "partly from {places}"
SPREAD = "spread over the sound from {low} to {high}"
ATTACK, ATTACKS = "the attack at {times}", "attacks at {times}"
MOMENTS = "the sound at {times}"
PARTIAL, PARTIALS = "the partial near {pitches}", "partials near {pitches}"
BOTH = "{first} and {second}"
# Between times: where the decimal sign is a comma, another sign has to stand between them.
TIMES = "{first}, {second}"
FORMS = (MOSTLY, PARTLY, SPREAD, ATTACK, ATTACKS, MOMENTS, PARTIAL, PARTIALS, BOTH, TIMES)
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
# Below this share at such places the evidence is spread out, and nothing is told of them.
_LEAST_TOLD = 0.2
# Told as what the evidence is mostly made of from this share on, else as what stands out in it.
_MOSTLY_SHARE = 0.5
# An attack: in the time before it there is less than this share of what there is behind it.
_ATTACK_SHARE = 0.4
# Peaks of the spectrum that are nearer to each other are the same partial.
_QUARTER_TONE = 2.0 ** (1 / 24)
# Higher ones than the piano's highest are no notes to the ear.
_HIGHEST_NOTE_HZ = 4_300.0
_MINUTE_S = 60.0


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
    evidence: Evidence, *, start_s: float = 0.0, detail: int = MOST
) -> EvidenceParts | None:
    """Return where the evidence of a window from `start_s` on lies; None if there is none.

    Of the moments and of the pitches only the strongest `detail` count; with 0 the strongest
    pitch alone does, or the strongest moment if there is no pitch.
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
    attacks = [_rise(by_time, at, step_s) for at in times if _begins(by_time, at, step_s)]
    moments = [float(at) for at in times if not _begins(by_time, at, step_s)]
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
        range_s=(max(0.0, start_s + first * step_s), start_s + (last + 1) * step_s),
    )


def plain_figure(value: float, decimals: int) -> str:
    """Return a number as English writes it."""
    return f"{value:,.{decimals}f}"


def evidence_in_words(
    evidence: Evidence,
    *,
    start_s: float = 0.0,
    translate: Callable[[str], str] = str,
    figure: Callable[[float, int], str] = plain_figure,
    detail: int = MOST,
) -> str:
    """Return a sentence without its subject, empty if hardly anything speaks for the class.

    Parameters
    ----------
    evidence : Evidence
    start_s : float
        Where its window begins in the stream or file.
    translate : callable, optional
        Gives the form of each of `FORMS` in another language.
    figure : callable, optional
        Writes a number with so many decimals.
    detail : int, optional
        One of `DETAILS`: how much is told, where there is little room.

    Examples
    --------
    "mostly from attacks at 0.4 and 1.1 s and partials near 880 Hz (A5) and 1,760 Hz (A6)"
    """
    evidence = evidence.with_peaks()
    found = parts_of(evidence, start_s=start_s)
    if found is None:
        return ""
    is_spread = found.share < _LEAST_TOLD
    if detail != MOST:
        found = parts_of(evidence, start_s=start_s, detail=detail) or found
    told = _Teller(translate, figure)
    parts = []
    if found.attacks_s:
        form = ATTACKS if len(found.attacks_s) > 1 else ATTACK
        parts.append(told.said(form, times=told.times(found.attacks_s)))
    if found.moments_s:
        parts.append(told.said(MOMENTS, times=told.times(found.moments_s)))
    if found.partials:
        form = PARTIALS if len(found.partials) > 1 else PARTIAL
        pitches = [told.pitch(each) for each in found.partials]
        parts.append(told.said(form, pitches=told.listed(pitches)))
    if not parts or is_spread:
        low, high = told.range(found)
        return told.said(SPREAD, low=low, high=high)
    return told.said(MOSTLY if found.share >= _MOSTLY_SHARE else PARTLY, places=told.listed(parts))


class _Teller:
    """Fills in the forms of one language."""

    def __init__(
        self, translate: Callable[[str], str], figure: Callable[[float, int], str]
    ) -> None:
        self._translate, self._figure = translate, figure

    def said(self, form: str, **fields: str) -> str:
        return self._translate(form).format(**fields)

    def listed(self, texts: Sequence[str]) -> str:
        if len(texts) == 1:
            return texts[0]
        return self.said(BOTH, first=", ".join(texts[:-1]), second=texts[-1])

    def times(self, seconds: Sequence[float]) -> str:
        if max(seconds) < _MINUTE_S:
            return f"{self._in_turn([self._figure(each, 1) for each in seconds])} s"
        minutes = [divmod(round(each, 1), _MINUTE_S) for each in seconds]
        return self._in_turn(
            [f"{whole:.0f}:{self._figure(rest, 1).zfill(4)}" for whole, rest in minutes]
        )

    def _in_turn(self, times: Sequence[str]) -> str:
        *first, last = times
        before = reduce(lambda one, other: self.said(TIMES, first=one, second=other), first or [""])
        return self.said(BOTH, first=before, second=last) if first else last

    def pitch(self, partial: Partial) -> str:
        hertz = partial.hertz
        # Bands lie too far apart to name a note by: no figure says more than they know.
        step = partial.step_hz or (1 if hertz < 1_000 else 10)
        rounded = next((each for each in (500, 200, 100, 50, 20, 10) if each <= step), 1)
        figure = f"{self._figure(rounded * round(hertz / rounded), 0)} Hz"
        is_note = partial.step_hz == 0 and hertz < _HIGHEST_NOTE_HZ
        note = nearest_note(hertz) if is_note else ""
        return f"{figure} ({note})" if note else figure

    def range(self, found: EvidenceParts) -> tuple[str, str]:
        """Return between which frequencies, or else seconds, most of the evidence lies."""
        if found.range_hz is None:
            return self._figure(found.range_s[0], 1), f"{self._figure(found.range_s[1], 1)} s"
        low, high = (round(each, -1) for each in found.range_hz)
        return self._figure(low, 0), f"{self._figure(high, 0)} Hz"


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

"""From the channels of a file or a device to one ear: the same rule for both.

1. The mean of the channels that sound, so that unused inputs take nothing away.
2. If that mean cancels (a channel with its polarity turned, ambisonics), the strongest channel.
3. A high-pass at 20 Hz: no constant offset, no rumble.

Which channels sound is decided every 50 ms from what they carried in about the last second, with
hysteresis; from one decision to the next the gains move in a straight line. How the stream is
cut into blocks changes nothing.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ

DECISIONS_PER_S = 20
# How fast energies are forgotten.
_MEMORY_S = 1.0
# A channel joins those that sound at -20 dB of the strongest, and leaves them at -30 dB.
_JOIN, _LEAVE = 10.0**-2.0, 10.0**-3.0
# Energy of the mean, times channels, over the mean of their energies: 1 if they have nothing to
# do with each other, 0 if they cancel. Two channels: 1 + their correlation.
_CANCELS, _ADDS_UP = 0.2, 0.5
# Another channel is the strongest only when it is so by 3 dB.
_STRONGER = 2.0

HIGH_PASS_HZ = 20.0
# The stretch whose mean is the offset that the high-pass starts from.
_OFFSET_S = 0.05
# 180 dB below full scale: less than any converter or file of floats holds.
_NOTHING = 1e-9
# Products with a block's response are as many as it is long, sums from block to block fewer then.
_BLOCK_SAMPLES = 16
# The filter's pole to the power of so many blocks (1.5 s) must stay far from underflow: 1e-57.
_BLOCKS = 2_048


class ChannelMixer:
    """Mixes blocks (frames, channels) to mono (frames,) at the same rate; keeps state.

    Owned by one thread. Lags behind by less than 50 ms, except for a single channel.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._step = max(1, rate_hz // DECISIONS_PER_S)
        self._kept = float(np.exp(-1.0 / (DECISIONS_PER_S * _MEMORY_S)))
        self._pending = np.empty((channels, 0), np.float32)
        self._energies = np.zeros((channels, channels))
        self._gains: NDArray[np.float64] | None = None

    @property
    def used(self) -> tuple[bool, ...]:
        """Which channels are in the mix now."""
        if self._gains is None:
            return (True,) * len(self._pending)
        return tuple(bool(gain > 0) for gain in self._gains)

    def push(self, block: NDArray[np.float32], *, last: bool = False) -> NDArray[np.float32]:
        """Take a block and return what of the mix is decided."""
        if block.shape[1] == 1:
            return block[:, 0]
        # A row for each channel: sums along rows are several times as fast as down columns.
        waiting = np.ascontiguousarray(block.T)
        if self._pending.shape[1]:
            waiting = np.concatenate([self._pending, waiting], axis=1)
        whole = waiting.shape[1] // self._step * self._step
        # Of a large block only what waits is kept.
        self._pending = waiting[:, whole:].copy()
        mixed = self._mix(waiting[:, :whole].reshape(len(waiting), -1, self._step))
        if last and self._pending.shape[1]:
            mixed = np.concatenate([mixed, self._mix(self._pending[:, np.newaxis])])
            self._pending = self._pending[:, :0]
        return mixed

    def _mix(self, steps: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mix steps (channels, steps, frames of each)."""
        channels, count, frames = steps.shape
        if not count:
            return np.empty(0, np.float32)
        before, after = self._decide(steps)
        # Huge values overflow; the mix is then found not to be finite.
        with np.errstate(over="ignore", invalid="ignore"):
            if before is after or ((before == after[-1]).all() and (after == after[-1]).all()):
                mixed: NDArray[np.float32] = after[-1] @ steps.reshape(channels, count * frames)
                return mixed
            first: NDArray[np.float32] = np.einsum("csf,sc->sf", steps, before)
            last: NDArray[np.float32] = np.einsum("csf,sc->sf", steps, after)
            share = (np.arange(frames, dtype=np.float32) + 1) / frames
            first += share * (last - first)
            return first.reshape(-1)

    def _decide(
        self, steps: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the gains before and after each step, shape (steps, channels) both."""
        energies = self._energies_after(_powers(steps))
        if self._gains is None:
            nothing = np.zeros(len(steps))
            self._gains = _gains(energies[:1], nothing)[0]
        if _stay(self._gains, energies):
            same = self._gains.astype(np.float32)[np.newaxis]
            return same, same
        found = [self._gains]
        done = 0
        while done < len(energies):
            # As long as nothing changes, all steps are decided at once.
            gains = _gains(energies[done:], found[-1])
            changed = np.flatnonzero((gains != found[-1]).any(axis=1))
            until = int(changed[0]) + 1 if changed.size else len(gains)
            found += list(gains[:until])
            done += until
        self._gains = found[-1]
        decided = np.array(found, dtype=np.float32)
        return decided[:-1], decided[1:]

    def _energies_after(self, powers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what is remembered of the channels' products after each step."""
        count = len(powers)
        weights, faded = _fading(count, self._kept)
        heard = (weights @ powers.reshape(count, -1)).reshape(powers.shape)
        energies: NDArray[np.float64] = heard + faded[:, np.newaxis, np.newaxis] * self._energies
        self._energies = energies[-1]
        return energies


@lru_cache(maxsize=64)
def _fading(count: int, kept: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what counts of each step after each, (count, count), and of what was before, (count,).

    `kept` is the share that is not forgotten from one step to the next.
    """
    age = np.subtract.outer(np.arange(count), np.arange(count))
    share = (1.0 - kept) * kept ** np.maximum(age, 0)
    weights = np.asarray(np.where(age >= 0, share, 0.0), np.float64)
    faded = np.asarray(kept ** np.arange(1, count + 1), np.float64)
    for array in (weights, faded):
        array.setflags(write=False)
    return weights, faded


def _powers(steps: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean products of the channels of each step, shape (steps, channels, channels)."""
    channels, count, frames = steps.shape
    powers = np.empty((count, channels, channels))
    with np.errstate(over="ignore", invalid="ignore"):
        # An offset is no sound, and offsets of two channels have nothing to cancel. A product of
        # matrices would round each step by its place in the block.
        offsets = np.vecdot(steps, np.full(frames, 1.0 / frames, np.float32))
        rows = steps - offsets[..., np.newaxis]
        # One channel with itself and those behind it: a product of matrices this small is slower.
        for first in range(channels):
            products = np.vecdot(rows[first], rows[first:])
            powers[:, first, first:] = powers[:, first:, first] = products.T
    powers /= frames
    # What overflows says nothing; the mix is then found not to be finite.
    powers[~np.isfinite(powers)] = 0.0
    return powers


def _stay(gains: NDArray[np.float64], energies: NDArray[np.float64]) -> bool:
    """Return whether `_gains` surely finds the same for all steps: nearly always, and cheap.

    By the least and the largest energy of each channel in any of the steps.
    """
    own = np.diagonal(energies, axis1=1, axis2=2)
    least, most = own.min(axis=0).tolist(), own.max(axis=0).tolist()
    # The strongest channel is never weaker than this, nor stronger than that.
    weakest, strongest = max(least), max(most)
    shares = tuple(gains.tolist())
    for low, high, share in zip(least, most, shares, strict=True):
        if not (low > _LEAVE * strongest if share > 0 else high <= _JOIN * weakest):
            return False
    if weakest <= 0.0:
        return False
    return 1.0 in shares or bool((energies.reshape(len(own), -1) @ _excess(shares)).min() >= 0.0)


@lru_cache(maxsize=64)
def _excess(shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return what counts of the energies, flattened, in how far a mean is from cancelling."""
    mean = np.array(shares)
    weights = (np.outer(mean, mean) - _CANCELS * np.diag(mean**2)).ravel()
    weights.setflags(write=False)
    return weights


def _gains(energies: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gains of channels for each of several steps, if those before the step are known.

    Parameters
    ----------
    energies : ndarray, shape (steps, channels, channels)
    before : ndarray, shape (channels,)
        All zero if there were none yet.

    Returns
    -------
    ndarray, shape (steps, channels)
    """
    own = np.diagonal(energies, axis1=1, axis2=2)
    channels = own.shape[1]
    used = before > 0
    strongest = own.max(axis=1, keepdims=True)
    sound = own > strongest * np.where(used, _LEAVE, _JOIN)
    sounding = np.maximum(sound.sum(axis=1), 1)
    mean = sound / sounding[:, np.newaxis]
    mixed = np.einsum("sc,scd,sd->s", mean, energies, mean)
    apart = (own * sound).sum(axis=1) / sounding**2
    was_single = int(used.sum()) == 1
    adds_up = mixed >= (_ADDS_UP if was_single else _CANCELS) * apart
    best = own.argmax(axis=1)
    if was_single:
        kept = int(used.argmax())
        best = np.where(own[:, kept] * _STRONGER > strongest[:, 0], kept, best)
    gains = np.where((adds_up | (sounding == 1))[:, np.newaxis], mean, np.eye(channels)[best])
    # In silence everything stays as it is.
    silent = np.broadcast_to(before if used.any() else 1.0 / channels, gains.shape)
    return np.where(strongest > 0.0, gains, silent)


class HighPass:
    """A Butterworth high-pass of second order on a mono stream; keeps state.

    Owned by one thread. The recursion of one complex pole is summed up block by block: within a
    block by a product with the filter's response, from block to block by a sum over the blocks,
    which is exact and needs no loop over samples.
    """

    def __init__(self, rate_hz: int = SAMPLE_RATE_HZ) -> None:
        warped = np.tan(np.pi * HIGH_PASS_HZ / rate_hz)
        scale = 1.0 / (1.0 + np.sqrt(2.0) * warped + warped**2)
        a1, a2 = 2.0 * (warped**2 - 1.0) * scale, (1.0 - np.sqrt(2.0) * warped + warped**2) * scale
        pole = complex(-a1 / 2.0, np.sqrt(a2 - a1**2 / 4.0))
        inverse = 1.0 / pole
        numerator = scale * (1.0 - 2.0 * inverse + inverse**2)
        residue = numerator / (1.0 - np.conj(pole) * inverse)
        # A sample x brings the state s to pole * s + x; scale / a2 * x + 2 * Re(residue * s) is
        # what is heard. Powers of the pole: how much of a sample is in the state later.
        powers = np.asarray(pole ** np.arange(_BLOCK_SAMPLES + 1), np.complex128)
        response = 2.0 * (residue * powers[:-1]).real
        response[0] += scale / a2
        later = np.subtract.outer(np.arange(_BLOCK_SAMPLES), np.arange(_BLOCK_SAMPLES)).T
        self._within = np.where(later >= 0, response[np.maximum(later, 0)], 0.0)
        heard = 2.0 * residue * powers[1:]
        self._behind = np.stack([heard.real, -heard.imag])
        self._gathered = powers[_BLOCK_SAMPLES - 1 :: -1].copy().view(np.float64).reshape(-1, 2)
        self._powers = powers
        by_block = powers[-1] ** np.arange(1, _BLOCKS + 1)
        self._block_powers = np.asarray(by_block, np.complex128)
        self._state = 0.0 + 0.0j
        self._offset: float | None = None
        self._offset_samples = max(1, int(_OFFSET_S * rate_hz))
        self._pending = np.empty(0, np.float32)

    def push(self, samples: NDArray[np.float32], *, last: bool = False) -> NDArray[np.float32]:
        """Return the filtered samples, as many as came in; the first after 50 ms of them."""
        if self._offset is None:
            self._pending = np.concatenate([self._pending, samples])
            if not len(self._pending) or (len(self._pending) < self._offset_samples and not last):
                return np.empty(0, np.float32)
            # As if the offset had been there for ever: no thump at the beginning.
            self._offset = float(self._pending[: self._offset_samples].mean(dtype=np.float64))
            samples = self._pending
        if not len(samples):
            return samples
        filtered = self._filtered(np.subtract(samples, self._offset, dtype=np.float64))
        # Digital silence stays that: what is left of it here are errors of rounding.
        filtered[np.abs(filtered) < _NOTHING] = 0.0
        return filtered

    def _filtered(self, centred: NDArray[np.float64]) -> NDArray[np.float32]:
        found = np.empty(len(centred), np.float32)
        whole = len(centred) // _BLOCK_SAMPLES * _BLOCK_SAMPLES
        for start in range(0, whole, _BLOCKS * _BLOCK_SAMPLES):
            piece = slice(start, min(whole, start + _BLOCKS * _BLOCK_SAMPLES))
            blocks = centred[piece].reshape(-1, _BLOCK_SAMPLES)
            found[piece] = self._of_blocks(blocks, self._block_powers[: len(blocks)]).ravel()
        if rest := len(centred) - whole:
            one = centred[whole:].reshape(1, rest)
            found[whole:] = self._of_blocks(one, self._powers[rest : rest + 1])[0]
        return found

    def _of_blocks(
        self, blocks: NDArray[np.float64], powers: NDArray[np.complex128]
    ) -> NDArray[np.float64]:
        """Filter the next blocks; `powers` say how much of the state is left after each."""
        size = blocks.shape[1]
        added = (blocks @ self._gathered[-size:]).view(np.complex128)[:, 0]
        after = powers * (self._state + np.cumsum(added / powers))
        before = np.concatenate([[self._state], after[:-1]])
        self._state = after[-1]
        filtered: NDArray[np.float64] = blocks @ self._within[:size, :size]
        filtered += before.view(np.float64).reshape(-1, 2) @ self._behind[:, :size]
        return filtered


class MonoStream:
    """Blocks (frames, channels) at some rate to mono samples at 22,050 Hz. Owned by one thread."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        # With the first sound, not with the window that waits for it.
        import soxr

        self._mixer = ChannelMixer(rate_hz, channels)
        self._high_pass = HighPass()
        self._resampler = soxr.ResampleStream(
            rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ"
        )

    @property
    def used(self) -> tuple[bool, ...]:
        """Which channels are heard now."""
        return self._mixer.used

    def push(self, block: NDArray[np.float32], *, last: bool = False) -> NDArray[np.float32]:
        """Take a block and return what is ready, shape (n,); with `last`, all that is left."""
        mixed = np.ascontiguousarray(self._mixer.push(block, last=last))
        resampled: NDArray[np.float32] = self._resampler.resample_chunk(mixed, last=last)
        return self._high_pass.push(resampled, last=last)

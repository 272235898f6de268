"""What one sound file is like: hashes, length, levels, damage; done in a worker process."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.audio.channels import ChannelMixer
from timbrescope.models.audio.decode import AudioFile, open_audio
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import WINDOW_S
from timbrescope.models.level import rms_dbfs, to_dbfs
from timbrescope.models.windows import cut_stream
from timbrescope.training.study.clips import starts_s

SILENCE_DBFS = -60
# Stands for digital silence where a number has to be finite.
LOWEST_DBFS = -120
SHORTEST_S = 0.1
CLIPPED_AT = 0.999
# To be raised when files are measured differently: what an earlier run found is measured anew.
MEASURING_VERSION = 3

_HASH_BLOCK_BYTES = 1 << 20
_FULL_SCALE = 32_768


@dataclass(frozen=True)
class MeasuredFile:
    """What a file holds, whatever a corpus says of it.

    Attributes
    ----------
    sha256 : str
        Of the file's bytes; empty if they cannot be read.
    fingerprint : str
        Hash of rate and samples, mixed to mono and rounded to 16 bits: equal for the same sound
        in another container. Empty if the file cannot be decoded.
    seconds : float
    rate_hz, channels : int
    peak_dbfs, rms_dbfs : float
        Of the mono mix; at least `LOWEST_DBFS`.
    clipped_share : float
        Part of the samples at full scale.
    levels_dbfs : tuple of int
        RMS of each of its windows (see `training.study.clips.starts_s`), rounded down.
    problem : str
        ``corrupt``, ``too short``, ``silent`` or nothing.
    detail : str
        Why, for a reader.
    """

    sha256: str = ""
    fingerprint: str = ""
    seconds: float = 0.0
    rate_hz: int = 0
    channels: int = 0
    peak_dbfs: float = LOWEST_DBFS
    rms_dbfs: float = LOWEST_DBFS
    clipped_share: float = 0.0
    levels_dbfs: tuple[int, ...] = ()
    problem: str = ""
    detail: str = ""

    @property
    def silent_share(self) -> float:
        """Part of the windows whose RMS is below `SILENCE_DBFS`."""
        silent = sum(level < SILENCE_DBFS for level in self.levels_dbfs)
        return silent / len(self.levels_dbfs) if self.levels_dbfs else 0.0


def measure(path: Path) -> MeasuredFile:
    """Measure a file. Nothing that is wrong with it raises; it stands in the answer."""
    try:
        sha256 = _sha256(path)
    except OSError as error:
        return MeasuredFile(problem="corrupt", detail=f"cannot be read: {error.strerror or error}")
    try:
        return _decoded(path, sha256)
    except AudioFileError as why:
        return MeasuredFile(sha256=sha256, problem="corrupt", detail=f"cannot be decoded: {why}")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _decoded(path: Path, sha256: str) -> MeasuredFile:
    with open_audio(path) as audio:
        rate_hz, channels = audio.rate_hz, audio.channels
        sums = _Sums(rate_hz)
        size = round(WINDOW_S * rate_hz)
        levels_dbfs = [
            _level_dbfs(window.samples[: window.filled_samples])
            for window in cut_stream(_summed(audio, sums), rate_hz=rate_hz, size=size)
        ]
        notes = "; ".join(audio.notes)
    seconds = sums.samples / rate_hz
    levels_dbfs = levels_dbfs[: len(starts_s(seconds))]
    problem, detail = _verdict(sums, levels_dbfs, seconds=seconds)
    return MeasuredFile(
        sha256=sha256,
        fingerprint=sums.fingerprint.hexdigest(),
        seconds=round(seconds, 6),
        rate_hz=rate_hz,
        channels=channels,
        peak_dbfs=_finite_dbfs(sums.peak),
        rms_dbfs=_finite_dbfs(sums.rms),
        clipped_share=round(sums.clipped / max(sums.samples, 1), 6),
        levels_dbfs=tuple(levels_dbfs),
        problem=problem,
        detail=detail or notes,
    )


def _summed(audio: AudioFile, sums: "_Sums") -> Iterator[NDArray[np.float32]]:
    """Yield an open file block by block as mono, each when `sums` has taken it."""
    mixer = ChannelMixer(audio.rate_hz, audio.channels)
    for block in audio.blocks():
        if block.shape != (audio.rate_hz, audio.channels):
            raise AudioFileError("its rate or number of channels changes in the middle")
        mono = mixer.push(block.samples)
        sums.add(mono)
        yield mono
    rest = mixer.push(np.empty((0, audio.channels), np.float32), last=True)
    if rest.size:
        sums.add(rest)
        yield rest


def _level_dbfs(window: NDArray[np.float32]) -> int:
    return math.floor(max(rms_dbfs(window), LOWEST_DBFS))


class _Sums:
    """What is gathered while a file's blocks pass."""

    def __init__(self, rate_hz: int) -> None:
        self.fingerprint = hashlib.sha256(f"{rate_hz}|".encode())
        self.samples = 0
        self.clipped = 0
        self.peak = 0.0
        self._energy = 0.0

    @property
    def rms(self) -> float:
        """Of everything so far."""
        return math.sqrt(self._energy / self.samples) if self.samples else 0.0

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next block, shape (n,).

        Raises
        ------
        ValueError
            If a sample is not a finite number.
        """
        energy = float(np.square(block, dtype=np.float64).sum())
        if not math.isfinite(energy):
            raise ValueError("it holds samples that are not finite numbers")
        magnitude = np.abs(block)
        self.peak = max(self.peak, float(magnitude.max()))
        self.clipped += int(np.count_nonzero(magnitude >= CLIPPED_AT))
        self.samples += len(block)
        self._energy += energy
        whole = np.clip(np.rint(block * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)
        self.fingerprint.update(whole.astype("<i2").tobytes())


def _finite_dbfs(amplitude: float) -> float:
    return round(max(to_dbfs(amplitude), LOWEST_DBFS), 2)


def _verdict(sums: _Sums, levels_dbfs: Sequence[int], *, seconds: float) -> tuple[str, str]:
    """Return the problem of a file that could be decoded, and the detail."""
    if seconds < SHORTEST_S:
        return "too short", f"{seconds:.3f} s; a clip has at least {SHORTEST_S} s"
    if all(level < SILENCE_DBFS for level in levels_dbfs):
        loudest = max(levels_dbfs)
        level = "digital silence" if sums.peak == 0 else f"no window above {loudest + 1} dBFS RMS"
        return "silent", level
    return "", ""

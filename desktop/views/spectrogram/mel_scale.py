"""Where a frequency lies on the spectrogram: Slaney's mel scale and the notes on it.

Source: M. Slaney, Auditory Toolbox (1998); linear below 1 kHz, logarithmic above, as in the
front end of the models (128 bands up to 8 kHz).
"""

import math
from dataclasses import dataclass

from timbrescope.desktop.views.words.figures import figure
from timbrescope.models.frontend import MEL_BANDS, MEL_FMAX_HZ
from timbrescope.models.notes import nearest_note, note_hz, note_name

_HZ_PER_MEL = 200.0 / 3.0
_KNEE_HZ = 1000.0
_KNEE_MEL = _KNEE_HZ / _HZ_PER_MEL
_LOG_STEP = math.log(6.4) / 27.0


def mel_from_hz(frequency_hz: float) -> float:
    """Return the mel value of a frequency."""
    if frequency_hz < _KNEE_HZ:
        return frequency_hz / _HZ_PER_MEL
    return _KNEE_MEL + math.log(frequency_hz / _KNEE_HZ) / _LOG_STEP


def hz_from_mel(mel: float) -> float:
    """Return the frequency of a mel value."""
    if mel < _KNEE_MEL:
        return mel * _HZ_PER_MEL
    return _KNEE_HZ * math.exp((mel - _KNEE_MEL) * _LOG_STEP)


# 128 triangles share 130 corners; band i peaks at corner i + 1.
_MEL_PER_BAND = mel_from_hz(MEL_FMAX_HZ) / (MEL_BANDS + 1)


def band_from_hz(frequency_hz: float) -> float:
    """Return the height of a frequency in bands; band ``i`` is drawn from i to i + 1.

    A frequency at the peak of band ``i`` lies at ``i + 0.5``.
    """
    return mel_from_hz(frequency_hz) / _MEL_PER_BAND - 0.5


def hz_from_band(height: float) -> float:
    """Return the frequency at a height in bands (the inverse of `band_from_hz`)."""
    return hz_from_mel((height + 0.5) * _MEL_PER_BAND)


def pitch_words(height: float) -> str:
    """Return the frequency at a height in bands, and its note if it has one."""
    frequency_hz = hz_from_band(height)
    note = nearest_note(frequency_hz)
    hertz = f"{figure(frequency_hz)} Hz"
    return f"{hertz} · {note}" if note else hertz


@dataclass(frozen=True)
class Tick:
    """A label on the frequency axis at a height in bands."""

    height: float
    text: str


_LABEL_HZ = (1000, 4000, 2000, 500, 8000, 250, 6000, 3000, 1500, 750, 100)
# Most telling first: the Cs, then the As from the tuning note on.
_LABEL_NOTES = (60, 72, 84, 96, 108, 48, 69, 81, 93, 105, 57, 45, 36)


def hz_ticks(*, gap: float) -> list[Tick]:
    """Return labels in Hz, the most useful ones that lie at least `gap` bands apart."""
    return _spaced(
        [(band_from_hz(hz), f"{hz // 1000} k" if hz % 1000 == 0 else f"{hz}") for hz in _LABEL_HZ],
        gap,
    )


def note_ticks(*, gap: float) -> list[Tick]:
    """Return note names, the most useful ones that lie at least `gap` bands apart."""
    return _spaced([(band_from_hz(note_hz(midi)), note_name(midi)) for midi in _LABEL_NOTES], gap)


def _spaced(candidates: list[tuple[float, str]], gap: float) -> list[Tick]:
    kept: list[Tick] = []
    for height, text in candidates:
        if all(abs(height - tick.height) >= gap for tick in kept):
            kept.append(Tick(height, text))
    return sorted(kept, key=lambda tick: tick.height)

"""Notes of equal temperament at A4 = 440 Hz: their frequencies and names."""

import math

_A4_HZ = 440.0
_A4_MIDI = 69
_LOWEST_OF_PIANO_MIDI = 21
_LETTERS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


def note_hz(midi: int) -> float:
    """Return the frequency of a MIDI note."""
    return float(_A4_HZ * 2.0 ** ((midi - _A4_MIDI) / 12.0))


def note_name(midi: int) -> str:
    """Return the name of a MIDI note, middle C being C4."""
    octave, step = divmod(midi, 12)
    return f"{_LETTERS[step]}{octave - 1}"


def nearest_note(frequency_hz: float) -> str:
    """Return the name of the note nearest to a frequency, empty below the piano's A0."""
    if frequency_hz < note_hz(_LOWEST_OF_PIANO_MIDI) * 0.97:
        return ""
    return note_name(round(_A4_MIDI + 12 * math.log2(frequency_hz / _A4_HZ)))

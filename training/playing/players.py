"""Who plays what: every instrument and its ways of being played."""

from collections.abc import Callable, Mapping, Sequence

from numpy.random import Generator

from timbrescope.training.playing import blown, keyed, plucked, practice, reeds, struck
from timbrescope.training.playing.band import Band, band_of
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.ringing import ringing_otherwise
from timbrescope.training.playing.strokes import Performance

Player = Callable[[Band, float, Generator], Performance]
MANY_VOICES: Mapping[str, Player] = {
    "Accordion": reeds.accordion,
    "Harmonica": reeds.harmonica,
    "Harmonium": reeds.harmonium,
    "Keyboard": keyed.keyboard,
    "Organ": reeds.organ,
    "Piano": keyed.piano,
    "Vibraphone": keyed.mallets,
}
SPANS = {
    "Accordion": 27,
    "Harmonica": 22,
    "Harmonium": 22,
    "Keyboard": 34,
    "Organ": 30,
    "Piano": 38,
    "Vibraphone": 24,
}
STRING_SPAN, VOICE_SPAN = 26, 17
# Of performances from recorded notes; what is rendered of soundfonts has none.
PRACTICE_SHARE = 0.12


def play(notes: Sequence[Note], instrument: str, *, length_s: float, rng: Generator) -> Performance:
    """Return `length_s` of `instrument` played with recordings of its notes or strokes.

    Parameters
    ----------
    notes : sequence of Note
        At least one, of one instrument and player.
    instrument : str
        One of the 28; what is none of them is played as one voice.
    """
    practises = rng.random() < PRACTICE_SHARE
    if instrument in struck.HABITS:
        habits = struck.HABITS[instrument]
        way = practice.two_bars if practises else struck.percussion
        strokes = way(notes, length_s, rng, habits=habits).strokes
        return Performance(ringing_otherwise(strokes, instrument, rng))
    band = band_of(notes, span=span_of(instrument), rng=rng)
    if practises:
        return practice.scale(band, length_s, rng, rings=instrument in MANY_VOICES)
    return perform(band, instrument, length_s, rng)


def span_of(instrument: str) -> int:
    """Return the semitones that a phrase of an instrument stays within."""
    if instrument in plucked.HABITS:
        return STRING_SPAN
    return SPANS.get(instrument, VOICE_SPAN)


def perform(band: Band, instrument: str, length_s: float, rng: Generator) -> Performance:
    """Return `length_s` of a pitched instrument played with the keys of `band`."""
    if instrument in plucked.HABITS:
        return plucked.strings(band, length_s, rng, habits=plucked.HABITS[instrument])
    if instrument in MANY_VOICES:
        return MANY_VOICES[instrument](band, length_s, rng)
    return blown.voice(band, length_s, rng, habits=blown.HABITS.get(instrument, blown.Habits()))

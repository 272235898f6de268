"""Playing note events through FluidSynth, with one long MIDI file for many phrases."""

import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import mido
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.soundfonts.voices import Voice
from timbrescope.training.packages.fetch import PackageError, run_client
from timbrescope.training.playing.melodies import NoteEvent

RENDER_RATE_HZ = 44_100
TAIL_S = 1.3
SYNTH_GAIN = "0.5"
TICKS_PER_BEAT = 480
# MIDI's tempo where a file states none: 120 beats a minute.
TICKS_PER_S = 2 * TICKS_PER_BEAT
DRUM_CHANNEL = 9
PERCUSSION_BANK = 128
PRESET_HEADER_BYTES = 38


@dataclass(frozen=True)
class Phrase:
    """A stretch of a long render: seconds from its start, and what is played."""

    start_s: float
    end_s: float
    events: tuple[NoteEvent, ...]


@cache
def presets_of(font: Path) -> frozenset[tuple[int, int]]:
    """Return the (bank, program) pairs of a SoundFont 2 file.

    FluidSynth takes another preset, silently, for one that is not there.

    Raises
    ------
    PackageError
        If the file cannot be read or has no preset headers.
    """
    try:
        content = font.read_bytes()
    except OSError as error:
        raise PackageError(f"cannot read the soundfont {font}: {error}") from error
    place = content.find(b"phdr")
    if place < 0:
        raise PackageError(f"{font} is no SoundFont 2 file: it has no preset headers")
    (size,) = struct.unpack_from("<I", content, place + 4)
    # Each header: 20 bytes of name, then program and bank; the last one only ends the list.
    starts = range(place + 8 + 20, place + 8 + size - PRESET_HEADER_BYTES, PRESET_HEADER_BYTES)
    pairs = (struct.unpack_from("<HH", content, start) for start in starts)
    return frozenset((bank, program) for program, bank in pairs)


def synthesise(
    phrases: Iterable[Phrase], voice: Voice, *, font: Path, rng: Generator
) -> NDArray[np.float32]:
    """Play `phrases` and return mono samples at 22050 Hz.

    Raises
    ------
    PackageError
        If ``fluidsynth`` is missing or fails.
    """
    played = list(phrases)
    with tempfile.TemporaryDirectory() as scratch:
        score, sound = Path(scratch) / "score.mid", Path(scratch) / "sound.wav"
        _score(played, voice, rng=rng).save(score)
        run_synth(score, font=font, sound=sound)
        mono = read_mono(sound)
    return np.pad(mono, (0, max(0, int(played[-1].end_s * SAMPLE_RATE_HZ) - mono.size)))


def run_synth(score: Path, *, font: Path, sound: Path, reverb: bool = False) -> None:
    """Render a MIDI file with FluidSynth into a 16-bit WAV at 44.1 kHz.

    Raises
    ------
    PackageError
        If ``fluidsynth`` is missing or fails, or `font` is no soundfont.
    """
    # FluidSynth itself would render silence without a font and call it a success.
    presets_of(font)
    run_client(
        [
            "fluidsynth",
            *("-n", "-i", "-q", "-R", str(int(reverb)), "-C", "0", "-g", SYNTH_GAIN),
            *("-r", str(RENDER_RATE_HZ), "-O", "s16", "-T", "wav", "-F", str(sound)),
            *("-o", "synth.midi-bank-select=gs", str(font), str(score)),
        ],
        cwd=score.parent,
        purpose=f"render with {font.name}",
    )


def _score(phrases: Iterable[Phrase], voice: Voice, *, rng: Generator) -> mido.MidiFile:
    channel = DRUM_CHANNEL if voice.bank == PERCUSSION_BANK else 0
    messages: list[tuple[float, mido.Message]] = []
    if channel != DRUM_CHANNEL:
        bank = mido.Message("control_change", channel=channel, control=0, value=voice.bank)
        messages.append((0.0, bank))
    program = mido.Message("program_change", channel=channel, program=voice.program)
    messages.append((0.0, program))
    events = []
    for phrase in phrases:
        if voice.style in ("wind", "brass", "bowed", "harmonica", "accordion", "harmonium"):
            messages += _swell(phrase, channel=channel, rng=rng)
        events += [replace(e, start_s=phrase.start_s + e.start_s) for e in phrase.events]
    return midi_file(events, messages, channel=channel)


def midi_file(
    events: Iterable[NoteEvent],
    messages: Iterable[tuple[float, mido.Message]] = (),
    *,
    channel: int = 0,
) -> mido.MidiFile:
    """Return a MIDI file of notes and of other messages, each at its time in seconds."""
    timed = [(start_s, 0, message) for start_s, message in messages]
    for event in events:
        on = mido.Message("note_on", channel=channel, note=event.key, velocity=event.velocity)
        off = mido.Message("note_off", channel=channel, note=event.key)
        # A key struck again at once must be let go first.
        timed += [(event.start_s, 2, on), (event.start_s + event.length_s, 1, off)]
    return _in_order(timed)


def _in_order(timed: list[tuple[float, int, mido.Message]]) -> mido.MidiFile:
    file, track, ticks = mido.MidiFile(ticks_per_beat=TICKS_PER_BEAT), mido.MidiTrack(), 0
    for start_s, _, message in sorted(timed, key=lambda item: (round(item[0], 6), item[1])):
        now = round(start_s * TICKS_PER_S)
        track.append(message.copy(time=now - ticks))
        ticks = now
    file.tracks.append(track)
    return file


def _swell(phrase: Phrase, *, channel: int, rng: Generator) -> Iterator[tuple[float, mido.Message]]:
    """Yield expression and vibrato that move through a phrase as breath and bow do."""
    vibrato = int(rng.choice((0, 0, 25, 60)))
    yield (
        phrase.start_s,
        mido.Message("control_change", channel=channel, control=1, value=vibrato),
    )
    turns = rng.uniform(0, 2.5)
    depth = rng.uniform(0, 45)
    for share in np.linspace(0, 1, 40):
        value = int(127 - depth * (0.5 + 0.5 * np.cos(2 * np.pi * turns * share)))
        time_s = phrase.start_s + share * (phrase.end_s - phrase.start_s - TAIL_S)
        yield time_s, mido.Message("control_change", channel=channel, control=11, value=value)

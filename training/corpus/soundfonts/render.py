"""Rendering soundfont presets.

Each preset of `training.corpus.soundfonts.presets` is played through FluidSynth as one long MIDI
file of random phrases, which is far faster than a file a phrase, and then cut.
"""

import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.level import peak_dbfs
from timbrescope.training.corpus.soundfonts.presets import Preset
from timbrescope.training.corpus.soundfonts.synth import TAIL_S, Phrase, synthesise
from timbrescope.training.corpus.soundfonts.voices import Voice
from timbrescope.training.corpus.stored import TARGET_PEAK, Facts, rows_of, store_once
from timbrescope.training.hashes import recipe_hash
from timbrescope.training.packages.pinned import Package
from timbrescope.training.playing import grooves, melodies
from timbrescope.training.playing.rhythm import log_uniform_s

PHRASE_S = (4.5, 7.5)
NOTE_S = (0.4, 4.0)
NOTE_VELOCITIES = (45, 120)
PITCHED_NOTES, HITS_OF_KEY = 10, 3
SILENT_DBFS = -50.0
# To be raised when the same phrases are played differently.
SYNTH_VERSION = 1


def render_preset(
    preset: Preset, package: Package, *, folder: Path, target: Path, seed: int
) -> list[dict[str, str]]:
    """Render one preset into a file for each phrase and return their rows of the manifest.

    Nothing is rendered if the same phrases were rendered before.

    Parameters
    ----------
    preset : Preset
        Preset, player and number of phrases.
    package : Package
        Where the soundfont comes from; `folder` is where it is unpacked.
    target : Path
        Folder of the manifest.
    seed : int
        Of the phrases.

    Raises
    ------
    PackageError
        If ``fluidsynth`` is missing or fails.
    """
    rng = np.random.default_rng([seed, zlib.crc32(preset.name.encode())])
    phrases = list(compose(preset.voice, count=preset.phrases, rng=rng))
    facts = Facts(preset.what, preset.family, "phrase", package.name, package.licence)
    return _stored(preset, phrases, package, facts, folder=folder, place=target, rng=rng)


def render_notes(
    preset: Preset, package: Package, *, folder: Path, target: Path, seed: int
) -> list[dict[str, str]]:
    """Render single notes or hits of a preset, as `render_preset` does phrases.

    Of some instruments there are hardly any other recordings of one note.
    """
    rng = np.random.default_rng([seed, zlib.crc32(f"{preset.name} notes".encode())])
    notes = list(compose_notes(preset.voice, rng=rng))
    facts = Facts(preset.what, preset.family, "note", package.name, package.licence)
    return _stored(preset, notes, package, facts, folder=folder, place=target, rng=rng)


def _stored(
    preset: Preset,
    phrases: list[Phrase],
    package: Package,
    facts: Facts,
    *,
    folder: Path,
    place: Path,
    rng: Generator,
) -> list[dict[str, str]]:
    """Store phrases or notes in a folder of `place` and return their rows."""
    font = folder / preset.font.path
    paths = store_once(
        place / (preset.name if facts.kind == "phrase" else f"{preset.name}_notes"),
        recipe_hash(SYNTH_VERSION, package.sha256, preset, phrases),
        lambda folder: _render(preset, phrases, font=font, place=folder, rng=rng),
    )
    origin = f"{preset.font.path} bank {preset.voice.bank} program {preset.voice.program}"
    return rows_of(paths, facts, target=place, origin=lambda _: origin)


def _render(
    preset: Preset, phrases: list[Phrase], *, font: Path, place: Path, rng: Generator
) -> None:
    samples = synthesise(phrases, preset.voice, font=font, rng=rng)
    # One gain for all phrases of a preset, so that soft ones stay soft.
    gain = np.float32(TARGET_PEAK / max(float(np.abs(samples).max()), 1e-9))
    for index, phrase in enumerate(phrases):
        start = int(phrase.start_s * SAMPLE_RATE_HZ)
        cut = samples[start : start + int((phrase.end_s - phrase.start_s) * SAMPLE_RATE_HZ)]
        if peak_dbfs(cut) > SILENT_DBFS:
            soundfile.write(place / f"{index:02}.flac", cut * gain, SAMPLE_RATE_HZ)


def compose(voice: Voice, *, count: int, rng: Generator) -> Iterator[Phrase]:
    """Yield `count` phrases for one preset, one after another in time."""
    now_s = 0.0
    for _ in range(count):
        length_s = float(rng.uniform(*PHRASE_S))
        if voice.style == "groove":
            events = grooves.groove(length_s, rng)
        elif voice.style == "hits":
            events = grooves.hits(length_s, voice.keys, rng)
        else:
            register = melodies.Register(voice.low, voice.high, length_s)
            events = melodies.PLAYERS[voice.style](register, rng)
        end_s = now_s + length_s + TAIL_S
        yield Phrase(now_s, end_s, tuple(events))
        now_s = end_s


def compose_notes(voice: Voice, *, rng: Generator) -> Iterator[Phrase]:
    """Yield single notes all over the register of a preset, or hits on each of its keys."""
    keys = [key for key in voice.keys for _ in range(HITS_OF_KEY)]
    if not voice.keys:
        edges = np.linspace(voice.low, voice.high + 1, PITCHED_NOTES + 1)
        keys = [int(rng.uniform(low, high)) for low, high in itertools.pairwise(edges)]
    now_s = 0.0
    for key in keys:
        length_s = grooves.HIT_LENGTH_S if voice.keys else log_uniform_s(*NOTE_S, rng=rng)
        velocity = int(rng.integers(*NOTE_VELOCITIES))
        end_s = now_s + length_s + TAIL_S
        yield Phrase(now_s, end_s, (melodies.NoteEvent(0.0, length_s, key, velocity),))
        now_s = end_s

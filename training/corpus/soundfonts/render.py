"""Rendering soundfont presets.

Each preset of `training.corpus.soundfonts.presets` is played through FluidSynth as one long MIDI
file of random phrases, which is far faster than a file a phrase, and then cut.
"""

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
from timbrescope.training.corpus.stored import TARGET_PEAK, Facts, recipe_hash, rows_of, store_once
from timbrescope.training.packages.pinned import Package
from timbrescope.training.playing import grooves, melodies

PHRASE_S = (4.5, 7.5)
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
    played = recipe_hash(SYNTH_VERSION, package.sha256, preset, phrases)
    paths = store_once(
        target / preset.name,
        played,
        lambda place: _render(
            preset, phrases, font=folder / preset.font.path, place=place, rng=rng
        ),
    )
    facts = Facts(preset.what, preset.family, "phrase", package.name, package.licence)
    origin = f"{preset.font.path} bank {preset.voice.bank} program {preset.voice.program}"
    return rows_of(paths, facts, target=target, origin=lambda _: origin)


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

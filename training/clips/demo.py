"""The built-in demo: six short solos, rendered from FluidR3 GM for `desktop/demo`.

The tunes are in the public domain; each is written as beats and keys and phrased by a hand
that is never quite even. Run as ``python -m timbrescope.training.clips.demo FOLDER``.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.level import rms_dbfs
from timbrescope.training.corpus.soundfonts.presets import FLUID
from timbrescope.training.corpus.soundfonts.synth import RENDER_RATE_HZ, midi_file, run_synth
from timbrescope.training.files import write_json
from timbrescope.training.packages.fetch import fetch_packages
from timbrescope.training.packages.pinned import PACKAGES
from timbrescope.training.playing.melodies import NoteEvent

LENGTH_S = 6.2
FADE_S = 0.7
LEVEL_DBFS = -18.0
HIGHEST_PEAK = 0.89
SILENT_LEAD = 0.004
CREDIT = "FluidR3 GM by Frank Wen and contributors, MIT licence"
OGG_COMPRESSION = 0.55

# A tune: (beats, keys); no keys are a rest.
Tune = tuple[tuple[float, tuple[int, ...]], ...]


def _line(*notes: tuple[float, int]) -> Tune:
    return tuple((beats, (key,)) for beats, key in notes)


@dataclass(frozen=True)
class DemoClip:
    """One solo: who plays, on which program, what, at which pace and how connected."""

    instrument: str
    tune_name: str
    program: int
    beats_per_minute: float
    held: float
    tune: Tune
    vibrato: int = 0


def _broken(*chords: tuple[int, ...], beats: float, order: tuple[int, ...]) -> Tune:
    """Return chords whose keys follow each other in the given order."""
    return tuple((beats, (chord[place],)) for chord in chords for place in order)


PRELUDE = _broken(
    (60, 64, 67, 72, 76),
    (60, 62, 69, 74, 77),
    (59, 62, 67, 74, 77),
    beats=0.25,
    order=(0, 1, 2, 3, 4, 2, 3, 4),
)
PICKED = _broken(
    (45, 52, 57, 60, 64),
    (41, 48, 53, 57, 65),
    (43, 50, 55, 59, 67),
    beats=0.5,
    order=(0, 2, 3, 4, 3, 2),
)
BALLAD: Tune = (
    *((1.5, (57, 60, 64)), (0.5, (71,)), (1, (69,)), (1, (67,))),
    *((1.5, (55, 59, 62)), (0.5, (69,)), (1, (67,)), (1, (64,))),
    (3, (53, 57, 60, 64)),
)

CLIPS = (
    DemoClip(
        "Violin",
        "Scarborough Fair (traditional)",
        40,
        104,
        1.0,
        _line(
            *((2, 69), (1, 69), (2, 76), (1, 76), (1.5, 71), (0.5, 72)),
            *((1, 71), (3, 69), (1, 76), (1, 79), (3, 81)),
        ),
        vibrato=30,
    ),
    DemoClip(
        "Flute",
        "Greensleeves (traditional)",
        73,
        132,
        0.97,
        _line(
            *((1, 76), (2, 79), (1, 81), (1.5, 83), (0.5, 84), (1, 83), (2, 81), (1, 78)),
            *((1.5, 74), (0.5, 76), (1, 78), (2, 79), (1, 76)),
        ),
        vibrato=20,
    ),
    DemoClip(
        "Piano",
        "Prelude in C (after J. S. Bach)",
        0,
        70,
        1.6,
        (*PRELUDE, (2.0, (48, 60, 64, 67, 72))),
    ),
    DemoClip(
        "Trumpet",
        "Ode to Joy (L. van Beethoven)",
        56,
        132,
        0.85,
        _line(
            *((1, 66), (1, 66), (1, 67), (1, 69), (1, 69), (1, 67), (1, 66), (1, 64)),
            *((1, 62), (1, 62), (1, 64), (1, 66), (1.5, 66), (0.5, 64), (2, 64)),
        ),
    ),
    DemoClip(
        "Acoustic Guitar",
        "Broken chords",
        25,
        96,
        2.4,
        (*PICKED, (2.0, (45, 52, 57, 60, 64))),
    ),
    DemoClip(
        "Vibraphone",
        "A ballad for four mallets",
        11,
        108,
        1.8,
        BALLAD,
    ),
)


def performed(clip: DemoClip, *, rng: Generator) -> list[NoteEvent]:
    """Return the notes of a clip with a player's unevenness in time and strength."""
    beat_s = 60 / clip.beats_per_minute
    events, now_s = [], 0.05
    for place, (beats, chord) in enumerate(clip.tune):
        # The line rises to its middle and falls again.
        arch = np.sin(np.pi * place / len(clip.tune))
        for string, key in enumerate(chord):
            start_s = max(0.0, now_s + 0.018 * string + rng.normal(0, 0.006))
            velocity = int(np.clip(66 + 26 * arch + rng.normal(0, 4), 1, 127))
            events.append(NoteEvent(start_s, beats * beat_s * clip.held, key, velocity))
        now_s += beats * beat_s
    return events


def render_clip(clip: DemoClip, *, font: Path, rng: Generator) -> NDArray[np.float32]:
    """Return a clip as mono samples at 44.1 kHz: about -18 dBFS, faded out, not clipped."""
    messages = [
        (0.0, mido.Message("program_change", program=clip.program)),
        (0.0, mido.Message("control_change", control=1, value=clip.vibrato)),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        score, sound = Path(scratch) / "score.mid", Path(scratch) / "sound.wav"
        midi_file(performed(clip, rng=rng), messages).save(score)
        run_synth(score, font=font, sound=sound, reverb=True)
        stereo, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    return mastered(stereo.mean(axis=1))


def mastered(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return samples cut to `LENGTH_S`, without silence in front, faded and levelled."""
    first = int(np.flatnonzero(np.abs(samples) > SILENT_LEAD * np.abs(samples).max())[0])
    cut = samples[first : first + int(LENGTH_S * RENDER_RATE_HZ)].copy()
    fade = int(FADE_S * RENDER_RATE_HZ)
    cut[-fade:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fade, dtype=np.float32))
    gain = min(10 ** ((LEVEL_DBFS - rms_dbfs(cut)) / 20), HIGHEST_PEAK / np.abs(cut).max())
    found: NDArray[np.float32] = (cut * gain).astype(np.float32)
    return found


def write_demo(target: Path, *, cache_dir: Path | None = None, seed: int = 22) -> None:
    """Render every clip into `target` as OGG Vorbis, with ``demo.json`` beside them.

    Raises
    ------
    PackageError
        If the soundfont cannot be fetched or ``fluidsynth`` is missing.
    """
    packages = [package for package in PACKAGES if package.name == FLUID.package]
    font = fetch_packages(cache_dir, packages=packages)[FLUID.package] / FLUID.path
    target.mkdir(parents=True, exist_ok=True)
    listed = []
    for number, clip in enumerate(CLIPS):
        name = f"{clip.instrument.lower().replace(' ', '-')}.ogg"
        samples = render_clip(clip, font=font, rng=np.random.default_rng([seed, number]))
        soundfile.write(
            target / name,
            samples,
            RENDER_RATE_HZ,
            format="OGG",
            subtype="VORBIS",
            compression_level=OGG_COMPRESSION,
        )
        credit = f"{clip.tune_name}; {CREDIT}"
        listed.append({"file": name, "instrument": clip.instrument, "credit": credit})
    write_json(target / "demo.json", listed)


if __name__ == "__main__":
    write_demo(Path(sys.argv[1]))

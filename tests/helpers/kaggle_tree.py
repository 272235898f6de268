"""A small folder tree like the paper's Kaggle data set: its odd names, and sounds to tell apart."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray

RATE_HZ = 22_050
CLIP_SAMPLES = 66_150
LOWEST_HZ = 110.0
CLASSES_PER_OCTAVE = 6

# As the data set spells them, in the paper's class order.
FOLDERS = (
    "Accordion", "Acoustic_Guitar", "Banjo", "Bass_Guitar", "Clarinet", "cowbell", "Cymbals",
    "Dobro", "Drum_set", "Electro_Guitar", "Floor_Tom", "flute", "Harmonica", "Harmonium",
    "Hi_Hats", "Horn", "Keyboard", "Mandolin", "Organ", "Piano", "Saxophone", "Shakers",
    "Tambourine", "Trombone", "Trumpet", "Ukulele", "vibraphone", "Violin",
)  # fmt: skip


@dataclass(frozen=True)
class KaggleTree:
    """Where the tree is, and which of its files are spoilt in which way."""

    root: Path
    corrupt: tuple[Path, ...] = ()
    silent: tuple[Path, ...] = ()
    short: tuple[Path, ...] = ()
    duplicates: tuple[Path, ...] = ()
    conflicting: tuple[Path, ...] = ()


def make_kaggle_tree(
    root: Path,
    *,
    clips_per_class: int = 4,
    seed: int = 0,
    chunks_per_recording: int = 2,
    nested: str = "",
    corrupt: int = 0,
    silent: int = 0,
    short: int = 0,
    duplicates: int = 0,
    conflicting: int = 0,
) -> KaggleTree:
    """Write 28 folders with numbered 3-second clips, ``0.wav``, ``1.wav``, …, cut consecutively.

    Parameters
    ----------
    root : Path
    clips_per_class : int
        Good clips in each folder.
    seed : int
    chunks_per_recording : int
        So many neighbours in number come from one recording of one sound.
    nested : str
        A folder between `root` and the classes, as unpacked archives have it.
    corrupt, silent, short : int
        So many further files that are no audio (in Accordion), digital silence (in Banjo), or
        shorter than a tenth of a second (in Clarinet).
    duplicates : int
        So many further files in Dobro with the bytes of another one there.
    conflicting : int
        So many of Piano's files lie in Organ as well.
    """
    top = root / nested
    for number, folder in enumerate(FOLDERS):
        rng = np.random.default_rng([seed, number])
        _write_class(top / folder, number, rng, clips=clips_per_class, chunks=chunks_per_recording)
    return KaggleTree(
        root,
        corrupt=tuple(_corrupt(_next(top / "Accordion")) for _ in range(corrupt)),
        silent=tuple(_silence(_next(top / "Banjo"), CLIP_SAMPLES) for _ in range(silent)),
        short=tuple(_tick(_next(top / "Clarinet")) for _ in range(short)),
        duplicates=tuple(
            _copy(top / "Dobro" / f"{n}.wav", _next(top / "Dobro")) for n in range(duplicates)
        ),
        conflicting=tuple(
            _copy(top / "Piano" / f"{n}.wav", _next(top / "Organ")) for n in range(conflicting)
        ),
    )


def _write_class(folder: Path, number: int, rng: Generator, *, clips: int, chunks: int) -> None:
    folder.mkdir(parents=True)
    for first in range(0, clips, chunks):
        count = min(chunks, clips - first)
        recording = class_sound(number, rng, samples=count * CLIP_SAMPLES)
        for place in range(count):
            piece = recording[place * CLIP_SAMPLES : (place + 1) * CLIP_SAMPLES]
            _write(folder / f"{first + place}.wav", piece)


def class_sound(number: int, rng: Generator, *, samples: int) -> NDArray[np.float64]:
    """Return a sound of class `number` (0 to 27): a tone of its own pitch, colour and noise."""
    time = np.arange(samples) / RATE_HZ
    pitch_hz = LOWEST_HZ * 2 ** (number / CLASSES_PER_OCTAVE) * rng.uniform(0.98, 1.02)
    tone = sum(
        np.sin(2 * np.pi * pitch_hz * partial * time + rng.uniform(0, 6)) / partial
        for partial in range(1, 2 + number % 5)
    )
    pulse = 0.6 + 0.4 * np.sin(2 * np.pi * rng.uniform(0.3, 4) * time)
    noise = rng.standard_normal(samples) * (0.005 + 0.03 * (number % 3))
    return np.asarray(rng.uniform(0.1, 0.3) * (tone * pulse + noise))


def _next(folder: Path) -> Path:
    """Return the path with the next running number."""
    return folder / f"{len(list(folder.iterdir()))}.wav"


def _write(path: Path, samples: NDArray[np.floating]) -> Path:
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")
    return path


def _corrupt(path: Path) -> Path:
    path.write_bytes(b"RIFF this is no audio")
    return path


def _silence(path: Path, samples: int) -> Path:
    return _write(path, np.zeros(samples))


def _tick(path: Path) -> Path:
    return _write(path, np.full(RATE_HZ // 20, 0.1))


def _copy(source: Path, path: Path) -> Path:
    shutil.copyfile(source, path)
    return path

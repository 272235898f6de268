"""The golden clips: one short clip of each instrument that the shipped model must get right.

They guard against regressions: a change of the front end, the decoder, the pooling or the model
that breaks a class shows up at once. They do not measure accuracy: they are made of material
that models are trained with, and of several candidates the one is kept that a model is surest
of.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from timbrescope.models.analysis import State
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Samples
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.level import rms_dbfs
from timbrescope.models.listening import listen
from timbrescope.models.windows import cut_windows
from timbrescope.training.augment.rooms import in_room, made_room
from timbrescope.training.clips.golden_sources import GOLDEN_SOURCES, GoldenSource
from timbrescope.training.corpus.stored import slug
from timbrescope.training.files import write_bytes, write_json
from timbrescope.training.packages.fetch import cache_root, clients_for, fetch_packages
from timbrescope.training.prerequisites import require_programs

# Of these clips, and of no corpus: those draw their phrases with other seeds.
GOLDEN_SEED = 6_028
LIST_NAME = "golden.json"
# A candidate that leads by so much is kept, and no other is rendered.
ENOUGH_MARGIN = 0.9
LEVEL_DBFS = -18.0
HIGHEST_PEAK = 0.89
SILENT_LEAD = 0.01
LEAD_S = 0.01
FADE_S = 0.04
OGG_COMPRESSION = 0.4
# How long the invented rooms ring, and how much louder the direct sound is.
RT60_S = (0.25, 0.7)
DIRECT_TO_REVERBERANT_DB = (6.0, 14.0)

# Takes an instrument and a clip as decoded; returns by how much the instrument leads every other
# class (negative: it does not), at most 1.
Judge = Callable[[str, Samples], float]


@dataclass(frozen=True)
class GoldenClip:
    """A stored clip, as ``golden.json`` lists it.

    Attributes
    ----------
    file, instrument : str
    package, version, licence, credit : str
        Of the material.
    made : str
        What was done with it.
    seed, candidate : int
        What makes it again.
    """

    file: str
    instrument: str
    package: str
    version: str
    licence: str
    credit: str
    made: str
    seed: int
    candidate: int


@dataclass(frozen=True)
class Choice:
    """A clip and by how much its instrument leads; None where nobody judged."""

    clip: GoldenClip
    margin: float | None

    @property
    def right(self) -> bool:
        """Whether the judge takes the clip for its instrument, as far as there is one."""
        return self.margin is None or self.margin > 0

    def __str__(self) -> str:
        """Return a line for people."""
        margin = "" if self.margin is None else f", leads by {self.margin:.2f}"
        return f"{self.clip.instrument}: candidate {self.clip.candidate}{margin}"


def model_judge(classifier: Classifier) -> Judge:
    """Return a judge that asks a model for its answer; what is not named leads by half as much."""

    def margin(instrument: str, samples: Samples) -> float:
        answer = listen(classifier, cut_windows(samples))
        place = index_of(instrument)
        lead = answer.probabilities[place] - np.delete(answer.probabilities, place).max()
        return float(lead if answer.state is State.INSTRUMENT else min(lead, lead / 2))

    return margin


def mastered(samples: Samples) -> Samples:
    """Return one window's length from the first sound on, about -18 dBFS, faded at its end.

    A clip a little longer than a window would be answered half by a window of almost nothing.

    Parameters
    ----------
    samples : ndarray, shape (n,)
        Mono at 22,050 Hz.

    Returns
    -------
    ndarray, shape (66150,), float32
        Silence stays silence.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    loud = np.flatnonzero(np.abs(samples) > SILENT_LEAD * peak)
    first = max(0, int(loud[0]) - int(LEAD_S * SAMPLE_RATE_HZ)) if loud.size else 0
    cut = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
    piece = samples[first : first + WINDOW_SAMPLES]
    cut[: piece.size] = piece
    fade = int(FADE_S * SAMPLE_RATE_HZ)
    cut[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    loudest = float(np.abs(cut).max())
    if loudest == 0:
        return cut
    gain = min(10 ** ((LEVEL_DBFS - rms_dbfs(cut)) / 20), HIGHEST_PEAK / loudest)
    return cut * np.float32(gain)


def in_small_room(samples: Samples, *, rng: Generator) -> Samples:
    """Return samples as heard in an invented small room, whose sound dies away behind them."""
    room = made_room(rt60_s=float(rng.uniform(*RT60_S)), rng=rng)
    # The room takes what is behind the end for what came before the beginning.
    still = np.zeros(int(RT60_S[1] * SAMPLE_RATE_HZ), dtype=np.float32)
    return in_room(
        np.concatenate([samples, still]),
        room,
        direct_to_reverberant_db=float(rng.uniform(*DIRECT_TO_REVERBERANT_DB)),
    )


def encoded(samples: Samples) -> bytes:
    """Return samples as an OGG Vorbis file; its sound, not its every byte, repeats."""
    stream = BytesIO()
    soundfile.write(
        stream,
        samples,
        SAMPLE_RATE_HZ,
        format="OGG",
        subtype="VORBIS",
        compression_level=OGG_COMPRESSION,
    )
    return stream.getvalue()


def decoded(content: bytes) -> Samples:
    """Return what is heard of an encoded clip."""
    samples, _ = soundfile.read(BytesIO(content), dtype="float32")
    return np.asarray(samples, dtype=np.float32)


def candidate_clip(
    sources: Sequence[GoldenSource],
    folders: dict[str, Path],
    *,
    instrument: str,
    candidate: int,
    seed: int,
) -> tuple[GoldenClip, bytes]:
    """Return one candidate: the sources take turns, and every number is another phrase."""
    source = sources[candidate % len(sources)]
    rng = np.random.default_rng([seed, zlib.crc32(instrument.encode()), candidate])
    phrase = source.phrase(folders[source.package], rng)
    content = encoded(mastered(in_small_room(phrase, rng=rng)))
    package = source.pinned
    clip = GoldenClip(
        file=f"{slug(instrument)}.ogg",
        instrument=instrument,
        package=package.name,
        version=package.version,
        licence=package.licence,
        credit=package.credit,
        made=source.made,
        seed=seed,
        candidate=candidate,
    )
    return clip, content


def write_golden(
    target: Path,
    *,
    cache_dir: Path | None = None,
    candidates: int = 1,
    judge: Judge | None = None,
    seed: int = GOLDEN_SEED,
    report: Callable[[Choice], None] = lambda _: None,
) -> list[Choice]:
    """Render candidates of all 28 instruments and keep one of each in `target`.

    Parameters
    ----------
    target : Path
        Folder for the clips and ``golden.json``, which credits them.
    cache_dir : Path, optional
        Working folder with the packages.
    candidates : int
        At most of each instrument.
    judge : callable, optional
        The candidate of the highest margin is kept, or the first of `ENOUGH_MARGIN`.
    seed : int
        Another seed gives other phrases.
    report : callable
        Called after each instrument.

    Raises
    ------
    PackageError
        If a package cannot be fetched.
    PrerequisiteError
        If a program is not installed; nothing is fetched then.
    TimbrescopeError
        If there is no candidate, or are several and nobody to judge them.
    """
    if candidates < 1 or (candidates > 1 and judge is None):
        raise TimbrescopeError(
            f"{candidates} candidates of each clip cannot be chosen from; "
            "ask for one, or give a model that chooses"
        )
    wanted = {s.package: s.pinned for sources in GOLDEN_SOURCES.values() for s in sources}
    programs = clients_for(wanted.values(), cache_dir or cache_root()) | {"fluidsynth"}
    require_programs(programs, purpose="render the golden clips")
    folders = fetch_packages(cache_dir, packages=wanted.values())
    target.mkdir(parents=True, exist_ok=True)
    choices = []
    for instrument in NAMES:
        choice, content = _chosen(instrument, folders, candidates, judge, seed=seed)
        write_bytes(target / choice.clip.file, content)
        choices.append(choice)
        report(choice)
    write_json(target / LIST_NAME, [asdict(choice.clip) for choice in choices])
    return choices


def _chosen(
    instrument: str,
    folders: dict[str, Path],
    candidates: int,
    judge: Judge | None,
    *,
    seed: int,
) -> tuple[Choice, bytes]:
    found = []
    for number in range(candidates):
        clip, content = candidate_clip(
            GOLDEN_SOURCES[instrument], folders, instrument=instrument, candidate=number, seed=seed
        )
        margin = None if judge is None else judge(instrument, decoded(content))
        found.append((Choice(clip, margin), content))
        if margin is not None and margin >= ENOUGH_MARGIN:
            break
    # The first of equals is kept; without a judge there is only one.
    return max(found, key=lambda one: one[0].margin or 0.0)

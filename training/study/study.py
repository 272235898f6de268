"""A study as its steps see it: where it lies, what is asked, and what it runs on."""

import platform
import shlex
import sys
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.files import write_json
from timbrescope.training.state import read_state
from timbrescope.training.study.clips import Clip, read_clips
from timbrescope.training.study.extract.store import FeatureStore
from timbrescope.training.study.folder import StudyFolder
from timbrescope.training.study.ledger import Ledger
from timbrescope.training.study.settings import StudySettings
from timbrescope.training.study.split.material import Material
from timbrescope.training.study.split.splits import read_split

_STATED_PACKAGES = (
    "timbrescope",
    "numpy",
    "scipy",
    "soundfile",
    "soxr",
    "scikit-learn",
    "tensorflow",
    "tensorflow-cpu",
    "keras",
    "onnx",
    "onnxruntime",
    "skl2onnx",
    "tf2onnx",
    "matplotlib",
    "plotly",
)


_PROBLEMS = list[dict[str, str]]


@dataclass(frozen=True)
class _StatedCorpus:
    name: str
    trains: bool


@dataclass(frozen=True)
class Machine:
    """What a study runs on; nothing here changes a result.

    Attributes
    ----------
    cache : Path
        Working folder for features and downloads, shared by all studies.
    workers : int
        Processes for inspection and extraction.
    scheduler : str or None
        Address of a Dask scheduler that takes the place of the workers.
    threads : int
        Threads inside one operation of a network in training; 0 for as many as there are cores.
    """

    cache: Path
    workers: int = 1
    scheduler: str | None = None
    threads: int = 0


@dataclass(frozen=True)
class Study:
    """One study: its folder, its settings, its machine. Steps exchange everything by files."""

    folder: StudyFolder
    settings: StudySettings
    machine: Machine

    @cached_property
    def ledger(self) -> Ledger:
        """What is finished."""
        return Ledger(self.folder.root / "ledger.json")

    @cached_property
    def store(self) -> FeatureStore:
        """The features of all clips."""
        return FeatureStore(self.machine.cache)

    def clips(self) -> list[Clip]:
        """Return the stored clips; groups found to hold one recording are one group.

        Raises
        ------
        CorpusError
            If the corpora have not been inspected.
        """
        from timbrescope.training.study.explore.records import read_exploration
        from timbrescope.training.study.explore.waveforms import join_groups

        clips = self.stored_clips()
        if not self.folder.exploration.is_file():
            return clips
        near = read_exploration(self.folder.exploration).near
        return clips if near is None else join_groups(clips, near)

    def stored_clips(self) -> list[Clip]:
        """Return all clips whose features are stored, of training and of test corpora.

        Raises
        ------
        CorpusError
            If the corpora have not been inspected.
        """
        listed = read_clips(self.folder.clips)
        absent = {clip.name for clip in self.store.missing(listed)}
        return [clip for clip in listed if clip.name not in absent]

    def training_corpora(self) -> list[str]:
        """Return the names of the corpora that are split and trained with.

        Raises
        ------
        CorpusError
            If the corpora have not been inspected.
        """
        stated: list[_StatedCorpus] | None = read_state(self.folder.corpora, list[_StatedCorpus])
        if stated is None:
            raise CorpusError(f"{self.folder.corpora} is not there; run the step 'inspect'")
        return [corpus.name for corpus in stated if corpus.trains]

    def training_clips(self) -> list[Clip]:
        """Return the clips of the training corpora."""
        names = set(self.training_corpora())
        return [clip for clip in self.clips() if clip.corpus in names]

    def test_sets(self) -> dict[str, list[Clip]]:
        """Return the clips of every corpus, or part of one, that is only measured on."""
        names = set(self.training_corpora())
        found: dict[str, list[Clip]] = {}
        for clip in self.clips():
            if clip.corpus not in names:
                found.setdefault(clip.corpus, []).append(clip)
        return found

    def material(self, split: str) -> Material:
        """Return the training clips as a split divides them."""
        return Material(
            tuple(self.training_clips()),
            read_split(self.folder.split(split)),
            self.store,
            self.settings.seed,
        )

    def say(self, text: str) -> None:
        """Tell whoever watches the run."""
        print(text, flush=True)

    def note_problem(self, step: str, *, what: str, reason: str) -> None:
        """Remember what could not be made; the report states it."""
        self.say(f"  left out: {what}: {reason}")
        path = self.folder.problems
        listed = read_state(path, _PROBLEMS) or []
        write_json(path, [*listed, {"step": step, "what": what, "reason": reason}])

    def forget_problems(self, step: str) -> None:
        """Forget what an earlier run of a step could not make."""
        path = self.folder.problems
        if listed := read_state(path, _PROBLEMS):
            write_json(path, [row for row in listed if row["step"] != step])

    def add_time(self, step: str, seconds: float) -> None:
        """Add to the time that a step has taken in all its runs."""
        path = self.folder.timings
        spent: dict[str, float] = read_state(path, dict[str, float]) or {}
        spent[step] = round(spent.get(step, 0.0) + seconds, 1)
        write_json(path, spent)


def versions() -> dict[str, str]:
    """Return the versions of Python, the platform, and the packages that decide the results."""
    found = {"python": sys.version.split()[0], "platform": platform.platform()}
    for name in _STATED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def command_line(settings: StudySettings, out: Path) -> str:
    """Return the command that repeats a study; of paths, which are private, the last part."""
    words = ["timbrescope-train", "study", *(Path(word).name for word in settings.corpora)]
    for entry in fields(StudySettings):
        value = getattr(settings, entry.name)
        if entry.name == "corpora" or value == entry.default:
            continue
        # What may be said repeatedly is plural in the settings and singular on the command line.
        several = isinstance(value, tuple)
        option = "--" + entry.name.removesuffix("s" if several else "").replace("_", "-")
        for one in value if several else (value,):
            words += [option, Path(one).name if entry.name == "tests" else str(one)]
    return shlex.join([*words, "--out", out.name])

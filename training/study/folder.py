"""Where a study keeps what it makes: every file of the output folder is named here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

SplitName = Literal["random", "grouped"]
SPLIT_NAMES: tuple[SplitName, ...] = get_args(SplitName)
PartName = Literal["train", "validation", "test"]
PART_NAMES: tuple[PartName, ...] = get_args(PartName)
# The paper's, for splits and training.
SEED = 22
# The part of a split's own corpus on which its models are measured.
OWN_TEST = "test"
BASELINE = "baseline"


@dataclass(frozen=True)
class StudyFolder:
    """The paths below a study's output folder. Nothing is created by asking for a path."""

    root: Path

    @property
    def settings(self) -> Path:
        """What was asked for, with the versions of program and libraries."""
        return self.root / "study.json"

    @property
    def timings(self) -> Path:
        """Seconds that each step took, JSON."""
        return self.root / "timings.json"

    @property
    def problems(self) -> Path:
        """What could not be made and why, JSON."""
        return self.root / "problems.json"

    @property
    def corpora(self) -> Path:
        """The corpora with their layout, remarks and role, JSON."""
        return self.root / "corpus" / "corpora.json"

    @property
    def inspection(self) -> Path:
        """One row per file found, CSV, with the reason if it is left out."""
        return self.root / "corpus" / "inspection.csv"

    @property
    def clips(self) -> Path:
        """The clips that are used, CSV."""
        return self.root / "corpus" / "clips.csv"

    @property
    def exploration(self) -> Path:
        """What the corpus is like, JSON."""
        return self.root / "corpus" / "exploration.json"

    def split(self, name: str) -> Path:
        """Return the CSV that says which clip is in which part of a split."""
        return self.root / "splits" / f"{name}.csv"

    def split_summary(self, name: str) -> Path:
        """Return the JSON with the sizes of a split's parts and the classes they lack."""
        return self.root / "splits" / f"{name}.json"

    def run(self, split: str, model: str) -> Path:
        """Return the folder of one model trained on one split."""
        return self.root / "models" / split / model

    def onnx(self, split: str, model: str) -> Path:
        """Return the exported model; its sidecar lies beside it."""
        return self.run(split, model) / f"{model}.onnx"

    def answers(self, split: str, model: str, test_set: str) -> Path:
        """Return the NPZ with a model's probabilities on a set of clips."""
        return self.root / "evaluation" / split / model / f"{test_set}.npz"

    def metrics(self, split: str, model: str, test_set: str) -> Path:
        """Return the JSON with the figures of these answers."""
        return self.answers(split, model, test_set).with_suffix(".json")

    def cross(self, model: str, trained_on: str, tested_on: str) -> Path:
        """Return the JSON with the figures of a classical model across two corpora."""
        return self.root / "evaluation" / "cross" / model / f"{trained_on}--{tested_on}.json"

    @property
    def figures(self) -> Path:
        """Folder of the figures."""
        return self.root / "figures"

    @property
    def report(self) -> Path:
        """The report, one self-contained HTML file."""
        return self.root / "report.html"

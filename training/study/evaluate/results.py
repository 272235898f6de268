"""Collects the figures that a study has so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from timbrescope.models.catalogue import PAPER_NAMES, entry_of
from timbrescope.training.study.evaluate.records import Metrics, read_metrics
from timbrescope.training.study.folder import BASELINE, OWN_TEST, SPLIT_NAMES, StudyFolder

ALL_MODELS = (*PAPER_NAMES, BASELINE)
BASELINE_TITLE = "Commonest class (baseline)"
CROSS_SEPARATOR = "--"


@dataclass(frozen=True)
class Results:
    """Figures by what was measured.

    Attributes
    ----------
    metrics : mapping
        From (split, model, test set).
    cross : mapping
        From (model, corpus trained on, corpus tested on); where both are the same corpus, a
        grouped split within it was used.
    """

    metrics: Mapping[tuple[str, str, str], Metrics]
    cross: Mapping[tuple[str, str, str], Metrics]

    def own(self, split: str, model: str) -> Metrics | None:
        """Return the figures of a model on the test part of its own split, if there are any."""
        return self.metrics.get((split, model, OWN_TEST))

    @property
    def models(self) -> list[str]:
        """The models with figures, in the catalogue's order, the baseline last."""
        found = {model for _, model, _ in self.metrics}
        return [name for name in ALL_MODELS if name in found]

    @property
    def splits(self) -> list[str]:
        """The splits with figures."""
        found = {split for split, _, _ in self.metrics}
        return [name for name in SPLIT_NAMES if name in found]

    @property
    def other_test_sets(self) -> list[str]:
        """The corpora that models were measured on without being trained on them."""
        return sorted({test_set for _, _, test_set in self.metrics} - {OWN_TEST})

    @property
    def cross_models(self) -> list[str]:
        """The models that were trained on one corpus and tested on another."""
        found = {model for model, _, _ in self.cross}
        return [name for name in ALL_MODELS if name in found]


def collect(folder: StudyFolder) -> Results:
    """Return the figures that lie in a study's folder; those that do not exist are left out.

    Raises
    ------
    MetricsError
        If a file of figures cannot be read.
    """
    metrics: dict[tuple[str, str, str], Metrics] = {
        (split, model, path.stem): read_metrics(path)
        for split in SPLIT_NAMES
        for model in ALL_MODELS
        for path in _files(folder.metrics(split, model, OWN_TEST).parent)
    }
    cross: dict[tuple[str, str, str], Metrics] = {}
    for model in ALL_MODELS:
        for path in _files(folder.cross(model, "", "").parent):
            trained, separator, tested = path.stem.partition(CROSS_SEPARATOR)
            if separator:
                cross[model, trained, tested] = read_metrics(path)
    return Results(metrics, cross)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def title_of(model: str) -> str:
    """Return what readers call a model."""
    return BASELINE_TITLE if model == BASELINE else entry_of(model).title

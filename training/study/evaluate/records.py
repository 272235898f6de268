"""The record of a model's figures on a set of clips, and the JSON file that holds it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import read_json, write_json
from timbrescope.training.measures.intervals import Interval
from timbrescope.training.measures.reliability import ReliabilityBin
from timbrescope.training.state import set_aside


class MetricsError(TimbrescopeError):
    """Answers, or the figures of answers, are missing or malformed."""


@dataclass(frozen=True)
class ClassFigures:
    """Figures of one class that occurs in the test set.

    Attributes
    ----------
    precision, recall, f1 : float
        Precision is 0 where the class is never answered.
    support, groups : int
        Clips of the class, and groups they come from.
    """

    precision: float
    recall: float
    f1: float
    support: int
    groups: int


@dataclass(frozen=True)
class Metrics:
    """Figures over n clips.

    Attributes
    ----------
    n, groups, classes : int
        Clips, groups of clips, and classes that occur.
    absent : tuple of str
        Classes that do not occur; no figure says anything about them.
    accuracy, top3 : float
        Share of clips whose class is the likeliest, or among the three likeliest with a
        probability above 0.
    macro_precision, macro_recall, macro_f1 : float
        Means over the classes that occur.
    weighted_f1 : float
        Mean of the classes' F1 weighted by their clips.
    ece : float
        Expected calibration error over 15 equal-width bins of confidence.
    nll : float
        Mean of -log p of the true class, in nats.
    temperature, uncalibrated_ece, uncalibrated_nll : float or None
        Temperature that is applied in the answers, and both figures without it; None if there
        is none.
    per_class : dict of str to ClassFigures
        Of the classes that occur, in class order.
    confusion : tuple of tuple of int
        28 x 28 counts; row = true class, column = answer.
    reliability : tuple of ReliabilityBin
        Of the answers as they are; empty bins are left out.
    intervals : dict of str to Interval
        95 % bootstrap intervals over groups; empty when there are too few groups.
    note : str
        How the intervals were made, or why there are none.
    """

    n: int
    groups: int
    classes: int
    absent: tuple[str, ...]
    accuracy: float
    top3: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    weighted_f1: float
    ece: float
    nll: float
    temperature: float | None
    uncalibrated_ece: float | None
    uncalibrated_nll: float | None
    per_class: dict[str, ClassFigures]
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[ReliabilityBin, ...]
    intervals: dict[str, Interval]
    note: str

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stated: dict[str, Any]) -> "Metrics":
        """Return the figures that `as_dict` gave, also after a way through JSON.

        Raises
        ------
        MetricsError
            If a figure is missing or unknown.
        """
        try:
            parsed = {
                "absent": tuple(stated["absent"]),
                "per_class": {
                    name: ClassFigures(**row) for name, row in stated["per_class"].items()
                },
                "confusion": tuple(tuple(row) for row in stated["confusion"]),
                "reliability": tuple(ReliabilityBin(**row) for row in stated["reliability"]),
                "intervals": {name: Interval(**row) for name, row in stated["intervals"].items()},
            }
            return cls(**(stated | parsed))
        except (AttributeError, KeyError, TypeError) as error:
            raise MetricsError(f"not the figures of a study: {error!r}") from error


def write_metrics(metrics: Metrics, path: Path) -> None:
    """Write figures as JSON so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, metrics.as_dict())


def read_metrics(path: Path) -> Metrics:
    """Return figures that were written.

    Raises
    ------
    MetricsError
        If the file is missing or holds something else.
    """
    try:
        return Metrics.from_dict(read_json(path))
    except OSError as error:
        raise MetricsError(
            f"cannot read the figures {path}: {error}; run the step 'evaluate' again"
        ) from error
    except (AttributeError, ValueError, KeyError, TypeError, MetricsError) as error:
        raise MetricsError(f"{set_aside(path, repr(error))} by the step 'evaluate'") from error

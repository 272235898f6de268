"""Measures a shipped model on whole recordings, cut and pooled as the product does.

Each file of a manifest's split is decoded, cut and answered by `models.listening`, as in the app:
every window goes through the shipped ONNX graph, and the file's answer is the mean of its windows
by the sound that each adds. Noise, speech and other instruments of the split are
measured window by window, see `training.measures.open_set`. The figures stand in the sidecar;
running this again repeats them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import State
from timbrescope.models.artefact import Sidecar
from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.recordings import Recording, read_corpus
from timbrescope.training.evaluate.confusions import confusions, mistaken_for_instruments
from timbrescope.training.evaluate.listening import EvaluationError, HeardRecordings
from timbrescope.training.labels import BACKGROUND_KINDS, INSTRUMENT_KINDS
from timbrescope.training.measures.intervals import RESAMPLES, SEED, Outcomes, group_intervals
from timbrescope.training.measures.open_set import answered_figures, open_set_figures
from timbrescope.training.measures.scores import in_top3, rounded, score

METHOD = (
    "file level: consecutive 3 s windows, the last one the last 3 s, mean weighted by the sound "
    "that each adds"
)
INTERVALS = ("accuracy", "macro_recall", "top3")


def read_recordings(manifest: Path, *, split: str) -> list[Recording]:
    """Return what one split of a corpus is measured with: instruments and what is none of them.

    Raises
    ------
    CorpusError
        If the corpus is missing or malformed.
    EvaluationError
        If the split has no instruments.
    """
    everything = read_corpus(manifest).recordings
    kinds = (*INSTRUMENT_KINDS, *BACKGROUND_KINDS)
    found = [row for row in everything if row.split == split and row.kind in kinds]
    if not any(row.instrument for row in found):
        known = ", ".join(sorted({row.split for row in everything})) or "none"
        raise EvaluationError(f"{manifest} has no instruments in split {split!r}; splits: {known}")
    return found


def figures(heard: HeardRecordings) -> dict[str, Any]:
    """Return all figures of what a model answered, in the form in which a sidecar states them.

    Returns
    -------
    dict
        Over the files of instruments what `training.measures.scores.Scores` has and
        ``intervals``, the same ``per_kind`` (notes and phrases) and ``per_source``, each with
        the share that is ``answered``; ``answered``, of ``files`` and ``windows``; what
        `training.measures.open_set.open_set_figures` says of the windows; and what is
        ``confused`` or ``mistaken`` for an instrument, see `training.evaluate.confusions`.
    """
    rows = np.array([row.instrument is not None for row in heard.recordings])
    known = _Known(
        answers=np.stack([answer.probabilities for answer in heard.answers])[rows],
        claimed=np.array([answer.state is State.INSTRUMENT for answer in heard.answers])[rows],
        labels=heard.labels[rows],
        sources=np.array([row.source for row in heard.recordings])[rows],
    )
    kinds = np.array([row.kind for row in heard.recordings])[rows]
    open_set = open_set_figures(heard.windows())
    return {
        **known.figures(),
        "per_class": known.per_class(),
        "per_kind": {
            str(kind): known.part(kinds == kind).with_answered() for kind in np.unique(kinds)
        },
        "per_source": {
            str(source): known.part(known.sources == source).with_answered()
            for source in np.unique(known.sources)
        },
        **open_set,
        "answered": {"files": known.answered(), "windows": open_set["answered"]},
        "confused": confusions(heard),
        "mistaken": mistaken_for_instruments(heard),
        "method": METHOD,
        "intervals_method": f"95 %, {RESAMPLES} resamples of whole sources, seed {SEED}",
    }


@dataclass(frozen=True)
class _Known:
    """Files of instruments: answers (N, 28), whether claimed (N,), labels (N,), sources (N,)."""

    answers: NDArray[np.floating]
    claimed: NDArray[np.bool_]
    labels: NDArray[np.integer]
    sources: NDArray[np.str_]

    def part(self, rows: NDArray[np.bool_]) -> "_Known":
        return _Known(self.answers[rows], self.claimed[rows], self.labels[rows], self.sources[rows])

    def figures(self) -> dict[str, Any]:
        found = score(self.answers, self.labels)
        return {
            **{name: getattr(found, name) for name in ("n", "classes", *INTERVALS)},
            "sources": len(np.unique(self.sources)),
            "intervals": self._intervals(),
        }

    def answered(self) -> dict[str, Any]:
        right = self.answers.argmax(axis=1) == self.labels
        return answered_figures(self.claimed, right, groups=self.sources)

    def with_answered(self) -> dict[str, Any]:
        return self.figures() | {"answered": self.answered()}

    def per_class(self) -> dict[str, dict[str, Any]]:
        found = score(self.answers, self.labels).per_class
        return {
            name: row | {"sources": len(np.unique(self.sources[self.labels == NAMES.index(name)]))}
            for name, row in found.items()
        }

    def _intervals(self) -> dict[str, list[float]]:
        """Return lower and upper edges, none if there are too few sources to resample."""
        near = in_top3(self.answers, self.labels)
        outcomes = Outcomes(self.labels, self.answers.argmax(axis=1), near, self.sources)
        found = group_intervals(outcomes, classes=len(NAMES), seed=SEED, resamples=RESAMPLES)
        return {
            name: [rounded(found[name].low), rounded(found[name].high)]
            for name in INTERVALS
            if name in found
        }


def with_figures(sidecar: Sidecar, *, split: str, found: dict[str, Any]) -> Sidecar:
    """Return the sidecar with the figures of one split put in or replaced."""
    return replace(sidecar, metrics=sidecar.metrics | {split: found})


def differences(sidecar: Sidecar, *, split: str, found: dict[str, Any]) -> list[str]:
    """Return, in words, where the sidecar's figures of a split differ from those found."""
    stated = sidecar.metrics.get(split)
    if stated is None:
        return [f"the sidecar states no figures for split {split!r}"]
    ours, theirs = dict(_flat(found)), dict(_flat(stated))
    return [
        f"{name}: the sidecar states {theirs.get(name)}, found {ours.get(name)}"
        for name in (*ours, *(name for name in theirs if name not in ours))
        if ours.get(name) != theirs.get(name)
    ]


def _flat(stated: dict[str, Any], *, before: str = "") -> Iterator[tuple[str, Any]]:
    """Return names and values of nested figures, the names joined by dots."""
    for name, value in stated.items():
        if isinstance(value, dict):
            yield from _flat(value, before=f"{before}{name}.")
        else:
            yield f"{before}{name}", value

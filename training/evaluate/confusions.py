"""What a model takes for what: its most frequent wrong answers, with examples to listen to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from timbrescope.models.listening import FileAnswer
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.evaluate.listening import HeardRecordings

EXAMPLES = 3


@dataclass(frozen=True)
class _Answered:
    """A recording, what it is, and the instrument that the model holds likeliest."""

    recording: Recording
    truth: str
    answer: str
    probability: float

    @property
    def wrong(self) -> bool:
        return self.answer != self.truth


def confusions(heard: HeardRecordings) -> dict[str, Any]:
    """Return, for each class with a wrong answer, which one is the most frequent.

    Returns
    -------
    dict
        By class ``n`` files, ``wrong`` of them, the most frequent wrong ``answer``, how many
        ``times`` it is given, and where ``examples`` lie in their sources, the surest first.
    """
    known = [
        _Answered(recording, recording.instrument, answer.likeliest, answer.probability)
        for recording, answer in _pairs(heard)
        if recording.instrument is not None
    ]
    return _most_frequent(known)


def mistaken_for_instruments(heard: HeardRecordings) -> dict[str, Any]:
    """Return, for what is none of the 28 and named as one of them, which one it is named most.

    Returns
    -------
    dict
        As of `confusions`; by the instrument that it is where that is known, else by kind.
    """
    unknown = [
        _Answered(recording, truth, answer.instrument or truth, answer.probability)
        for recording, answer in _pairs(heard)
        if recording.instrument is None
        # Where an origin names no instrument, the group does, behind its source.
        for truth in (recording.what.rpartition(":")[2] or recording.kind,)
    ]
    return _most_frequent(unknown)


def _pairs(heard: HeardRecordings) -> Iterable[tuple[Recording, FileAnswer]]:
    return zip(heard.recordings, heard.answers, strict=True)


def _most_frequent(found: Sequence[_Answered]) -> dict[str, Any]:
    by_truth: dict[str, list[_Answered]] = {}
    for each in found:
        by_truth.setdefault(each.truth, []).append(each)
    return {
        truth: _stated(rows)
        for truth, rows in sorted(by_truth.items())
        if any(row.wrong for row in rows)
    }


def _stated(rows: Sequence[_Answered]) -> Mapping[str, Any]:
    wrong = [row for row in rows if row.wrong]
    counted = Counter(row.answer for row in wrong)
    # Of two that are as frequent the first by name, so that a figure repeats.
    answer = min(counted, key=lambda name: (-counted[name], name))
    shown = sorted(
        (row for row in wrong if row.answer == answer),
        key=lambda row: (-row.probability, str(row.recording.path)),
    )
    return {
        "n": len(rows),
        "wrong": len(wrong),
        "answer": answer,
        "times": counted[answer],
        "examples": [row.recording.origin or row.recording.path.name for row in shown[:EXAMPLES]],
    }

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.models.instruments import index_of  # noqa: E402
from timbrescope.training.corpus.recordings import Recording  # noqa: E402
from timbrescope.training.corpus.soundfonts.presets import SOUNDFONT_SOURCES  # noqa: E402
from timbrescope.training.experiments.held_out_files import (  # noqa: E402
    MOST_OF_GROUP,
    HeldOutFiles,
    answers,
    figures,
    held_out_recordings,
    named,
    row_of,
)
from timbrescope.training.measures.calibration import calibrate  # noqa: E402
from timbrescope.training.windows.split import FOLDS  # noqa: E402


def _recordings(*, group: str, count: int, source: str = "a room") -> list[Recording]:
    return [
        Recording(
            path=Path(f"{group}-{number}.wav"),
            instrument="Violin",
            kind="note",
            group=group,
            source=source,
            split="train",
            licence="CC0",
            seconds=30.0,
        )
        for number in range(count)
    ]


def test_each_fold_has_other_real_groups_and_some_of_each() -> None:
    every = [r for name in "abcdefghi" for r in _recordings(group=name, count=MOST_OF_GROUP + 5)]
    every += _recordings(group="font", count=9, source=sorted(SOUNDFONT_SOURCES)[0])
    folds = [held_out_recordings(every, fold=fold) for fold in range(FOLDS)]
    groups = [{recording.group for recording in held} for held in folds]
    assert all(groups)
    assert not groups[0] & groups[1] | groups[1] & groups[2] | groups[0] & groups[2]
    assert "font" not in set.union(*groups)
    for held, of_fold in zip(folds, groups, strict=True):
        assert len(held) == MOST_OF_GROUP * len(of_fold)
        assert held == held_out_recordings(every, fold=folds.index(held))


def _files(labels: list[str], groups: list[str], kinds: list[str]) -> HeldOutFiles:
    count = len(labels)
    return HeldOutFiles(
        features=np.zeros((count, 64, 256), np.float16),
        file_of=np.arange(count),
        weights_s=np.ones(count),
        labels=np.array([index_of(name) for name in labels]),
        folds=np.zeros(count, np.int64),
        groups=np.array(groups),
        kinds=np.array(kinds),
    )


def test_groups_count_alike_however_many_recordings_they_have() -> None:
    files = _files(
        ["Violin"] * 4 + ["Flute"],
        ["big", "big", "big", "small", "flute"],
        ["note"] * 4 + ["phrase"],
    )
    answered = ["Violin", "Violin", "Violin", "Horn", "Flute"]
    probabilities = np.full((5, 28), 0.01)
    probabilities[np.arange(5), [index_of(name) for name in answered]] = 0.5
    found = figures(files, probabilities)
    assert found["accuracy"] == 0.8
    assert found["of_groups"] == pytest.approx(2 / 3)
    assert found["macro_recall"] == 0.75
    assert (found["notes"], found["phrases"]) == (0.5, 1.0)
    assert found["log_loss"] == pytest.approx(-(4 * math.log(0.5) + math.log(0.01)) / 5)
    assert row_of(0.25, found).startswith("| 0.25 | 80.0 | 66.7 | 75.0 | 50.0 | 100.0 | ")


def test_a_file_is_named_that_passes_both_limits() -> None:
    files = _files(["Violin"] * 3, ["a", "b", "c"], ["note"] * 3)
    logits = np.full((3, 28), -9.0)
    logits[0, index_of("Violin")] = 9.0
    # Torn between two, and likely none of all: neither is named.
    logits[1, [index_of("Violin"), index_of("Flute")]] = 9.0, 9.5
    logits[2, index_of("Violin")] = 0.5
    limits = calibrate(logits, files.labels, background=True)
    limits = replace(limits, temperature=1.0, not_sure=0.7, least_known=0.9)
    assert named(files, logits, limits=limits) == {"named": pytest.approx(1 / 3), "right": 1.0}
    assert answers(files, logits).argmax(axis=1).tolist() == [
        index_of(name) for name in ("Violin", "Flute", "Violin")
    ]

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.models.instruments import NAMES, index_of  # noqa: E402
from timbrescope.training.fit.flagship.window_weights import window_weights  # noqa: E402
from timbrescope.training.teacher.audioset import LABELS_OF, instrument_shares  # noqa: E402


def test_a_window_that_the_teacher_believes_in_counts_for_more() -> None:
    windows = window_set()
    logits = np.full((len(windows.labels) // windows.variants, 527), -6.0, np.float16)
    violin = np.flatnonzero(windows.labels[:: windows.variants] == index_of("Violin"))
    logits[violin[0], LABELS_OF["Violin"][0]] = 4.0
    weights = window_weights(replace(windows, teacher_logits=logits), power=0.5)
    assert weights[violin[0]] > 1.5 * weights[violin[1]]
    assert weights[windows.labels[:: windows.variants] >= len(NAMES)] == pytest.approx(1.0)


@pytest.mark.parametrize("power", [0.0, 0.5])
def test_without_a_teacher_or_a_power_all_count_alike(power: float) -> None:
    windows = window_set(teacher=power == 0.0)
    assert window_weights(windows, power=power) == pytest.approx(1.0)


def test_shares_name_the_instrument_and_leave_room_for_doubt() -> None:
    logits = np.full((2, 527), -8.0)
    logits[0, LABELS_OF["Banjo"][0]] = 5.0
    shares = instrument_shares(logits)
    assert shares[0].argmax() == index_of("Banjo")
    assert (shares.sum(axis=1) < 1).all()


def test_the_indices_are_those_of_audiosets_labels(shared_audio: Path) -> None:
    with (shared_audio.parent / "teacher" / "audioset_classes.csv").open() as file:
        names = [row["display_name"] for row in csv.DictReader(file)]
    meant = {"Dobro": "Steel guitar", "Floor Tom": "Bass drum", "Keyboard": "Electric piano"}
    meant |= {"Shakers": "Rattle", "Drum Set": "Drum kit", "Horn": "French horn"}
    for instrument, labels in LABELS_OF.items():
        if labels:
            word = meant.get(instrument, instrument.rstrip("s"))
            assert word.lower() in names[labels[0]].lower()

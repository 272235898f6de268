"""What was just heard becomes a sound file with its verdicts and labels beside it."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from view_doubles import make_analysis, probabilities_of

from timbrescope.desktop.engine.history import History, Piece
from timbrescope.desktop.engine.messages import Gap, GapReason
from timbrescope.desktop.export.heard import save_heard
from timbrescope.models.analysis import State
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ

NO_COLUMNS = np.empty((128, 0), np.float32)


def _history() -> History:
    rng = np.random.default_rng(1)
    first = rng.uniform(-0.5, 0.5, 6 * SAMPLE_RATE_HZ).astype(np.float32)
    second = rng.uniform(-0.5, 0.5, 3 * SAMPLE_RATE_HZ).astype(np.float32)
    pieces = (
        Piece(10 * SAMPLE_RATE_HZ, first, 0, NO_COLUMNS),
        Piece(17 * SAMPLE_RATE_HZ, second, 0, NO_COLUMNS),
    )
    verdicts = (
        make_analysis(10.0),
        make_analysis(13.0, state=State.QUIET),
        make_analysis(17.0, state=State.NOT_SURE, probabilities=probabilities_of(Flute=0.4)),
    )
    return History(pieces, verdicts, (Gap(16.0, 17.0, 60.0, GapReason.PAUSED),))


@pytest.mark.parametrize("suffix", [".flac", ".wav"])
def test_sound_verdicts_and_labels_lie_beside_each_other(tmp_path: Path, suffix: str) -> None:
    history = _history()
    files = save_heard(history, tmp_path / f"take{suffix}")
    assert [path.name for path in files] == [f"take{suffix}", "take.json", "take.txt"]
    sound, rate = soundfile.read(files[0], dtype="float32")
    assert rate == SAMPLE_RATE_HZ
    np.testing.assert_allclose(sound, history.samples(10.0, 20.0), atol=2**-23)
    record = json.loads(files[1].read_text("utf-8"))
    assert [each["start_s"] for each in record["verdicts"]] == [0.0, 3.0, 7.0]
    assert record["verdicts"][0]["instrument"] == "Violin"
    assert record["verdicts"][0]["evidence"]["explained"] == "Violin"
    assert record["verdicts"][0]["evidence"]["for_nats"] > 0
    assert record["gaps"] == [
        {"start_s": 6.0, "end_s": 7.0, "lasted_s": 60.0, "reason": "paused", "detail": ""}
    ]
    assert files[2].read_text("utf-8").splitlines() == [
        "0.000000\t3.000000\tViolin 90%",
        "6.000000\t7.000000\tpaused, 1:00",
        "7.000000\t10.000000\tFlute? 40%",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(p.name for p in files)


def test_the_last_seconds_alone(tmp_path: Path) -> None:
    files = save_heard(_history(), tmp_path / "take.flac", start_s=17.5)
    assert soundfile.info(files[0]).frames == round(2.5 * SAMPLE_RATE_HZ)
    assert files[2].read_text("utf-8") == "0.000000\t2.500000\tFlute? 40%\n"


def test_what_cannot_be_saved_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="nothing was heard"):
        save_heard(History(), tmp_path / "take.flac")
    with pytest.raises(AudioFileError, match=r"take\.xyz.*\.flac or \.wav"):
        save_heard(_history(), tmp_path / "take.xyz")
    with pytest.raises(AudioFileError, match="cannot be written"):
        save_heard(_history(), tmp_path / "nowhere" / "take.flac")
    assert list(tmp_path.iterdir()) == []

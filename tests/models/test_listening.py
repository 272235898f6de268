"""A file's windows become one answer, each by the sound that it adds."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sign_classifier import SignClassifier

from timbrescope.models.analysis import State
from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.catalogue import FLAGSHIP_NAME
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import WindowError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.listening import FileAnswer, listen
from timbrescope.models.windows import cut_windows

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
LISTED = {entry["instrument"]: entry for entry in json.loads((GOLDEN / "golden.json").read_text())}
TAIL_SAMPLES = round(0.03 * SAMPLE_RATE_HZ)


def _heard(*stretches: tuple[float, float]) -> FileAnswer:
    """Return the answer to stretches of so many seconds at these levels."""
    samples = np.concatenate(
        [np.full(round(seconds * SAMPLE_RATE_HZ), level) for seconds, level in stretches]
    )
    return listen(SignClassifier(), cut_windows(samples.astype(np.float32)))


def test_a_tail_counts_for_what_it_is() -> None:
    answer = _heard((1.0, -0.1), (2.0, 0.1), (0.9, 0.1))
    # The last window begins 0.9 s into the file, before the sign turns.
    assert [verdict.instrument for verdict in answer.verdicts] == ["Violin", "Violin"]
    answer = _heard((0.5, -0.1), (2.5, 0.1), (0.9, 0.1))
    assert [verdict.instrument for verdict in answer.verdicts] == ["Violin", "Flute"]
    assert answer.probabilities[index_of("Flute")] == pytest.approx(0.9 / 3.9, abs=0.01)
    assert answer.duration_s == pytest.approx(3.9)
    assert (answer.state, answer.instrument) == (State.INSTRUMENT, "Violin")


def test_a_window_counts_by_the_share_of_it_that_sounds() -> None:
    answer = _heard((1.0, 0.1), (2.0, 0.0), (3.0, -0.1))
    assert answer.probabilities[index_of("Flute")] == pytest.approx(0.25, abs=0.01)


def test_a_quiet_window_does_not_count() -> None:
    answer = _heard((3.0, 0.1), (3.0, -1e-5))
    assert answer.verdicts[1].state is State.QUIET
    assert answer.probabilities[index_of("Flute")] == 1.0


def test_a_file_that_is_all_quiet_is_quiet() -> None:
    answer = _heard((4.0, 1e-5))
    assert (answer.state, answer.instrument) == (State.QUIET, None)
    assert answer.probabilities.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(("seconds", "named"), [(0.9, False), (1.1, True)])
def test_a_window_with_less_than_a_second_of_sound_names_nothing(
    seconds: float, named: bool
) -> None:
    answer = _heard((3.0, 0.1), (seconds, 0.1), (3.0 - seconds, 0.0))
    assert answer.verdicts[1].instrument == ("Flute" if named else None)
    assert answer.verdicts[1].state is (State.INSTRUMENT if named else State.LISTENING)


def test_one_short_hit_is_answered_as_a_file() -> None:
    answer = _heard((0.3, 0.1))
    assert answer.verdicts[0].instrument is None
    assert answer.instrument == "Flute"


def test_nothing_heard_is_no_answer() -> None:
    with pytest.raises(WindowError, match="cannot pool"):
        listen(SignClassifier(), [])


@pytest.fixture(scope="module")
def flagship() -> Iterator[Classifier]:
    return Classifier.load(FLAGSHIP_NAME)


def _golden(instrument: str) -> np.ndarray:
    samples, _ = soundfile.read(GOLDEN / LISTED[instrument]["file"], dtype="float32")
    return samples


def _as_mp3(samples: np.ndarray) -> np.ndarray:
    stream = BytesIO()
    soundfile.write(stream, samples, SAMPLE_RATE_HZ, format="MP3")
    stream.seek(0)
    decoded, _ = soundfile.read(stream, dtype="float32")
    return decoded


FORMS = {
    "silence behind it": lambda samples: np.concatenate(
        [samples, np.zeros(TAIL_SAMPLES, np.float32)]
    ),
    "a scrap behind it": lambda samples: np.concatenate(
        [samples, samples[-TAIL_SAMPLES * 4 : -TAIL_SAMPLES * 3]]
    ),
    "as MP3": _as_mp3,
}


@pytest.mark.parametrize("instrument", NAMES)
@pytest.mark.parametrize("form", FORMS)
def test_a_golden_clip_keeps_its_answer_in_another_form(
    flagship: Classifier, instrument: str, form: str
) -> None:
    samples = _golden(instrument)
    assert samples.size == WINDOW_SAMPLES
    plain = listen(flagship, cut_windows(samples))
    answer = listen(flagship, cut_windows(FORMS[form](samples)))
    assert (answer.likeliest, answer.state) == (plain.likeliest, plain.state)
    # An MP3 loses something.
    assert answer.probability == pytest.approx(
        plain.probability, abs=0.1 if form == "as MP3" else 0.01
    )


@pytest.mark.parametrize("name", ["03_tail_30ms.flac", "04_three_second_clip.mp3"])
def test_a_scrap_behind_three_seconds_changes_no_answer(
    flagship: Classifier, shared_audio: Path, name: str
) -> None:
    path = shared_audio.parent / "inputs" / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    windows = list(iter_windows(path))
    whole, first = listen(flagship, windows), listen(flagship, windows[:1])
    assert (whole.instrument, whole.state) == (first.instrument, first.state)
    assert whole.probability == pytest.approx(first.probability, abs=0.02)


@pytest.mark.parametrize(
    ("name", "instrument", "least"),
    [
        ("03_tail_30ms.flac", "Trumpet", 0.95),
        ("04_three_second_clip.mp3", "Banjo", 0.90),
    ],
)
def test_a_clip_of_three_seconds_and_a_scrap_is_answered_as_one_of_three_seconds(
    flagship: Classifier, shared_audio: Path, name: str, instrument: str, least: float
) -> None:
    path = shared_audio.parent / "inputs" / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    answer = listen(flagship, iter_windows(path))
    assert answer.instrument == instrument
    assert answer.probability >= least
    assert [verdict.instrument for verdict in answer.verdicts] == [instrument] * 2

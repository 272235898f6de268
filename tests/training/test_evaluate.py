"""Evaluation on recordings written for the test, with a stand-in for the network."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from models.artefact import Sidecar, Thresholds
from models.classifier import Classifier, Prediction
from models.frontend import SAMPLE_RATE_HZ, settings
from models.instruments import NAMES, index_of
from training.corpora import Recording
from training.evaluate import (
    EvaluationError,
    differences,
    evaluate,
    file_probabilities,
    read_mono,
    read_recordings,
    table,
    with_figures,
)

SIDECAR = Sidecar(
    name="stand-in",
    kind="mel",
    version="0",
    classes=NAMES,
    front_end=settings("mel"),
    temperature=1.0,
    thresholds=Thresholds(quiet_dbfs=-60.0, not_sure=0.5),
    sha256="0" * 64,
    licence="Apache-2.0",
    created="2000-01-01",
)


class SignClassifier(Classifier):
    """Answers Flute for a window that starts above zero and Violin for any other."""

    def __init__(self) -> None:
        self._sidecar = SIDECAR

    def classify(self, window: NDArray[np.float32]) -> Prediction:
        probabilities = np.zeros(28, np.float32)
        probabilities[index_of("Flute" if window[0] > 0 else "Violin")] = 1.0
        nothing = np.zeros(0, np.float32)
        return Prediction(nothing, probabilities, nothing, nothing)


def write(path: Path, seconds: float, *, level: float, rate_hz: int = SAMPLE_RATE_HZ) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.full(round(seconds * rate_hz), level), rate_hz, subtype="FLOAT")
    return path


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    write(tmp_path / "flute/a.wav", 4.0, level=0.5)
    write(tmp_path / "violin/b.wav", 1.0, level=-0.5)
    write(tmp_path / "violin/c.wav", 1.0, level=0.5)
    lines = [
        "path,instrument,source,group,kind,split,seconds,licence,origin",
        "flute/a.wav,Flute,s,g,phrase,dev,1.0,CC0,o",
        "violin/b.wav,violin,s,g,note,dev,1.0,CC0,o",
        "violin/c.wav,Violin,s,g,note,dev,1.0,CC0,o",
        "flute/a.wav,,s,g,noise,dev,1.0,CC0,o",
        "flute/a.wav,Flute,s,g,note,train,1.0,CC0,o",
    ]
    path = tmp_path / "manifest.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_only_instruments_of_the_split_are_read(manifest: Path) -> None:
    found = read_recordings(manifest, split="dev")
    assert [recording.path.name for recording in found] == ["a.wav", "b.wav", "c.wav"]
    assert [recording.instrument for recording in found] == ["Flute", "Violin", "Violin"]


def test_files_are_scored_as_wholes(manifest: Path) -> None:
    scores = evaluate(SignClassifier(), read_recordings(manifest, split="dev"))
    assert (scores.n, scores.accuracy, scores.macro_recall) == (3, 0.6667, 0.75)
    assert scores.per_class["Violin"] == {"recall": 0.5, "n": 2}
    assert "Violin" in table(scores)


def test_a_quiet_window_does_not_vote() -> None:
    samples = np.concatenate([np.full(66_150, 0.5), np.full(66_150, -1e-5)]).astype(np.float32)
    found = file_probabilities(SignClassifier(), samples)
    assert found[index_of("Flute")] == 1.0


def test_other_rates_and_channels_become_mono_at_the_models_rate(tmp_path: Path) -> None:
    stereo = np.stack([np.full(44_100, 0.5), np.full(44_100, 0.1)], axis=1)
    soundfile.write(tmp_path / "s.wav", stereo, 44_100)
    mono = read_mono(tmp_path / "s.wav")
    assert mono.shape == (22_050,)
    assert mono[8_000] == pytest.approx(0.3, abs=1e-3)


def test_an_unknown_split_names_the_known_ones(manifest: Path) -> None:
    with pytest.raises(EvaluationError, match="'test'; splits: dev, train"):
        read_recordings(manifest, split="test")


def test_a_recording_that_cannot_be_decoded_stops_the_evaluation(tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"not sound")
    bad = Recording(tmp_path / "bad.wav", "Flute", "note", "g", "s", "dev", "CC0", 1.0)
    with pytest.raises(EvaluationError, match=r"bad\.wav"):
        evaluate(SignClassifier(), [bad])


def test_the_sidecar_is_compared_figure_by_figure(manifest: Path) -> None:
    scores = evaluate(SignClassifier(), read_recordings(manifest, split="dev"))
    assert differences(SIDECAR, split="dev", scores=scores) == [
        "the sidecar states no figures for split 'dev'"
    ]
    stated = with_figures(SIDECAR, split="dev", scores=scores)
    assert differences(stated, split="dev", scores=scores) == []
    [found] = differences(stated, split="dev", scores=replace(scores, accuracy=0.9))
    assert found == "accuracy: the sidecar states 0.6667, found 0.9"

"""Evaluation on recordings written for the test, with a stand-in for the network."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from sign_classifier import SIDECAR, SignClassifier

from timbrescope import classify_file, demo_clip
from timbrescope.models.audio.decode import iter_windows, read_mono
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.evaluate.listening import EvaluationError, listen
from timbrescope.training.evaluate.tables import full_text, headline
from timbrescope.training.evaluate.whole_files import (
    differences,
    figures,
    read_recordings,
    with_figures,
)


def write(path: Path, seconds: float, *, level: float, rate_hz: int = SAMPLE_RATE_HZ) -> Path:
    """Write a tone that is at its crest, or with a negative level its trough, every second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    soundfile.write(path, level * np.cos(2 * np.pi * 441 * time_s), rate_hz, subtype="FLOAT")
    return path


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    write(tmp_path / "flute/a.wav", 4.0, level=0.5)
    write(tmp_path / "violin/b.wav", 1.0, level=-0.5)
    write(tmp_path / "violin/c.wav", 1.0, level=0.5)
    room = 1e-4 * np.random.default_rng(1).standard_normal(7 * SAMPLE_RATE_HZ)
    (tmp_path / "_noise").mkdir()
    soundfile.write(tmp_path / "_noise/d.wav", room, SAMPLE_RATE_HZ, subtype="FLOAT")
    lines = [
        "path,instrument,source,group,kind,split,seconds,licence,origin",
        "flute/a.wav,Flute,s,g,phrase,dev,1.0,CC0,o",
        "violin/b.wav,violin,s,g,note,dev,1.0,CC0,o",
        "violin/c.wav,Violin,s2,g,note,dev,1.0,CC0,takes/c.wav",
        "flute/a.wav,,s,g,noise,dev,1.0,CC0,o",
        "_noise/d.wav,,s,g,noise,dev,1.0,CC0,o",
        "flute/a.wav,,s,g,ir,dev,1.0,CC0,o",
        "flute/a.wav,Flute,s,g,note,train,1.0,CC0,o",
    ]
    path = tmp_path / "manifest.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def measured(manifest: Path) -> dict[str, Any]:
    heard = listen({"sign": SignClassifier()}, read_recordings(manifest, split="dev"))
    return figures(heard["sign"])


def test_what_the_split_is_measured_with_is_read(manifest: Path) -> None:
    found = read_recordings(manifest, split="dev")
    assert [recording.path.name for recording in found] == [
        *("a.wav", "b.wav", "c.wav", "a.wav", "d.wav")
    ]
    assert [recording.instrument for recording in found] == [
        "Flute",
        "Violin",
        "Violin",
        None,
        None,
    ]


def test_files_are_scored_as_wholes(manifest: Path) -> None:
    found = measured(manifest)
    assert (found["n"], found["accuracy"], found["macro_recall"]) == (3, 0.6667, 0.75)
    assert found["per_class"]["Violin"] == {"recall": 0.5, "top3": 0.5, "n": 2, "sources": 2}
    assert found["per_kind"]["note"]["accuracy"] == 0.5
    assert found["per_source"]["s"]["accuracy"] == 1.0
    assert found["intervals"] == {}
    files = found["answered"]["files"]
    assert (files["n"], files["share"], files["precision"]) == (3, 1.0, 0.6667)
    assert found["per_kind"]["note"]["answered"]["precision"] == 0.5
    assert found["per_kind"]["phrase"]["answered"]["precision"] == 1.0
    assert found["per_source"]["s2"]["answered"]["precision"] == 0.0


def test_what_is_confused_is_said_with_the_recordings_it_happens_to(manifest: Path) -> None:
    found = measured(manifest)
    assert found["confused"] == {
        "Violin": {
            "n": 2,
            "wrong": 1,
            "answer": "Flute",
            "times": 1,
            "examples": ["takes/c.wav"],
        }
    }
    assert found["mistaken"] == {
        "noise": {"n": 2, "wrong": 1, "answer": "Flute", "times": 1, "examples": ["o"]}
    }
    text = full_text(found)
    assert "| Violin | 2 | 1 | Flute (1) | `takes/c.wav` |" in text


def test_noise_counts_window_by_window_and_quiet_noise_is_no_false_answer(manifest: Path) -> None:
    found = measured(manifest)
    noise = found["unknown"]["noise"]
    assert (noise["windows"], noise["false_answers_per_minute"]) == (5, 8.0)
    assert found["answered"]["windows"]["n"] == 4


def test_enough_sources_give_intervals_around_the_figures(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", 0.1, level=0.5)
    recordings = [
        Recording(path, name, "note", "g", f"source {number}", "dev", "CC0", 0.1)
        for number, name in enumerate(["Flute", "Flute", "Flute", "Violin", "Violin", "Flute"])
    ]
    heard = listen({"sign": SignClassifier()}, recordings)["sign"]
    found = figures(heard)
    low, high = found["intervals"]["accuracy"]
    assert low < found["accuracy"] < high
    assert figures(heard) == found
    assert f"[{100 * low:.0f}–{100 * high:.0f}]" in headline(found)


def test_the_text_names_classes_kinds_and_sources(manifest: Path) -> None:
    text = full_text(measured(manifest))
    assert all(word in text for word in ("Violin", "| note |", "| s2 |", "noise: 8.00 false"))


def test_a_truncated_recording_is_treated_as_the_product_treats_it(tmp_path: Path) -> None:
    path = write(tmp_path / "cut.wav", 8.0, level=0.5)
    path.write_bytes(path.read_bytes()[:-50_000])
    cut = Recording(path, "Flute", "note", "g", "s", "dev", "CC0", 8.0)
    try:
        windows = list(iter_windows(path))
    except AudioFileError as error:
        with pytest.raises(EvaluationError, match=re.escape(str(error))):
            listen({"sign": SignClassifier()}, [cut])
    else:
        (answer,) = listen({"sign": SignClassifier()}, [cut])["sign"].answers
        assert [verdict.end_s for verdict in answer.verdicts] == [each.end_s for each in windows]


def test_an_unknown_split_names_the_known_ones(manifest: Path) -> None:
    with pytest.raises(EvaluationError, match="'test'; splits: dev, train"):
        read_recordings(manifest, split="test")


def test_a_recording_that_cannot_be_decoded_stops_the_evaluation(tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"not sound")
    bad = Recording(tmp_path / "bad.wav", "Flute", "note", "g", "s", "dev", "CC0", 1.0)
    with pytest.raises(EvaluationError, match=r"bad\.wav"):
        listen({"sign": SignClassifier()}, [bad])


def test_the_sidecar_is_compared_figure_by_figure(manifest: Path) -> None:
    found = measured(manifest)
    assert differences(SIDECAR, split="dev", found=found) == [
        "the sidecar states no figures for split 'dev'"
    ]
    stated = with_figures(SIDECAR, split="dev", found=json.loads(json.dumps(found)))
    assert differences(stated, split="dev", found=found) == []
    odd = found | {"accuracy": 0.9, "unknown": {}}
    assert differences(stated, split="dev", found=odd) == [
        "accuracy: the sidecar states 0.6667, found 0.9",
        "unknown.noise.windows: the sidecar states 5, found None",
        "unknown.noise.sources: the sidecar states 1, found None",
        "unknown.noise.false_answers_per_minute: the sidecar states 8.0, found None",
    ]


def test_what_is_recorded_very_low_is_measured_as_the_product_answers(tmp_path: Path) -> None:
    sound = read_mono(demo_clip("violin"))
    path = tmp_path / "faint.wav"
    soundfile.write(path, sound * (0.0005 / np.abs(sound).max()), 22_050, subtype="FLOAT")
    classifier = Classifier.load()
    recording = Recording(path, "Violin", "phrase", "a", "test", "dev", "CC0", 3.0)
    (answer,) = listen({"flagship": classifier}, [recording])["flagship"].answers
    result = classify_file(path, classifier=classifier)
    assert result.gain_db > 20
    assert (answer.state, answer.instrument) == (result.state, result.instrument)
    np.testing.assert_array_equal(answer.probabilities, result.probabilities)

"""What happens to a study when its material changes, or is odd: nothing stale, nothing fatal."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("tensorflow", reason="the command asks for the train extra")
pytest.importorskip("skl2onnx", reason="needs the train extra")

from timbrescope.training.cli import main
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.folder import StudyFolder
from timbrescope.training.study.split.splits import make_split

pytestmark = pytest.mark.train

RATE_HZ = 22_050
MODEL = "logistic-regression"
STEPS = ("inspect", "extract", "explore", "split", "train", "evaluate", "report")


def write_class(root: Path, instrument: str, *, groups: int = 5, hz: float = 300.0) -> None:
    for group in range(groups):
        rng = np.random.default_rng([group, int(hz)])
        time_s = np.arange(3 * RATE_HZ) / RATE_HZ
        for take in range(3):
            path = root / instrument / f"player{group}" / f"{take}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            tone = sum(np.sin(2 * np.pi * hz * k * time_s) / k for k in (1, 2, 3))
            bursts = 0.2 + (np.sin(2 * np.pi * rng.uniform(1, 6) * time_s) > 0)
            noise = rng.uniform(0.01, 0.1) * rng.standard_normal(len(time_s))
            soundfile.write(path, 0.2 * (tone * bursts + noise), RATE_HZ)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    root = tmp_path / "corpus"
    for number, instrument in enumerate(("Violin", "Flute", "Banjo")):
        write_class(root, instrument, hz=300.0 + 400.0 * number)
    return root


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., int]:
    def call(*words: str) -> int:
        steps = [word for step in STEPS for word in ("--step", step)]
        places = ["--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
        return main(["study", *words, "--model", MODEL, "--workers", "1", *steps, *places])

    return call


def accuracy(tmp_path: Path, split: str = "grouped") -> float:
    path = StudyFolder(tmp_path / "out").metrics(split, MODEL, "test")
    return float(json.loads(path.read_text("utf-8"))["accuracy"])


def test_other_sounds_under_the_same_names_are_trained_and_measured_anew(
    tmp_path: Path, corpus: Path, run: Callable[..., int]
) -> None:
    assert run(str(corpus)) == 0
    model = StudyFolder(tmp_path / "out").onnx("grouped", MODEL)
    before = model.read_bytes()
    write_class(corpus, "Flute", hz=2_000.0)
    assert run(str(corpus)) == 0
    assert model.read_bytes() != before


def test_a_copy_of_a_training_sound_in_a_test_corpus_is_no_obstacle(
    tmp_path: Path, corpus: Path, run: Callable[..., int]
) -> None:
    samples, rate_hz = soundfile.read(corpus / "Violin" / "player0" / "0.wav")
    other = tmp_path / "other" / "Violin" / "rip" / "x.wav"
    other.parent.mkdir(parents=True)
    soundfile.write(other, 0.7 * samples, rate_hz)
    assert run(str(corpus), "--test", str(tmp_path / "other")) == 0
    assert StudyFolder(tmp_path / "out").metrics("grouped", MODEL, "other").is_file()


def test_a_corpus_of_one_class_is_told_and_the_report_is_written(
    tmp_path: Path, corpus: Path, run: Callable[..., int]
) -> None:
    write_class(tmp_path / "single", "Piano", hz=700.0)
    assert run(str(corpus), str(tmp_path / "single")) == 0
    folder = StudyFolder(tmp_path / "out")
    assert "of single alone" in folder.problems.read_text("utf-8")
    assert folder.report.is_file()


def test_a_model_that_can_no_longer_be_trained_is_not_measured(
    tmp_path: Path, corpus: Path, run: Callable[..., int]
) -> None:
    assert run(str(corpus)) == 0
    assert accuracy(tmp_path) > 0.5
    for instrument in ("Violin", "Flute", "Banjo"):
        for group in range(1, 5):
            shutil.rmtree(corpus / instrument / f"player{group}")
    assert run(str(corpus)) == 0
    assert not StudyFolder(tmp_path / "out").metrics("grouped", MODEL, "test").exists()


def test_a_study_means_the_same_from_any_folder(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--cache", "cache", "--out", "out", "--workers", "1", "--step", "inspect"]
    assert main(["study", "corpus", *words]) == 0
    monkeypatch.chdir(corpus)
    out = str(tmp_path / "out")
    assert main(["study", "--out", out, "--cache", str(tmp_path / "cache"), *words[4:]]) == 0


def test_file_names_of_old_archives_are_no_obstacle(
    tmp_path: Path, corpus: Path, run: Callable[..., int]
) -> None:
    source = corpus / "Banjo" / "player0" / "0.wav"
    try:
        source.rename(source.with_name("caf\udce9.wav"))
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such names")
    assert run(str(corpus)) == 0


def test_nothing_private_stands_in_the_report(
    tmp_path: Path, corpus: Path, run: Callable[..., int]
) -> None:
    assert run(str(corpus)) == 0
    assert str(tmp_path) not in StudyFolder(tmp_path / "out").report.read_text("utf-8")


def test_a_class_whose_groups_are_shared_is_trained_all_the_same() -> None:
    def clip(number: int, instrument: str, group: str) -> Clip:
        return Clip(f"{number}", Path("x"), 0.0, "h", instrument, group, "s", "c")

    clips = [clip(0, "Piano", "G1"), *(clip(n, "Flute", "G1") for n in range(1, 51))]
    clips += [clip(n, "Piano", "G2") for n in range(51, 56)]
    split = make_split(clips, "grouped")
    assert {c.instrument for c in split.of_part(clips, "train")} == {"Piano", "Flute"}

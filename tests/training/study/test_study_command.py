"""The whole study by its command: a small tree like the paper's, all models, splits and steps."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytest.importorskip("skl2onnx", reason="needs the train extra")

from kaggle_tree import make_kaggle_tree

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.audio.decode import read_mono
from timbrescope.models.catalogue import CLASSICAL_NAMES, PAPER_NAMES
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import WINDOW_SAMPLES
from timbrescope.training.cli import main
from timbrescope.training.study.clips import read_clips
from timbrescope.training.study.folder import BASELINE, SPLIT_NAMES, StudyFolder
from timbrescope.training.study.steps import models as model_steps

pytestmark = [pytest.mark.train, pytest.mark.timeout(300)]

CLIPS_PER_CLASS = 6


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., int]:
    base = tmp_path_factory.mktemp("study")
    tree = make_kaggle_tree(
        base / "tree",
        clips_per_class=CLIPS_PER_CLASS,
        corrupt=1,
        silent=1,
        short=1,
        duplicates=1,
        conflicting=1,
    )

    def call(*options: str) -> int:
        options = (*options, "--cache", str(base / "cache"), "--out", str(base / "out"))
        return main(["study", str(tree.root), "--epochs", "1", "--workers", "1", *options])

    return call


@pytest.fixture(scope="module")
def study(run: Callable[..., int], tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """A finished study."""
    assert run() == 0
    return StudyFolder(next(tmp_path_factory.getbasetemp().glob("study*")) / "out")


def test_spoilt_files_are_left_out_with_their_reason(study: StudyFolder) -> None:
    text = study.inspection.read_text("utf-8")
    for reason in ("corrupt", "silent", "too short", "duplicate", "conflicting duplicate"):
        assert reason in text
    # A conflicting pair takes a good clip of Piano with it.
    assert len(read_clips(study.clips)) == 28 * CLIPS_PER_CLASS - 1


def test_all_five_models_are_made_on_both_splits_and_run_in_the_app(study: StudyFolder) -> None:
    clip = read_clips(study.clips)[5]
    window = read_mono(clip.path)[:WINDOW_SAMPLES]
    for split in SPLIT_NAMES:
        for model in PAPER_NAMES:
            classifier = Classifier.load(str(study.onnx(split, model)))
            analysis = classifier.analyse(window, start_s=0.0)
            assert abs(float(analysis.probabilities.sum()) - 1) < 1e-5
            assert split in classifier.sidecar.name
            assert (analysis.heatmaps is None) == (model in CLASSICAL_NAMES)


def test_exported_models_agree_with_their_trainers(study: StudyFolder) -> None:
    for split in SPLIT_NAMES:
        for model in PAPER_NAMES:
            sidecar = read_sidecar(sidecar_path(study.onnx(split, model)))
            parity = sidecar.metrics["parity"]
            assert parity["windows"] > 0
            assert parity["probabilities_max_abs"] <= 1e-4


def test_every_model_and_the_baseline_are_measured(study: StudyFolder) -> None:
    for split in SPLIT_NAMES:
        found = {
            model: json.loads(study.metrics(split, model, "test").read_text("utf-8"))
            for model in (*PAPER_NAMES, BASELINE)
        }
        assert found[BASELINE]["accuracy"] < 0.1
        # Pure tones of 28 pitches: even the simplest model has to tell most of them apart.
        assert found["random-forest"]["accuracy"] > 0.5


def test_figures_and_report_are_there(study: StudyFolder) -> None:
    names = {path.stem for path in study.figures.glob("*.svg")}
    numbers = {name.split("-")[1] for name in names if name.startswith("fig-")}
    assert numbers == {f"{number:02}" for number in range(1, 11)}
    assert (study.figures / "tsne.html").stat().st_size > 10_000
    report = study.report.read_text("utf-8")
    assert "Electric Guitar" in report
    assert str(Path.home()) not in report


def test_a_second_run_makes_nothing_again(
    run: Callable[..., int], study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_steps, "_train_one", lambda *_: pytest.fail("trained again"))
    monkeypatch.setattr(model_steps, "_answer", lambda *_, **__: pytest.fail("measured again"))
    made = {path: path.stat().st_mtime_ns for path in study.root.rglob("*.onnx")}
    assert run() == 0
    assert made == {path: path.stat().st_mtime_ns for path in study.root.rglob("*.onnx")}


def test_a_broken_run_goes_on_where_it_was(
    run: Callable[..., int], study: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = study.onnx("grouped", "random-forest")
    kept = study.onnx("random", "random-forest")
    before = kept.stat().st_mtime_ns
    lost.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(model_steps, "_train_one", _killed)
        assert run("--step", "train") == 130
    assert not lost.exists()
    assert run("--step", "train") == 0
    assert lost.is_file()
    assert kept.stat().st_mtime_ns == before


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_other_settings_for_the_same_folder_are_refused(
    run: Callable[..., int], study: StudyFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--clips-per-class", "3") == 1
    error = capsys.readouterr().err
    assert "clips_per_class: None then, 3 now" in error
    assert study.report.is_file()

"""What ``import timbrescope`` gives: every name, lazily, with examples that hold."""

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import timbrescope

# Modules whose public functions the package names, each with a runnable example.
DOCUMENTED = (
    "timbrescope",
    "timbrescope.desktop.audio.demo",
    "timbrescope.desktop.engine.classify_file",
    "timbrescope.models.classifier",
    "timbrescope.models.heatmaps",
)


@pytest.mark.parametrize("name", timbrescope.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(timbrescope, name) is not None
    assert name in dir(timbrescope)
    assert f"`{name}`" in (timbrescope.__doc__ or "")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="kazoo"):
        _ = timbrescope.kazoo


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_examples_hold(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, timbrescope; print([m for m in sys.modules if 'timbrescope.' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_evidence_picture_shows_the_window(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtGui", reason="Qt's system libraries are missing")
    from PySide6.QtGui import QImage

    window = next(timbrescope.read_windows(timbrescope.demo_clip("flute")))
    analysis = timbrescope.Classifier.load().analyse(window.samples, start_s=window.start_s)
    path = tmp_path / "flute.png"
    timbrescope.save_evidence(path, window.samples, analysis)
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (130 * 6, 128 * 6)
    colours = {picture.pixel(x, y) for x in range(0, 780, 6) for y in range(0, 768, 6)}
    assert len(colours) > 100


def test_a_picture_of_silence_shows_no_evidence() -> None:
    pytest.importorskip("PySide6.QtGui", reason="Qt's system libraries are missing")
    from timbrescope.desktop.drawing.colour_maps import bivariate_table
    from timbrescope.desktop.evidence_picture import evidence_pixels

    noise = np.random.default_rng(1).standard_normal(66_150).astype(np.float32) * 1e-5
    analysis = timbrescope.Classifier.load().analyse(noise, start_s=0.0)
    shown = evidence_pixels(noise, analysis, dark=True)
    assert np.isin(shown, bivariate_table(dark=True)[0]).all()


def test_a_picture_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtGui", reason="Qt's system libraries are missing")
    silence = np.zeros(66_150, dtype=np.float32)
    explained = timbrescope.Classifier.load("mel").analyse(silence, start_s=0.0)
    with pytest.raises(timbrescope.TimbrescopeError, match="nowhere"):
        timbrescope.save_evidence(tmp_path / "nowhere" / "a.png", silence, explained)
    unexplained = timbrescope.Classifier.load("random-forest").analyse(silence, start_s=0.0)
    with pytest.raises(timbrescope.TimbrescopeError, match="no evidence"):
        timbrescope.save_evidence(tmp_path / "a.png", silence, unexplained)


def test_the_example_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("PySide6.QtGui", reason="Qt's system libraries are missing")
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    assert "Flute" in capsys.readouterr().out
    assert (tmp_path / "evidence.png").stat().st_size > 1_000

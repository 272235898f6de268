"""The trainers' command line: what it says when something is missing, and what it writes."""

import argparse
import importlib.util
import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.training import cli
from timbrescope.training.commands.shared import Command, run_command_line


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(66_150) / 22_050)
    soundfile.write(tmp_path / "tone.wav", tone, 22_050)
    header = "path,instrument,source,group,kind,split,seconds,licence,origin"
    row = "tone.wav,Flute,s,g,phrase,dev,3.0,CC0,o"
    path = tmp_path / "manifest.csv"
    path.write_text(f"{header}\n{row}\n", "utf-8")
    return path


def test_without_tensorflow_fit_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert cli.main(["fit", "--model", "mel", "--cache", str(tmp_path)]) == 1
    assert "timbrescope[train]" in capsys.readouterr().err


def test_a_missing_corpus_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["prepare", "--corpus", str(tmp_path / "none")]) == 1
    assert f"there is no corpus at {tmp_path / 'none'}" in capsys.readouterr().err


def test_an_unknown_package_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["corpus", "build", "--only", "notes", "--cache", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert "'notes' is no package of the corpus" in message
    assert "foxdot" in message
    assert not list(tmp_path.iterdir())


def test_a_missing_model_is_named(
    capsys: pytest.CaptureFixture[str], manifest: Path, tmp_path: Path
) -> None:
    onnx = tmp_path / "none.onnx"
    status = cli.main(["evaluate", "--manifest", str(manifest), "--onnx", str(onnx)])
    assert status == 1
    assert "none.json" in capsys.readouterr().err


def test_all_models_are_not_one_file(
    capsys: pytest.CaptureFixture[str], manifest: Path, tmp_path: Path
) -> None:
    command = ["evaluate", "--model", "all", "--manifest", str(manifest)]
    assert cli.main([*command, "--onnx", str(tmp_path / "own.onnx")]) == 1
    assert "leave out --model all" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["fit", "--model", "mel", "--set", "flagship.epochs=1"], "used are networks"),
        (["fit", "--set", "flagship.epochs=many"], "Expected `int`, got `str`"),
        (["fit", "--recipe", "none.toml"], "none.toml"),
        (["prepare", "--corpus", ".", "--set", "windows.count=1"], "known are per_class"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_before_any_work(
    command: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # Looked for and not loaded: none of this work is to begin.
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip("needs the train extra")
    assert cli.main([*command, "--cache", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nothing_is_restarted_that_is_never_left_unfinished(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["fit", "--model", "random-forest", "--restart", "--cache", str(tmp_path)]) == 1
    assert "leave out --restart" in capsys.readouterr().err


def _run(*arguments: str, tail: str = "") -> "subprocess.CompletedProcess[str]":
    command = shlex.join([sys.executable, "-m", "timbrescope.training", *arguments])
    return subprocess.run(
        ["sh", "-c", f"{command} {tail}"], capture_output=True, text=True, check=False, timeout=150
    )


def test_the_command_line_is_a_program_of_its_own() -> None:
    done = _run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for command in cli.COMMANDS:
        assert command.text.split()[0] in done.stdout


def test_without_the_training_packages_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['msgspec'] = None\n"
        "from timbrescope.training.__main__ import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=150
    )
    assert done.returncode == 1
    assert done.stderr == (
        "timbrescope-train: msgspec is missing; install the training packages with "
        "`pip install 'timbrescope[train]'`\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells")
@pytest.mark.parametrize(
    ("tail", "words"),
    [("> /dev/full", "No space left on device"), (">&-", "standard output is closed")],
)
def test_help_that_cannot_be_written_is_told(tail: str, words: str) -> None:
    if "full" in tail and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = _run("--help", tail=tail)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("timbrescope-train: ")
    assert words in line


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interrupt_that_a_module_makes_an_error_of_is_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(_: argparse.Namespace) -> int:
        raise ImportError("initialization failed") from KeyboardInterrupt()

    command = Command("go", "goes", lambda _: None, interrupted)
    assert run_command_line([command], ["go"], description="") == 130
    assert capsys.readouterr().err == (
        "timbrescope-train: stopped; the same command goes on from here\n"
    )


def test_an_interrupt_while_it_is_loading_is_one_line(tmp_path: Path) -> None:
    # A module that says that it is being loaded, and takes as long as it is left to. The command
    # cannot do without it, however late it loads all others.
    (tmp_path / "numpy.py").write_text(
        "import sys, time\n"
        "print('loading', file=sys.stderr, flush=True)\n"
        "try:\n    time.sleep(100)\n"
        "except BaseException:\n    raise ImportError('numpy was interrupted')\n",
        encoding="utf-8",
    )
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from timbrescope.training.__main__ import main\n"
        "sys.exit(main())"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code, "fit"], stderr=subprocess.PIPE, text=True
    )
    assert program.stderr is not None
    assert program.stderr.readline() == "loading\n"
    program.send_signal(signal.SIGINT)
    _, said = program.communicate(timeout=100)
    assert said == "timbrescope-train: stopped; nothing was begun\n"
    assert program.returncode == 130


@pytest.mark.train
def test_figures_are_put_into_the_sidecar_and_then_repeat(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tensorflow", reason="needs the train extra")
    from timbrescope.training.export.cnn import export_model
    from timbrescope.training.export.sidecar import Provenance
    from timbrescope.training.fit.cnn import build_cnn

    onnx = tmp_path / "mfcc.onnx"
    window = np.random.default_rng(1).normal(0, 20, (1, 40, 130)).astype(np.float32)
    export_model(build_cnn("mfcc"), onnx, kind="mfcc", features=window, provenance=Provenance())
    command = ["evaluate", "--model", "mfcc", "--manifest", str(manifest), "--onnx", str(onnx)]
    assert cli.main(command) == 1
    assert "states no figures for split 'dev'" in capsys.readouterr().out
    figures = tmp_path / "figures.json"
    assert cli.main([*command, "--update-sidecar", "--json", str(figures)]) == 0
    assert json.loads(figures.read_text())["n"] == 1
    stated = json.loads((tmp_path / "mfcc.json").read_text())["metrics"]["dev"]
    assert (stated["n"], stated["classes"]) == (1, 1)
    capsys.readouterr()
    assert cli.main(command) == 0
    assert "equal to the figures" in capsys.readouterr().out

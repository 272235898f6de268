"""``timbrescope classify`` for other programs: formats, narrowing, progress."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.desktop.cli import main
from timbrescope.desktop.commands.classify import FORMAT_NAMES
from timbrescope.desktop.commands.classify_options import FORMAT_NAMES as OFFERED
from timbrescope.desktop.commands.progress_line import ProgressLine

RATE_HZ = 22_050


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    """Give a folder with two tones."""
    folder = tmp_path / "tones"
    folder.mkdir()
    time_s = np.arange(4 * RATE_HZ) / RATE_HZ
    for hz in (220, 440):
        soundfile.write(folder / f"{hz}.wav", 0.3 * np.sin(2 * np.pi * hz * time_s), RATE_HZ)
    return folder


def classify(*arguments: object) -> int:
    return main(["classify", "--model", "mel", *(str(each) for each in arguments)])


def test_every_format_on_offer_can_be_written(tones: Path, tmp_path: Path) -> None:
    assert FORMAT_NAMES == OFFERED
    for name in OFFERED:
        # A folder for the labels of several files, a file for everything else.
        output = tmp_path / (name if name == "audacity" else f"out.{name}")
        assert classify(tones, "--format", name, "--output", output) == 0
        written = sorted(output.iterdir()) if output.is_dir() else [output]
        assert all(each.stat().st_size > 0 for each in written)
    assert len(list((tmp_path / "audacity").iterdir())) == 2
    page = (tmp_path / "out.html").read_text("utf-8")
    assert page.count("data:image/png;base64,") == 2


def test_csv_on_standard_output_is_csv(tones: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classify(tones, "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [Path(row["path"]).name for row in rows] == ["220.wav", "440.wav"]


def test_labels_of_several_files_need_a_folder(
    tones: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classify(tones, "--format", "audacity") == 2
    assert "--output FOLDER" in capsys.readouterr().err
    assert classify(tones / "220.wav", "--format", "audacity") == 0
    assert classify(tones, "--format", "audacity", "--output", tmp_path / "one.txt") == 2


def test_an_output_that_cannot_be_written_is_told(
    tones: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classify(tones, "--output", tones / "220.wav" / "below.txt") == 2
    assert "cannot write" in capsys.readouterr().err


def test_only_the_chosen_instruments_have_a_probability(
    tones: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert classify(tones / "440.wav", "--format", "jsonl", "--only", "violin, Flute") == 0
    record = json.loads(capsys.readouterr().out)
    shares = {name: share for name, share in record["probabilities"].items() if share}
    assert set(shares) <= {"Violin", "Flute"}
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-4)


def test_the_threshold_says_from_when_on_an_instrument_is_named(
    tones: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    states = []
    for threshold in (0, 1):
        classify(tones / "440.wav", "--format", "jsonl", "--threshold", threshold)
        record = json.loads(capsys.readouterr().out)
        states.append(record["verdict"]["state"])
        best = max(record["probabilities"], key=record["probabilities"].get)
    assert states == ["instrument", "not sure"]
    # The table says what it is not sure of, and what a name needs.
    classify(tones / "440.wav", "--threshold", 1)
    told = capsys.readouterr().out
    assert f"not sure: {best}?" in told
    assert record["doubt"]["needed"] == 1.0
    assert "[a name needs 100%" in told


@pytest.mark.parametrize(
    "arguments",
    [("--only", "Kazoo"), ("--only", ","), ("--threshold", "2"), ("--threshold", "x")],
)
def test_nonsense_is_refused_with_the_value(
    tones: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as end:
        classify(tones, *arguments)
    assert end.value.code == 2
    assert arguments[1] in capsys.readouterr().err


def test_every_argument_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["classify", "--help"])
    text = capsys.readouterr().out
    for option in ("PATH", "--format", "--output", "--only", "--threshold", "--quiet", "--model"):
        assert option in text


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def _walk(out: io.StringIO, *, quiet: bool = False) -> str:
    times = iter(range(100))
    with ProgressLine(2, quiet=quiet, out=out, now_s=lambda: float(next(times))) as line:
        for name in ("a.wav", "b\n\x1b[2J.wav"):
            line.begin(Path(name))
            line.heard(75.0)
            line.end()
    return out.getvalue()


def test_progress_is_for_terminals_only_and_leaves_nothing_behind() -> None:
    text = _walk(Terminal())
    assert "1/2" in text
    assert "left" in text
    assert "a.wav" in text
    assert "1:15 heard" in text
    # What is in a name must not move the cursor.
    assert "\n" not in text
    assert "\x1b[2J" not in text
    assert text.endswith("\r\x1b[K")
    assert _walk(io.StringIO()) == ""
    assert _walk(Terminal(), quiet=True) == ""


def test_results_and_progress_never_mix(tones: Path) -> None:
    command = [sys.executable, "-m", "timbrescope", "classify", "--model", "mel", str(tones)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 3


def test_where_it_was_written_is_told_beside_the_output(
    tones: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "answers.csv"
    assert classify(tones, "--format", "csv", "--output", output) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"timbrescope: written to {output}\n"
    assert classify(tones, "--format", "csv", "--output", output, "--quiet") == 0
    assert capsys.readouterr().err == ""
    assert classify(tones, "--format", "csv") == 0
    assert "written" not in capsys.readouterr().err

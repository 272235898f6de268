"""``timbrescope classify``: every file reported, bad ones as one clear row, JSON as documented."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import encoded
import numpy as np
import pytest
import soundfile
from stand_in_models import write_stand_in

from timbrescope.desktop.cli import main
from timbrescope.models.catalogue import MODEL_NAMES
from timbrescope.models.instruments import NAMES

RATE_HZ = 22_050


def _tone(seconds: float) -> np.ndarray:
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * 330 * time_s) * np.exp(-(time_s % 1))).astype(np.float32)


def _records(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    lines = capsys.readouterr().out.splitlines()
    return {Path(record["path"]).name: record for record in map(json.loads, lines)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two good files and one of every kind of bad one."""
    soundfile.write(tmp_path / "good.wav", _tone(7.0), RATE_HZ)
    soundfile.write(tmp_path / "short.FLAC", _tone(0.5), RATE_HZ)
    (tmp_path / "empty.wav").touch()
    (tmp_path / "words.mp3").write_text("no sound, only words")
    (tmp_path / "cut.ogg").write_bytes(b"OggS\x00")
    soundfile.write(tmp_path / "silent.aiff", np.zeros(4 * RATE_HZ), RATE_HZ)
    broken = _tone(4.0)
    broken[RATE_HZ] = np.nan
    soundfile.write(tmp_path / "nan.wav", broken, RATE_HZ, subtype="FLOAT")
    return tmp_path


@pytest.mark.parametrize("model", ["mel", "mfcc"])
def test_json_lines_are_as_documented(
    folder: Path, capsys: pytest.CaptureFixture[str], model: str
) -> None:
    status = main(["classify", str(folder / "good.wav"), "--model", model, "--format", "jsonl"])
    assert status == 0
    record = _records(capsys)["good.wav"]
    assert list(record) == [
        *("path", "status", "error", "notes", "duration_s", "model"),
        *("verdict", "probabilities", "none_of_the_28", "doubt", "windows"),
    ]
    assert record["status"] == "ok"
    assert record["error"] is None
    assert record["duration_s"] == pytest.approx(7.0)
    assert record["model"] == model
    assert list(record["probabilities"]) == list(NAMES)
    assert sum(record["probabilities"].values()) == pytest.approx(1.0, abs=1e-4)
    assert set(record["verdict"]) == {"state", "instrument", "probability"}
    assert [window["start_s"] for window in record["windows"]] == [0.0, 3.0, 4.0]
    keys = {"start_s", "level_dbfs", "state", "instrument", "probability", "likely", "doubt"}
    assert all(set(window) == keys for window in record["windows"])


def test_bad_files_are_rows_and_the_others_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classify", str(folder), str(folder / "gone.wav"), "--format", "jsonl"]) == 1
    records = _records(capsys)
    words = {
        "empty.wav": "0 bytes",
        "words.mp3": "not an audio file",
        "cut.ogg": "ends within its header",
        "nan.wav": "not a number at 1.000 s",
        "gone.wav": "No such file",
    }
    for name, text in words.items():
        assert records[name]["status"] == "error"
        assert text in records[name]["error"]
        assert records[name]["verdict"] is None
    assert records["good.wav"]["status"] == records["short.FLAC"]["status"] == "ok"
    silent = records["silent.aiff"]
    assert (silent["status"], silent["verdict"]["state"]) == ("ok", "no signal")
    assert "exactly zero" in silent["notes"][0]
    assert len(records) == len(words) + 3


def test_a_short_file_is_one_padded_window(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["classify", str(folder / "short.FLAC"), "--format", "jsonl"])
    record = _records(capsys)["short.FLAC"]
    assert record["duration_s"] == pytest.approx(0.5)
    assert len(record["windows"]) == 1


def test_quiet_stretches_do_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiet_end = np.concatenate([_tone(3.0), np.zeros(3 * RATE_HZ, dtype=np.float32)])
    soundfile.write(tmp_path / "alone.wav", _tone(3.0), RATE_HZ, subtype="FLOAT")
    soundfile.write(tmp_path / "with-end.wav", quiet_end, RATE_HZ, subtype="FLOAT")
    main(["classify", str(tmp_path), "--format", "jsonl"])
    records = _records(capsys)
    assert records["with-end.wav"]["windows"][1]["state"] == "quiet"
    # The high-pass rings on for a moment where the sound was cut off.
    assert records["with-end.wav"]["windows"][1]["level_dbfs"] < -60
    assert records["with-end.wav"]["probabilities"] == records["alone.wav"]["probabilities"]


def test_the_table_has_a_row_per_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 7
    assert sum(line.startswith("ERROR") for line in lines) == 4


def test_an_empty_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", str(tmp_path)]) == 1
    assert "in this folder" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["--model", "mfcc", "classify"], ["classify", "--model", "mfcc"]]
)
def test_the_model_may_be_named_before_or_after_the_command(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    main([*arguments, str(folder / "short.FLAC"), "--format", "jsonl"])
    assert _records(capsys)["short.FLAC"]["model"] == "mfcc"


def test_samples_beyond_all_reason_are_one_error_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    huge = np.where(np.arange(88_200) % 2, 3.3e38, -3.3e38).astype(np.float32)
    soundfile.write(tmp_path / "huge.wav", huge, 44_100, subtype="FLOAT")
    soundfile.write(tmp_path / "tone.wav", _tone(3.0), RATE_HZ)
    assert main(["classify", str(tmp_path), "--format", "jsonl"]) == 1
    records = _records(capsys)
    assert (records["huge.wav"]["status"], records["tone.wav"]["status"]) == ("error", "ok")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of arbitrary bytes")
@pytest.mark.parametrize("output_format", ["table", "jsonl"])
def test_a_name_that_is_no_text_does_not_end_the_run(tmp_path: Path, output_format: str) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.wav"
    soundfile.write(tmp_path / "plain.wav", _tone(1.0), RATE_HZ)
    os.rename(os.fsencode(tmp_path / "plain.wav"), raw)  # noqa: PTH104 - a Path is text
    soundfile.write(tmp_path / "z.wav", _tone(1.0), RATE_HZ)
    command = [sys.executable, "-m", "timbrescope", "classify", str(tmp_path)]
    done = subprocess.run(
        [*command, "--format", output_format], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "z.wav" in done.stdout
    assert "caf" in done.stdout


@pytest.mark.usefixtures("all_models")
def test_the_answers_of_all_models_stand_beside_each_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classify", str(folder / "good.wav"), "--compare"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    for title in ("Flagship", "CNN mel", "CNN MFCC", "Log. regr.", "k-NN", "Forest", "agree"):
        assert title in head
    # Every answer stands under its model.
    for title in ("Log. regr.", "k-NN", "Forest"):
        assert row[head.index(title) :].startswith("Violin ")
    assert row[head.index("agree") :].split()[0] in ("3/6", "4/6", "5/6", "6/6")
    assert row.endswith("good.wav")


@pytest.mark.usefixtures("all_models")
def test_json_lines_carry_the_comparison(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = str(folder / "good.wav")
    main(["classify", good, "--format", "jsonl"])
    alone = _records(capsys)["good.wav"]
    main(["classify", "--compare", good, str(folder / "words.mp3"), "--format", "jsonl"])
    records = _records(capsys)
    compared = records["good.wav"].pop("comparison")
    assert records["good.wav"] == alone
    assert [entry["model"] for entry in compared] == list(MODEL_NAMES)
    assert compared[0]["verdict"] == alone["verdict"]
    for entry in compared:
        assert entry["status"] == "ok"
        assert len(entry["windows"]) == 3
        # What is missing to one is the flagship's belief in none of the 28.
        assert 0 < sum(entry["probabilities"].values()) < 1.0001
    assert records["words.mp3"]["status"] == "error"
    assert {entry["status"] for entry in records["words.mp3"]["comparison"]} == {"error"}


def test_a_damaged_or_missing_model_leaves_the_others_answers(
    folder: Path, all_models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (all_models / "k-nearest-neighbours.onnx").write_bytes(b"damaged")
    (all_models / "random-forest.onnx").unlink()
    assert main(["classify", str(folder / "good.wav"), "--compare"]) == 0
    told = capsys.readouterr()
    assert "was changed" in told.err
    assert "random-forest.onnx" in told.err
    head, row = told.out.splitlines()
    assert "Forest" not in head
    assert row[head.index("k-NN") :].startswith("cannot answer")
    assert "/4 " in row


def test_a_model_of_ones_own_answers_alone_and_beside_the_others(
    folder: Path,
    all_models: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = write_stand_in(all_models.parent / "own.onnx", says="Trumpet", name="Anna's")
    monkeypatch.chdir(own.parent)
    command = ["classify", "--model", "own.onnx", str(folder / "short.FLAC")]
    assert main([*command, "--format", "jsonl"]) == 0
    record = _records(capsys)["short.FLAC"]
    assert (record["model"], record["verdict"]["instrument"]) == (str(own), "Trumpet")
    assert main([*command, "--compare"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert row[head.index("Anna's") :].startswith("Trumpet ")


@pytest.mark.parametrize(
    ("model", "words"),
    [("transformer", "known are flagship, mel, mfcc"), ("gone.onnx", "gone.json")],
)
def test_a_model_that_is_not_there_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], model: str, words: str
) -> None:
    try:
        status: object = main(["classify", "--model", model, str(folder)])
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["wav", "m4a", "opus"])
def test_a_pipe_is_read_in_any_format(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
) -> None:
    path = encoded.write(tmp_path / f"tune.{suffix}", seconds=4.0)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert main(["classify", "-", "--format", "jsonl"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["path"], record["status"]) == ("-", "ok")
    assert record["duration_s"] == pytest.approx(4.0, abs=0.05)


def test_a_pipe_without_anything_is_one_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert main(["classify", "-", "--format", "jsonl"]) == 1
    assert "standard input is empty" in json.loads(capsys.readouterr().out)["error"]


def test_what_a_folder_holds_besides_is_said_and_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.txt").touch()
    (folder / "._good.wav").touch()
    main(["classify", str(folder), "--format", "jsonl"])
    out, err = capsys.readouterr()
    assert "1 left out, without the suffix of a sound file (notes.txt)" in err
    assert "1 left out, a Mac's notes beside the real files (._good.wav)" in err
    assert "notes.txt" not in out


def test_what_was_mended_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = folder / "good.wav"
    good.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    assert main(["classify", str(good)]) == 0
    assert "cut short: its header announces 7.00 s, 3.50 s are there" in capsys.readouterr().out
    main(["classify", str(good), "--format", "jsonl"])
    assert len(json.loads(capsys.readouterr().out)["notes"]) == 1

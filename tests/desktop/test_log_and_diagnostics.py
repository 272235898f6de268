"""What helps to find a fault: a log without sound and names, and facts to be pasted."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from view_doubles import MICROPHONE, OTHER, make_analysis, make_update

from timbrescope.desktop.commands import diagnostics as command
from timbrescope.desktop.engine.diagnostics import (
    ProcessorShare,
    as_text,
    device_facts,
    live_facts,
    program_facts,
)
from timbrescope.desktop.log_file import KEPT, LARGEST_BYTES, start_log_file, without_paths


@pytest.fixture
def package_log() -> Iterator[logging.Logger]:
    logger = logging.getLogger("timbrescope")
    before, level = list(logger.handlers), logger.level
    yield logger
    for handler in [each for each in logger.handlers if each not in before]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("cannot read /home/anna/my takes/a.wav: why", "cannot read <file.wav>: why"),
        (r"C:\Users\Anna\take 1.flac is empty", "<file.flac"),
        ("'take.mp3' is damaged", "<file.mp3> is damaged"),
        ("Mic (hw:1,0) gave 44100 Hz and 2 channels", "Mic (hw:1,0) gave 44100 Hz and 2 channels"),
        ('  File "/usr/lib/x/live.py", line 3', '  File "live.py", line 3'),
    ],
)
def test_names_of_files_are_left_out(said: str, kept: str) -> None:
    assert without_paths(said).startswith(kept)
    assert "nna" not in without_paths(said)


def test_the_log_rotates_and_holds_no_path(tmp_path: Path, package_log: logging.Logger) -> None:
    path = start_log_file(tmp_path / "logs")
    assert path is not None
    for number in range(12_000):
        package_log.getChild("test").info("%d: something was read from /home/anna/take.wav", number)
    package_log.getChild("test").info("a name with \x1b[2J in it")
    files = sorted((tmp_path / "logs").glob("timbrescope.log*"))
    assert 1 < len(files) <= KEPT + 1
    assert all(each.stat().st_size <= LARGEST_BYTES for each in files)
    text = path.read_text("utf-8")
    assert "anna" not in text
    assert "\x1b" not in text
    assert "INFO timbrescope.test: 11999: something was read from <file.wav>" in text


def test_without_a_place_for_it_there_is_no_log(tmp_path: Path, package_log: object) -> None:
    (tmp_path / "file").write_text("")
    assert start_log_file(tmp_path / "file" / "logs") is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGSEGV")
def test_a_place_where_no_crash_can_be_written_down_is_no_reason_not_to_start(
    tmp_path: Path, package_log: object
) -> None:
    (tmp_path / "crashes.log").mkdir()
    assert start_log_file(tmp_path) == tmp_path / "timbrescope.log"


def test_a_crash_in_native_code_says_where(tmp_path: Path) -> None:
    code = (
        "import faulthandler, sys, pathlib\n"
        "from timbrescope.desktop.log_file import start_log_file\n"
        "start_log_file(pathlib.Path(sys.argv[1]))\n"
        "def play_wrong_note():\n    faulthandler._sigsegv()\n"
        "play_wrong_note()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode != 0
    assert "play_wrong_note" in (tmp_path / "crashes.log").read_text("utf-8")


def test_diagnostics_have_all_that_helps_and_no_names_of_files() -> None:
    update = make_update(preview=make_analysis(0.0), message="Too loud")
    live = live_facts(update, model="/home/anna/secret.onnx", processor_share=0.123)
    text = as_text(program_facts(), live, device_facts((MICROPHONE, OTHER)))
    for words in (
        *("timbrescope: ", "python: ", "onnxruntime: ", "portaudio: ", "system: "),
        *("source: Microphone (running)", "rate: 48000 Hz, 2 channels", "lost: 0 overruns"),
        *("model: one of the user's own", "processor: 12 % of a core", "latency: unknown"),
        *("input 1: Microphone (ALSA, 2 channels, 48000 Hz, default)", "input 2: Line in"),
    ):
        assert words in text
    assert "secret" not in text


def test_the_processor_share_is_that_since_the_last_time() -> None:
    clock, spent = iter([0.0, 10.0, 12.0]), iter([1.0, 2.0, 4.0])
    share = ProcessorShare(clock=lambda: next(clock), spent=lambda: next(spent))
    assert share.since_last() == pytest.approx(0.1)
    assert share.since_last() == pytest.approx(1.0)


def test_the_command_prints_them() -> None:
    out = io.StringIO()
    assert command.run(out) == 0
    assert "timbrescope: " in out.getvalue()
    assert "log: " in out.getvalue()

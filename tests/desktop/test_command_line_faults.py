"""What goes wrong around the command line is one line and a status, never a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rig import clean_environment

from timbrescope.desktop import cli

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX shells and signals")

CLIP = Path(__file__).parents[1] / "data" / "golden" / "accordion.ogg"
CLASSIFY = f'"{sys.executable}" -m timbrescope classify "{CLIP}"'


def _shell(command: str, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env=clean_environment() | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _is_one_line(done: "subprocess.CompletedProcess[str]", *, status: int, words: str) -> None:
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith(("usage", " "))]
    assert len(said) == 1


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = _shell(f"{CLASSIFY} > /dev/full", tmp_path)
    _is_one_line(done, status=2, words="No space left on device")


@pytest.mark.parametrize(
    ("arguments", "unbuffered", "tail", "words"),
    [
        ("--help", "", "> /dev/full", "No space left on device"),
        ("--version", "1", "> /dev/full", "No space left on device"),
        ("classify --help", "1", ">&-", "standard output is closed"),
    ],
)
def test_help_that_cannot_be_written_is_told(
    arguments: str, unbuffered: str, tail: str, words: str, tmp_path: Path
) -> None:
    if "full" in tail and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f'PYTHONUNBUFFERED={unbuffered} "{sys.executable}" -m timbrescope {arguments} {tail}'
    _is_one_line(_shell(command, tmp_path), status=2, words=words)


def test_a_closed_standard_output_is_told(tmp_path: Path) -> None:
    _is_one_line(_shell(f"{CLASSIFY} >&-", tmp_path), status=2, words="standard output is closed")


def test_a_reader_that_has_had_enough_is_no_failure(tmp_path: Path) -> None:
    done = _shell(f"({CLASSIFY}; echo status $? >&2) | head -c 1", tmp_path)
    assert done.stderr.splitlines() == ["status 0"]


def test_the_home_of_a_user_whom_nobody_knows_is_told(tmp_path: Path) -> None:
    command = f"{CLASSIFY} --model '~nosuchuser/own.onnx'"
    _is_one_line(_shell(command, tmp_path), status=2, words="~nosuchuser/own.onnx")


def test_a_working_directory_that_has_gone_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f'cd "{gone}" && rmdir "{gone}" && {CLASSIFY}'
    fine = _shell(command, tmp_path)
    assert fine.returncode == 0, fine.stderr
    gone.mkdir()
    done = _shell(f"{command} --model own.onnx", tmp_path)
    _is_one_line(done, status=2, words="own.onnx")


def test_a_screen_that_does_not_answer_is_the_terminal(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "timbrescope", "--demo"],
        env=clean_environment() | {"HOME": str(tmp_path), "DISPLAY": ":4071"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(2)]
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(60)
    assert lines[0].startswith("No display found (DISPLAY=:4071 does not answer)")
    assert "Demo clips" in lines[1]
    assert program.returncode == 130


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_an_interrupt_while_it_is_loading_is_no_traceback(tmp_path: Path, share: float) -> None:
    command = [sys.executable, "-m", "timbrescope", "classify", str(CLIP)]
    environment = clean_environment() | {"HOME": str(tmp_path)}
    began = time.monotonic()
    # How long it takes to end by itself says when it is still loading.
    subprocess.run(command, env=environment, check=True, capture_output=True)
    loading_s = time.monotonic() - began
    program = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(share * loading_s)
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=60)
    # Python's own start, before any line of ours, is not ours to change; it reads where we are.
    if "init_import_site" not in err and ("timbrescope" in err or not err):
        assert "Traceback" not in err
        assert program.returncode in (-signal.SIGINT, 130, 0)


@pytest.mark.parametrize("error", ["ImportError", "SystemError"])
def test_an_interrupt_that_a_module_makes_an_error_of_is_no_traceback(
    tmp_path: Path, error: str
) -> None:
    # As compiled modules do; this one says that it is being loaded and takes as long as it may.
    (tmp_path / "onnxruntime.py").write_text(
        "import sys, time\n"
        "print('loading', file=sys.stderr, flush=True)\n"
        "try:\n    time.sleep(100)\n"
        f"except KeyboardInterrupt as interrupt:\n    raise {error}('no') from interrupt\n",
        encoding="utf-8",
    )
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from timbrescope.__main__ import main\nsys.exit(main())"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code, "classify", str(CLIP)],
        env=clean_environment() | {"HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stderr is not None
    assert program.stderr.readline() == "loading\n"
    program.send_signal(signal.SIGINT)
    _, said = program.communicate(timeout=60)
    assert (said, program.returncode) == ("", 130)


def test_an_import_that_fails_by_itself_is_not_taken_for_an_interrupt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_: object) -> int:
        raise ImportError("no such file")

    monkeypatch.setattr(cli, "_dispatch", fails)
    with pytest.raises(ImportError, match="no such file"):
        cli.main(["devices"])


def test_errors_are_still_told_after_file_2_was_pointed_elsewhere(tmp_path: Path) -> None:
    # As sounddevice does while PortAudio starts.
    code = (
        "import os; from timbrescope.desktop import cli\n"
        "def pointed(arguments):\n"
        "    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)\n"
        "    raise cli.TimbrescopeError('the sound hangs')\n"
        "cli._dispatch = pointed\n"
        "raise SystemExit(cli.main(['devices']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    _is_one_line(done, status=2, words="the sound hangs")

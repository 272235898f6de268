"""What libraries write to standard error is passed on, but no flood of it."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rig import wait_for

from timbrescope.desktop.bounded_errors import LINES_A_SECOND, LINES_AT_ONCE, pass_on

_FLOOD = """
import os, sys, threading
from timbrescope.desktop.bounded_errors import bound_errors
kept = os.dup(2)
bound_errors()
written = 0
def flood():
    global written
    while True:
        os.write(2, b"Expression failed\\n")
        written += 1
os.write(2, b"first\\n")
threading.Thread(target=flood, daemon=True).start()
before = -1
while written > before or written == 0:
    before = written
    threading.Event().wait(0.002)
os.write(kept, f"blocked after {written}\\n".encode())
os._exit(0)
"""


_STARTS = """
import os, subprocess, sys, threading
from timbrescope.desktop.bounded_errors import bound_errors
bound_errors()
child = '''
import os, sys
sys.stdin.read()
try:
    os.write(2, b"from the child")
except OSError:
    pass
open(sys.argv[1], "w").write("still here")
'''
subprocess.Popen([sys.executable, "-c", child, sys.argv[1]], stdin=subprocess.PIPE)
os._exit(0)
"""


class Time:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> None:
        self.now_s += seconds


def _passed(lines: list[bytes]) -> tuple[list[bytes], float]:
    target, clock = io.BytesIO(), Time()
    pass_on(io.BytesIO(b"".join(lines)), target, clock=clock, wait=clock.wait)
    return target.getvalue().splitlines(keepends=True), clock.now_s


def test_few_lines_are_passed_on_at_once() -> None:
    lines = [b"line %d\n" % number for number in range(LINES_AT_ONCE)]
    assert _passed(lines) == (lines, 0.0)


def test_a_line_that_is_said_again_and_again_is_passed_on_once() -> None:
    passed, _ = _passed([b"same\n"] * 100 + [b"other\n", b"same\n"])
    assert passed == [b"same\n", b"other\n", b"same\n"]


def test_who_writes_more_waits() -> None:
    lines = [b"line %d\n" % number for number in range(LINES_AT_ONCE + 10 * LINES_A_SECOND)]
    passed, took_s = _passed(lines)
    assert passed == lines
    assert took_s == pytest.approx(10.0, rel=0.05)


def test_a_target_that_has_gone_is_no_reason_to_stop_reading() -> None:
    class Gone(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    source = io.BytesIO(b"a\nb\n")
    pass_on(source, Gone())
    assert source.read() == b""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux only")
def test_a_flood_comes_to_a_stop() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FLOOD], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr.startswith("first\n") or "blocked after" in done.stderr
    assert "blocked after" in done.stderr
    assert len(done.stderr) < 10_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux only")
def test_a_program_that_was_started_outlives_us(tmp_path: Path) -> None:
    done = tmp_path / "done"
    subprocess.run([sys.executable, "-c", _STARTS, str(done)], timeout=60, check=True)
    wait_for(lambda: done.exists() and done.read_text() == "still here", what="the child's end")

"""The tracer sees what it has to see, so that "no connection" means that there was none."""

from pathlib import Path

import pytest
from rig import RigError, wait_for
from traced import Network, ask_to_end, missing_for_tracing, network_of, start_traced

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100)]

_CONNECTS_IN_A_THREAD = """
import socket, threading
def connect():
    socket.socket(socket.AF_INET6)
    socket.socket(socket.AF_UNIX).connect_ex("/nowhere.sock")
thread = threading.Thread(target=connect)
thread.start()
thread.join()
"""
_WAITS_FOR_SIGTERM = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
pathlib.Path("waiting").touch()
while True:
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _needs_strace() -> None:
    if reason := missing_for_tracing():
        pytest.skip(reason)


def test_sockets_of_threads_are_seen(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    program = start_traced(("-c", _CONNECTS_IN_A_THREAD), {}, trace=trace, cwd=tmp_path)
    program.communicate(timeout=90)
    assert program.returncode == 0
    expected = Network(frozenset({"AF_INET6", "AF_UNIX"}), frozenset({"/nowhere.sock"}))
    assert network_of(program, trace) == expected


def test_a_program_that_is_asked_to_end_ends_itself(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    program = start_traced(("-c", _WAITS_FOR_SIGTERM), {}, trace=trace, cwd=tmp_path)
    wait_for((tmp_path / "waiting").exists, what="the program is ready")
    with pytest.raises(RigError, match="still runs"):
        network_of(program, trace)
    ask_to_end(program)
    program.communicate(timeout=90)
    assert program.returncode == 7
    assert network_of(program, trace) == Network(frozenset(), frozenset())


def test_a_trace_without_the_end_of_the_program_is_no_answer(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    program = start_traced(("-c", ""), {}, trace=trace, cwd=tmp_path)
    program.communicate(timeout=90)
    for written in ("", "12    socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"):
        trace.write_text(written, encoding="utf-8")
        with pytest.raises(RigError, match="did not see the program end"):
            network_of(program, trace)

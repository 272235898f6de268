"""Runs programs under strace and tells which connections they asked the system for."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rig import clean_environment, wait_for

_SOCKET = re.compile(r"\bsocket\((?P<family>AF_\w+|0x[0-9a-f]+|\d+)")
_UNIX = re.compile(r'\bconnect\(\d+, \{sa_family=AF_UNIX, sun_path=(?P<path>@?"[^"]*")')


@dataclass(frozen=True)
class Network:
    """What a program asked of the network.

    Attributes
    ----------
    families : frozenset of str
        Of all sockets made: ``AF_UNIX``, ``AF_INET`` ...
    unix_paths : frozenset of str
        Of all sockets of this machine that it connected to; those that are no files begin with @.
    """

    families: frozenset[str]
    unix_paths: frozenset[str]


def missing_for_tracing() -> str | None:
    """Return why programs cannot be traced on this machine, or None."""
    if sys.platform != "linux":
        return "tracing needs Linux"
    strace = shutil.which("strace")
    if strace is None:
        return "not installed: strace (make test names the package)"
    # Containers may forbid it.
    tried = subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else f"strace may not trace here: {tried.stderr!r}"


def start_traced(
    arguments: Sequence[str], environment: Mapping[str, str], *, trace: Path, cwd: Path
) -> "subprocess.Popen[bytes]":
    """Start this Python with `arguments`; all network calls of it and its children go to `trace`.

    What it prints is a pipe. It leads a process group of its own.
    """
    # -DDD: the program is our child, not strace's, so that it gets the signals sent to it; and
    # strace has a session of its own, so that it is not hung up on when the program ends.
    command = ["strace", "-DDD", "-f", "--seccomp-bpf", "-e", "trace=network", "-s", "200"]
    return subprocess.Popen(
        [*command, "-o", str(trace), sys.executable, *arguments],
        env=clean_environment() | dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def network_of(trace: Path, *, pid: int) -> Network:
    """Read what `start_traced` wrote of the program `pid`, which has ended."""

    def written() -> bool:
        # The tracer outlives the program by a moment.
        return f"{pid} +++ exited" in trace.read_text("utf-8", errors="replace")

    wait_for(written, what="strace has written its last line")
    text = trace.read_text("utf-8", errors="replace")
    return Network(
        families=frozenset(found["family"] for found in _SOCKET.finditer(text)),
        unix_paths=frozenset(found["path"].replace('"', "") for found in _UNIX.finditer(text)),
    )

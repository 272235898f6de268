"""Runs programs under strace and tells which connections they asked the system for."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rig import RigError, clean_environment

_SOCKET = re.compile(r"\bsocket\((?P<family>AF_\w+|0x[0-9a-f]+|\d+)")
_UNIX = re.compile(r'\bconnect\(\d+, \{sa_family=AF_UNIX, sun_path=(?P<path>@?"[^"]*")')
_ENDED = re.compile(r"\+\+\+ (exited with|killed by) ")


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

    The process returned is strace, which ends after everything that it traces, with the exit
    status of the program: once it has ended, `trace` is whole. What the program prints is a pipe.
    Both are in a process group of their own; `ask_to_end` reaches the program.
    """
    # -I3: strace blocks the signals that are meant for the program.
    command = ["strace", "-I3", "-f", "--seccomp-bpf", "-e", "trace=network", "-s", "200"]
    return subprocess.Popen(
        [*command, "-o", str(trace), sys.executable, *arguments],
        env=clean_environment() | dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def ask_to_end(program: "subprocess.Popen[bytes]") -> None:
    """Send SIGTERM to what `start_traced` started."""
    os.killpg(program.pid, signal.SIGTERM)


def network_of(program: "subprocess.Popen[bytes]", trace: Path) -> Network:
    """Read what `start_traced` wrote of `program`, which has ended.

    Raises
    ------
    RigError
        If the program still runs or strace did not see it end: what it asked for is unknown then.
    """
    if program.poll() is None:
        raise RigError("the traced program still runs: its trace is not whole")
    text = trace.read_text("utf-8", errors="replace") if trace.exists() else ""
    last = text.splitlines()[-1] if text else "nothing at all"
    # Whatever pads the process id before it: its width depends on the machine.
    if not _ENDED.search(last):
        raise RigError(f"strace did not see the program end; the last that it wrote is: {last}")
    return Network(
        families=frozenset(found["family"] for found in _SOCKET.finditer(text)),
        unix_paths=frozenset(found["path"].replace('"', "") for found in _UNIX.finditer(text)),
    )

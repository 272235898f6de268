"""Trying a model in a process of its own, before it is let into this one.

A graph may need any memory and any time, and a damaged one may bring its runtime down. What it does
to the other process is only a reason to refuse it. ``python -m timbrescope.models.trial`` is that
process: it reads the model from standard input (its path and sidecar as a line of JSON, then the
graph) and loads it, so that the model answers to a silent and a noisy window on the way.
"""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from timbrescope.models.artefact import Artefact, sidecar_of
from timbrescope.models.errors import ModelFileError
from timbrescope.models.limits import TRIAL_DEADLINE_S, TRIAL_MEMORY_BYTES, TRIAL_PROCESSOR_S
from timbrescope.models.own_process import command_of, environment_of_ours

MODULE = "timbrescope.models.trial"
_REFUSED = 3
# How the C++ library and the runtime's allocator say that there is none.
_WITHOUT_MEMORY = ("bad_alloc", "Failed to allocate memory")
_OUT_OF_MEMORY = 4


def try_apart(artefact: Artefact, *, deadline_s: float = TRIAL_DEADLINE_S) -> None:
    """Load a model in another process, with limits of time and memory.

    Raises
    ------
    ModelFileError
        If it is refused there, takes too long or too much memory, or ends the process.
    """
    try:
        done = subprocess.run(
            command_of(MODULE),
            env=environment_of_ours(),
            input=_packed(artefact),
            capture_output=True,
            timeout=deadline_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ModelFileError(
            f"{artefact.path} cannot be used: no answer to two windows within {deadline_s:g} s"
        ) from None
    except OSError as error:
        raise ModelFileError(f"{artefact.path} cannot be tried: {error}") from error
    if done.returncode:
        raise ModelFileError(_refusal(artefact.path, done))


def _packed(artefact: Artefact) -> bytes:
    head = {"path": str(artefact.path), "sidecar": asdict(artefact.sidecar)}
    return json.dumps(head).encode("ascii") + b"\n" + artefact.graph


def _unpacked(packed: bytes) -> Artefact:
    head, _, graph = packed.partition(b"\n")
    stated = json.loads(head)
    return Artefact(Path(stated["path"]), graph, sidecar_of(stated["sidecar"]))


def _refusal(path: Path, done: "subprocess.CompletedProcess[bytes]") -> str:
    if done.returncode == _REFUSED:
        return done.stdout.decode("utf-8", "replace").strip()
    if done.returncode == _OUT_OF_MEMORY:
        memory = f"{TRIAL_MEMORY_BYTES / 1e9:g} GB"
        return f"{path} cannot be used: it needs more than {memory} of memory"
    if done.returncode == -getattr(signal, "SIGXCPU", 0):
        return f"{path} cannot be used: it computes for more than {TRIAL_PROCESSOR_S} s"
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    detail = f" ({last[0]})" if last else ""
    return f"{path} cannot be used: it ends the runtime with status {done.returncode}{detail}"


def main() -> int:
    """Load the model on standard input; return 0, or a status that `try_apart` understands."""
    _limit_ourselves()
    from timbrescope.models.classifier import Classifier

    try:
        Classifier(_unpacked(sys.stdin.buffer.read()))
    except ModelFileError as error:
        without = any(words in str(error) for words in _WITHOUT_MEMORY)
        if without or isinstance(error.__cause__, MemoryError):
            return _OUT_OF_MEMORY
        sys.stdout.buffer.write(str(error).encode("utf-8", "backslashreplace"))
        return _REFUSED
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


def _limit_ourselves() -> None:
    try:
        import resource
    except ImportError:
        # Windows has none; there the deadline is the only limit.
        return
    wanted = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, TRIAL_PROCESSOR_S),
        (resource.RLIMIT_DATA, TRIAL_MEMORY_BYTES),
    )
    for limited, most in wanted:
        # A system that cannot limit this refuses to be asked. At the upper limit of computing a
        # process is killed without a word, at the lower one with a signal of its own.
        with suppress(ValueError, OSError):
            resource.setrlimit(limited, (most, most + (limited == resource.RLIMIT_CPU)))


if __name__ == "__main__":
    sys.exit(main())

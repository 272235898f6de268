"""Fuzzing as a command: ``make fuzz ARGS="--cases 3000 --seconds 600 TARGET ..."``.

Every target of `targets` gets mutated seeds, in a process of its own with limits of memory and
time per case. What crashes, hangs, or is anything but refused or right is written to
``tests/fuzz/found/`` and ends the command with status 1; once mended, the file moves to
``tests/fuzz/regressions/TARGET/``, which the tests read. With ``--coverage`` the cases come from
atheris, which goes where new lines of ours are reached.
"""

import argparse
import contextlib
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "helpers")]

if {"--worker", "--coverage"} <= set(sys.argv):
    # Only what is imported in this block tells atheris which of its lines were reached.
    import atheris

    with atheris.instrument_imports(include=["timbrescope"], enable_loader_override=False):
        from targets import SHORT_DEADLINE_S, TARGETS, is_refused
else:
    from targets import SHORT_DEADLINE_S, TARGETS, is_refused

from timbrescope.models import session  # noqa: E402

FOUND = HERE / "found"
CASE_S = 10.0
MEMORY_BYTES = 1_000_000_000
# A graph that makes the runtime crash does so in the process in which the product tries it too.
CRASH_IS_REFUSAL = {"model"}
# Libraries are loaded before the first case, and taken down after the last.
_START_S = 120.0
_FAULT = 9


@dataclass
class Tally:
    """What became of the cases of one target."""

    cases: int = 0
    refused: int = 0
    ended: int = 0
    faults: int = 0


def main() -> int:
    """Fuzz the targets named, all of them by default; return 1 if anything was found."""
    session.WINDOW_DEADLINE_S = SHORT_DEADLINE_S
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], metavar="TARGET")
    parser.add_argument("--cases", type=int, default=3_000, help="of each target (%(default)s)")
    parser.add_argument("--seconds", type=float, help="at most, of all targets together")
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--coverage", action="store_true", help="let atheris choose the cases")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return _work(options)
    wanted = options.targets or list(TARGETS)
    share_s = None if options.seconds is None else options.seconds / len(wanted)
    found = 0
    for name in wanted:
        began_s = time.monotonic()
        tally = Tally()
        _fuzz(name, options, tally, end_s=None if share_s is None else began_s + share_s)
        print(
            f"{name}: {tally.cases} cases in {time.monotonic() - began_s:.0f} s, "
            f"{tally.refused} refused, {tally.ended} ended the trial's process, "
            f"{tally.faults} faults",
            flush=True,
        )
        found += tally.faults
    return 1 if found else 0


# -- the parent: it watches ----------------------------------------------------------------


def _fuzz(name: str, options: argparse.Namespace, tally: Tally, *, end_s: float | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case"
        while tally.cases < options.cases and (end_s is None or time.monotonic() < end_s):
            before = tally.cases
            fault = _watch(name, options, tally, case=case, end_s=end_s)
            if fault == "":
                return
            if fault.startswith("signal") and name in CRASH_IS_REFUSAL:
                tally.ended += 1
            else:
                tally.faults += 1
                _keep(name, case, fault)
            # The case that ended the worker is done as well.
            tally.cases = max(tally.cases, before) + 1


def _watch(
    name: str,
    options: argparse.Namespace,
    tally: Tally,
    *,
    case: Path,
    end_s: float | None,
) -> str:
    """Run a worker until it has done its cases; return what ended it before, else nothing."""
    first = tally.cases
    command = [sys.executable, __file__, "--worker", name, "--first", str(first)]
    command += ["--cases", str(options.cases), "--seed", str(options.seed)]
    command += ["--coverage"] if options.coverage else []
    log = case.with_name("log")
    with log.open("wb") as errors:
        worker = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=os.environ | {"FUZZ_CASE": str(case), "QT_QPA_PLATFORM": "offscreen"},
        )
    assert worker.stdout is not None
    os.set_blocking(worker.stdout.fileno(), False)
    last_s, patience_s, buffer = time.monotonic(), _START_S, b""
    while True:
        ended = worker.poll() is not None
        part = worker.stdout.read() or b""
        buffer += part
        if part:
            last_s, patience_s = time.monotonic(), CASE_S
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            # Libraries print to standard output as well.
            tally.cases += line in (b"refused", b"taken")
            tally.refused += line == b"refused"
        if tally.cases >= options.cases:
            # Taking the libraries down is no case: 1 to 3 s where 8 processes want 2 cores.
            patience_s = _START_S
        if ended:
            break
        if end_s is not None and time.monotonic() > end_s:
            worker.kill()
            worker.wait()
            return ""
        if time.monotonic() - last_s > patience_s:
            worker.kill()
            worker.wait()
            return f"hang: no answer within {patience_s:g} s"
        time.sleep(0.05)
    if worker.returncode == 0:
        return ""
    told = log.read_text("utf-8", errors="replace")[-3_000:]
    if worker.returncode < 0:
        return f"signal {-worker.returncode}\n{told}"
    return f"status {worker.returncode}\n{told}"


def _keep(name: str, case: Path, fault: str) -> None:
    content = case.read_bytes() if case.is_file() else b""
    target = FOUND / name / hashlib.sha256(content).hexdigest()[:12]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    print(f"{name}: {fault}\n  kept as {target}", flush=True)


# -- the worker: it tries ------------------------------------------------------------------


def _work(options: argparse.Namespace) -> int:
    target, case = TARGETS[options.worker], Path(os.environ["FUZZ_CASE"])
    seeds = target.seeds()
    # What a seed needs to be loaded stands in memory before it is limited.
    with contextlib.suppress(Exception):
        target.check(seeds[0])
    _limit_memory()

    def attempt(content: bytes) -> None:
        case.write_bytes(content)
        try:
            refused = is_refused(target, content)
        # Whatever it is: it is what is looked for.
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(_FAULT)
        os.write(1, b"refused\n" if refused else b"taken\n")

    if options.coverage:
        return _guided(attempt, seeds, options)
    for number in range(options.first, options.cases):
        attempt(target.change(seeds, random.Random(f"{options.seed}-{number}")))
    return 0


def _guided(attempt: object, seeds: list[bytes], options: argparse.Namespace) -> int:
    corpus = Path(os.environ["FUZZ_CASE"]).with_name("corpus")
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    runs = max(1, options.cases - options.first)
    arguments = [__file__, f"-runs={runs}", f"-seed={options.seed}", "-rss_limit_mb=0"]
    atheris.Setup([*arguments, str(corpus)], attempt)
    atheris.Fuzz()
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())

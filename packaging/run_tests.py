"""Run pytest, also on a system where Qt cannot start: ``python packaging/run_tests.py ARGS...``.

Without arguments the whole default suite runs: first, two files at a time, what needs no quiet
machine; then, alone, the tests that drive the real window in real time. With arguments pytest
runs once, with them. ``--coverage`` before them also measures which lines ran, and fails below the
floor that ``pyproject.toml`` states.

pytest-qt ends the whole run where Qt's system libraries are missing. Without them it is left out
here, so that every test which needs no window still runs.
"""

import subprocess
import sys
from collections.abc import Sequence

IN_PARALLEL = ("-n", "2", "--dist", "loadfile", "-m", "not slow and not e2e")
ALONE = ("-m", "not slow and e2e")
COVERAGE = "--coverage"
# The floor is that of all runs together: none of them is held against it alone.
MEASURED = ("--cov", "--cov-append", "--cov-report=", "--cov-fail-under=0")
# What pytest says when it was asked for tests and found none.
NOTHING_RUN = 5


def why_no_qt() -> str | None:
    """Return why Qt's widgets cannot be loaded, or None if they can."""
    try:
        import PySide6.QtTest
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return str(error)
    return None


def runs_of(arguments: Sequence[str], *, coverage: bool) -> list[tuple[str, ...]]:
    """Return what pytest is called with, one run after the other."""
    runs = [tuple(arguments)] if arguments else [IN_PARALLEL, ALONE]
    return [(*run, *MEASURED) for run in runs] if coverage else runs


def main() -> int:
    """Run the tests and return the first exit status that is not zero."""
    command = [sys.executable, "-m", "pytest"]
    reason = why_no_qt()
    if reason:
        print(f"Qt cannot be loaded ({reason}): leaving out the tests which need it.")
        command += ["-p", "no:pytest-qt"]
    coverage = COVERAGE in sys.argv[1:2]
    runs = runs_of(sys.argv[1 + coverage :], coverage=coverage)
    if coverage:
        subprocess.run([sys.executable, "-m", "coverage", "erase"], check=True)
    found = [subprocess.run([*command, *arguments], check=False).returncode for arguments in runs]
    if len(found) > 1:
        found = [0 if status == NOTHING_RUN else status for status in found]
    if coverage:
        report = [sys.executable, "-m", "coverage", "report", "--skip-covered"]
        found.append(subprocess.run(report, check=False).returncode)
    return next((status for status in found if status), 0)


if __name__ == "__main__":
    sys.exit(main())

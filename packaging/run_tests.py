"""Run pytest, also on a system where Qt cannot start: ``python packaging/run_tests.py ARGS...``.

Without arguments the whole default suite runs: first, two files at a time, what needs no quiet
machine; then, alone, the tests that drive the real window in real time. With arguments pytest
runs once, with them.

pytest-qt ends the whole run where Qt's system libraries are missing. Without them it is left out
here, so that every test which needs no window still runs.
"""

import subprocess
import sys

IN_PARALLEL = ("-n", "2", "--dist", "loadfile", "-m", "not slow and not e2e")
ALONE = ("-m", "not slow and e2e")
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


def main() -> int:
    """Run the tests and return the first exit status that is not zero."""
    command = [sys.executable, "-m", "pytest"]
    reason = why_no_qt()
    if reason:
        print(f"Qt cannot be loaded ({reason}): leaving out the tests which need it.")
        command += ["-p", "no:pytest-qt"]
    runs = [tuple(sys.argv[1:])] if sys.argv[1:] else [IN_PARALLEL, ALONE]
    found = [subprocess.run([*command, *arguments], check=False).returncode for arguments in runs]
    if len(found) > 1:
        found = [0 if status == NOTHING_RUN else status for status in found]
    return next((status for status in found if status), 0)


if __name__ == "__main__":
    sys.exit(main())

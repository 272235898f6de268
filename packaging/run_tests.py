"""Run pytest, also on a system where Qt cannot start: ``python packaging/run_tests.py ARGS...``.

pytest-qt ends the whole run where Qt's system libraries are missing. Without them it is left out
here, so that every test which needs no window still runs.
"""

import os
import sys


def why_no_qt() -> str | None:
    """Return why Qt's widgets cannot be loaded, or None if they can."""
    try:
        import PySide6.QtTest
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return str(error)
    return None


def main() -> None:
    """Become pytest, with the arguments of this command."""
    arguments = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    reason = why_no_qt()
    if reason:
        print(f"Qt cannot be loaded ({reason}): leaving out the tests which need it.")
        arguments[3:3] = ["-p", "no:pytest-qt"]
    os.execv(sys.executable, arguments)


if __name__ == "__main__":
    main()

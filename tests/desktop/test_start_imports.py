import subprocess
import sys

# Each takes longer to import than the window should wait for, and nothing at the start needs it.
HEAVY = (
    "scipy.signal",
    "scipy.stats",
    "scipy.optimize",
    "scipy.interpolate",
    "tensorflow",
    "pandas",
)


def test_the_window_does_not_wait_for_large_packages() -> None:
    program = (
        "import sys, timbrescope.desktop.views.application\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"

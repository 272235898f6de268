"""How long it takes from the start of the process until the window is drawn, without a screen.

Run with ``PYTHONPATH=tests/helpers python tests/helpers/start_costs.py``. Each start has settings
of its own, as the first one on a machine; the least of all is what the program needs, and the rest
what the machine had to do besides.
"""

import os
import subprocess
import sys
import tempfile
import time

STARTS = 7
PROGRAM = """
import sys, time
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.application import make_application, make_window

application = make_application()
window = make_window(Settings(), model=None, device=None, demo=False, play=None)
window.show()
application.processEvents()
window.grab()
print(time.time() - float(sys.argv[1]), flush=True)
window.close()
"""


def start_s() -> float:
    """Return how long one start took, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder}
        found = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(time.time())],
            env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=True,
        )
    return float(found.stdout.splitlines()[0])


def main() -> None:
    """Print the median and the least of some starts."""
    taken = sorted(start_s() for _ in range(STARTS))
    print(f"window drawn after {taken[STARTS // 2]:.2f} s (median), {taken[0]:.2f} s (least)")


if __name__ == "__main__":
    main()

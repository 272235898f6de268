"""The ``timbrescope`` command, and ``python -m timbrescope``."""

import os
import signal
import sys

# Linear algebra on our small matrices is slower on several threads than on one, and while they wait
# for each other they keep every core busy. Read once, when NumPy is loaded.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main() -> int:
    """Run the command and return its exit status."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    # Until everything is loaded there is nothing to tidy up: an interrupt just ends the process,
    # without the traceback of whatever was being imported.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from timbrescope.desktop import cli
    from timbrescope.desktop.leaving import leave

    return leave(cli.main())


if __name__ == "__main__":
    sys.exit(main())

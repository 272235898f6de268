"""The ``timbrescope`` command, and ``python -m timbrescope``."""

import signal
import sys


def main() -> int:
    """Run the command and return its exit status."""
    # Until everything is loaded there is nothing to tidy up: an interrupt just ends the process,
    # without the traceback of whatever was being imported.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from timbrescope.desktop import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())

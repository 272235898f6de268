"""The ``timbrescope-train`` command, and ``python -m timbrescope.training``."""

import os
import signal
import sys
from types import FrameType

# What shells report of a program that Ctrl-C ended.
_INTERRUPTED = 130


def main() -> int:
    """Run the command and return its exit status."""
    # Whatever is being imported may swallow an interrupt, or turn it into an error of its own.
    signal.signal(signal.SIGINT, _stop)
    try:
        from timbrescope.training import cli
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("timbrescope"):
            raise
        print(
            f"timbrescope-train: {error.name} is missing; install the training packages with "
            "`pip install 'timbrescope[train]'`",
            file=sys.stderr,
        )
        return 1
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return cli.main()


def _stop(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"timbrescope-train: stopped; nothing was begun\n")
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())

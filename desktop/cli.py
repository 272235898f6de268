"""The command line: the window, ``classify`` and ``live``. Heavy imports wait for their command."""

import argparse
import contextlib
import faulthandler
import logging
import os
import signal
import sys
import threading

from timbrescope.desktop.bounded_errors import bound_errors
from timbrescope.desktop.commands.options import build_parser
from timbrescope.desktop.display import why_no_display
from timbrescope.desktop.steady_memory import keep_memory_steady
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.console import (
    INTERRUPTED,
    flush_output,
    give_up_output,
    interrupts_as_such,
)
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.names import printable


def _dispatch(arguments: argparse.Namespace) -> int:
    if arguments.command == "classify":
        from timbrescope.desktop.commands import classify as classify_command
        from timbrescope.desktop.commands.classify_workers import Wishes

        return classify_command.run(
            arguments.paths,
            Wishes(
                model=arguments.model or DEFAULT_MODEL,
                output_format=arguments.format,
                output=arguments.output,
                compare=arguments.compare,
                only=arguments.only,
                threshold=arguments.threshold,
                quiet=arguments.quiet,
            ),
        )
    if arguments.command == "devices":
        from timbrescope.desktop.commands.devices import list_devices

        return list_devices()
    if arguments.command == "diagnostics":
        from timbrescope.desktop.commands import diagnostics as diagnostics_command

        return diagnostics_command.run()
    keep_memory_steady()
    bound_errors()
    if arguments.device is not None:
        from timbrescope.desktop.commands.devices import check_device

        check_device(arguments.device)
    # A length makes sense in the terminal only: a window is closed by its user.
    as_json = arguments.command == "live" and arguments.format == "jsonl"
    terminal = arguments.command == "live" and bool(
        arguments.terminal or arguments.seconds or as_json or arguments.record
    )
    if not terminal and (reason := why_no_display()):
        print(f"No display found ({printable(reason)}): answering in this terminal instead.")
        terminal = True
    if terminal:
        from timbrescope.desktop.commands import live as live_command

        return live_command.run(
            model=arguments.model or DEFAULT_MODEL,
            compare=arguments.compare,
            device=arguments.device,
            demo=arguments.demo,
            play=arguments.play,
            osc=arguments.osc,
            record=getattr(arguments, "record", None),
            seconds=getattr(arguments, "seconds", None),
            as_json=as_json,
        )
    from timbrescope.desktop.views.application import run_window

    return run_window(
        model=arguments.model,
        compare=arguments.compare,
        device=arguments.device,
        demo=arguments.demo,
        play=arguments.play,
        osc=arguments.osc,
    )


def main(argv: list[str] | None = None) -> int:
    """Run the ``timbrescope`` command and return its exit status."""
    _keep_standard_error()
    # A windowed program on Windows has no standard error at all.
    if sys.stderr is not None:
        _say_crashes()
    try:
        return _run(argv)
    except TimbrescopeError as error:
        return _fail(error)
    except BrokenPipeError:
        # The reader of our output (head, less) has had enough; that is not a failure.
        give_up_output()
        return 0
    except OSError as error:
        # A full disk, a folder that has gone.
        give_up_output()
        return _fail(error)
    except MemoryError:
        return _fail("there is not enough memory")
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(argv: list[str] | None) -> int:
    try:
        arguments = build_parser().parse_args(argv)
        _start_logging(verbose=arguments.verbose)
        if sys.stdout is None and arguments.command is not None:
            return _fail("standard output is closed: there is nowhere to answer")
        _interruptible()
        with interrupts_as_such():
            status = _dispatch(arguments)
    finally:
        flush_output()
    return status


class _Printable(logging.Formatter):
    """Writes messages such that no name in them can steer the terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return printable(super().formatMessage(record))


def _start_logging(*, verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Printable("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])


def _interruptible() -> None:
    """Let Ctrl-C raise `KeyboardInterrupt` again; while we were loaded it ended the process."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _keep_standard_error() -> None:
    """Write errors to a copy of file 2.

    `sounddevice` points file 2 elsewhere while PortAudio starts, which may take for ever.
    """
    real = sys.__stderr__
    if real is None or sys.stderr is not real:
        return
    try:
        copy = os.dup(real.fileno())
    except OSError:
        return
    sys.stderr = open(copy, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: PTH123, SIM115


def _say_crashes() -> None:
    """Have native crashes written where Python's own errors go."""
    # Tests put something in the place of standard error that is no file.
    with contextlib.suppress(OSError, ValueError):
        faulthandler.enable(sys.stderr)


def _fail(error: object) -> int:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"timbrescope: {printable(str(error))}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""The options of the command line: those of the window, and those of each command."""

import argparse

from timbrescope import __version__
from timbrescope.desktop.commands.classify_options import add_classify
from timbrescope.models.catalogue import (
    DEFAULT_MODEL,
    MODEL_NAMES,
    MODEL_SUFFIX,
    is_own,
    model_path,
    own_reference,
)
from timbrescope.models.console import Parser
from timbrescope.models.errors import ModelFileError
from timbrescope.models.names import printable


def build_parser() -> Parser:
    """Return the parser of the ``timbrescope`` command."""
    parser = Parser(
        prog="timbrescope",
        description="Hears which of 28 instruments is being played, and shows why. "
        "Without a command it opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"timbrescope {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="log what is going on")
    _add_source_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_model_options(add_classify(commands), default=argparse.SUPPRESS)
    live = commands.add_parser("live", help="listen live", description="Listen live.")
    live.add_argument("--terminal", action="store_true", help="answer in the terminal, no window")
    live.add_argument("--seconds", type=_positive, help="stop after so long (in the terminal)")
    live.add_argument(
        "--format",
        choices=("text", "jsonl"),
        default="text",
        help="jsonl: one JSON object per verdict and per change of the source (in the terminal)",
    )
    live.add_argument(
        "--record", metavar="FILE.wav", help="record what is heard as well (in the terminal)"
    )
    # The same options after ``live``; unless given there, those before it stay in force.
    _add_source_options(live, default=argparse.SUPPRESS)
    commands.add_parser("devices", help="list the input devices")
    commands.add_parser("diagnostics", help="print versions and devices, for a report of a fault")
    return parser


def _add_source_options(parser: argparse.ArgumentParser, *, default: str | None = None) -> None:
    _add_model_options(parser, default=default)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--device", default=default, help="input device: its name or a part of it")
    source.add_argument(
        "--demo",
        action="store_true",
        default=default or False,
        help="play the built-in demo clips",
    )
    source.add_argument(
        "--play",
        default=default,
        metavar="FILE",
        help="play a sound file as if it were live, with its sound",
    )
    parser.add_argument(
        "--osc",
        nargs="?",
        type=_osc_target,
        const=("127.0.0.1", 9000),
        default=default,
        metavar="HOST:PORT",
        help="send events by Open Sound Control, to 127.0.0.1:9000 unless said otherwise",
    )


def _add_model_options(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.add_argument(
        "--model",
        type=_model,
        default=default,
        metavar="MODEL",
        help=f"which model answers: {', '.join(MODEL_NAMES)}, or the path of a model file of "
        f"your own (*{MODEL_SUFFIX}, its sidecar beside it); default: {DEFAULT_MODEL}",
    )
    parser.add_argument(
        "--compare",
        action="store_true",
        default=default or False,
        help="put the answers of all models side by side",
    )


def _model(text: str) -> str:
    """Return a model's name as it is, and a path such that it holds in any working directory."""
    try:
        path = model_path(text)
        return own_reference(path) if is_own(text) else text
    # OSError: the working directory has gone. RuntimeError: ~ of a user whom nobody knows.
    except (ModelFileError, OSError, RuntimeError) as error:
        raise argparse.ArgumentTypeError(f"{printable(text)}: {error}") from None


def _osc_target(text: str) -> tuple[str, int]:
    from timbrescope.desktop.engine.osc import OscError, parse_target

    try:
        return parse_target(text)
    except OscError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value

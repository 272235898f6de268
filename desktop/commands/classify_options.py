"""The options of ``timbrescope classify``, each with its help."""

import argparse
from pathlib import Path

from timbrescope.models.console import Parser
from timbrescope.models.errors import UnknownInstrumentError
from timbrescope.models.instruments import NAMES, index_of

# As in `desktop.export.formats`, which is imported only when something is classified.
FORMAT_NAMES = ("table", "csv", "jsonl", "audacity", "raven", "html")

_DESCRIPTION = (
    "Classify sound files of any format, folders of them, or standard input (-). "
    "Exit status 1 if any file failed; the others are still reported."
)


def add_classify(
    commands: "argparse._SubParsersAction[Parser]",
) -> Parser:
    """Add the command and return its parser."""
    parser = commands.add_parser(
        "classify", help="classify files and folders", description=_DESCRIPTION
    )
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="sound files, and folders that are searched for them with all they hold",
    )
    parser.add_argument(
        "--format",
        choices=FORMAT_NAMES,
        default="table",
        help="table: to read (the default); csv: for spreadsheets; jsonl: one JSON object a line; "
        "audacity: label tracks; raven: a selection table; html: a report with pictures",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="write there instead of to the terminal; for audacity and several files: the folder",
    )
    parser.add_argument(
        "--only",
        type=_instruments,
        default=(),
        metavar="NAMES",
        help="what can be playing, separated by commas, such as Violin,Flute: the probabilities "
        "are those among these instruments",
    )
    parser.add_argument(
        "--threshold",
        type=_share,
        metavar="P",
        help="name an instrument from this probability on (0 to 1); below it the answer is "
        "'not sure'. The default is the model's own",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress on standard error")
    return parser


def _instruments(text: str) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        found = tuple(NAMES[index_of(name)] for name in names)
    except UnknownInstrumentError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} names no instrument")
    return found


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a probability between 0 and 1")
    return value

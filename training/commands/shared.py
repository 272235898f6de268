"""Options, settings and checks that several commands share, and how a table of commands is run."""

import argparse
import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from timbrescope.models.catalogue import MODELS_FOLDER
from timbrescope.models.console import (
    INTERRUPTED,
    Parser,
    flush_output,
    give_up_output,
    interrupts_as_such,
)
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.names import printable
from timbrescope.training.packages.fetch import CACHE_VARIABLE, cache_root

if TYPE_CHECKING:
    from timbrescope.training.release.recipe import ReleaseRecipe, TableName

PROGRAM = "timbrescope-train"
_ADVICE = (
    "look whether there is room and whether the folder may be written to; the same command goes on"
)
WORKERS = 2


class MissingPackageError(TimbrescopeError):
    """A command needs packages that are not installed."""


@dataclass(frozen=True)
class Command:
    """One command of the command line.

    Attributes
    ----------
    name, text : str
        What is typed, and what it does in a few words.
    add_options : callable
        Adds the command's options to its parser.
    run : callable
        Does what the options ask for and returns the exit status.
    """

    name: str
    text: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def run_command_line(
    commands: Sequence[Command], arguments: Sequence[str] | None, *, description: str
) -> int:
    """Run the command that the arguments name and return the exit status."""
    parser = Parser(prog=PROGRAM, description=description)
    verbs = parser.add_subparsers(dest="command", required=True)
    for command in commands:
        verb = verbs.add_parser(command.name, help=command.text, description=command.text)
        command.add_options(verb)
        verb.set_defaults(run=command.run)
    try:
        return _run(parser, arguments)
    except TimbrescopeError as error:
        return _fail(error)
    except BrokenPipeError:
        # The reader of our output (head, less) has had enough; that is not a failure.
        give_up_output()
        return 0
    except OSError as error:
        give_up_output()
        return _fail(f"{error}; {_ADVICE}")
    except MemoryError:
        return _fail("there is not enough memory; fewer --workers need less")
    except KeyboardInterrupt:
        _fail("stopped; the same command goes on from here")
        return INTERRUPTED


def _run(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    try:
        options = parser.parse_args(arguments)
        with interrupts_as_such():
            status: int = options.run(options)
    finally:
        flush_output()
    return status


def _fail(error: object) -> int:
    print(f"{PROGRAM}: {printable(str(error))}", file=sys.stderr)
    return 1


def need(*modules: str) -> None:
    """Check that packages are installed.

    Raises
    ------
    MissingPackageError
        If one is missing.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingPackageError(
            f"this command needs {', '.join(missing)}; install the training packages with "
            "`pip install 'timbrescope[train]'`"
        )


def positive(text: str) -> int:
    """Return a whole number above zero, for options."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where everything lies that a command keeps."""
    parser.add_argument(
        "--cache",
        type=Path,
        default=cache_root(),
        help=f"working folder, also ${CACHE_VARIABLE} (%(default)s)",
    )


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how many processes work."""
    parser.add_argument("--workers", type=positive, default=WORKERS, help="processes (%(default)s)")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where models are written to."""
    parser.add_argument(
        "--output", type=Path, default=MODELS_FOLDER, help="folder for the model (%(default)s)"
    )


def add_corpora(parser: argparse.ArgumentParser) -> None:
    """Add the option that says what windows are made of."""
    parser.add_argument(
        "--corpus",
        type=Path,
        action="append",
        required=True,
        help="a manifest.csv, or a folder with one folder per class; may be repeated",
    )


def add_teacher(parser: argparse.ArgumentParser) -> None:
    """Add the option that says what is learned beside labels."""
    parser.add_argument(
        "--teacher",
        type=Path,
        help="folder of an AudioSet tagger to learn from as well (teacher.py and its weights); "
        "without it the flagship learns from labels only",
    )


def check_corpora(corpora: Sequence[Path]) -> None:
    """Check that there is something at every path.

    Raises
    ------
    TimbrescopeError
        If not.
    """
    for path in corpora:
        if not path.exists():
            raise TimbrescopeError(f"there is no corpus at {path}")


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Add the options that change the recipe."""
    parser.add_argument(
        "--recipe",
        type=Path,
        metavar="FILE",
        help="a recipe.toml whose values take the place of the shipped ones, such as the one that "
        "every run leaves beside its result",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="changes",
        metavar="TABLE.FIELD=VALUE",
        help="change one value of the recipe, as windows.per_class=100; may be repeated",
    )


def chosen_recipe(
    options: argparse.Namespace, *files: Path, used: Sequence["TableName"]
) -> "ReleaseRecipe":
    """Return the recipe that the options ask for.

    Parameters
    ----------
    options : Namespace
        With what `add_recipe` adds, and ``teacher`` if windows are made.
    *files : Path
        Recipes below the one that the options name.
    used : sequence of str
        The tables that the command reads.

    Raises
    ------
    SettingsError
        If the recipe cannot be read, or names what there is not.
    """
    from timbrescope.training.release.recipe import read_recipe

    chosen = files if options.recipe is None else (*files, options.recipe)
    recipe = read_recipe(*chosen, changes=options.changes, used=used)
    teacher = getattr(options, "teacher", None)
    if teacher is None:
        return recipe
    return replace(recipe, windows=replace(recipe.windows, teacher=teacher))

"""Modules of ours that run in a process of their own, so that they may crash there."""

import os
import sys


def command_of(module: str) -> list[str]:
    """Return the command that runs a module, by its dotted name, with this Python."""
    # -P: nothing in the working directory is taken for a module of ours.
    return [sys.executable, "-P", "-m", module]


def environment_of_ours() -> dict[str, str]:
    """Return the variables with which such a process finds the modules that this one finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}

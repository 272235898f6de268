"""Every error that is raised on purpose descends from one root, whose text is fit to show."""

import importlib
import pkgutil
from types import ModuleType

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.models.errors import TimbrescopeError  # noqa: E402

ROOMS = ("models", "training", "desktop")
# A signal between frames of one module, and never an error.
SIGNALS = {"Cancelled"}


def _modules() -> list[ModuleType]:
    rooms = [importlib.import_module(f"timbrescope.{room}") for room in ROOMS]
    return [
        importlib.import_module(module.name)
        for room in rooms
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
        if not module.name.endswith("__main__")
    ]


def test_every_error_descends_from_one_root() -> None:
    errors = {
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__.startswith("timbrescope.")
    }
    assert len(errors) > 20
    strangers = {error for error in errors if not issubclass(error, TimbrescopeError)}
    assert {error.__name__ for error in strangers} == SIGNALS

"""Every error that is raised on purpose descends from one root, whose text is fit to show."""

import importlib
import pkgutil
from types import ModuleType

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

import timbrescope  # noqa: E402
from timbrescope.models.errors import TimbrescopeError  # noqa: E402

# A signal between frames of one module, and never an error.
SIGNALS = {"Cancelled"}


def _modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(timbrescope.__path__, "timbrescope.")
    return [
        importlib.import_module(module.name) for module in found if "__main__" not in module.name
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

"""The setup scripts are no package: they are loaded by path, as the Makefile runs them."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "packaging"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name while it is being made.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def scripts() -> Iterator[dict[str, ModuleType]]:
    """Give the setup scripts by name, freshly loaded."""
    names = ("system_needs", "system_libraries", "environment")
    before = {name: sys.modules.get(name) for name in names}
    yield {name: _load(name) for name in names}
    for name, module in before.items():
        if module is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module


@pytest.fixture
def libraries(scripts: dict[str, ModuleType]) -> ModuleType:
    """Give the script that finds and installs system libraries."""
    return scripts["system_libraries"]


@pytest.fixture
def needs(scripts: dict[str, ModuleType]) -> ModuleType:
    """Give the list of what the system has to provide."""
    return scripts["system_needs"]


@pytest.fixture
def environment_script(scripts: dict[str, ModuleType]) -> ModuleType:
    """Give the script that sets up the environment."""
    return scripts["environment"]

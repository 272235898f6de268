"""Where Qt's system libraries are missing, the tests which need it are skipped with the reason."""

import ast
import functools
from pathlib import Path

import pytest

QT_MODULES = ("PySide6", "timbrescope.desktop.views")
QT_FIXTURES = {"qtbot", "qapp", "qtmodeltester", "qtlog"}


@functools.cache
def why_no_qt() -> str | None:
    """Return why Qt's widgets cannot be loaded, or None if they can."""
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return str(error)
    return None


def needs_qt(path: Path) -> bool:
    """Return whether a test file imports Qt when it is loaded, or has tests that use its fixtures.

    What a test imports by itself does not count: such a test has its own way to skip.
    """
    tree = ast.parse(path.read_bytes())
    imported = [
        name
        for statement in tree.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in _names(statement)
    ]
    if any(name == root or name.startswith(f"{root}.") for name in imported for root in QT_MODULES):
        return True
    return any(isinstance(node, ast.arg) and node.arg in QT_FIXTURES for node in ast.walk(tree))


def _names(statement: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    return [f"{statement.module}.{alias.name}" for alias in statement.names]


class SkippedModule(pytest.Module):
    """A test file that is skipped without being loaded."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """Skip instead of loading the file."""
        pytest.skip(f"Qt cannot be loaded: {why_no_qt()}", allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Skip a file that needs Qt where there is none; leave every other to pytest."""
    if why_no_qt() and needs_qt(module_path):
        return SkippedModule.from_parent(parent, path=module_path)
    return None

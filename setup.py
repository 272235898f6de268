"""The packages of the wheel: what ``pyproject.toml`` cannot say without naming each of them.

The folders of the checkout become one importable package, ``timbrescope``: ``models/`` is
``timbrescope.models``, and so on. Everything else stands in ``pyproject.toml``.
"""

from setuptools import find_packages, setup

ROOMS = ("models", "training", "desktop")


def packages() -> list[str]:
    """Return the name of every package, as it is imported."""
    inside = [f"{room}.{name}" for room in ROOMS for name in find_packages(room)]
    return ["timbrescope", *(f"timbrescope.{name}" for name in (*ROOMS, *inside))]


# Where desktops look for programs and their pictures, below the environment's own folder.
DATA_FILES = [
    ("share/applications", ["packaging/timbrescope.desktop"]),
    (
        "share/icons/hicolor/scalable/apps",
        ["desktop/views/style/pictures/timbrescope.svg"],
    ),
]

setup(packages=packages(), data_files=DATA_FILES)

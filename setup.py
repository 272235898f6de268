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


setup(packages=packages())

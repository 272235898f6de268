"""Figures as the language in use writes them: its decimal sign, its groups of thousands.

For what the window shows. Exports and the terminal write points, as programs read them.
"""

from functools import cache

from PySide6.QtCore import QLocale

from timbrescope.desktop.views.words.catalogue import language


def figure(value: float, decimals: int = 0) -> str:
    """Return a number with so many decimals."""
    return _locale(language()).toString(float(value), "f", decimals).replace("-", "−")


def brief_figure(value: float, *, most: int = 3) -> str:
    """Return a number with as many decimals as it has, up to `most`."""
    return figure(value, next(n for n in range(most + 1) if n == most or round(value, n) == value))


@cache
def _locale(chosen: str) -> QLocale:
    return QLocale(chosen)

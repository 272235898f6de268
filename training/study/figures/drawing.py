"""What a figure is before and after it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from timbrescope.models.errors import TimbrescopeError


class FigureError(TimbrescopeError):
    """A figure cannot be drawn from what the study has; the text is the reason."""


@dataclass(frozen=True)
class Page:
    """A finished drawing: a Matplotlib figure, or the text of an HTML page, with its caption."""

    content: Figure | str
    caption: str


@dataclass(frozen=True)
class Plan:
    """A figure that the study should have.

    Attributes
    ----------
    name : str
        Of its files, without a suffix.
    title : str
        A few words, for headings and lists.
    number : int or None
        The paper's number; None for a figure that the paper does not have.
    key : str
        Fingerprint of everything that the drawing depends on.
    draw : callable
        Draws it; raises `FigureError` if something is missing.
    is_page : bool
        Whether it is an HTML page.
    """

    name: str
    title: str
    number: int | None
    key: str
    draw: Callable[[], Page]
    is_page: bool = False

    def paths(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of this figure."""
        suffixes = (".html",) if self.is_page else (".png", ".svg")
        return tuple(folder / f"{self.name}{suffix}" for suffix in suffixes)


@dataclass(frozen=True)
class DrawnFigure:
    """A figure that exists, or the reason why it does not.

    Attributes
    ----------
    name, title, number
        See `Plan`.
    caption : str
        What the figure shows; empty if there is none.
    paths : tuple of Path
        PNG and SVG, or one HTML page; empty if there is none.
    reason : str or None
        Why it could not be drawn.
    drawn_now : bool
        False if it was there already, made from the same inputs.
    """

    name: str
    title: str
    number: int | None
    caption: str = ""
    paths: tuple[Path, ...] = ()
    reason: str | None = None
    drawn_now: bool = False

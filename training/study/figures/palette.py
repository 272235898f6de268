"""Colours, markers and line styles of the figures, each of which also works without colour."""

from collections.abc import Mapping
from functools import cache

import numpy as np
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from timbrescope.models.instruments import INSTRUMENTS, NAMES

INK = "#1b1f27"
MUTED = "#6d7480"
FAINT = "#d9dce1"
ABSENT = "#eceef0"
BLUE = "#2f5d9b"
LIGHT_BLUE = "#a9c1e2"
ORANGE = "#c2571a"

# One for each class, in class order, for points on white ground. Near the colours that the
# instruments have in the program (models/instruments.py), but moved apart: those also have to
# stand out on dark ground, which leaves too little room for 28 kinds of small dots. The smallest
# difference is 23 CIELAB units (tests/training/study/test_figures.py).
CLASS_COLOURS: tuple[str, ...] = (
    "#8f0a29", "#a34700", "#ff8f00", "#3d66b8", "#0a661f", "#858585", "#ccc2a3", "#8f5c70",
    "#006666", "#ff3d5c", "#524733", "#70d6d6", "#f552ad", "#850070", "#70a31f", "#b88570",
    "#70a3ff", "#eba3ff", "#0014f5", "#0a4766", "#14e05c", "#ccc2d6", "#00a3cc", "#857000",
    "#d6c200", "#ffadb8", "#00ad85", "#cc00ff",
)  # fmt: skip

# Matplotlib's and plotly's signs for each family; classes of one family share a sign.
FAMILY_MARKERS: Mapping[str, tuple[str, str]] = {
    "Strings": ("o", "circle"),
    "Percussion": ("s", "square"),
    "Woodwind": ("^", "triangle-up"),
    "Brass": ("D", "diamond"),
    "Keys": ("P", "cross"),
    "Free reed": ("v", "triangle-down"),
}

# Signs for as many kinds of things as lie in one bar: fill and hatch.
FILLS: tuple[tuple[str, str], ...] = (
    (BLUE, ""),
    (LIGHT_BLUE, "///"),
    (ORANGE, "..."),
    ("#e6c9a8", "xxx"),
)

# Spectrograms, and how much evidence lies where; both rise evenly in lightness.
SPECTROGRAM_MAP = "magma"
EVIDENCE_MAP = "inferno"


def family_markers(instrument: str) -> tuple[str, str]:
    """Return the signs of an instrument's family: for Matplotlib, and for plotly."""
    return FAMILY_MARKERS[INSTRUMENTS[NAMES.index(instrument)].family]


def by_family() -> dict[str, list[str]]:
    """Return the names of the instruments of each family."""
    found: dict[str, list[str]] = {family: [] for family in FAMILY_MARKERS}
    for instrument in INSTRUMENTS:
        found[instrument.family].append(instrument.name)
    return found


@cache
def paper_to_ink() -> ListedColormap:
    """Return a map from white through blue to nearly black whose lightness falls evenly.

    Matplotlib's own perceptually uniform maps start either dark or in a strong colour; a table
    that is mostly empty should be mostly white.
    """
    lightness = np.array([100.0, 62.0, 15.0])
    a, b = np.array([0.0, -4.0, 6.0]), np.array([0.0, -36.0, -30.0])
    steps = np.linspace(lightness[0], lightness[-1], 256)
    # np.interp wants rising positions.
    order = slice(None, None, -1)
    lab = np.stack([steps, *(np.interp(steps, lightness[order], of[order]) for of in (a, b))], 1)
    return ListedColormap(_rgb_of_lab(lab), name="paper-to-ink")


_WHITE_D65 = np.array([0.9505, 1.0, 1.089])
_RGB_OF_XYZ = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)


def _rgb_of_lab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sRGB in 0…1 of CIELAB values under D65, shape (n, 3)."""
    y = (lab[:, 0] + 16) / 116
    roots = np.stack([y + lab[:, 1] / 500, y, y - lab[:, 2] / 200], axis=1)
    xyz = np.where(roots > 6 / 29, roots**3, 3 * (6 / 29) ** 2 * (roots - 4 / 29)) * _WHITE_D65
    linear = np.clip(xyz @ _RGB_OF_XYZ.T, 0, 1)
    curved = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, 12.92 * linear, curved))


def text_colour_on(share: float) -> str:
    """Return the colour of text that stays readable on `paper_to_ink` at a value in 0…1."""
    return "#ffffff" if share > 0.5 else INK

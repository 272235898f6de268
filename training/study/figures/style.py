"""How all figures look, and how they are written. Nothing here touches pyplot's state."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from timbrescope.models.frontend import FRAMES, HOP_S, MEL_BANDS, WINDOW_S, mel_band_centres_hz
from timbrescope.training.files import in_full
from timbrescope.training.study.figures.palette import FAINT, INK, MUTED

DPI = 200
TEXT_WIDTH_IN = 7.2
WIDE_IN = 10.0
SMALL_PT = 7.5
# Around the page and, twice, between panels.
_MARGIN_IN = 0.07

_SETTINGS: dict[str, Any] = {
    # Comes with Matplotlib: the same figure on every machine.
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "text.color": INK,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": DPI,
    # Rasterised parts of an SVG.
    "figure.dpi": DPI,
    # Text stays text: it can be searched, copied and read aloud.
    "svg.fonttype": "none",
    # The same figure gives the same file.
    "svg.hashsalt": "timbrescope",
}

_one_at_a_time = threading.RLock()


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and write in the figures' style; one thread at a time, as settings are global."""
    with _one_at_a_time, mpl.rc_context(_SETTINGS):
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure that arranges its axes by itself."""
    engine = ConstrainedLayoutEngine(w_pad=_MARGIN_IN, h_pad=_MARGIN_IN)
    return Figure(figsize=(width_in, height_in), layout=engine)


def write_figure(figure: Figure, png: Path, svg: Path, *, title: str) -> None:
    """Write a figure as PNG and SVG so that a reader never sees half a file."""
    metadata = {".png": {"Title": title}, ".svg": {"Title": title, "Date": None}}
    for path in (png, svg):
        with in_full(path) as draft:
            figure.savefig(draft, metadata=metadata[path.suffix])


SPECTROGRAM_EXTENT = (-0.5 * HOP_S, (FRAMES - 0.5) * HOP_S, -0.5, MEL_BANDS - 0.5)
_TICKS_HZ = (250, 500, 1000, 2000, 4000, 8000)


def band_of_hz(frequency_hz: float) -> float:
    """Return where a frequency lies on the axis of the mel bands, 0 being the lowest's centre."""
    centres = mel_band_centres_hz()
    # The upper edge of the highest band is one step above its centre.
    edges = np.append(centres, 8000.0)
    return float(np.interp(frequency_hz, edges, np.arange(len(edges))))


def mel_axes(
    axes: Axes,
    *,
    labels: bool = True,
    step_s: float = 1.0,
    ticks_hz: tuple[int, ...] = _TICKS_HZ,
) -> None:
    """Give axes that show 128 mel bands over 3 seconds a scale in Hz and in seconds."""
    axes.set_xlim(0, WINDOW_S)
    axes.set_ylim(-1, MEL_BANDS)
    axes.set_xticks(np.arange(0, WINDOW_S + 0.01, step_s))
    axes.set_yticks([band_of_hz(tick) for tick in ticks_hz], [f"{tick:,}" for tick in ticks_hz])
    if labels:
        axes.set_xlabel("Time (s)")
        axes.set_ylabel("Frequency (Hz, mel scale)")


def value_grid(axes: Axes, *, axis: str = "y") -> None:
    """Draw grid lines across the axis that carries values."""
    axes.grid(visible=True, axis=axis)  # type: ignore[arg-type]
    axes.tick_params(axis=axis, length=0)  # type: ignore[arg-type]

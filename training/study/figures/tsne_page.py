"""The t-SNE map as one self-contained HTML page, drawn by plotly."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from timbrescope.models.instruments import INSTRUMENTS, NAMES
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.figures.palette import (
    CLASS_COLOURS,
    FAINT,
    INK,
    by_family,
    family_markers,
)

# Up to here plain SVG does, which also works where the browser has no WebGL.
_MOST_SVG_POINTS = 5_000
# A study's data stay where they are: plotly would show a button that sends them to its servers.
_CONFIG = {
    "displaylogo": False,
    "scrollZoom": True,
    "responsive": True,
    "showSendToCloud": False,
}
# Or a page as high as its window gets a scroll bar.
_NO_MARGIN = "<style>body { margin: 0; overflow: hidden; }</style>"
_HOVER = "<b>%{data.name}</b><br>%{customdata[0]}<br>group: %{customdata[1]}<extra></extra>"


def write_page(clips: Sequence[Clip], places: NDArray[np.float32], *, title: str) -> str:
    """Return the page with one point for each clip, which names clip, class and group.

    Parameters
    ----------
    clips : sequence of Clip
    places : ndarray, shape (N, 2)
    title : str
    """
    figure = go.Figure()
    for names in by_family().values():
        for name in names:
            rows = [row for row, clip in enumerate(clips) if clip.instrument == name]
            if rows:
                figure.add_trace(_trace(name, clips, places, rows=rows))
    figure.update_layout(**_layout(title))
    page: str = figure.to_html(
        include_plotlyjs=True, full_html=True, config=_CONFIG, default_height="100vh"
    )
    return page.replace("<head>", f"<head><title>{title}</title>{_NO_MARGIN}", 1)


def _trace(
    name: str, clips: Sequence[Clip], places: NDArray[np.float32], *, rows: list[int]
) -> go.Scatter | go.Scattergl:
    trace = go.Scatter if len(clips) <= _MOST_SVG_POINTS else go.Scattergl
    # Two decimals are finer than any screen, and keep the page small.
    chosen = np.round(places[rows].astype(float), 2)
    label = NAMES.index(name)
    return trace(
        x=chosen[:, 0].tolist(),
        y=chosen[:, 1].tolist(),
        mode="markers",
        name=name,
        legendgroup=INSTRUMENTS[label].family,
        legendgrouptitle_text=INSTRUMENTS[label].family,
        customdata=[[clips[row].name, clips[row].group] for row in rows],
        hovertemplate=_HOVER,
        marker={
            "color": CLASS_COLOURS[label],
            "symbol": family_markers(name)[1],
            "size": 8 if len(clips) <= _MOST_SVG_POINTS else 4.5,
            "line": {"width": 0.3, "color": "white"},
        },
    )


def _layout(title: str) -> dict[str, object]:
    axis = {
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "linecolor": FAINT,
        "mirror": True,
    }
    return {
        "title": {"text": title, "font": {"size": 16}},
        "font": {"family": "DejaVu Sans, Verdana, Arial, sans-serif", "color": INK, "size": 12},
        "template": "plotly_white",
        "xaxis": axis,
        "yaxis": axis | {"scaleanchor": "x"},
        "legend": {
            "groupclick": "toggleitem",
            "itemsizing": "constant",
            "tracegroupgap": 4,
            "font": {"size": 11},
        },
        "margin": {"l": 20, "r": 20, "t": 50, "b": 20},
        "hoverlabel": {"align": "left"},
    }

"""Figures 2 and 3, a waveform and a mel spectrogram, and the same for every class."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from timbrescope.models.frontend import DYNAMIC_RANGE_DB, SAMPLE_RATE_HZ, WINDOW_S, log_mel
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import Example, FigureInputs
from timbrescope.training.study.figures.palette import BLUE, INK, LIGHT_BLUE, SPECTROGRAM_MAP
from timbrescope.training.study.figures.style import (
    SPECTROGRAM_EXTENT,
    TEXT_WIDTH_IN,
    WIDE_IN,
    mel_axes,
    new_figure,
    value_grid,
)

# Single notes with clear beginnings and partials; any other class if there is none of these.
_SHOWN_FIRST = ("Acoustic Guitar", "Piano", "Banjo", "Violin", "Flute")
_COLUMNS = 4
_ROW_IN = 1.35
DECIBELS = "Level (dB, 0 = loudest of the clip)"


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plans of figures 2 and 3 and of the overviews."""
    for name, title, number, draw in (
        ("fig-02-waveform", "Waveform of a clip", 2, _waveform),
        ("fig-03-mel-spectrogram", "Mel spectrogram of a clip", 3, _spectrogram),
        ("examples-waveforms", "A waveform of every class", None, _waveforms),
        ("examples-mel", "A mel spectrogram of every class", None, _spectrograms),
    ):
        yield Plan(name, title, number, inputs.clips_key, partial(draw, inputs))


def shown_instrument(inputs: FigureInputs) -> str:
    """Return the instrument of the single examples.

    Raises
    ------
    FigureError
        If the study has no clips.
    """
    for name in (*_SHOWN_FIRST, *inputs.instruments):
        if name in inputs.instruments:
            return name
    raise FigureError("the study has no clips; run the step 'inspect' first")


def _waveform(inputs: FigureInputs) -> Page:
    example = inputs.example(shown_instrument(inputs))
    figure = new_figure(TEXT_WIDTH_IN, 2.6)
    axes = figure.add_subplot()
    draw_waveform(axes, example.samples, columns=600)
    axes.set_xlabel("Time (s)")
    axes.set_ylabel("Amplitude")
    axes.set_xticks(np.arange(0, WINDOW_S + 0.5, 0.5))
    value_grid(axes)
    axes.set_title(example.clip.instrument)
    caption = (
        f"Waveform of one clip of 3 s ({example.clip.instrument}, {example.clip.name}): extremes "
        "of the samples in light, root mean square in dark."
    )
    return Page(figure, caption)


def draw_waveform(axes: Axes, samples: NDArray[np.float32], *, columns: int) -> None:
    """Draw the envelope of some samples, and their root mean square within it.

    A line through 66,150 samples looks the same and makes an SVG of megabytes.
    """
    pieces = np.array_split(samples, columns)
    time_s = (np.arange(columns) + 0.5) * len(samples) / columns / SAMPLE_RATE_HZ
    low, high = [piece.min() for piece in pieces], [piece.max() for piece in pieces]
    rms = np.array([np.sqrt(np.mean(np.square(piece))) for piece in pieces])
    # The edges keep thin columns visible.
    axes.fill_between(time_s, low, high, color=LIGHT_BLUE, linewidth=0.3)
    axes.fill_between(time_s, -rms, rms, color=BLUE, linewidth=0.3)
    axes.axhline(0, color=INK, linewidth=0.4)
    axes.set_xlim(0, len(samples) / SAMPLE_RATE_HZ)


def _spectrogram(inputs: FigureInputs) -> Page:
    example = inputs.example(shown_instrument(inputs))
    figure = new_figure(TEXT_WIDTH_IN, 3.4)
    axes = figure.add_subplot()
    image = draw_spectrogram(axes, log_mel(example.samples))
    mel_axes(axes, step_s=0.5)
    axes.set_title(example.clip.instrument)
    figure.colorbar(image, ax=axes, label=DECIBELS, pad=0.015, aspect=25)
    caption = (
        f"Log-mel spectrogram of the clip of figure 2 ({example.clip.instrument}): 128 mel bands "
        "up to 8 kHz, 130 frames, decibels below the loudest cell."
    )
    return Page(figure, caption)


def draw_spectrogram(
    axes: Axes, decibels: NDArray[np.float32], *, colours: str = SPECTROGRAM_MAP
) -> AxesImage:
    """Draw a log-mel spectrogram, shape (128, 130), in dB below its maximum."""
    return axes.imshow(
        decibels,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=colours,
        extent=SPECTROGRAM_EXTENT,
        vmin=-DYNAMIC_RANGE_DB,
        vmax=0,
    )


def _waveforms(inputs: FigureInputs) -> Page:
    examples = _examples(inputs)
    figure, cells = small_multiples([example.clip.instrument for example in examples])
    for axes, example in zip(cells, examples, strict=True):
        peak = float(np.abs(example.samples).max()) or 1.0
        draw_waveform(axes, example.samples / peak, columns=360)
        axes.set_xticks(range(int(WINDOW_S) + 1))
        axes.set_ylim(-1.05, 1.05)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    caption = (
        f"One clip of each of the {len(cells)} classes present: extremes in light, root mean "
        "square in dark, each scaled to its own peak."
    )
    return Page(figure, caption)


def _spectrograms(inputs: FigureInputs) -> Page:
    examples = _examples(inputs)
    figure, cells = small_multiples([example.clip.instrument for example in examples])
    images = [
        draw_spectrogram(axes, log_mel(example.samples))
        for axes, example in zip(cells, examples, strict=True)
    ]
    small_spectrogram_axes(figure, cells)
    figure.colorbar(
        images[0], ax=cells, label=DECIBELS, location="bottom", pad=0.01, aspect=60, shrink=0.5
    )
    caption = (
        f"Log-mel spectrograms of the same clips, one of each of the {len(cells)} classes "
        "present, in decibels below the loudest cell of each."
    )
    return Page(figure, caption)


def _examples(inputs: FigureInputs) -> list[Example]:
    if not inputs.instruments:
        raise FigureError("the study has no clips; run the step 'inspect' first")
    return [inputs.example(name) for name in inputs.instruments]


def small_multiples(titles: Sequence[str]) -> tuple[Figure, list[Axes]]:
    """Return a figure with one small panel for each title, four in a row."""
    rows = -(-len(titles) // _COLUMNS)
    figure = new_figure(WIDE_IN, 0.6 + _ROW_IN * rows)
    cells = []
    for number, title in enumerate(titles, start=1):
        axes = figure.add_subplot(rows, _COLUMNS, number)
        axes.set_title(title, fontsize=8.5)
        axes.tick_params(labelsize=7)
        # Only the lowest of a column says what the axis is.
        if number > len(titles) - _COLUMNS:
            axes.set_xlabel("Time (s)", fontsize=8)
        cells.append(axes)
    return figure, cells


def small_spectrogram_axes(figure: Figure, cells: Sequence[Axes]) -> None:
    """Give the panels of `small_multiples` scales in seconds and, at the left edge, in Hz."""
    for number, axes in enumerate(cells):
        mel_axes(axes, labels=False, ticks_hz=(500, 2000, 8000))
        axes.tick_params(labelleft=number % _COLUMNS == 0)
    figure.supylabel("Frequency (Hz, mel scale)", fontsize=9)

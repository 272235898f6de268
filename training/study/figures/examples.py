"""Figures 2 and 3, a waveform and a mel spectrogram, and the same for every class."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from models.frontend import DYNAMIC_RANGE_DB, SAMPLE_RATE_HZ, WINDOW_S, log_mel
from training.study.figures.drawing import FigureError, Page, Plan
from training.study.figures.inputs import Example, FigureInputs
from training.study.figures.palette import BLUE, INK, LIGHT_BLUE, SPECTROGRAM_MAP
from training.study.figures.style import (
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
_DECIBELS = "Level (dB, 0 = loudest of the clip)"


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
    draw_waveform(axes, example.samples, columns=1200)
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
    mel_axes(axes)
    axes.set_title(example.clip.instrument)
    figure.colorbar(image, ax=axes, label=_DECIBELS, pad=0.015, aspect=25)
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
    figure, cells = _small_multiples(inputs)
    for axes, example in cells:
        peak = float(np.abs(example.samples).max()) or 1.0
        draw_waveform(axes, example.samples / peak, columns=360)
        axes.set_ylim(-1.05, 1.05)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        _seconds(axes)
    caption = (
        f"One clip of each of the {len(cells)} classes present: envelope in light, root mean "
        "square in dark, each scaled to its own peak."
    )
    return Page(figure, caption)


def _spectrograms(inputs: FigureInputs) -> Page:
    figure, cells = _small_multiples(inputs)
    image = None
    for number, (axes, example) in enumerate(cells):
        image = draw_spectrogram(axes, log_mel(example.samples))
        mel_axes(axes, labels=False, ticks_hz=(500, 2000, 8000))
        axes.tick_params(labelleft=number % _COLUMNS == 0)
        _seconds(axes)
    assert image is not None
    figure.supylabel("Frequency (Hz, mel scale)", fontsize=9)
    figure.colorbar(
        image,
        ax=[axes for axes, _ in cells],
        label=_DECIBELS,
        location="bottom",
        pad=0.01,
        aspect=60,
        shrink=0.5,
    )
    caption = (
        f"Log-mel spectrograms of the same clips, one of each of the {len(cells)} classes "
        "present, in decibels below the loudest cell of each."
    )
    return Page(figure, caption)


def _seconds(axes: Axes) -> None:
    axes.set_xticks(range(int(WINDOW_S) + 1))
    axes.set_xlim(0, WINDOW_S)
    axes.tick_params(labelsize=7)


def _small_multiples(inputs: FigureInputs) -> tuple[Figure, list[tuple[Axes, Example]]]:
    """Return a figure with named axes for one example of every class present."""
    examples = [inputs.example(name) for name in inputs.instruments]
    if not examples:
        raise FigureError("the study has no clips; run the step 'inspect' first")
    rows = -(-len(examples) // _COLUMNS)
    figure = new_figure(WIDE_IN, 0.6 + _ROW_IN * rows)
    cells = []
    for number, example in enumerate(examples, start=1):
        axes = figure.add_subplot(rows, _COLUMNS, number)
        axes.set_title(example.clip.instrument, fontsize=8.5)
        # Only the lowest of a column says what the axis is.
        if number > len(examples) - _COLUMNS:
            axes.set_xlabel("Time (s)", fontsize=8)
        cells.append((axes, example))
    return figure, cells

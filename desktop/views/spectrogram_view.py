"""The spectrogram of the last seconds, or of a stretch of a file, with the evidence on it."""

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QToolTip, QWidget

from desktop.engine.messages import FileEvidence
from desktop.views.colour_maps import bivariate_table
from desktop.views.column_image import ColumnImage
from desktop.views.column_store import COLUMN_S, ColumnStore, column_of, evidence_codes
from desktop.views.contour import contour_segments
from desktop.views.contrast import AutoContrast
from desktop.views.mel_scale import hz_from_band, nearest_note
from desktop.views.note_axis import FrequencyAxis, TimeAxis
from desktop.views.spectrogram_overlay import Explained, draw_frame, draw_key
from desktop.views.theme import CAPTION, Colours, scaled_font
from desktop.views.wording import clock, percent
from models import heatmaps
from models.analysis import Analysis, State
from models.frontend import FRAMES, MEL_BANDS
from models.instruments import INSTRUMENTS, NAMES

EvidenceOf = Callable[..., NDArray[np.float32]]

LIVE_S = 12.0
_HALF = 127.5
# The evidence is linear between cells of four bands and frames; a coarser grid draws the same
# line from far fewer pieces.
_CONTOUR_BANDS = 2
_CONTOUR_COLUMNS = 3
# How far the picture lags behind the newest column, so that it glides between deliveries.
_LAG_S = 0.08
_PULL_PER_S = 4.0
_LONGEST_LAG_S = 0.4
# Quiet windows have no evidence worth showing.
_EXPLAINED_STATES = (State.INSTRUMENT, State.NOT_SURE)


class SpectrogramView(pg.PlotWidget):
    """Sound and evidence in register: both are addressed by stream column.

    The view owns no timer; whoever shows it calls `refresh` for each frame.

    Parameters
    ----------
    colours : Colours
    seconds : float
        Width of the live picture.
    evidence_of : callable
        ``evidence_of(heatmap, kind=...)`` gives (128, 130) in 0–1; injectable for tests.
    parent : QWidget, optional
    """

    evidence_toggled = Signal(bool)

    def __init__(
        self,
        colours: Colours,
        *,
        seconds: float = LIVE_S,
        evidence_of: EvidenceOf = heatmaps.evidence,
        parent: QWidget | None = None,
    ) -> None:
        self._axes: dict[str, Any] = {
            "left": FrequencyAxis("left", colours, notes=False),
            "right": FrequencyAxis("right", colours, notes=True),
            "bottom": TimeAxis("bottom", colours),
        }
        super().__init__(parent, axisItems=self._axes)
        self._seconds = seconds
        self._evidence_of = evidence_of
        self._store = ColumnStore(int(np.ceil(seconds / COLUMN_S)) + 2)
        self._contrast = AutoContrast()
        self._verdicts: deque[Analysis] = deque(maxlen=int(seconds // 3) + 2)
        self._preview: Analysis | None = None
        self._preview_codes: NDArray[np.uint8] | None = None
        self._stretch: FileEvidence | None = None
        self._preview_state: State | None = None
        self._class: int | None = None
        self._evidence_shown = True
        self._contour_is_stale = True
        self._end_s = 0.0
        self._image = ColumnImage()
        self._contour = np.empty((0, 2))
        self._build()
        self.set_colours(colours)

    def _build(self) -> None:
        self.setAccessibleName("Spectrogram")
        # pyqtgraph would swallow files dropped here; the window takes them.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(320, 160)
        plot = self.plotItem
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.showAxis("right")
        for side in ("left", "right"):
            # These two stay as they are while the picture scrolls.
            self._axes[side].setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        # The key stands above the picture, where it hides nothing.
        head = QFontMetricsF(scaled_font(CAPTION)).height() * 1.5
        plot.setContentsMargins(0, head, 0, 0)
        plot.vb.setMouseEnabled(x=False, y=False)
        plot.vb.setDefaultPadding(0.0)
        plot.vb.disableAutoRange()
        plot.vb.addItem(self._image, ignoreBounds=True)
        plot.vb.setYRange(0, MEL_BANDS, padding=0)
        plot.vb.setXRange(-self._seconds, 0.0, padding=0)
        self.setMouseTracking(True)

    # -- what is shown --------------------------------------------------------------------

    @property
    def evidence_class(self) -> int | None:
        """Class whose evidence is shown, None for the best of each window."""
        return self._class

    @property
    def evidence_shown(self) -> bool:
        """Whether evidence is drawn."""
        return self._evidence_shown

    @property
    def explained(self) -> tuple[Explained, ...]:
        """The stretches framed as being explained."""
        if not self._evidence_shown:
            return ()
        if self._stretch is not None:
            return tuple(self._explained(one) for one in self._stretch.analyses)
        if self._preview is None or self._preview_codes is None:
            return ()
        return (self._explained(self._preview, state=self._preview_state),)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self._pairs = bivariate_table(dark=colours.is_dark)
        self._table = self._pairs[:, self._contrast.table()]
        self.setBackground(colours.surface)
        for axis in self._axes.values():
            axis.set_colours(colours)
        self.refresh()

    def set_evidence_shown(self, shown: bool) -> None:
        """Draw the evidence, or the sound alone."""
        if shown != self._evidence_shown:
            self._evidence_shown = shown
            self._contour_is_stale = True
            self.refresh()
            self.evidence_toggled.emit(shown)

    def set_evidence_class(self, index: int | None) -> None:
        """Show the evidence of one class (0–27), or of each window's best when None."""
        self._class = index
        self._lay_everything()
        self.refresh()

    # -- live -----------------------------------------------------------------------------

    def append(self, columns: NDArray[np.float32], first_column: int) -> None:
        """Add columns (128, k) in dB from stream index `first_column` on."""
        if self._store.append(columns, first_column):
            self._forget_evidence()

    def show_evidence(self, analysis: Analysis) -> None:
        """Lay the evidence of a committed verdict over the 3 s that it explains."""
        self._verdicts.append(analysis)
        self._lay(analysis)
        self._contour_is_stale = True

    def show_preview(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Lay the evidence of the rolling last 3 s over them until the next preview.

        `state` is the steady answer; the frame names no instrument before it does.
        """
        if analysis is self._preview and state is self._preview_state:
            return
        self._preview_state = state
        if analysis is not self._preview:
            self._preview = analysis
            self._preview_codes = self._codes(analysis)
            self._contour_is_stale = True

    def forget(self) -> None:
        """Forget sound and evidence (pyqtgraph gives `clear` another meaning)."""
        self._stretch = None
        self._axes["bottom"].origin_s = 0.0
        self._store = ColumnStore(int(np.ceil(self._seconds / COLUMN_S)) + 2)
        self._forget_evidence()
        self.refresh()

    def refresh(self, elapsed_s: float | None = None) -> None:
        """Draw the next frame.

        Parameters
        ----------
        elapsed_s : float, optional
            Time since the last frame; the picture glides accordingly. None jumps to the
            newest column.
        """
        first, count = self._visible()
        levels = self._store.levels(first, count)
        if self._contrast.follow(levels, elapsed_s=elapsed_s):
            self._table = self._pairs[:, self._contrast.table()]
        evidence = self._composed(first, count)
        self._image.show_columns(levels, evidence, first_column=first, table=self._table)
        if self._contour_is_stale:
            self._trace(evidence, first)
        start_s, end_s = self._span(elapsed_s)
        self.plotItem.vb.setXRange(start_s, end_s, padding=0)
        self.viewport().update()

    # -- a stretch of a file --------------------------------------------------------------

    def show_stretch(self, stretch: FileEvidence) -> None:
        """Show a stretch of a file, standing still, each window framed."""
        self._forget_evidence()
        self._stretch = stretch
        self._axes["bottom"].origin_s = stretch.start_s
        self._store = ColumnStore(max(1, stretch.columns.shape[1]))
        self._store.append(stretch.columns, 0)
        self._lay_everything()
        self.refresh()

    # -- inside ---------------------------------------------------------------------------

    @property
    def _origin_s(self) -> float:
        return 0.0 if self._stretch is None else self._stretch.start_s

    def _visible(self) -> tuple[int, int]:
        """Return the first column to draw and how many there are."""
        if self._stretch is not None:
            return 0, max(1, self._store.next_column)
        count = self._store.capacity
        return self._store.next_column - count, count

    def _span(self, elapsed_s: float | None) -> tuple[float, float]:
        """Return the seconds between which the picture is cut."""
        if self._stretch is not None:
            return -0.5 * COLUMN_S, (max(1, self._store.next_column) - 0.5) * COLUMN_S
        newest_s = (self._store.next_column - 0.5) * COLUMN_S
        if elapsed_s is None or not newest_s - _LONGEST_LAG_S < self._end_s <= newest_s:
            self._end_s = newest_s if elapsed_s is None else newest_s - _LAG_S
        else:
            drift_s = newest_s - _LAG_S - self._end_s
            step_s = elapsed_s * (1.0 + _PULL_PER_S * drift_s)
            self._end_s = min(newest_s, self._end_s + max(0.0, step_s))
        return self._end_s - self._seconds, self._end_s

    def _forget_evidence(self) -> None:
        self._verdicts.clear()
        self._preview = self._preview_codes = self._preview_state = None
        self._contour_is_stale = True

    def _lay_everything(self) -> None:
        self._store.clear_evidence()
        analyses = self._verdicts if self._stretch is None else self._stretch.analyses
        for analysis in analyses:
            self._lay(analysis)
        self._preview_codes = self._codes(self._preview)
        self._contour_is_stale = True

    def _lay(self, analysis: Analysis) -> None:
        grid = self._grid(analysis)
        if grid is not None:
            self._store.lay_evidence(grid, column_of(analysis.start_s - self._origin_s))

    def _grid(self, analysis: Analysis) -> NDArray[np.float32] | None:
        if analysis.state not in _EXPLAINED_STATES:
            return None
        index = analysis.best if self._class is None else self._class
        return self._evidence_of(analysis.heatmaps[index], kind=analysis.model.kind)

    def _codes(self, analysis: Analysis | None) -> NDArray[np.uint8] | None:
        grid = None if analysis is None else self._grid(analysis)
        return None if grid is None else evidence_codes(grid)

    def _composed(self, first: int, count: int) -> NDArray[np.uint8] | None:
        """Return the evidence in view: the verdicts', and the preview's over its own 3 s."""
        if not self._evidence_shown:
            return None
        kept = self._store.evidence(first, count)
        if self._preview is None:
            return kept
        composed = kept.copy()
        start = column_of(self._preview.start_s) - first
        window = slice(max(0, start), max(0, start + FRAMES))
        if self._preview_codes is None:
            composed[:, window] = 0
        else:
            part = self._preview_codes[:, max(0, -start) :]
            room = composed[:, window].shape[1]
            composed[:, window] = part[:, :room]
        return composed

    def _trace(self, evidence: NDArray[np.uint8] | None, first: int) -> None:
        """Find the line at half of the maximum, as pairs of (second, band) points."""
        self._contour_is_stale = False
        self._contour = np.empty((0, 2))
        if evidence is None:
            return
        # Sampled at the same columns of the stream each time, so that the line keeps still.
        offset = -first % _CONTOUR_COLUMNS
        coarse = evidence[::_CONTOUR_BANDS, offset::_CONTOUR_COLUMNS]
        if min(coarse.shape) < 2:
            return
        points = contour_segments(coarse.astype(np.float32), level=_HALF).reshape(-1, 2)
        seconds = (points[:, 0] * _CONTOUR_COLUMNS + offset + first) * COLUMN_S
        bands = points[:, 1] * _CONTOUR_BANDS + 0.5
        self._contour = np.stack((seconds, bands), axis=1)

    def _explained(self, analysis: Analysis, state: State | None = None) -> Explained:
        state = analysis.state if state is None else state
        start_s = analysis.start_s - self._origin_s
        end_s = analysis.end_s - self._origin_s
        if analysis.state not in _EXPLAINED_STATES:
            return Explained(start_s, end_s, str(analysis.state), None)
        index = analysis.best if self._class is None else self._class
        named = f"{NAMES[index]} {percent(float(analysis.probabilities[index]))}"
        if self._class is not None:
            return Explained(start_s, end_s, f"for {named}", INSTRUMENTS[index].colour)
        if state is State.INSTRUMENT:
            return Explained(start_s, end_s, named, INSTRUMENTS[index].colour)
        label = f"{named}?" if state is State.NOT_SURE else str(state)
        return Explained(start_s, end_s, label, None)

    # -- Qt's hooks -----------------------------------------------------------------------

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # noqa: ARG002, N802
        """Write frames and key over the picture, in pixels."""
        box = self.plotItem.vb
        clip = box.mapRectToScene(box.rect())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(clip)
        self._draw_contour(painter, clip)
        # Frames side by side, as in a file, would outshine the picture at full width.
        width = 2.0 if self._stretch is None else 1.0
        for explained in self.explained:
            left = box.mapViewToScene(QPointF(explained.start_s, 0)).x()
            right = box.mapViewToScene(QPointF(explained.end_s, 0)).x()
            # The picture lags a little; the frame's end is shown at its edge till it catches up.
            right = min(right, clip.right())
            area = QRectF(left, clip.top(), right - left, clip.height())
            if area.intersects(clip):
                draw_frame(painter, area, explained, colours=self._colours, clip=clip, width=width)
        painter.setClipping(False)
        head = QRectF(clip.left(), 0, clip.width(), clip.top())
        draw_key(
            painter,
            head,
            table=self._pairs,
            with_evidence=self._evidence_shown,
            colours=self._colours,
        )
        painter.restore()

    def _draw_contour(self, painter: QPainter, clip: QRectF) -> None:
        if len(self._contour) == 0:
            return
        # In pixels: Qt strokes a transformed path some twenty times more slowly.
        (start_s, end_s), (low, high) = self.plotItem.vb.viewRange()
        x = clip.left() + (self._contour[:, 0] - start_s) * clip.width() / (end_s - start_s)
        y = clip.bottom() - (self._contour[:, 1] - low) * clip.height() / (high - low)
        outline = QColor(self._colours.contour)
        outline.setAlphaF(0.8)
        painter.setPen(QPen(outline, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.arrayToQPath(x, y, connect="pairs"))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell pitch and time under the pointer."""
        super().mouseMoveEvent(event)
        box = self.plotItem.vb
        scene = self.mapToScene(event.position().toPoint())
        if not box.sceneBoundingRect().contains(scene):
            QToolTip.hideText()
            return
        point = box.mapSceneToView(scene)
        hz = hz_from_band(point.y())
        note = nearest_note(hz)
        text = f"{hz:.0f} Hz · {note}" if note else f"{hz:.0f} Hz"
        at = clock(point.x() + self._origin_s)
        QToolTip.showText(event.globalPosition().toPoint(), f"{text} · {at}", self)

"""The spectrogram of the last seconds, or of a stretch of a file, with the evidence on it."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter
from PySide6.QtWidgets import QGraphicsItem, QWidget

from timbrescope.desktop.drawing.colour_maps import bivariate_table
from timbrescope.desktop.engine.messages import FileEvidence
from timbrescope.desktop.views.answers.wording import NO_EVIDENCE
from timbrescope.desktop.views.spectrogram.column_image import ColumnImage
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.content import (
    ExplainedSpan,
    SpectrogramContent,
)
from timbrescope.desktop.views.spectrogram.contour import evidence_line
from timbrescope.desktop.views.spectrogram.contrast import AutoContrast
from timbrescope.desktop.views.spectrogram.crosshair import Pointed, draw_crosshair
from timbrescope.desktop.views.spectrogram.glide import Glide
from timbrescope.desktop.views.spectrogram.note_axis import FrequencyAxis, TimeAxis
from timbrescope.desktop.views.spectrogram.overlay import draw_frame, draw_key, draw_line
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.frontend import MEL_BANDS

LIVE_S = 12.0


class SpectrogramView(pg.PlotWidget):
    """Draws sound and evidence in register.

    The view owns no timer; whoever shows it calls `refresh` for each frame.

    Parameters
    ----------
    colours : Colours
    seconds : float
        Width of the live picture.
    parent : QWidget, optional
    """

    evidence_toggled = Signal(bool)

    def __init__(
        self,
        colours: Colours,
        *,
        seconds: float = LIVE_S,
        parent: QWidget | None = None,
    ) -> None:
        self._axes: dict[str, Any] = {
            "left": FrequencyAxis("left", colours, notes=False),
            "right": FrequencyAxis("right", colours, notes=True),
            "bottom": TimeAxis("bottom", colours),
        }
        super().__init__(parent, axisItems=self._axes)
        self._seconds = seconds
        self._content = SpectrogramContent(seconds=seconds)
        self._contrast = AutoContrast()
        self._glide = Glide()
        self._image = ColumnImage()
        self._contour: NDArray[np.float64] = np.empty((0, 2))
        self._contour_revision: int | None = None
        self._pointer: QPointF | None = None
        self._build()
        self.set_colours(colours)

    def _build(self) -> None:
        self.setAccessibleName("Spectrogram")
        # pyqtgraph would swallow files dropped here; the window takes them.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(240, 120)
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
        return self._content.evidence_class

    @property
    def evidence_shown(self) -> bool:
        """Whether evidence is drawn."""
        return self._content.evidence_shown

    @property
    def explained(self) -> tuple[ExplainedSpan, ...]:
        """The stretches framed as being explained."""
        return self._content.explained

    @property
    def note(self) -> str:
        """What is said about the evidence in words, empty while it speaks for itself."""
        return NO_EVIDENCE if self._content.lacks_evidence else ""

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
        if shown != self._content.evidence_shown:
            self._content.set_evidence_shown(shown)
            self.refresh()
            self.evidence_toggled.emit(shown)

    def set_evidence_class(self, index: int | None) -> None:
        """Show the evidence of one class (0–27), or of each window's best when None."""
        self._content.set_evidence_class(index)
        self.refresh()

    # -- live -----------------------------------------------------------------------------

    def append(self, columns: NDArray[np.float32], first_column: int) -> None:
        """Add columns (128, k) in dB from stream index `first_column` on."""
        self._content.append(columns, first_column)

    def show_evidence(self, analysis: Analysis) -> None:
        """Lay the evidence of a committed verdict over the 3 s that it explains."""
        self._content.lay_verdict(analysis)

    def show_preview(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Lay the evidence of the rolling last 3 s over them until the next preview.

        `state` is the steady answer; the frame names no instrument before it does.
        """
        self._content.lay_preview(analysis, state=state)

    def forget(self) -> None:
        """Forget sound and evidence (pyqtgraph gives `clear` another meaning)."""
        self._content.forget()
        self._axes["bottom"].origin_s = 0.0
        self.refresh()

    def refresh(self, elapsed_s: float | None = None) -> None:
        """Draw the next frame.

        Parameters
        ----------
        elapsed_s : float, optional
            Time since the last frame; the picture glides accordingly. None jumps to the
            newest column.
        """
        first, count = self._content.visible()
        levels = self._content.levels(first, count)
        if self._contrast.follow(levels, elapsed_s=elapsed_s):
            self._table = self._pairs[:, self._contrast.table()]
        evidence = self._content.evidence(first, count)
        self._image.show_columns(levels, evidence, first_column=first, table=self._table)
        self._trace(evidence, first)
        start_s, end_s = self._span(elapsed_s)
        self.plotItem.vb.setXRange(start_s, end_s, padding=0)
        self.viewport().update()

    # -- a stretch of a file --------------------------------------------------------------

    def show_stretch(self, stretch: FileEvidence) -> None:
        """Show a stretch of a file, standing still, each window framed."""
        self._content.show_stretch(stretch)
        self._axes["bottom"].origin_s = stretch.start_s
        self.refresh()

    # -- inside ---------------------------------------------------------------------------

    def _span(self, elapsed_s: float | None) -> tuple[float, float]:
        """Return the seconds between which the picture is cut."""
        newest_s = (self._content.next_column - 0.5) * COLUMN_S
        if self._content.is_stretch:
            return -0.5 * COLUMN_S, max(0.5 * COLUMN_S, newest_s)
        end_s = self._glide.follow(newest_s, elapsed_s=elapsed_s)
        return end_s - self._seconds, end_s

    def _trace(self, evidence: NDArray[np.int8] | None, first: int) -> None:
        """Find the line round the evidence anew if the evidence is not what it was."""
        if self._contour_revision != self._content.revision:
            self._contour_revision = self._content.revision
            self._contour = evidence_line(evidence, first_column=first)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room: this view takes what the others leave."""
        least: QSize = self.minimumSize()
        return least

    # -- Qt's hooks -----------------------------------------------------------------------

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # noqa: ARG002, N802
        """Write frames and key over the picture, in pixels."""
        box = self.plotItem.vb
        clip = box.mapRectToScene(box.rect())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(clip)
        draw_line(painter, self._contour, clip, view_range=box.viewRange(), colours=self._colours)
        self._draw_frames(painter, clip)
        if self._pointer is not None and (pointed := self.pointed) is not None:
            draw_crosshair(painter, self._pointer, clip, pointed.words, colours=self._colours)
        painter.setClipping(False)
        head = QRectF(clip.left(), 0, clip.width(), clip.top())
        draw_key(
            painter,
            head,
            table=self._pairs,
            with_evidence=self._content.evidence_shown,
            colours=self._colours,
            note=self.note,
        )
        painter.restore()

    def _draw_frames(self, painter: QPainter, clip: QRectF) -> None:
        box = self.plotItem.vb
        # Frames side by side, as in a file, would outshine the picture at full width.
        width = 1.0 if self._content.is_stretch else 2.0
        framed = self.explained
        starts = [box.mapViewToScene(QPointF(each.start_s, 0)).x() for each in framed]
        # Without a frame there is no end either.
        ends = [*starts[1:], math.inf] if starts else []
        for explained, left, label_end in zip(framed, starts, ends, strict=True):
            right = box.mapViewToScene(QPointF(explained.end_s, 0)).x()
            # The picture lags a little; the frame's end is shown at its edge till it catches up.
            right = min(right, clip.right())
            area = QRectF(left, clip.top(), right - left, clip.height())
            if area.intersects(clip):
                draw_frame(
                    painter,
                    area,
                    explained,
                    colours=self._colours,
                    clip=clip,
                    width=width,
                    label_end=label_end,
                )

    @property
    def pointed(self) -> Pointed | None:
        """What lies under the pointer, None while it is elsewhere."""
        if self._pointer is None:
            return None
        box = self.plotItem.vb
        if not box.sceneBoundingRect().contains(self._pointer):
            return None
        point = box.mapSceneToView(self._pointer)
        second = point.x() + self._content.origin_s
        return Pointed(second, point.y(), self._content.level_db(point.x(), point.y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer with the crosshair (Qt's hook)."""
        super().mouseMoveEvent(event)
        self._point(self.mapToScene(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the crosshair away (Qt's hook)."""
        super().leaveEvent(event)
        self._point(None)

    def _point(self, scene: QPointF | None) -> None:
        self._pointer = scene
        self.viewport().update()

"""The spectrogram of the last seconds, or of a stretch of a file, with the evidence on it."""

import math
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsItem, QToolTip, QWidget

from timbrescope.desktop.drawing.colour_maps import bivariate_table
from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.messages import FileEvidence, Gap
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
from timbrescope.desktop.views.spectrogram.gap_marks import draw_gaps
from timbrescope.desktop.views.spectrogram.glide import Glide
from timbrescope.desktop.views.spectrogram.note_axis import FrequencyAxis, TimeAxis
from timbrescope.desktop.views.spectrogram.overlay import (
    draw_frame,
    draw_key,
    draw_line,
    fitting,
    head_height,
)
from timbrescope.desktop.views.spectrogram.past import PastContent
from timbrescope.desktop.views.style.theme import CAPTION, Colours
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.frontend import MEL_BANDS

LIVE_S = 12.0
_LINED_COLUMNS = 2000
_ZOOM_A_STEP = 1.25
_KEPT_GAPS = 20
# A smaller change of the type is not worth to lay everything out anew.
_LEAST_TYPE_STEP = 0.05


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
    scrolled = Signal(float)
    zoomed = Signal(float, float)
    dragged = Signal(float)
    second_picked = Signal(float)

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
        self._live = SpectrogramContent(seconds=seconds)
        self._content = self._live
        self._past: PastContent | None = None
        self._played_s: float | None = None
        self._gaps: deque[Gap] = deque(maxlen=_KEPT_GAPS)
        self._contrast = AutoContrast()
        self._glide = Glide()
        self._image = ColumnImage()
        self._contour: NDArray[np.float64] = np.empty((0, 2))
        self._contour_revision: int | None = None
        self._pointer: QPointF | None = None
        self._type = CAPTION
        # An audience has no use for where keys go.
        self.shows_focus = True
        self._pressed_x, self._was_dragged = 0.0, False
        self._build()
        self.set_colours(colours)

    def _build(self) -> None:
        self.setAccessibleName(tr("Spectrogram"))
        # pyqtgraph would swallow files dropped here; the window takes them.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 120)
        plot = self.plotItem
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.showAxis("right")
        for side in ("left", "right"):
            # These two stay as they are while the picture scrolls.
            self._axes[side].setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        # Key and sentence stand above the picture, where they hide nothing.
        plot.setContentsMargins(0, head_height(self._type), 0, 0)
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
        return tr(NO_EVIDENCE) if self._content.lacks_evidence else ""

    @property
    def words(self) -> str:
        """The evidence in a sentence; empty if there is none.

        Above the picture stands as much of it as there is room for (`words_drawn`).
        """
        return self._content.words

    @property
    def words_drawn(self) -> str:
        """The sentence on the evidence as it stands above the picture."""
        box = self.plotItem.vb.sceneBoundingRect()
        return fitting(self._content.forms_of_words, width=box.width(), scale=self._type)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self._pairs = bivariate_table(dark=colours.is_dark)
        self._table = self._pairs[:, self._contrast.table()]
        self.setBackground(colours.surface)
        for axis in self._axes.values():
            axis.set_colours(colours)
        self.refresh()

    @property
    def type_scale(self) -> float:
        """Scale of the type round the picture, as a multiple of the body's."""
        return self._type

    def set_type(self, scale: float) -> None:
        """Write key, sentence and axes in type of a multiple of the body's."""
        if abs(scale - self._type) < _LEAST_TYPE_STEP:
            return
        self._type = scale
        for axis in self._axes.values():
            axis.set_type(scale)
        self.plotItem.setContentsMargins(0, head_height(scale), 0, 0)
        self.viewport().update()

    def set_evidence_shown(self, shown: bool) -> None:
        """Draw the evidence, or the sound alone."""
        if shown != self._content.evidence_shown:
            for content in {self._live, self._content}:
                content.set_evidence_shown(shown)
            self.refresh()
            self.evidence_toggled.emit(shown)

    @property
    def against_shown(self) -> bool:
        """Whether what speaks against the class is drawn as well."""
        return self._content.against_shown

    def set_against_shown(self, shown: bool) -> None:
        """Draw what speaks against the class as well, in a second hue, or only what is for it."""
        for content in {self._live, self._content}:
            content.set_against_shown(shown)
        self.refresh()

    def set_evidence_class(self, index: int | None) -> None:
        """Show the evidence of one class (0–27), or of each window's best when None."""
        for content in {self._live, self._content}:
            content.set_evidence_class(index)
        self.refresh()

    # -- live -----------------------------------------------------------------------------

    def append(
        self, columns: NDArray[np.float32], first_column: int, gaps: Iterable[Gap] = ()
    ) -> None:
        """Add columns (128, k) in dB from stream index `first_column` on, and gaps in them."""
        self._live.append(columns, first_column)
        self._gaps.extend(gaps)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Where the sound on view does not go on."""
        if self._past is not None:
            return self._past.history.gaps
        return () if self._content.is_stretch else tuple(self._gaps)

    def show_evidence(self, analysis: Analysis) -> None:
        """Lay the evidence of a committed verdict over the 3 s that it explains."""
        self._live.lay_verdict(analysis)

    def show_preview(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Lay the evidence of the rolling last 3 s over them until the next preview.

        `state` is the steady answer; the frame names no instrument before it does.
        """
        self._live.lay_preview(analysis, state=state)

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
        # Screen readers read it where the picture is; it changes once a second at most.
        if self.accessibleDescription() != (words := self._content.words):
            self.setAccessibleDescription(words)
        start_s, end_s = self._span(elapsed_s)
        self.plotItem.vb.setXRange(start_s, end_s, padding=0)
        self.viewport().update()

    # -- the past -------------------------------------------------------------------------

    @property
    def past(self) -> PastContent | None:
        """What is shown of the past, None while the stream is."""
        return self._past

    def show_past(self, history: History) -> None:
        """Show a snapshot of the session, at the place that is on view; the stream goes on."""
        span_s = self.span_s
        self._past = PastContent(
            history,
            span_s=span_s,
            evidence_shown=self.evidence_shown,
            against_shown=self.against_shown,
        )
        self._content = self._past
        self.refresh()

    def look(self, start_s: float, end_s: float) -> None:
        """Show these seconds of the past."""
        if self._past is not None:
            self._past.look(start_s, end_s)
            self.refresh()

    def choose(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Look at one answer of the past; `state` is the steady answer where it was another."""
        if self._past is not None:
            self._past.choose(analysis, state=state)
            self.refresh()

    def show_stream(self) -> None:
        """Show the stream again."""
        self._past, self._content = None, self._live
        self._contour_revision = None
        self.refresh()

    def show_played(self, second: float | None) -> None:
        """Draw the cursor of what is played at a second of stream or file, or none."""
        if second != self._played_s:
            self._played_s = second
            self.viewport().update()

    @property
    def span_s(self) -> tuple[float, float]:
        """The seconds on view, of the stream or file."""
        (start_s, end_s), _ = self.plotItem.vb.viewRange()
        return start_s + self._content.origin_s, end_s + self._content.origin_s

    @property
    def picture_edges(self) -> tuple[float, float]:
        """Where the picture begins and ends, in pixels of this view."""
        box = self.plotItem.vb.sceneBoundingRect()
        return box.left(), box.right()

    # -- a stretch of a file --------------------------------------------------------------

    def show_stretch(self, stretch: FileEvidence) -> None:
        """Show a stretch of a file, standing still, each window framed."""
        self._content.show_stretch(stretch)
        self._axes["bottom"].origin_s = stretch.start_s
        self.refresh()

    # -- inside ---------------------------------------------------------------------------

    def _span(self, elapsed_s: float | None) -> tuple[float, float]:
        """Return the seconds between which the picture is cut."""
        if self._past is not None:
            return self._past.span_s
        newest_s = (self._content.next_column - 0.5) * COLUMN_S
        if self._content.is_stretch:
            return -0.5 * COLUMN_S, max(0.5 * COLUMN_S, newest_s)
        end_s = self._glide.follow(newest_s, elapsed_s=elapsed_s)
        return end_s - self._seconds, end_s

    def _trace(self, evidence: NDArray[np.int8] | None, first: int) -> None:
        """Find the line round the evidence anew if the evidence is not what it was."""
        if self._contour_revision != self._content.revision:
            self._contour_revision = self._content.revision
            # From further away the lines would run into each other.
            near = evidence is not None and evidence.shape[1] <= _LINED_COLUMNS
            self._contour = evidence_line(evidence if near else None, first_column=first)

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
        draw_gaps(painter, self.gaps, clip, x_of=self._x_of, colours=self._colours)
        self._draw_frames(painter, clip)
        self._draw_played(painter, clip)
        if self._pointer is not None and (pointed := self.pointed) is not None:
            draw_crosshair(painter, self._pointer, clip, pointed.words, colours=self._colours)
        painter.setClipping(False)
        if self.hasFocus() and self.shows_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._colours.accent), 2.0))
            painter.drawRect(clip.adjusted(-1, -1, 1, 1))
        head = QRectF(clip.left(), 0, clip.width(), clip.top())
        draw_key(
            painter,
            head,
            table=self._pairs,
            meanings=self._content.key,
            colours=self._colours,
            note=self.note,
            words=self.words_drawn,
            scale=self._type,
        )
        painter.restore()

    def _draw_played(self, painter: QPainter, clip: QRectF) -> None:
        if self._played_s is None:
            return
        x = self._x_of(self._played_s)
        painter.setPen(QPen(QColor(self._colours.accent), 2.0))
        painter.drawLine(QPointF(x, clip.top()), QPointF(x, clip.bottom()))

    def _x_of(self, second: float) -> float:
        """Return where a second of stream or file lies, in pixels."""
        point = QPointF(second - self._content.origin_s, 0.0)
        return float(self.plotItem.vb.mapViewToScene(point).x())

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

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Ask for another part of the past, or for more or less of it (Qt's hook)."""
        steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            scene = self.mapToScene(event.position().toPoint())
            second = self.plotItem.vb.mapSceneToView(scene).x() + self._content.origin_s
            self.zoomed.emit(_ZOOM_A_STEP**-steps, second)
        else:
            self.scrolled.emit(steps)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where a drag may begin (Qt's hook)."""
        super().mousePressEvent(event)
        self._pressed_x, self._was_dragged = event.position().x(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the second under the pointer (Qt's hook)."""
        super().mouseReleaseEvent(event)
        self._point(self.mapToScene(event.position().toPoint()))
        pointed = self.pointed
        is_click = event.button() == Qt.MouseButton.LeftButton and not self._was_dragged
        if is_click and pointed is not None:
            self.second_picked.emit(pointed.second)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Scroll with the arrows, look nearer with + and further with − (Qt's hook)."""
        start_s, end_s = self.span_s
        steps = {Qt.Key.Key_Left: 1.0, Qt.Key.Key_Right: -1.0}.get(Qt.Key(event.key()))
        factor = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Minus: 2.0}.get(Qt.Key(event.key()))
        if steps is not None:
            self.scrolled.emit(steps)
        elif factor is not None:
            self.zoomed.emit(factor, (start_s + end_s) / 2)
        else:
            super().keyPressEvent(event)

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
        """Follow the pointer with the crosshair, and a drag with the picture (Qt's hook)."""
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position().x())
        self._point(self.mapToScene(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Tell the whole sentence where its short form stands (Qt's hook)."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            above = event.pos().y() < self.plotItem.vb.sceneBoundingRect().top()
            QToolTip.showText(event.globalPos(), self.words if above else "", self)
            return True
        return bool(super().viewportEvent(event))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the crosshair away (Qt's hook)."""
        super().leaveEvent(event)
        self._point(None)

    def _drag(self, x: float) -> None:
        way = x - self._pressed_x
        if self._was_dragged or abs(way) >= QApplication.startDragDistance():
            left, right = self.picture_edges
            start_s, end_s = self.span_s
            self._pressed_x, self._was_dragged = x, True
            self.dragged.emit(way * (end_s - start_s) / max(1.0, right - left))

    def _point(self, scene: QPointF | None) -> None:
        self._pointer = scene
        self.viewport().update()

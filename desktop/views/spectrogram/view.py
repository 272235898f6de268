"""The spectrogram of the last seconds, or of a stretch of a file, with the evidence on it."""

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMarginsF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from timbrescope.desktop.drawing.colour_maps import bivariate_table
from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.messages import FileEvidence, Gap
from timbrescope.desktop.views.answers.wording import NO_EVIDENCE
from timbrescope.desktop.views.spectrogram.axes import axis_margins
from timbrescope.desktop.views.spectrogram.column_image import ColumnImage
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.content import ExplainedSpan, SpectrogramContent
from timbrescope.desktop.views.spectrogram.contour import evidence_line
from timbrescope.desktop.views.spectrogram.contrast import AutoContrast
from timbrescope.desktop.views.spectrogram.crosshair import Pointed
from timbrescope.desktop.views.spectrogram.gestures import PictureOverTime
from timbrescope.desktop.views.spectrogram.glide import Glide
from timbrescope.desktop.views.spectrogram.overlay import fitting, head_height
from timbrescope.desktop.views.spectrogram.painting import (
    Marks,
    SpectrogramPainter,
    Surroundings,
)
from timbrescope.desktop.views.spectrogram.past import PastContent
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.spectrogram.traced_line import TracedLine
from timbrescope.desktop.views.style.theme import CAPTION, Colours
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis, State

LIVE_S = 12.0
_LINED_COLUMNS = 2000
_KEPT_GAPS = 20
# A smaller change of the type is not worth to lay everything out anew.
_LEAST_TYPE_STEP = 0.05


class SpectrogramView(PictureOverTime):
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
        super().__init__(parent)
        self._seconds = seconds
        self._live = SpectrogramContent(seconds=seconds)
        self._content = self._live
        self._past: PastContent | None = None
        self._played_s: float | None = None
        self._gaps: deque[Gap] = deque(maxlen=_KEPT_GAPS)
        self._contrast = AutoContrast()
        self._glide = Glide()
        self._image = ColumnImage()
        self._line = TracedLine()
        # Whose picture is drawn, and whose line; the evidence changes with the revision.
        self._drawn: tuple[SpectrogramContent, int] | None = None
        self._traced: tuple[SpectrogramContent, int] | None = None
        self._box: tuple[QSize, QRectF] | None = None
        self._shown_s = (-seconds, 0.0)
        self._type = CAPTION
        self._painter = SpectrogramPainter()
        # An audience has no use for where keys go.
        self.shows_focus = True
        self.setAccessibleName(tr("Spectrogram"))
        # Every pixel is drawn; Qt need not draw what lies below.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 120)
        self.set_colours(colours)

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
        forms = self._content.forms_of_words
        return fitting(forms, width=self.area.box.width(), scale=self._type)

    @property
    def area(self) -> PlotArea:
        """Where the picture lies, in pixels of this view."""
        if self._box is None or self._box[0] != self.size():
            # Key and sentence stand above the picture, where they hide nothing.
            room = axis_margins(self._type) + QMarginsF(0.0, head_height(self._type), 0.0, 0.0)
            box = self.rect().toRectF().marginsRemoved(room).toAlignedRect()
            self._box = (self.size(), box.toRectF())
        return PlotArea(self._box[1], *self._shown_s)

    @property
    def origin_s(self) -> float:
        """The second of stream or file that the picture's zero stands for."""
        return self._content.origin_s

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self._pairs = bivariate_table(dark=colours.is_dark)
        self._table = self._pairs[:, self._contrast.table()]
        # The system's type may have changed with the colours.
        self._drawn = self._box = None
        self.refresh()

    @property
    def type_scale(self) -> float:
        """Scale of the type round the picture, as a multiple of the body's."""
        return self._type

    def set_type(self, scale: float) -> None:
        """Write key, sentence and axes in type of a multiple of the body's."""
        if abs(scale - self._type) >= _LEAST_TYPE_STEP:
            self._type, self._box = scale, None
            self.update()

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
        """Forget sound and evidence."""
        self._content.forget()
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
            self._table, self._drawn = self._pairs[:, self._contrast.table()], None
        self._colour(first, count)
        # Screen readers read it where the picture is; it changes once a second at most.
        if self.accessibleDescription() != (words := self._content.words):
            self.setAccessibleDescription(words)
        self._shown_s = self._span(elapsed_s)
        self.update()

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
        self.refresh()

    def show_played(self, second: float | None) -> None:
        """Draw the cursor of what is played at a second of stream or file, or none."""
        if second != self._played_s:
            self._played_s = second
            self.update()

    # -- a stretch of a file --------------------------------------------------------------

    def show_stretch(self, stretch: FileEvidence) -> None:
        """Show a stretch of a file, standing still, each window framed."""
        self._content.show_stretch(stretch)
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

    def _colour(self, first: int, count: int) -> None:
        """Colour the columns in view; if they have only moved on, the new ones."""
        content, drawn = self._content, (self._content, self._content.revision)
        kept = self._image.kept(first, count) if drawn == self._drawn else 0
        added = (first + kept, count - kept)
        levels, evidence = content.levels(*added), content.evidence(*added)
        show = self._image.scroll if kept else self._image.show_columns
        show(levels, evidence, first_column=first, table=self._table)
        self._drawn = drawn
        if drawn != self._traced:
            self._traced = drawn
            # From further away the lines would run into each other.
            near = evidence is not None and count <= _LINED_COLUMNS
            self._line.trace(evidence_line(evidence if near else None, first_column=first))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room: this view takes what the others leave."""
        least: QSize = self.minimumSize()
        return least

    @property
    def pointed(self) -> Pointed | None:
        """What lies under the pointer, None while it is elsewhere."""
        area = self.area
        if self.pointer is None or not area.box.contains(self.pointer):
            return None
        second, band = area.second(self.pointer.x()), area.band(self.pointer.y())
        level_db = self._content.level_db(second, band)
        return Pointed(second + self.origin_s, band, level_db)

    # -- Qt's hooks -----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the frame (Qt's hook)."""
        area, painter = self.area, QPainter(self)
        self._painter.paint(
            painter,
            Surroundings(
                size=self.size(),
                ratio=self.devicePixelRatioF(),
                box=area.box,
                colours=self._colours,
                scale=self._type,
                meanings=self._content.key,
                note=self.note,
                words=self.words_drawn,
            ),
            table=self._pairs,
            image=self._image,
            area=area,
            origin_s=self.origin_s,
            marks=self._marks(),
        )
        painter.end()

    def _marks(self) -> Marks:
        pointer, pointed = self.pointer, self.pointed
        return Marks(
            line=self._line,
            gaps=self.gaps,
            explained=self.explained,
            is_still=self._content.is_stretch,
            played_s=None if self._played_s is None else self._played_s - self.origin_s,
            pointed=(pointer, pointed.words) if pointer and pointed else None,
            is_focused=self.hasFocus() and self.shows_focus,
        )

    def event(self, event: QEvent) -> bool:
        """Tell the whole sentence where its short form stands (Qt's hook)."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            above = event.pos().y() < self.area.box.top()
            QToolTip.showText(event.globalPos(), self.words if above else "", self)
            return True
        return super().event(event)

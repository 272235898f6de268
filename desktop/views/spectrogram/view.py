"""The spectrogram of the last seconds, or of a stretch of a file, with the evidence on it."""

from PySide6.QtCore import QEvent, QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from timbrescope.desktop.drawing.colour_maps import bivariate_table
from timbrescope.desktop.views.spectrogram.axes import axis_margins
from timbrescope.desktop.views.spectrogram.column_image import ColumnImage
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.content import SpectrogramContent
from timbrescope.desktop.views.spectrogram.contour import evidence_line
from timbrescope.desktop.views.spectrogram.contrast import AutoContrast
from timbrescope.desktop.views.spectrogram.glide import Glide
from timbrescope.desktop.views.spectrogram.overlay import fitting, head_height
from timbrescope.desktop.views.spectrogram.painting import (
    Marks,
    SpectrogramPainter,
    Surroundings,
)
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.spectrogram.shown_sound import ShownSound
from timbrescope.desktop.views.spectrogram.traced_line import TracedLine
from timbrescope.desktop.views.style.theme import CAPTION, Colours
from timbrescope.desktop.views.words.catalogue import tr

LIVE_S = 12.0
_LINED_COLUMNS = 2000
# A smaller change of the type is not worth to lay everything out anew.
_LEAST_TYPE_STEP = 0.05


class SpectrogramView(ShownSound):
    """Draws sound and evidence in register.

    The view owns no timer; whoever shows it calls `refresh` for each frame.

    Parameters
    ----------
    colours : Colours
    seconds : float
        Width of the live picture.
    parent : QWidget, optional
    """

    def __init__(
        self,
        colours: Colours,
        *,
        seconds: float = LIVE_S,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(seconds=seconds, parent=parent)
        self._seconds = seconds
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
        self._taken = 0.0
        self.setAccessibleName(tr("Spectrogram"))
        # Every pixel is drawn; Qt need not draw what lies below.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # So low only where a notice, or the answers of all models, leave no more on a small screen.
        self.setMinimumSize(240, 64)
        self.set_colours(colours)

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

    def leave_room(self, width: float) -> None:
        """Leave so many pixels at the right of the key to something that lies over it."""
        if width != self._taken:
            self._taken = width
            self.update()

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
                taken=self._taken,
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

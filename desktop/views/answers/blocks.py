"""The blocks of a timeline: what each says, in full and where there is little room, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter

from timbrescope.desktop.engine.doubt_words import doubt_in_words, likeliest
from timbrescope.desktop.engine.file_messages import FileWindow
from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.style.labels import draw_label, width_of
from timbrescope.desktop.views.style.theme import BODY, CAPTION, Colours, readable_on, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.desktop.views.words.short_names import SHORT_NAMES, SHORT_STATES
from timbrescope.models.analysis import Analysis, Doubt, State
from timbrescope.models.frontend import WINDOW_S
from timbrescope.models.instruments import INSTRUMENTS, NAMES, index_of
from timbrescope.models.times import clock


@dataclass(frozen=True)
class Block:
    """One verdict on the strip; `index` is the class of the instrument, if one is claimed.

    `likely` and `doubt` say why it is not sure, see `desktop.engine.doubt_words`.
    """

    start_s: float
    state: State
    index: int | None
    probability: float
    likely: tuple[tuple[str, float], ...] = ()
    doubt: Doubt | None = None

    @property
    def says(self) -> tuple[State, int | None]:
        """What makes it one with a neighbour that says the same."""
        return self.state, self.index

    @property
    def words(self) -> str:
        """What the block says in full."""
        span = f"{clock(self.start_s)}–{clock(self.start_s + WINDOW_S)}"
        if self.state is State.NOT_SURE and self.likely:
            why = doubt_in_words(self.likely, self.doubt, translate=tr, figure=percent)
            return f"{span}  {tr(str(self.state))}: {why}"
        if self.index is None:
            return f"{span}  {tr(str(self.state))}"
        return f"{span}  {tr(NAMES[self.index])} {percent(self.probability)}"

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand in the block, the longest first."""
        if self.index is None:
            full, short = tr(str(self.state)), SHORT_STATES[self.state]
        else:
            full, short = tr(NAMES[self.index]), SHORT_NAMES[NAMES[self.index]]
        return (full, "\n".join(full.split()), short)


def block_of(window: Analysis | FileWindow) -> Block:
    """Return the block of a live verdict or of a window of a file."""
    index = None if window.instrument is None else index_of(window.instrument)
    likely = window.likely if isinstance(window, FileWindow) else likeliest(window.probabilities)
    return Block(window.start_s, window.state, index, window.probability, likely, window.doubt)


def runs_of(blocks: Sequence[Block], numbers: range) -> list[tuple[int, int]]:
    """Return (first, last + 1) of neighbours among `numbers` that say the same, without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        here = blocks[number]
        if runs:
            last = blocks[number - 1]
            joined = here.start_s - last.start_s <= WINDOW_S + 0.1
            if joined and last.says == here.says:
                runs[-1] = (runs[-1][0], number + 1)
                continue
        runs.append((number, number + 1))
    return runs


def fitting_name(block: Block, font: QFont, *, width: float, height: float) -> str:
    """Return the longest of a block's names that fits, empty if not even the shortest does."""
    font_key, line = font.key(), QFontMetricsF(font).height()
    for name in block.names:
        lines = name.split("\n")
        widest = max(width_of(each, font_key) for each in lines)
        if widest <= width and len(lines) * line <= height:
            return name
    return ""


def brush_of(block: Block, colours: Colours) -> QBrush:
    """Return how a block is filled: a claim solid, a doubt hatched, silence hardly."""
    if block.index is not None:
        return QBrush(QColor(INSTRUMENTS[block.index].colour))
    if block.state is State.NOT_SURE:
        return QBrush(QColor(colours.faint), Qt.BrushStyle.BDiagPattern)
    faint = QColor(colours.faint)
    faint.setAlphaF(0.18)
    return QBrush(faint)


def draw_name(painter: QPainter, block: Block, area: QRectF, *, colours: Colours) -> None:
    """Write a block's name into `area`."""
    claims = block.index is not None
    font = scaled_font(BODY if claims else CAPTION, bold=claims)
    text = fitting_name(block, font, width=area.width(), height=area.height())
    if not text:
        font = scaled_font(CAPTION)
        text = fitting_name(block, font, width=area.width() + 6, height=area.height())
    painter.setFont(font)
    if block.index is not None:
        painter.setPen(readable_on(INSTRUMENTS[block.index].colour))
    else:
        painter.setPen(QColor(colours.muted))
        if block.state is State.NOT_SURE and text:
            # What is hatched could not be read on.
            box = painter.boundingRect(area, Qt.AlignmentFlag.AlignCenter, text)
            painter.fillRect(box.adjusted(-4, -1, 4, 1), QColor(colours.surface))
    if "\n" in text:
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)
    else:
        draw_label(painter, area, text, at=Qt.AlignmentFlag.AlignHCenter)

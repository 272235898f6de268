"""How one model's answer is drawn in the comparison: title, claim, figure, best three."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from timbrescope.desktop.engine.model_answers import ModelAnswer
from timbrescope.desktop.views.answers.wording import model_answer_words, percent
from timbrescope.desktop.views.style.theme import CAPTION, Colours, readable_on, scaled_font
from timbrescope.models.analysis import State
from timbrescope.models.instruments import INSTRUMENTS, NAMES

# How many of the most probable instruments a row shows.
BEST = 3
_LARGEST, _SMALLEST = 3.0, 0.8
# The claim's type, as a share of the row's height; the title's, as a share of the claim's.
_TYPE_SHARE, _TITLE_SHARE = 0.56, 0.72
_WIDEST_TITLE = 0.26
_NARROWEST_BARS = 0.18
_WIDEST_CLAIM = max((f"{name}?" for name in NAMES), key=len)


@dataclass(frozen=True)
class RowLook:
    """Where the columns are and how large the type is: the same for every row.

    Attributes
    ----------
    claim_font, title_font, figure_font, bar_font : QFont
    title, claim, figure, bars : (float, float)
        Left edge and width; no width means no room for the column.
    """

    claim_font: QFont
    title_font: QFont
    figure_font: QFont
    bar_font: QFont
    title: tuple[float, float]
    claim: tuple[float, float]
    figure: tuple[float, float]
    bars: tuple[float, float]


def row_look(width: float, row_height: float, titles: list[str]) -> RowLook:
    """Return the columns for rows of this size; the type shrinks until they fit."""
    scale = row_height * _TYPE_SHARE / QFontMetricsF(scaled_font(1.0)).height()
    scale = min(_LARGEST, max(_SMALLEST, scale))
    look = _columns(width, scale, titles)
    while scale > _SMALLEST and look.bars[1] < _NARROWEST_BARS * width:
        scale = max(_SMALLEST, scale * 0.92)
        look = _columns(width, scale, titles)
    return look


def _columns(width: float, scale: float, titles: list[str]) -> RowLook:
    claim_font = scaled_font(round(scale, 2), bold=True)
    title_font = scaled_font(round(max(_SMALLEST, scale * _TITLE_SHARE), 2), bold=True)
    figure_font = scaled_font(round(scale, 2))
    gap = QFontMetricsF(claim_font).height() * 0.5
    metrics = QFontMetricsF(title_font)
    widest = max((metrics.horizontalAdvance(title) for title in titles), default=0.0)
    title = (gap, min(widest + 1, width * _WIDEST_TITLE))
    claims = QFontMetricsF(claim_font).horizontalAdvance(_WIDEST_CLAIM) + 1.6 * gap
    claim = (title[0] + title[1] + gap, claims)
    figures = QFontMetricsF(figure_font).horizontalAdvance(percent(1.0))
    figure = (claim[0] + claims + gap * 0.6, figures)
    left = figure[0] + figures + gap
    bar_font = scaled_font(round(max(CAPTION, scale * 0.6), 2))
    bars = (left, max(0.0, width - left - gap))
    return RowLook(claim_font, title_font, figure_font, bar_font, title, claim, figure, bars)


def draw_row(
    painter: QPainter,
    row: QRectF,
    answer: ModelAnswer | None,
    *,
    title: str,
    look: RowLook,
    agrees: bool,
    in_use: bool,
    colours: Colours,
) -> None:
    """Draw one model's row.

    Parameters
    ----------
    painter : QPainter
    row : QRectF
    answer : ModelAnswer or None
        None before there is one.
    title : str
    look : RowLook
    agrees : bool
        Whether it claims what most models claim: then its claim is filled, else outlined. A
        guess has a dashed outline if it agrees, else none.
    in_use : bool
        Whether it is the model whose answer stands large.
    colours : Colours
    """
    _draw_title(painter, row, title, look=look, in_use=in_use, colours=colours)
    if answer is None:
        return
    _draw_claim(painter, row, answer, look=look, agrees=agrees, colours=colours)
    if answer.problem:
        _draw_problem(painter, row, answer.problem, look=look, colours=colours)
    elif answer.state in (State.INSTRUMENT, State.NOT_SURE, State.LISTENING):
        if answer.state is not State.LISTENING:
            _draw_figure(painter, row, answer, look=look, colours=colours)
        _draw_best(painter, row, answer, look=look, colours=colours)


def _draw_title(
    painter: QPainter, row: QRectF, title: str, *, look: RowLook, in_use: bool, colours: Colours
) -> None:
    if in_use:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        mark = QRectF(row.left(), row.top() + 4, 4.0, row.height() - 8)
        painter.drawRoundedRect(mark, 2, 2)
    painter.setFont(look.title_font)
    painter.setPen(QColor(colours.text if in_use else colours.muted))
    left, width = look.title
    area = QRectF(row.left() + left, row.top(), width, row.height())
    text = QFontMetricsF(look.title_font).elidedText(title, Qt.TextElideMode.ElideRight, width)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


def _draw_claim(
    painter: QPainter,
    row: QRectF,
    answer: ModelAnswer,
    *,
    look: RowLook,
    agrees: bool,
    colours: Colours,
) -> None:
    left, width = look.claim
    height = min(row.height() - 4, QFontMetricsF(look.claim_font).height() * 1.35)
    pill = QRectF(row.left() + left, row.center().y() - height / 2, width, height)
    pen = QColor(colours.muted)
    claims = answer.instrument is not None
    if claims or (agrees and answer.guess is not None):
        colour = QColor(INSTRUMENTS[answer.best].colour)
        painter.setBrush(colour if claims and agrees else Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.SolidLine if claims else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 2.0 if claims else 1.5, style))
        painter.drawRoundedRect(pill.adjusted(1, 1, -1, -1), 6, 6)
    if claims:
        pen = readable_on(INSTRUMENTS[answer.best].colour) if agrees else QColor(colours.text)
    painter.setFont(look.claim_font)
    painter.setPen(pen)
    inner = pill.adjusted(height * 0.3, 0, -height * 0.15, 0)
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, model_answer_words(answer))


def _draw_figure(
    painter: QPainter, row: QRectF, answer: ModelAnswer, *, look: RowLook, colours: Colours
) -> None:
    left, width = look.figure
    painter.setFont(look.figure_font)
    painter.setPen(QColor(colours.text if answer.instrument else colours.muted))
    area = QRectF(row.left() + left, row.top(), width, row.height())
    sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(area, sides, percent(answer.probability))


def _draw_problem(
    painter: QPainter, row: QRectF, problem: str, *, look: RowLook, colours: Colours
) -> None:
    left = look.figure[0]
    width = look.bars[0] + look.bars[1] - left
    painter.setFont(look.bar_font)
    painter.setPen(QColor(colours.error))
    text = QFontMetricsF(look.bar_font).elidedText(problem, Qt.TextElideMode.ElideRight, width)
    area = QRectF(row.left() + left, row.top(), width, row.height())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


def _draw_best(
    painter: QPainter, row: QRectF, answer: ModelAnswer, *, look: RowLook, colours: Colours
) -> None:
    """Draw the best instruments' shares end to end in one bar, whose length stands for 100 %."""
    left, width = look.bars
    if width <= 0:
        return
    height = min(row.height() - 6, QFontMetricsF(look.bar_font).height() * 1.25)
    track = QRectF(row.left() + left, row.center().y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    empty = QColor(colours.line)
    empty.setAlphaF(0.55)
    painter.setBrush(empty)
    painter.drawRoundedRect(track, 4, 4)
    x = track.left()
    for index in np.argsort(answer.probabilities)[::-1][:BEST]:
        share = float(answer.probabilities[index]) * width
        if share < 2:
            break
        part = QRectF(x, track.top(), share - 1, height)
        _draw_part(painter, part, int(index), font=look.bar_font)
        x += share


def _draw_part(painter: QPainter, part: QRectF, index: int, *, font: QFont) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(INSTRUMENTS[index].colour))
    painter.drawRoundedRect(part, 3, 3)
    room = part.adjusted(5, 0, -3, 0)
    if QFontMetricsF(font).horizontalAdvance(NAMES[index]) <= room.width():
        painter.setFont(font)
        painter.setPen(readable_on(INSTRUMENTS[index].colour))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, NAMES[index])

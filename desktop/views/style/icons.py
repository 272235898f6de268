"""Small pictures for buttons, drawn from paths so that they follow theme and scaling."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

_SIZE = 64
_UNIT = _SIZE / 16


def icon(name: str, colour: str, *, checked: str | None = None) -> QIcon:
    """Return the picture of that name, one of those at the end of this module.

    Parameters
    ----------
    name : str
    colour : str
    checked : str, optional
        Another colour for the checked state of a button.
    """
    made = QIcon(_pixmap(name, colour))
    if checked is not None:
        made.addPixmap(_pixmap(name, checked), QIcon.Mode.Normal, QIcon.State.On)
    return made


ICON_SIZE_PER_POINT = 1.7


def icon_size(points: float) -> QSize:
    """Return the size of icons beside text of `points` pt."""
    side = round(points * ICON_SIZE_PER_POINT)
    return QSize(side, side)


def _pixmap(name: str, colour: str) -> QPixmap:
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_UNIT, _UNIT)
    pen = QPen(QColor(colour), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _DRAWN[name](painter, QColor(colour))
    painter.end()
    return pixmap


def _play(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(4.5, 3), QPointF(13, 8), QPointF(4.5, 13)]))


def _pause(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(4, 3, 2.2, 10), 0.8, 0.8)
    painter.drawRoundedRect(QRectF(9.8, 3, 2.2, 10), 0.8, 0.8)


def _rescan(painter: QPainter, colour: QColor) -> None:
    painter.drawArc(QRectF(3, 3, 10, 10), 60 * 16, 300 * 16)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(10, 1.6), QPointF(13.6, 3.6), QPointF(10.2, 5.8)]))


def _open(painter: QPainter, colour: QColor) -> None:  # noqa: ARG001
    path = QPainterPath(QPointF(2, 13))
    for x, y in ((2, 3.5), (6, 3.5), (7.5, 5.2), (14, 5.2), (14, 13)):
        path.lineTo(x, y)
    path.closeSubpath()
    painter.drawPath(path)


def _evidence(painter: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(1.5, 8))
    path.quadTo(QPointF(8, 0.5), QPointF(14.5, 8))
    path.quadTo(QPointF(8, 15.5), QPointF(1.5, 8))
    painter.drawPath(path)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(8, 8), 1.8, 1.8)


def _compare(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    for y, length in ((3.0, 11.0), (7.0, 7.0), (11.0, 9.0)):
        painter.drawRoundedRect(QRectF(2.5, y, length, 1.6), 0.8, 0.8)


def _theme(painter: QPainter, colour: QColor) -> None:
    painter.drawEllipse(QPointF(8, 8), 5.6, 5.6)
    painter.setBrush(colour)
    painter.drawChord(QRectF(2.4, 2.4, 11.2, 11.2), 90 * 16, 180 * 16)


def _help(painter: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(5, 5.6))
    path.cubicTo(QPointF(5, 1.2), QPointF(11.2, 1.6), QPointF(11, 5.6))
    path.cubicTo(QPointF(10.8, 8), QPointF(8, 7.8), QPointF(8, 10.4))
    painter.drawPath(path)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(8, 13.6), 0.5, 0.5)


def _settings(painter: QPainter, colour: QColor) -> None:
    for y, knob in ((4.0, 10.5), (8.0, 5.0), (12.0, 9.0)):
        painter.drawLine(QPointF(2, y), QPointF(14, y))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(knob, y), 1.6, 1.6)


def _record(painter: QPainter, colour: QColor) -> None:
    painter.drawEllipse(QPointF(8, 8), 5.6, 5.6)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(8, 8), 2.6, 2.6)


def _picture(painter: QPainter, colour: QColor) -> None:
    painter.drawRoundedRect(QRectF(1.8, 4.6, 12.4, 8.8), 1.6, 1.6)
    painter.drawPolyline(QPolygonF([QPointF(5, 4.6), QPointF(6.2, 2.8), QPointF(9.8, 2.8)]))
    painter.drawLine(QPointF(9.8, 2.8), QPointF(11, 4.6))
    painter.drawEllipse(QPointF(8, 9), 2.5, 2.5)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(12, 6.9), 0.3, 0.3)


def _present(painter: QPainter, colour: QColor) -> None:
    painter.drawRoundedRect(QRectF(1.8, 2.4, 12.4, 8.4), 1.2, 1.2)
    painter.drawLine(QPointF(8, 10.8), QPointF(8, 13.4))
    painter.drawLine(QPointF(5, 13.6), QPointF(11, 13.6))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(6.8, 4.8), QPointF(10, 6.6), QPointF(6.8, 8.4)]))


_DRAWN = {
    "picture": _picture,
    "present": _present,
    "record": _record,
    "settings": _settings,
    "play": _play,
    "pause": _pause,
    "rescan": _rescan,
    "open": _open,
    "evidence": _evidence,
    "compare": _compare,
    "theme": _theme,
    "help": _help,
}

"""What is on screen: where a mouse finds things by the words on them, and what does not fit."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QMenu,
    QRadioButton,
    QTableView,
    QToolButton,
    QWidget,
)

_PRESSED = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QKeySequenceEdit)


def spot(widget: QWidget, where: QPoint | None = None) -> list[int]:
    """Return a place of a widget, its middle by itself, in pixels of the screen."""
    at = widget.mapToGlobal(widget.rect().center() if where is None else where)
    ratio = widget.devicePixelRatio()
    return [round(at.x() * ratio), round(at.y() * ratio)]


def spots_of(window: QWidget) -> dict[str, list[int]]:
    """Return the places of what can be pressed; what lies above hides what lies below it."""
    found: dict[str, list[int]] = {}
    for top in _tops(window):
        for widget in top.findChildren(QWidget):
            if not widget.isVisible() or widget.window() is not top:
                continue
            if isinstance(widget, _PRESSED) and widget.visibleRegion().contains(
                _pressed_at(widget)
            ):
                for name in _names(widget):
                    found[name] = spot(widget, _pressed_at(widget))
            elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
                found |= _items(widget)
        if isinstance(top, QMenu):
            found |= {
                action.text().split("\t")[0]: spot(top, top.actionGeometry(action).center())
                for action in top.actions()
                if action.isVisible() and action.isEnabled()
            }
    return found


def _tops(window: QWidget) -> Iterator[QWidget]:
    """Give the windows on screen, the lowest first."""
    yield window
    shown = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not window]
    popups = [top for top in shown if top.windowType() == Qt.WindowType.Popup]
    yield from (top for top in shown if top not in popups and not top.inherits("QTipLabel"))
    yield from popups


def _names(widget: QWidget) -> Iterator[str]:
    if not widget.isEnabled():
        return
    for text in (
        widget.text() if isinstance(widget, QAbstractButton) else "",
        widget.accessibleName(),
        widget.toolTip(),
    ):
        if text:
            yield text.replace("&", "")


def _pressed_at(widget: QWidget) -> QPoint:
    """Return where a widget is pressed; a box with words may be much wider than them."""
    at = widget.rect().center()
    if isinstance(widget, QCheckBox | QRadioButton):
        at.setX(at.y())
    return at


def _items(view: QAbstractItemView) -> dict[str, list[int]]:
    """Return the places of the rows on view, and of the titles of columns."""
    model, port = view.model(), view.viewport()
    found = {}
    if model is None:
        return found
    for row in range(model.rowCount()):
        index = model.index(row, 0, QModelIndex())
        area = view.visualRect(index)
        text = str(index.data() or "")
        if text and port.rect().contains(area.center()):
            found[text] = spot(port, area.center())
    if isinstance(view, QTableView):
        header = view.horizontalHeader()
        for column in range(model.columnCount()):
            if not header.isSectionHidden(column):
                x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
                title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
                at = QPoint(x, header.height() // 2)
                found[f"column {title}"] = spot(header.viewport(), at)
    return found


def misfits(top: QWidget) -> list[str]:
    """Return what does not fit into a window: what lies outside it, and words that are cut."""
    found = []
    screen = top.screen().geometry()
    # Asked before there is a frame, Qt may take the window for nothing, and go on saying so.
    framed = top.frameGeometry().united(top.geometry())
    if not screen.contains(framed):
        found.append(f"the window {_box(framed)} lies outside {_box(screen)}")
    for widget in top.findChildren(QWidget):
        if widget.window() is not top or not widget.isVisible() or _is_scrolled(widget, top):
            continue
        area = QRect(widget.mapTo(top, QPoint()), widget.size())
        if not area.isEmpty() and not top.rect().contains(area):
            found.append(f"{_told(widget)} {_box(area)} lies outside {_box(top.rect())}")
        if _is_cut(widget):
            found.append(f"{_told(widget)} is cut: {widget.size()} of {widget.sizeHint()}")
    return found


def _is_scrolled(widget: QWidget, top: QWidget) -> bool:
    """Return whether a widget lies in what is scrolled, so that it may lie out of sight."""
    parent = widget.parentWidget()
    while parent is not None and parent is not top:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _is_cut(widget: QWidget) -> bool:
    """Return whether words of a widget are cut off."""
    if isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
        return bool(widget.width() + 1 < widget.sizeHint().width()) and not widget.toolTip()
    if isinstance(widget, QLabel) and widget.text():
        return bool(widget.height() + 1 < widget.heightForWidth(widget.width()))
    icons = Qt.ToolButtonStyle.ToolButtonIconOnly
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() == icons:
        return False
    if isinstance(widget, QAbstractButton) and widget.text():
        metrics = widget.fontMetrics()
        return bool(widget.width() < metrics.horizontalAdvance(widget.text().replace("&", "")))
    return False


def _told(widget: QWidget) -> str:
    words = widget.property("text") or widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} {str(words)[:50]!r}"


def _box(area: QRect) -> str:
    return f"{area.width()}x{area.height()}{area.x():+}{area.y():+}"

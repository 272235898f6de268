"""What lies round the pages: controls and banners above, the status line below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget


class PageFrame(QWidget):
    """Puts the parts of the window one below the other.

    Parameters
    ----------
    pages : QWidget
        What takes all the room that the others leave.
    controls, status : QWidget
    banners : sequence of QWidget
    limits : QWidget
        Says within which limits answers are given; an audience sees it too.
    """

    def __init__(
        self,
        pages: QWidget,
        *,
        controls: QWidget,
        banners: Sequence[QWidget],
        limits: QWidget,
        status: QWidget,
    ) -> None:
        super().__init__()
        # A widget of its own: what comes up while an audience watches stays hidden with it.
        messages = QWidget()
        room = QVBoxLayout(messages)
        room.setContentsMargins(12, 10, 12, 0)
        room.setSpacing(8)
        for banner in banners:
            room.addWidget(banner)
        limits_room = QVBoxLayout()
        limits_room.setContentsMargins(12, 0, 12, 0)
        limits_room.addWidget(limits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(controls)
        column.addWidget(messages)
        column.addLayout(limits_room)
        column.addWidget(pages, 1)
        column.addWidget(status)
        self.chrome = (controls, messages, status)
        # Otherwise the first button would wear the focus ring from the start.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

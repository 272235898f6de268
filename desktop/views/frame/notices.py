"""Where notices lie: below what a page shows, in room of their own, so that they cover nothing."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from timbrescope.desktop.views.style.pictured import keep_out_of_pictures

_BETWEEN_PX = 8
_COMINGS = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class NoticePage(Protocol):
    """A page with room for notices."""

    notice_room: QVBoxLayout

    def make_room(self, *, for_notices: bool) -> None:
        """Make room for notices, or take it back."""


class Notices(QWidget):
    """Keeps notices, and takes room of a page only while there is one.

    Parameters
    ----------
    notices : sequence of QWidget
        Come and go as they like.
    of_source : QWidget
        One that matters only where the source of sound is listened to.
    """

    def __init__(self, notices: Sequence[QWidget], *, of_source: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BETWEEN_PX)
        # What comes up while another page is on view stays hidden with its room.
        self._of_source = QWidget()
        room = QVBoxLayout(self._of_source)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(of_source)
        self._notices = (*notices, of_source)
        for notice in (*notices, self._of_source):
            column.addWidget(notice)
        for notice in (*self._notices, self._of_source):
            notice.installEventFilter(self)
        self._is_presenting = False
        self._page: NoticePage | None = None
        keep_out_of_pictures(self)
        self.hide()

    def lie_in(self, page: NoticePage, *, with_source: bool) -> None:
        """Lie in a page's room from now on, with what is told of the source or without it."""
        self._page = page
        page.notice_room.addWidget(self)
        self._of_source.setVisible(with_source)
        self._take_room()

    def set_presenting(self, presenting: bool) -> None:
        """Stay away while an audience watches."""
        self._is_presenting = presenting
        self._take_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the coming and going of notices (Qt's hook)."""
        if event.type() in _COMINGS:
            self._take_room()
        return super().eventFilter(watched, event)

    def _take_room(self) -> None:
        told = any(each.isVisibleTo(self) for each in self._notices)
        is_shown = told and not self._is_presenting
        if self._page is not None:
            # Before they come: a window that is too low for a moment would grow, and stay so.
            self._page.make_room(for_notices=is_shown)
        self.setVisible(is_shown)

"""The page of files before there are any."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from timbrescope.desktop.views.style.theme import EMPHASIS, TITLE, scaled_font
from timbrescope.desktop.views.words.catalogue import tr, trn


class EmptyPage(QFrame):
    """Invites files; offers the last list if there is one."""

    open_requested = Signal()
    folder_requested = Signal()
    reopen_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropZone")
        title = QLabel(tr("Drop sound files or folders here"))
        title.setFont(scaled_font(TITLE, bold=True))
        words = QLabel(tr("Sound files of any format, of any length"))
        words.setFont(scaled_font(EMPHASIS))
        words.setObjectName("muted")
        self._open = QPushButton(tr("Open files…"))
        self._open.setObjectName("primary")
        self._open.clicked.connect(self.open_requested)
        self._folder = QPushButton(tr("Open a folder…"))
        self._folder.clicked.connect(self.folder_requested)
        self._reopen = QPushButton(tr("Reopen the last list"))
        self._reopen.clicked.connect(self.reopen_requested)
        self._reopen.hide()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        for widget in (title, words, self._open, self._folder, self._reopen):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def offer_last_list(self, count: int) -> None:
        """Offer the last list, of `count` files; none if 0."""
        self._reopen.setText(
            trn(
                "Reopen the last list ({count} file)", "Reopen the last list ({count} files)", count
            )
        )
        self._reopen.setVisible(count > 0)

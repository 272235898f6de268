"""The buttons that choose between the live page and the files."""

from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from timbrescope.desktop.views.words.catalogue import tr

LIVE_PAGE, FILES_PAGE = 0, 1


class PageButtons(QButtonGroup):
    """Two buttons of which one is pressed; their numbers are `LIVE_PAGE` and `FILES_PAGE`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setExclusive(True)
        for number, (text, key) in enumerate(((tr("Live"), "1"), (tr("Files"), "2"))):
            button = QPushButton(text)
            button.setObjectName("page")
            button.setCheckable(True)
            button.setToolTip(f"{text} ({key})")
            self.addButton(button, number)
        self.show_page(LIVE_PAGE)

    def show_page(self, page: int) -> None:
        """Tell which page is on view."""
        self.button(page).setChecked(True)

    def show_file_count(self, count: int) -> None:
        """Tell how many files there are."""
        words = tr("Files ({count})", count=count) if count else tr("Files")
        self.button(FILES_PAGE).setText(words)

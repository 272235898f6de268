"""Pictures of what is on view, kept as files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from timbrescope.desktop.views.frame.banner import Banner, Severity

# Twice as fine as the screen, so that it can be printed.
FINENESS = 2.0

AskPicture = Callable[[QWidget, Path], Path | None]


def ask_picture(parent: QWidget, proposed: Path) -> Path | None:
    """Let the user say where a picture is kept."""
    kinds = "Pictures (*.png *.jpg)"
    name, _ = QFileDialog.getSaveFileName(parent, "Save the picture", str(proposed), kinds)
    path = Path(name) if name else None
    return path.with_suffix(".png") if path is not None and not path.suffix else path


def picture_of(page: QWidget) -> QPixmap:
    """Return a page as it looks now, finer than the screen."""
    picture = QPixmap(page.size() * FINENESS)
    picture.setDevicePixelRatio(FINENESS)
    picture.fill(Qt.GlobalColor.black)
    page.render(picture)
    return picture


class PicturePresenter:
    """Takes the picture first and asks afterwards: the moment would be gone.

    Parameters
    ----------
    notice : Banner
        Tells where the picture is, or why it is not.
    ask : callable, optional
        Asks where to keep it; tests pass their own.
    """

    def __init__(self, notice: Banner, *, ask: AskPicture = ask_picture) -> None:
        self._notice, self._ask = notice, ask

    def save(self, page: QWidget) -> None:
        """Keep a picture of `page` where the user says."""
        picture = picture_of(page)
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        name = f"timbrescope {datetime.now().astimezone():%Y-%m-%d %H.%M.%S}.png"
        path = self._ask(page, Path(place) / name)
        if path is None:
            return
        if picture.save(str(path)):
            self._notice.show_message(f"Picture saved to {path}", Severity.INFO)
        else:
            words = f"Cannot write the picture to {path}: choose another folder, or .png or .jpg."
            self._notice.show_message(words, Severity.ERROR)

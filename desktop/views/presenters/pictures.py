"""Pictures of what is on view, kept as files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QPoint, QStandardPaths
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.presenters.written import WrittenFile, users_folder
from timbrescope.desktop.views.style.pictured import as_pictured
from timbrescope.desktop.views.words.catalogue import tr

# Twice as fine as the screen, so that it can be printed.
FINENESS = 2.0

AskPicture = Callable[[QWidget, Path], Path | None]


def ask_picture(parent: QWidget, proposed: Path) -> Path | None:
    """Let the user say where a picture is kept."""
    kinds = f"{tr('Pictures')} (*.png *.jpg *.svg)"
    name, _ = QFileDialog.getSaveFileName(parent, tr("Save the picture"), str(proposed), kinds)
    path = Path(name) if name else None
    return path.with_suffix(".png") if path is not None and not path.suffix else path


@dataclass(frozen=True)
class Picture:
    """A page as it looked at one moment, in both forms in which it may be kept."""

    pixels: QPixmap
    svg: bytes

    def save(self, path: Path) -> bool:
        """Write it in the form that the name's ending says; return whether that was possible."""
        if path.suffix.lower() != ".svg":
            return self.pixels.save(str(path))
        try:
            path.write_bytes(self.svg)
        except OSError:
            return False
        return True


def picture_of(page: QWidget) -> Picture:
    """Return a page as it looks now, finer than the screen, and as lines and letters.

    It holds what is shown; what is pressed is left away.
    """
    # With the first picture, not with the window.
    from PySide6.QtSvg import QSvgGenerator

    pixels = QPixmap(page.size() * FINENESS)
    pixels.setDevicePixelRatio(FINENESS)
    ground = page.palette().window().color()
    pixels.fill(ground)
    drawing = QBuffer()
    drawing.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(drawing)
    generator.setSize(page.size())
    generator.setViewBox(page.rect())
    generator.setTitle("Timbrescope")
    painter = QPainter(generator)
    painter.fillRect(page.rect(), ground)
    with as_pictured(page):
        page.render(pixels)
        page.render(painter, QPoint())
    painter.end()
    return Picture(pixels, bytes(drawing.data().data()))


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
        self._written = WrittenFile(notice)

    def save(self, page: QWidget) -> None:
        """Keep a picture of `page` where the user says."""
        picture = picture_of(page)
        place = users_folder(QStandardPaths.StandardLocation.PicturesLocation)
        name = f"timbrescope {datetime.now().astimezone():%Y-%m-%d %H.%M.%S}.png"
        path = self._ask(page, place / name)
        if path is None:
            return
        if picture.save(path):
            self._written.tell(tr("Picture saved to {path}", path=path), path)
        else:
            words = tr(
                "Cannot write the picture to {path}: choose another folder, or .png, .jpg or .svg.",
                path=path,
            )
            self._notice.show_message(words, Severity.ERROR)

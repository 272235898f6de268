"""Every page fits every screen: nothing lies outside the window, and no word is cut."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk
from PySide6.QtCore import QSettings
from rig import Home

from timbrescope.desktop.settings import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

DEMO = Path(__file__).parents[2] / "desktop" / "demo"
SCREENS = (
    ((1024, 600), 1.0, "en"),
    ((1024, 600), 1.0, "de"),
    ((1280, 800), 1.0, "fr"),
    ((1920, 1080), 1.5, "it"),
    ((1920, 1080), 2.0, "de"),
    ((3840, 2160), 2.0, "es"),
)


def _fits(desk: Desk, page: str) -> None:
    """Wait until nothing is cut: a page that has just come up is laid out in a moment."""
    try:
        desk.until(lambda told: not told["misfits"], what=page)
    except Exception as error:
        raise AssertionError(f"{page}: {desk.window.history[-1]['misfits']}") from error


@pytest.mark.parametrize(("size", "scale", "language"), SCREENS)
def test_every_page_fits(
    make_desk: Callable[..., Desk],
    rig_home: Home,
    tmp_path: Path,
    size: tuple[int, int],
    scale: float,
    language: str,
) -> None:
    stored = QSettings(str(rig_home.folder / "settings.ini"), QSettings.Format.IniFormat)
    Settings(stored).language = language
    take = tmp_path / "take with a name that is rather long (2).ogg"
    shutil.copy(DEMO / "violin.ogg", take)
    (tmp_path / "broken.wav").write_bytes(b"RIFF\xff\x00\x00\x00WAVEnothing")
    desk = make_desk(size=size, scale=scale)
    desk.until(lambda told: told["blocks"] >= 1 and told["inside"], what="a verdict")
    _fits(desk, "live")
    desk.key("c")
    desk.until(lambda told: told["compared"], what="all models")
    _fits(desk, "comparison")
    desk.key("c")
    desk.window.send(drop=[str(tmp_path)])
    desk.click(take.name)
    desk.until(lambda told: told["file_explained"], what="the evidence of a file")
    _fits(desk, "files")
    for key, page in (("ctrl+comma", "settings"), ("question", "help")):
        main = desk.window.now()["active"]
        desk.key(key)
        desk.until(lambda told, main=main: told["active"] != main, what=page)
        _fits(desk, page)
        desk.key("Escape")
        desk.until(lambda told, main=main: told["active"] == main, what="the window")
    desk.key("p")
    desk.until(lambda told: told["presenting"] and told["full_screen"], what="the presentation")
    _fits(desk, "presentation")

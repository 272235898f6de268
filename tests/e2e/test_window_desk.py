"""The real window, by mouse and keyboard under a window manager, at every scale of the screen."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSettings
from rig import Home, VirtualScreen, clean_environment, missing_for_screen, stop_process
from test_window_live import Window, _open

from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.settings import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(170)]

PROGRAMS = ("openbox", "xdotool")
SVG = "{http://www.w3.org/2000/svg}"


class Desk:
    """A window that plays the demo, and the hands that use it."""

    def __init__(self, home: Home, screen: VirtualScreen, *, scale: float) -> None:
        self._environment = screen.environment() | {"QT_SCALE_FACTOR": str(scale)}
        self._manager = subprocess.Popen(
            ["openbox"], env=clean_environment() | self._environment, start_new_session=True
        )
        self.window: Window = _open(home, self._environment, "--demo", "--own-size")

    def do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=clean_environment() | self._environment, check=True)

    def key(self, *keys: str) -> None:
        self.do("key", "--delay", "60", *keys)

    def click(self, spot: str) -> None:
        shown = self.window.until(lambda told: spot in told["spots"], what=spot)
        self.do("mousemove", *map(str, shown["spots"][spot]), "click", "1")

    def close(self) -> None:
        stop_process(self.window._process)
        stop_process(self._manager)


@pytest.fixture
def make_desk(rig_home: Home) -> Iterator[Callable[..., Desk]]:
    if reason := missing_for_screen():
        pytest.skip(reason)
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    made: list[Desk] = []
    # What most screens are; at twice the scale it is the smallest that the window has to fit.
    with VirtualScreen(rig_home, width=1920, height=1080) as screen:

        def make(*, scale: float = 1.0) -> Desk:
            made.append(Desk(rig_home, screen, scale=scale))
            return made[-1]

        yield make
        for desk in made:
            desk.close()


SLOW = pytest.mark.slow
SCALES = (1.0, pytest.param(1.5, marks=SLOW), pytest.param(2.0, marks=SLOW))


@pytest.mark.parametrize(
    "scale", [1.0, pytest.param(1.5, marks=SLOW), pytest.param(2.0, marks=SLOW)]
)
def test_freeze_look_back_go_on_present_and_leave(
    make_desk: Callable[..., Desk], rig_home: Home, tmp_path: Path, scale: float
) -> None:
    settings = rig_home.folder / "settings.ini"
    Settings(QSettings(str(settings), QSettings.Format.IniFormat)).narrowing = Narrowing(
        only=("Violin", "Flute", "Piano", "Trumpet")
    )
    desk = make_desk(scale=scale)
    window = desk.window
    shown = window.until(lambda told: told["blocks"] >= 2, what="two verdicts")
    assert shown["narrowing"].startswith("Only ")
    assert shown["inside"]
    # By keyboard: the picture stands, time goes on.
    desk.key("f")
    window.until(lambda told: told["frozen"], what="a frozen picture")
    desk.key("f")
    window.until(lambda told: not told["frozen"], what="a picture that goes on")
    # By mouse: back to the first verdict, with its evidence.
    if scale == 1.0:
        desk.click("first block")
        window.until(lambda told: told["frozen"], what="the past")
        window.until(lambda told: told["detail"].startswith("0:00"), what="what was said")
        desk.click("freeze")
        window.until(lambda told: not told["frozen"], what="the stream again")
    # All 28 again.
    desk.click("all")
    window.until(lambda told: not told["narrowing"], what="no limits")
    # A picture as a drawing, through the dialog.
    path = tmp_path / "answer.svg"
    desk.key("s")
    _type_name(desk, path)
    window.until(lambda told: str(path) in told["notice"], what="a saved picture")
    tree = ElementTree.parse(path)
    assert "".join(tree.getroot().itertext()).strip()
    # For an audience, and back.
    desk.key("p")
    window.until(lambda told: told["presenting"], what="the presentation")
    desk.key("2", "m")
    desk.key("Escape")
    window.until(lambda told: not told["presenting"], what="the end of it")
    assert window.close() == 0


def _type_name(desk: Desk, path: Path) -> None:
    """Write a name into the dialog that is coming up, once it has the focus."""
    for _ in range(100):
        found = subprocess.run(
            ["xdotool", "getactivewindow", "getwindowname"],
            env=clean_environment() | desk._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if "Save" in found.stdout:
            break
        time.sleep(0.1)
    desk.key("ctrl+a")
    desk.do("type", "--delay", "20", str(path))
    desk.key("Return")

"""A drag from another program, by the mouse, through a real display server and window manager."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import Home, VirtualScreen, clean_environment, stop_process, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(170)]

PROGRAMS = ("openbox", "xdotool")

# A file manager in small: it deletes what it is told was moved.
_SOURCE = """
import sys
from pathlib import Path
from PySide6.QtCore import QMimeData, QTimer, QUrl, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel
path, actions = Path(sys.argv[1]), getattr(Qt.DropAction, sys.argv[2])
if len(sys.argv) > 3:
    actions = actions | getattr(Qt.DropAction, sys.argv[3])
class Source(QLabel):
    def mousePressEvent(self, event):
        drag, mime = QDrag(self), QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        drag.setMimeData(mime)
        done = drag.exec(actions, getattr(Qt.DropAction, sys.argv[2]))
        if done == Qt.DropAction.MoveAction:
            path.unlink()
        print("ended", done.name, flush=True)
application = QApplication([])
source = Source("drag me")
source.setGeometry(700, 100, 200, 200)
source.show()
QTimer.singleShot(500, lambda: print("ready", flush=True))
application.exec()
"""

_TARGET = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from timbrescope.desktop.views.frame.drops import DropWindow
from timbrescope.desktop.views.style.theme import DARK
application = QApplication([])
window = DropWindow(DARK)
window.setGeometry(50, 100, 500, 400)
window.paths_dropped.connect(lambda paths: print("dropped", *paths, flush=True))
window.show()
QTimer.singleShot(500, lambda: print("ready", flush=True))
application.exec()
"""


class Stage:
    """A screen with a window manager, and programs on it whose words are collected."""

    def __init__(self, screen: VirtualScreen, folder: Path) -> None:
        self._environment = clean_environment() | screen.environment()
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self._start(["openbox"], "openbox")

    def _start(self, command: list[str], name: str) -> Path:
        log = self._folder / f"{name}.log"
        with log.open("wb") as output:
            self._running.append(
                subprocess.Popen(
                    command,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        return log

    def show(self, script: str, name: str, *arguments: str) -> Path:
        log = self._start([sys.executable, "-c", script, *arguments], name)
        wait_for(lambda: "ready" in log.read_text(), what=f"{name} on the screen")
        return log

    def mouse(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True, timeout=30)

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, steps: int = 12) -> None:
        self.mouse("mousemove", *map(str, start))
        self.mouse("mousedown", "1")
        for step in range(1, steps + 1):
            x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            self.mouse("mousemove", str(x), str(y))
            time.sleep(0.1)
        time.sleep(1.0)
        self.mouse("mouseup", "1")

    def close(self) -> None:
        for process in reversed(self._running):
            stop_process(process)


@pytest.fixture
def managed_stage(virtual_screen: VirtualScreen, rig_home: Home) -> Iterator[Stage]:
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    made = Stage(virtual_screen, rig_home.folder)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("offered", "is_taken"),
    [(("MoveAction",), False), (("MoveAction", "CopyAction"), True), (("CopyAction",), True)],
    ids=["move", "move or copy", "copy"],
)
def test_a_recording_dragged_from_a_file_manager_stays_where_it_is(
    managed_stage: Stage, tmp_path: Path, offered: tuple[str, ...], is_taken: bool
) -> None:
    recording = tmp_path / "only take.wav"
    recording.write_bytes(b"RIFF")
    target = managed_stage.show(_TARGET, "target")
    source = managed_stage.show(_SOURCE, "source", str(recording), *offered)
    managed_stage.drag((800, 200), (300, 300))
    wait_for(lambda: "ended" in source.read_text(), what="the end of the drag", timeout_s=30)
    assert recording.exists()
    assert "MoveAction" not in source.read_text()
    if is_taken:
        wait_for(lambda: f"dropped {recording}" in target.read_text(), what="the drop")
